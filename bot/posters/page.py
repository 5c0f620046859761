"""What stands where on a poster: pure, in millimetres of an A4 page. A5 is the same page, smaller."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import segno

from bot.languages import Language, is_right_to_left
from bot.phrases import Phrases
from bot.scenes.scenes import Scene
from bot.triage.hotlines import isolated

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 14.0
LEAST_GAP = 6.0  # between the parts
# Of text: the largest that fits is taken.
SCALES = tuple(step / 20 for step in range(32, 11, -1))
INK, QUIET, BAND, ALARM, PAPER = "#16242b", "#4a5a62", "#0b5c6b", "#b3261e", "#ffffff"
BOX = "#fdecea"

# The width of a text in ems: as (text, language, bold).
Measure = Callable[[str, Language, bool], float]


@dataclass(frozen=True)
class Code:
    """A QR code: on which channel it opens the chat, and what it holds."""

    channel: str
    address: str


@dataclass(frozen=True)
class Poster:
    """What one poster says. The first language is the largest."""

    hospital: Scene
    scene: Scene
    codes: tuple[Code, ...]  # one to four
    languages: tuple[Language, ...]
    number: str  # to call in an emergency, of the region of the hospital
    headline: Literal["headline", "headline_plan"] = "headline"


@dataclass(frozen=True)
class Text:
    """A line: `x` is its middle, `y` its baseline, `size` the height of an em."""

    x: float
    y: float
    size: float
    text: str
    language: Language
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Squares:
    """A QR code as runs of dark modules: (column, row, length), each `module` wide, within a white square of `side`."""

    x: float
    y: float
    side: float
    module: float
    runs: tuple[tuple[int, int, int], ...]
    title: str


Item = Text | Box | Squares


@dataclass(frozen=True)
class _Line:
    size: float
    text: str
    language: Language
    bold: bool = False
    colour: str = INK


# How far the baseline of a line is below its top, and how high a line is, in ems.
_BASE, _LEADING = 1.05, 1.42


def lay_out(poster: Poster, *, phrases: Phrases, measure: Measure) -> tuple[Item, ...]:
    """Return what is drawn, the lowest first. Text is as large as fits; what is left of the page is shared out between the parts."""
    for scale in SCALES:
        parts = _parts(poster, phrases, measure, scale)
        gap = (HEIGHT - MARGIN - sum(part.height for part in parts)) / (len(parts) - 1)
        if gap >= LEAST_GAP or scale == SCALES[-1]:
            return tuple(_stacked(parts, gap=gap))
    raise AssertionError("the last scale returns")


@dataclass(frozen=True)
class _Part:
    height: float
    items: tuple[Item, ...]  # as if it began at the top of the page


def _parts(poster: Poster, phrases: Phrases, measure: Measure, scale: float) -> list[_Part]:
    def say(key: str, language: Language, **values: object) -> str:
        return phrases.get(f"posters.{key}", language, **values)

    first = poster.languages[0]
    headline = [
        _Line((6.6 if language == first else 5.0) * scale, say(poster.headline, language), language, bold=language == first)
        for language in poster.languages
    ]
    alarm = [
        _Line(
            4.7 * scale, say("emergency", language, number=isolated(poster.number, language)), language, bold=True, colour=ALARM
        )
        for language in poster.languages
    ]
    small = [_Line(3.3 * scale, say("disclaimer", language), language, colour=QUIET) for language in poster.languages]
    return [
        _band(_lines(_named(poster.hospital, poster.languages, 8.4 * scale, 4.2 * scale, PAPER), measure)),
        *(
            []
            if poster.scene == poster.hospital
            else [_lines(_named(poster.scene, poster.languages, 14 * scale, 6 * scale), measure)]
        ),
        _lines(headline, measure),
        _codes(poster, phrases, scale),
        _boxed(_lines(alarm, measure, indent=38), poster.number),
        _lines(small, measure),
    ]


def _named(scene: Scene, languages: Sequence[Language], large: float, small: float, colour: str = INK) -> list[_Line]:
    """Return the names of a place: the first language large, then one line of those read from the left, then the others."""
    names = [_Line(large, scene.names[languages[0]], languages[0], bold=True, colour=colour)]
    rest = [language for language in languages[1:] if scene.names[language] != scene.names[languages[0]]]
    left = [language for language in rest if not is_right_to_left(language)]
    if left:
        together = "  ·  ".join(dict.fromkeys(scene.names[language] for language in left))
        names.append(_Line(small, together, left[0], colour=colour))
    right = [language for language in rest if is_right_to_left(language)]
    return names + [_Line(small, scene.names[language], language, colour=colour) for language in right]


def _lines(lines: Iterable[_Line], measure: Measure, *, indent: float = 0.0) -> _Part:
    """Return centred lines, broken where they are too long for the page."""
    items: list[Item] = []
    y, width = 0.0, WIDTH - 2 * MARGIN - indent
    for line in lines:
        for piece in _broken(line, width, measure):
            items.append(
                Text((WIDTH + indent) / 2, y + _BASE * line.size, line.size, piece, line.language, line.bold, line.colour)
            )
            y += _LEADING * line.size
        y += 0.18 * line.size
    return _Part(y, tuple(items))


def _broken(line: _Line, width: float, measure: Measure) -> list[str]:
    """Return the text in pieces that fit: between words, in Chinese between clauses, or between characters when one is too long."""

    def is_wide(text: str) -> bool:
        return measure(text.strip(), line.language, line.bold) * line.size > width

    units = (
        list(filter(None, _CLAUSE.findall(line.text)))
        if line.language.startswith("zh")
        else [f"{word} " for word in line.text.split()]
    )
    pieces, now = [], ""
    for unit in (part for whole in units for part in (_characters(whole) if is_wide(whole) else [whole])):
        if now and is_wide(now + unit):
            pieces.append(now.strip())
            now = ""
        now += unit
    return [*pieces, now.strip()]


_NOT_FIRST = "，。！？；：、）」』”·.,!?:;)"
_CLAUSE = re.compile(rf"[^{re.escape(_NOT_FIRST)}]*[{re.escape(_NOT_FIRST)}]*\s*")


def _characters(text: str) -> list[str]:
    """Return what may stand at the end of a line: no mark begins one, and a number or a word of another script stays whole."""
    units: list[str] = []
    for character in text:
        if units and (character in _NOT_FIRST or (character + units[-1][-1]).isascii()):
            units[-1] += character
        else:
            units.append(character)
    return units


def _band(part: _Part) -> _Part:
    moved = tuple(_moved(item, 7.0) for item in part.items)
    return _Part(part.height + 12, (Box(0, 0, WIDTH, part.height + 12, BAND), *moved))


def _boxed(part: _Part, number: str) -> _Part:
    """Return the lines in a box with the number itself, large, at its left."""
    height = max(part.height, 16.0) + 8
    size = 14.0 if len(number) < 4 else 9.0
    box = Box(MARGIN, 0, WIDTH - 2 * MARGIN, height, BOX)
    call = Text(MARGIN + 19, height / 2 + 0.36 * size, size, number, "en", True, ALARM)
    shift = (height - part.height) / 2
    return _Part(height, (box, call, *(_moved(item, shift) for item in part.items)))


# How wide a code is when so many stand beside each other.
_SIDES = {1: 76.0, 2: 64.0, 3: 54.0, 4: 46.0}
_QUIET_MODULES = 4


def _codes(poster: Poster, phrases: Phrases, scale: float) -> _Part:
    side = _SIDES[len(poster.codes)]
    size = 4.6 * min(scale, 1.2)
    items: list[Item] = []
    captions = 0
    for index, code in enumerate(poster.codes):
        middle = (
            WIDTH * (2 * index + 1) / (2 * len(poster.codes))
            if len(poster.codes) > 2
            else _middle(index, len(poster.codes), side)
        )
        lines = _caption(code.channel, poster.languages, phrases)
        items.append(_squares(code, x=middle - side / 2, side=side, title=lines[0][0]))
        for row, (text, language) in enumerate(lines):
            y = side + _BASE * size + row * _LEADING * size
            items.append(Text(middle, y, size, text, language, row == 0))
        captions = max(captions, len(lines))
    return _Part(side + captions * _LEADING * size, tuple(items))


def _middle(index: int, count: int, side: float) -> float:
    step = side + 18
    return WIDTH / 2 + (index - (count - 1) / 2) * step


def _caption(channel: str, languages: Sequence[Language], phrases: Phrases) -> list[tuple[str, Language]]:
    """Return the channel's names, one for each script, without one that stands in another."""
    lines: dict[str, tuple[str, Language]] = {}
    for language in languages:
        script = "latin" if language in ("en", "de") else language[:2]
        name = phrases.get(f"posters.{channel}", language)
        if script not in lines and not any(name in shown for shown, _ in lines.values()):
            lines[script] = (name, language)
    return list(lines.values())


@lru_cache(maxsize=64)
def _matrix(address: str) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, segno.make(address, error="m", micro=False).matrix))


def _squares(code: Code, *, x: float, side: float, title: str) -> Squares:
    matrix = _matrix(code.address)
    module = side / (len(matrix) + 2 * _QUIET_MODULES)
    runs: list[tuple[int, int, int]] = []
    for row, modules in enumerate(matrix):
        start = None
        for column, dark in enumerate((*modules, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((start + _QUIET_MODULES, row + _QUIET_MODULES, column - start))
                start = None
    return Squares(x, 0, side, module, tuple(runs), title)


def _stacked(parts: Sequence[_Part], *, gap: float) -> Iterable[Item]:
    y = 0.0
    for part in parts:
        yield from (_moved(item, y) for item in part.items)
        y += part.height + gap


def _moved(item: Item, down: float) -> Item:
    return replace(item, y=item.y + down)
