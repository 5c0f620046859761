"""Times of day in words: "half past seven", "halb acht", "晚上八点半", "الثامنة إلا ربعا". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Clock, Part

# What the parts of the day mean: from, until before (30 is 6 in the morning after), and the hour to remind at.
HOURS = {"morning": (6, 12, 8), "noon": (11, 14, 12), "afternoon": (12, 18, 15), "evening": (18, 22, 20), "bedtime": (21, 23, 22), "night": (22, 30, 22)}  # fmt: skip
_LATE = frozenset({"afternoon", "evening", "bedtime"})
_BEFORE = frozenset({"to", "before", "till", "vor"})
_MINUTES = {"1刻": 15, "十分": 10, "3刻": 45, "dreiviertel": 45, **dict.fromkeys(("half", "半", "نص", "نصف"), 30), **dict.fromkeys(("ثلث", "تلت"), 20), **dict.fromkeys(("عشر", "عشره"), 10), **dict.fromkeys(("خمس", "خمسه"), 5)}  # fmt: skip


def clocks_in(text: str, tongue: Tongue) -> Iterator[Clock]:
    """Yield the times of day in their order, as they are said alone."""
    end = 0
    while True:
        every = [one for pattern in tongue.clocks if (one := tongue.compiled(pattern).search(text, end))]
        if not every:
            return
        # Of two readings of one time the first pattern is right; a time that stands before it is another one.
        found = min((one for one in every if one.end() <= every[0].start()), key=lambda one: one.start(), default=every[0])
        clock = clock_of(found, tongue)
        end = found.end()
        if clock is not None:
            yield clock


def clock_of(match: re.Match[str], tongue: Tongue) -> Clock | None:
    """Return the time that a match of one of the shapes says, or None: no clock shows it."""
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "word" in groups:
        return Clock(*match.span(), tongue.named_hours[groups["word"]], 0, "24")
    hour, shift = _hour(groups, tongue), _shift(groups)
    if hour > 24 or shift is None:
        return None
    if "ap" in groups:
        return Clock(*match.span(), hour % 12 + (12 if groups["ap"] == "p" else 0), shift, "12") if hour <= 12 else None
    # Germans count to 24: 3:30 is at night. So does whoever writes 03:30.
    exact = re.search(r"\d:\d" if tongue.counts_to_24 else r"(?<!\d)0\d:\d", match.group(0))
    return Clock(*match.span(), hour, shift, "24" if hour > 12 or hour == 0 or exact else "")


def _hour(groups: dict[str, str], tongue: Tongue) -> int:
    ordinal = groups.get("ordinal") or groups.get("ordinal2")
    if ordinal:
        return tongue.ordinals[ordinal]
    return int(next(groups[name] for name in ("h", "h2", "h3", "halb") if name in groups))


def _shift(groups: dict[str, str]) -> int | None:
    """Return the minutes after the hour that is named, or before it; None for more than an hour has, and where it may be another hour."""
    minutes = int(next((groups[name] for name in ("m", "m2", "m3") if name in groups), "0").replace(" ", ""))
    if "unclear" in groups:
        return None
    if "less" in groups:
        minutes = -_minutes(groups["less"])
    elif "rel" in groups:
        minutes = _minutes(groups["rel"]) * (-1 if groups.get("dir") in _BEFORE else 1)
    else:
        minutes = next((_minutes(groups[name]) for name in ("half", "q", "third", "ten", "east") if name in groups), minutes)
    minutes -= 60 if "east" in groups else 30 if "halb" in groups else 0
    return minutes if abs(minutes) < 60 else None


def _minutes(said: str) -> int:
    """ "quarter", "zehn Minuten", "1刻", "ثلث"."""
    if said in _MINUTES:
        return _MINUTES[said]
    number = re.match(r"\d+", said)
    return int(number.group(0)) if number else 15


def in_part(clock: Clock, name: str) -> Clock:
    """Return the clock in this part of the day: 8 in the evening is 20."""
    hour = clock.hour
    late = name in _LATE or (name == "noon" and hour < 6) or (name == "night" and 6 < hour < 12)
    if late and hour < 12:
        hour += 12
    elif hour == 12 and name in ("night", "evening", "bedtime"):
        hour = 0 if name == "night" else 24
    return replace(clock, hour=hour, half="12")


def with_part(clock: Clock, part: Part) -> Clock:
    """Return the clock as the part of the day beside it settles it, over the words of both."""
    settled = clock if clock.half else in_part(clock, part.name)
    return replace(settled, start=min(clock.start, part.start), end=max(clock.end, part.end))


def near_part(clock: Clock, text: str, tongue: Tongue) -> Part | None:
    """Return the part of the day that stands near a clock, with other words in between, or None."""
    near = [one for one in tongue.parts_in(text) if -12 <= one.start - clock.end <= 14 or 0 <= clock.start - one.end <= 6]
    return min(near, key=lambda one: abs(one.start - clock.start), default=None)
