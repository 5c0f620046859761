"""A chart of readings: one picture for the phone, the desk and the doctor, in the patient's language. Pure.

From right to left the days run as one reads: the first at the right. Nothing is coloured by what it means: the lines are where
readings are wanted, and the mark of each value differs in form as well as in colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.followup.course import Course
from bot.followup.course_in_words import Row, aim_of, alt_of, name_of, period_of, rows_of
from bot.followup.saying import Saying
from bot.languages import is_right_to_left
from bot.pictures import png, svg
from bot.pictures.drawing import Box, Drawing, Item, Marks, Path, Point, Shape, Side, Text
from bot.posters.svg import estimate

WIDTH = 600.0
# The plot. Numbers of the scale stand beside it, days below.
START, END, TOP, BOTTOM = 92.0, 576.0, 148.0, 470.0
MARGIN, DAYS_BELOW = 24.0, 38.0
INK, QUIET, GRID, BAND, AIM = "#16242b", "#4a5a62", "#d4dcdf", "#dff0e4", "#17663a"
# Upper and lower value differ in form and in lightness too: not everybody sees colours, and printers are grey.
_LOOKS: tuple[tuple[str, Shape], ...] = (("#0b3d91", "circle"), ("#9c3d00", "square"))
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
MOST_LINES = 7
# So much of the highest value is shown at least: a scale of two points would make a mountain of one.
_LEAST_SHARE = 0.04
DAYS_SHOWN, _DAY = 4, 26.0
# A line may be written so much smaller before it is broken.
_LEAST = 0.85


@dataclass(frozen=True)
class Chart:
    """A picture of a course, and the same as a table. `drawing` is what a message stores of it."""

    drawing: Drawing
    rows: tuple[Row, ...]

    @property
    def alt(self) -> str:
        """Return what the picture shows, in a sentence."""
        return self.drawing.alt

    @property
    def svg(self) -> str:
        """Return the picture as SVG."""
        return svg.draw(self.drawing)

    def png(self) -> bytes:
        """Return the picture as PNG. Raises NoFont. Takes some tenths of a second."""
        return png.draw(self.drawing)


def chart(course: Course, saying: Saying) -> Chart:
    """Return the picture and the table of a course with at least one reading."""
    plot = _Plot.of(course, saying)
    legend = _legend(plot)
    items: list[Item] = [*_band(plot), *_scale(plot), *_lines(plot), *_days(plot), *_values(plot), *_heading(plot), *legend]
    below = max([BOTTOM + DAYS_BELOW, *(item.y for item in legend if isinstance(item, Text))]) + MARGIN
    return Chart(Drawing(WIDTH, below, saying.language, alt_of(course, saying), tuple(items)), rows_of(course, saying))


@dataclass(frozen=True)
class _Plot:
    """Where days and values lie in the picture."""

    course: Course
    saying: Saying
    lines: tuple[float, ...]  # of the scale, in the unit that is shown
    first: datetime
    last: datetime

    @classmethod
    def of(cls, course: Course, saying: Saying) -> _Plot:
        """Return the plot with a scale that holds all readings, and the aims that lie near them."""
        shown = [course.unit.count(value) for one in course.readings for value in one.values.values()]
        high = max(shown)
        low = min(*shown, high - abs(high) * _LEAST_SHARE)
        room = max(high - low, abs(high) * 0.1, 1.0)
        near = [one for one in _edges(course) if low - 2 * room <= one <= high + 2 * room]
        first, last = course.readings[0].at, course.readings[-1].at
        if first == last:
            first, last = first - timedelta(hours=12), last + timedelta(hours=12)
        return cls(course, saying, _ticks(min([low, *near]), max([high, *near]), course.unit.decimals), first, last)

    @property
    def rtl(self) -> bool:
        """Whether the days run from right to left."""
        return is_right_to_left(self.saying.language)

    def along(self, share: float) -> float:
        """Return the place of a share of the width, 0 where reading begins."""
        return self.seen(START + share * (END - START))

    def seen(self, x: float) -> float:
        """Return a place that is counted from where reading begins."""
        return WIDTH - x if self.rtl else x

    def x(self, at: datetime) -> float:
        """Return the place of a moment."""
        inner = 0.03  # the first mark does not stand on the edge
        return self.along(inner + (1 - 2 * inner) * ((at - self.first) / (self.last - self.first)))

    def y(self, value: float) -> float:
        """Return the place of a value in the unit that is shown."""
        low, high = self.lines[0], self.lines[-1]
        return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)

    def side(self, ends: bool) -> Side:
        """Return the side at which a text `ends` or begins."""
        return "right" if ends != self.rtl else "left"


def _edges(course: Course) -> list[float]:
    bounds = course.wanted.bounds.values() if course.wanted else ()
    edges = [one for bound in bounds for one in (bound.from_, bound.above, bound.to, bound.below) if one is not None]
    return [course.unit.count(edge) for edge in edges]


def _ticks(low: float, high: float, decimals: int) -> tuple[float, ...]:
    """Return the lines of a scale in round steps that `decimals` can show, from at most `low` to at least `high`."""
    for step in (one for one in _STEPS if one >= 10**-decimals):
        first, last = _floor(low, step), -_floor(-high, step)
        if first == last:
            first, last = first - step, last + step
        count = round((last - first) / step)
        if count < MOST_LINES or step == _STEPS[-1]:
            return tuple(round(first + number * step, 3) for number in range(count + 1))
    raise AssertionError("the last step returns")


def _floor(value: float, step: float) -> float:
    return round((round(value, 6) // step) * step, 6)


def _band(plot: _Plot) -> list[Item]:
    """Return the band in which readings of one value are wanted. Of two values there are only lines."""
    course = plot.course
    if course.wanted is None or len(course.measure.values) > 1:
        return []
    bound = next(iter(course.wanted.bounds.values()))
    ends = (bound.from_ if bound.from_ is not None else bound.above, bound.to if bound.to is not None else bound.below)
    low, high = plot.lines[0], plot.lines[-1]
    bottom, top = (edge if one is None else course.unit.count(one) for one, edge in zip(ends, (low, high), strict=True))
    bottom, top = max(bottom, low), min(top, high)
    x = min(plot.along(0), plot.along(1))
    return [Box(x, plot.y(top), END - START, plot.y(bottom) - plot.y(top), BAND)] if top > bottom else []


def _lines(plot: _Plot) -> list[Item]:
    """Return the lines that readings should not cross."""
    seen = [edge for edge in _edges(plot.course) if plot.lines[0] < edge < plot.lines[-1]]
    return [Path(((plot.along(0), plot.y(edge)), (plot.along(1), plot.y(edge))), 3, AIM, dashed=True) for edge in seen]


def _scale(plot: _Plot) -> list[Item]:
    decimals = plot.course.unit.decimals
    items: list[Item] = []
    for line in plot.lines:
        y = plot.y(line)
        items.append(Path(((plot.along(0), y), (plot.along(1), y)), 1.5, GRID))
        number = plot.saying.number(line, decimals)
        items.append(Text(plot.along(-0.022), y + 9, 26, number, plot.side(ends=True), colour=INK))
    return items


def _days(plot: _Plot) -> list[Text]:
    """Return days below readings, or times of day when all is of one day: as many as stand beside each other."""
    readings, saying = plot.course.readings, plot.saying
    one_day = saying.day(readings[0].at) == saying.day(readings[-1].at)
    for count in range(DAYS_SHOWN, 1, -1):
        wanted = [readings[0].at + (readings[-1].at - readings[0].at) * number / (count - 1) for number in range(count)]
        chosen = [min(readings, key=lambda one: abs(one.at - at)).at for at in wanted]
        said = dict(zip(map(saying.clock if one_day else saying.day, reversed(chosen)), reversed(chosen), strict=True))
        found = [_day(plot, text, at) for text, at in said.items()]
        if _are_apart(found, plot):
            return found
    return found[:1]


def _day(plot: _Plot, text: str, at: datetime) -> Text:
    half = estimate(text, plot.saying.language, False) * _DAY / 2
    x = min(max(plot.x(at), MARGIN / 2 + half), WIDTH - MARGIN / 2 - half)
    return Text(x, BOTTOM + DAYS_BELOW, _DAY, text, "middle", colour=INK)


def _are_apart(texts: list[Text], plot: _Plot) -> bool:
    """Return whether no two texts in a line come too near to each other."""
    halves = {text: estimate(text.text, plot.saying.language, False) * text.size / 2 for text in texts}
    ordered = sorted(texts, key=lambda text: text.x)
    return all(one.x + halves[one] + 14 <= two.x - halves[two] for one, two in pairwise(ordered))


def _values(plot: _Plot) -> list[Item]:
    course = plot.course
    radius = 9.0 if len(course.readings) <= 30 else 6.5
    items: list[Item] = []
    for name, (colour, shape) in zip(course.measure.values, _LOOKS, strict=False):
        points: tuple[Point, ...] = tuple(
            (plot.x(one.at), plot.y(course.unit.count(one.values[name]))) for one in course.readings if name in one.values
        )
        if len(points) > 1:
            items.append(Path(points, 3.5, colour))
        items.append(Marks(points, radius, shape, colour))
    return items


@dataclass(frozen=True)
class _Line:
    """A line of text that begins where reading begins, smaller when it would be too long."""

    text: str
    y: float
    size: float = 26.0
    bold: bool = False
    colour: str = INK
    indent: float = 0.0
    room: float = WIDTH - 2 * MARGIN

    def placed(self, plot: _Plot) -> Text:
        """Return it where it is drawn."""
        most = self.room - self.indent
        size = min(self.size, most / max(estimate(self.text, plot.saying.language, self.bold), 1.0))
        x = MARGIN + self.indent
        return Text(plot.seen(x), self.y, round(size, 1), self.text, plot.side(ends=False), self.bold, self.colour)


def _heading(plot: _Plot) -> list[Item]:
    course, saying = plot.course, plot.saying
    unit, latest = saying.unit(course.unit), course.readings[-1]
    value = saying.values(latest.values, course.measure, course.unit)
    lines = (
        _Line(name_of(course, saying), 44.0, 36.0, bold=True),
        _Line(f"{unit} · {period_of(course, saying)}".removeprefix(" · "), 82.0, colour=QUIET),
        _Line(saying.phrase("latest", value=value, at=saying.moment(latest.at)), 122.0, 28.0, bold=True),
    )
    return [line.placed(plot) for line in lines]


def _legend(plot: _Plot) -> list[Item]:
    """Return which mark is which value, and what the dashed lines are."""
    course, saying = plot.course, plot.saying
    items: list[Item] = []
    y = BOTTOM + 92
    if len(course.measure.values) > 1:
        places = (0.0, WIDTH / 2 - MARGIN)
        for name, (colour, shape), place in zip(course.measure.values, _LOOKS, places, strict=False):
            ends = [(plot.seen(MARGIN + place + at), y - 9) for at in (0, 18, 36)]
            items += [Path((ends[0], ends[2]), 3.5, colour), Marks((ends[1],), 9, shape, colour)]
            half = place + WIDTH / 2 - MARGIN
            items.append(_Line(saying.phrase(f"value_{name}"), y, indent=place + 46, room=half).placed(plot))
        y += 42
    aim = aim_of(course, saying)
    if aim:
        items.append(Path(tuple((plot.seen(MARGIN + at), y - 9) for at in (0, 36)), 4, AIM, dashed=True))
        items += [_Line(line, y + 38 * number, indent=46).placed(plot) for number, line in enumerate(_halves(aim, plot))]
    return items


def _halves(text: str, plot: _Plot) -> list[str]:
    """Return a text as one line, or what stands before and after its colon as two when one would have to be small."""
    label, colon, rest = text.partition("：" if "：" in text else ": ")
    room = WIDTH - 2 * MARGIN - 46
    fits = estimate(text, plot.saying.language, False) * 26.0 * _LEAST <= room
    return [text] if fits or not colon else [label + colon.strip(), rest]
