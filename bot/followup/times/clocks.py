"""Times of day in words: "half past seven", "halb acht", "晚上八点半", "الثامنة إلا ربعا". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Clock

# What the parts of the day mean: from, until before (30 is 6 in the morning after), and the hour to remind at.
HOURS = {"morning": (6, 12, 8), "noon": (11, 14, 12), "afternoon": (12, 18, 15), "evening": (18, 22, 20), "bedtime": (21, 23, 22), "night": (22, 30, 22)}  # fmt: skip
AFTER_NOON = frozenset({"afternoon", "evening", "bedtime"})


def clocks_in(text: str, tongue: Tongue) -> Iterator[Clock]:
    """Yield the times of day in their order; those that a part of the day stands beside are settled by it."""
    end = 0
    while True:
        every = [one for pattern in tongue.clocks if (one := tongue.compiled(pattern).search(text, end))]
        if not every:
            return
        # Of two readings of one time the first pattern is right; a time that stands before it is another one.
        found = min((one for one in every if one.end() <= every[0].start()), key=lambda one: one.start(), default=every[0])
        clock = _clock_of(found)
        end = found.end()
        if clock is not None:
            exact = tongue.counts_to_24 and re.search(r"\d:\d", found.group(0))
            yield replace(clock, settled=True) if exact else _with_part(clock, text, tongue)


def _clock_of(match: re.Match[str]) -> Clock | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "word" in groups:
        return Clock(*match.span(), 0 if groups["word"] == "midnight" else 12, 0, True)
    if "halb" in groups:
        return Clock(*match.span(), (int(groups["halb"]) - 1) % 24, 30, False)
    hour, minute = int(groups.get("h") or groups.get("h2") or groups["h3"]), int(groups.get("m") or groups.get("m2") or 0)
    minute = 30 if "half" in groups else minute
    quarter = groups.get("q")
    minute = 45 if quarter == "3刻" else 15 if quarter else minute
    if "less" in groups or "rel" in groups:
        hour, minute = _relative_clock(hour, groups)
    if "ap" in groups:
        hour = hour % 12 + (12 if groups["ap"] == "p" else 0)
    if hour > 24 or minute > 59:
        return None
    return Clock(*match.span(), hour % 24, minute, "ap" in groups or hour > 12 or hour == 0)


def _relative_clock(hour: int, groups: dict[str, str]) -> tuple[int, int]:
    """ "quarter to nine", "zehn nach acht", "الا ربع"."""
    said = groups.get("rel", "quarter")
    number = re.match(r"\d+", said)
    minutes = int(number.group(0)) if number else 30 if said == "half" else 15
    if "less" in groups or groups.get("dir") in ("to", "before", "till", "vor"):
        return (hour - 1) % 24, 60 - minutes
    return hour, minutes


def _with_part(clock: Clock, text: str, tongue: Tongue) -> Clock:
    """Return the clock with the part of the day that stands beside it."""
    if clock.settled:
        return clock
    near = [one for one in tongue.parts_in(text) if -12 <= one.start - clock.end <= 14 or 0 <= clock.start - one.end <= 6]
    part = min(near, key=lambda one: abs(one.start - clock.start), default=None)
    if part is None:
        return clock
    hour = clock.hour
    late = part.name in AFTER_NOON or (part.name == "noon" and hour < 6) or (part.name == "night" and 6 < hour < 12)
    hour = hour + 12 if late and hour < 12 else 0 if part.name == "night" and hour == 12 else hour
    return Clock(min(clock.start, part.start), max(clock.end, part.end), hour, clock.minute, True)
