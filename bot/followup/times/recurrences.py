"""What comes again: how often, on which weekdays, at which times, from when on and until when. Pure; seen from `now`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.followup.times.amounts import amount, amounts, number
from bot.followup.times.clocks import HOURS
from bot.followup.times.days import day_in
from bot.followup.times.together import told_together
from bot.followup.times.tongue import Tongue, any_of, which
from bot.followup.times.types import Day, Found, Piece, Recurrence

# More often than every so many hours nobody wants to be reminded by night.
_LEAST_HOURS = 4


@dataclass
class _Reading:
    """A text that is read piece by piece: what tells when it begins and ends is read first, and then not seen any more."""

    text: str
    tongue: Tongue
    now: datetime
    pieces: list[Piece] = field(default_factory=list)

    def take(self, start: int, end: int, *, unseen: bool = False) -> None:
        """Note a piece; `unseen`: nothing else is read in it."""
        self.pieces.append(Piece(start, end))
        if unseen:
            self.text = self.text[:start] + "#" * (end - start) + self.text[end:]


def recurrence(text: str, tongue: Tongue, now: datetime) -> Found | None:
    """Return what comes again, or None: nothing says that anything does."""
    reading = _Reading(text, tongue, now)
    mark = re.search(tongue.every, text)
    if mark is None and not _is_week_of_clocks(text, tongue):
        return None
    reading.pieces += [Piece(*mark.span())] if mark else []
    begins, length, until = _begins(reading), _lasts(reading), _until(reading)
    every, unit, per = _rhythm(reading)
    begins = begins or (_day_of_month(reading) if unit in ("month", "year") else None)
    weekdays = _weekdays(reading)
    every, unit, times = _times(reading, every, unit)
    if unit is None:
        unit = "week" if weekdays else "day" if times and re.search(tongue.daily, text) else None
    elif unit == "day" and every == 2 and weekdays:
        unit = "week"  # every other Monday
    if unit is None:
        return None
    if (per and unit == "day" and len(times) != per) or (until is None and _ends_some_day(reading)):
        times = ()  # "twice a day at 8": when else? "until Christmas": when is that?
    found = Recurrence(every, unit, "", times, weekdays, None if times else per)  # type: ignore[arg-type]
    return replace(found, begins=begins, until=until, length=length), reading.pieces


# --- from when on, and until when -------------------------------------------------------------------------------------


def _begins(reading: _Reading) -> date | None:
    return _edge(reading, reading.tongue.begins)


def _until(reading: _Reading) -> date | None:
    return _edge(reading, reading.tongue.ends)


def _ends_some_day(reading: _Reading) -> bool:
    """Whether an end is told that is no day of the calendar."""
    ranges = [one.span() for one in re.finditer(_weekday_range(reading.tongue), reading.text)]
    ends = re.finditer(reading.tongue.ends, reading.text)
    return any(all(not (start <= one.start() < end) for start, end in ranges) for one in ends)


def _edge(reading: _Reading, pattern: str) -> date | None:
    """Return the day that is told after "from" or "until"; weekdays between two of which everything lies are none."""
    for match in re.finditer(pattern, reading.text):
        day = day_in(match["day"], reading.tongue, reading.now)
        if day is None or day.grain != "day" or day.start > 3 or _range_at(match, day, reading):
            continue
        end = match.end() if not reading.tongue.spaced else match.start("day") + day.end
        reading.take(match.start(), end, unseen=True)
        return day.at.date()
    return None


def _range_at(match: re.Match[str], day: Day, reading: _Reading) -> bool:
    """Whether the day is one end of a range of weekdays."""
    start, end = match.start("day") + day.start, match.start("day") + day.end
    ranges = re.finditer(_weekday_range(reading.tongue), reading.text)
    return any(one.start() < end and start < one.end() for one in ranges)


def _lasts(reading: _Reading) -> timedelta | None:
    """Return for how many whole days it goes on."""
    tongue = reading.tongue
    for shape in tongue.lasting:
        match = tongue.find(shape.replace("{amount}", amounts(tongue)), reading.text)
        if match is None:
            continue
        count, unit = amount(match, tongue)
        days = {"day": 1, "week": 7, "fortnight": 14, "month": 30}.get(unit, 0) * count
        if days >= 1 and days == int(days):
            reading.take(*match.span(), unseen=True)
            return timedelta(days=days)
    return None


def _day_of_month(reading: _Reading) -> date | None:
    day = reading.tongue.written_date(reading.text, reading.now)
    if day is None or day.grain != "day":
        return None
    reading.take(day.start, day.end, unseen=True)
    return day.at.date()


# --- how often --------------------------------------------------------------------------------------------------------


def _rhythm(reading: _Reading) -> tuple[float, str | None, int | None]:
    """Return every how many of which unit, and how often in one."""
    text, tongue = reading.text, reading.tongue
    per = tongue.find(tongue.per, text)
    count = _times_said(per, reading) if per and (per["u"] or per["u2"]) else None  # 早晚各一次 is no count of a day
    alternate = re.search(tongue.alternate, text)
    if alternate:
        reading.take(*alternate.span())
        return 2, _unit_of_alternate(alternate, text, tongue), count
    step = tongue.find(tongue.step.replace("{units}", tongue.unit_words()), text)
    if step:
        reading.take(*step.span())
        return _step(step, tongue, count)
    if per and (per["u"] or per["u2"]):
        return 1, _unit_of_adverb(per["u"] or per["u2"], tongue), count
    dual = re.search(rf"{tongue.each}({'|'.join(tongue.duals)})", text) if tongue.duals else None
    if dual:
        reading.take(*dual.span())
        return 2, tongue.duals[dual[1]], count
    return 1, _plain_unit(reading), count


def _step(step: re.Match[str], tongue: Tongue, count: int | None) -> tuple[float, str, int | None]:
    groups = step.groupdict()
    if groups.get("n2"):  # 两天一次: the count belongs to the step
        return number(groups["n2"], tongue), tongue.unit(groups["u2"] or ""), None
    return number(groups["n"] or "1", tongue), tongue.unit(groups["u"] or ""), count


def _unit_of_alternate(alternate: re.Match[str], text: str, tongue: Tongue) -> str:
    after = text[alternate.end() : alternate.end() + 8]
    said = (
        name
        for pattern, name in tongue.units
        if re.search(rf"(?:{pattern})$", alternate.group(0)) or tongue.find(rf"(?:{pattern})", after)
    )
    return next(said, "day")


def _times_said(match: re.Match[str], reading: _Reading) -> int:
    reading.take(*match.span())
    word = match["n"] or match["n2"] or "1"
    digits = re.search(r"\d+", word)
    return int(digits.group(0)) if digits else reading.tongue.often.get(word, 1)


def _unit_of_adverb(word: str, tongue: Tongue) -> str | None:
    for unit, pattern in tongue.adverbs.items():
        if re.fullmatch(pattern, word):
            return unit
    found = (name for pattern, name in tongue.units if re.fullmatch(pattern, word))
    return next(found, "week" if "星期" in word else "month" if word == "月" else "day")


def _plain_unit(reading: _Reading) -> str | None:
    text, tongue = reading.text, reading.tongue
    for unit, pattern in tongue.adverbs.items():
        match = re.search(pattern, text)
        if match:
            reading.take(*match.span())
            return unit
    for pattern, unit in tongue.units:
        match = tongue.find(rf"{tongue.each}(?:{pattern})", text)
        if match and (tongue.spaced or not re.match(r"[1-7日天]", text[match.end() :])):
            reading.take(*match.span())
            return unit if unit != "second" else None
    return None


# --- on which days and at which times ---------------------------------------------------------------------------------


def _weekday_range(tongue: Tongue) -> str:
    names = any_of(tongue.weekdays)
    if tongue.spaced:
        names = rf"(?:{names})\b"
    # 周一至五
    second = rf"{names}|[1-6日](?!\d)" if not tongue.spaced else names
    return rf"(?P<from>{names})s?(?:{tongue.range})(?P<to>{second})"


def _is_week_of_clocks(text: str, tongue: Tongue) -> bool:
    """Whether a time of day is told for a range of weekdays: "Monday to Friday at 8" comes again."""
    return re.search(_weekday_range(tongue), text) is not None and bool(told_together(text, tongue).clocks)


def _weekdays(reading: _Reading) -> tuple[int, ...]:
    text, tongue = reading.text, reading.tongue
    found: list[int] = []
    for match in tongue.compiled(rf"(?P<w>{any_of(tongue.weekdays)}){tongue.plural}").finditer(text):
        found.append(which(tongue.weekdays, match["w"]))
        reading.take(*match.span())
    spread = re.search(_weekday_range(tongue), text)
    if spread:
        found += _between(spread, tongue)
    if tongue.several:
        more = re.search(tongue.several, text)
        found += [6 if day == "日" else int(day) - 1 for day in more[1] if day in "123456日"] if more else []
    for pattern, days in ((tongue.workdays, range(5)), (tongue.weekend, (5, 6))):
        match_of = tongue.find(pattern, text)
        if match_of:
            reading.take(*match_of.span())
            found += days
    return tuple(sorted(set(found)))


def _between(spread: re.Match[str], tongue: Tongue) -> Sequence[int]:
    first = which(tongue.weekdays, spread["from"])
    last = which(tongue.weekdays, spread["to"]) if len(spread["to"]) > 1 else "123456日".index(spread["to"])
    return [(first + number) % 7 for number in range((last - first) % 7 + 1)]


def _times(reading: _Reading, every: float, unit: str | None) -> tuple[float, str | None, tuple[time, ...]]:
    """Return the times; of "every 8 hours from 6" those of a day, which then comes again instead."""
    told = told_together(reading.text, reading.tongue)
    reading.pieces += told.pieces
    if unit == "hour":
        clock = told.clocks[0] if len(told.clocks) == 1 else None
        if clock is None or every < _LEAST_HOURS or 24 % every or not (clock.half or every == 12 or reading.tongue.counts_to_24):
            return every, unit, ()
        first = clock.minutes
        of_day = ((first + 60 * int(every) * number) % 1440 for number in range(24 // int(every)))
        return 1, "day", tuple(sorted(time(*divmod(one, 60)) for one in of_day))
    return every, unit, told.times or (() if told.pieces else _of_parts(reading))


def _of_parts(reading: _Reading) -> tuple[time, ...]:
    tongue = reading.tongue
    parts = list(tongue.parts_in(reading.text))
    reading.pieces += parts
    names = next((names for word, names in tongue.all_parts if word in reading.text), tuple(part.name for part in parts))
    return tuple(sorted({time(HOURS[name][2] % 24) for name in names}))
