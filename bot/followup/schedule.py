"""When a step of a plan is due for one patient. Pure: the anchor, the time zone and the quiet hours are arguments."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.followup.offsets import Quiet, at_local
from bot.followup.plans import Condition, Step

# A morning of many patients is spread over this long, each always at the same minute: 15 minutes.
SPREAD = timedelta(minutes=15)
# A repeated step without an end stops looking here: nothing is planned longer ahead.
FARTHEST = timedelta(days=1100)


@dataclass(frozen=True)
class Rhythm:
    """How one patient is to be reached."""

    zone: ZoneInfo
    quiet: Quiet
    spread_key: str = ""  # "": to the minute, as for a reminder that the patient has asked for
    exact: bool = False  # nothing begins with a time that has passed, though it were still worth sending

    def spread(self) -> timedelta:
        """Return by how much this patient's messages come later, always the same."""
        if not self.spread_key:
            return timedelta(0)
        return timedelta(seconds=zlib.crc32(self.spread_key.encode()) % int(SPREAD.total_seconds()))

    def is_open(self, due: Due, now: datetime) -> bool:
        """Return whether an occurrence can still begin at `now`."""
        return (due.at if self.exact else due.until) > now


@dataclass(frozen=True)
class Due:
    """One sending of a step. `number` counts the occurrences from 0: (enrolment, step, number) names it for ever."""

    step: str
    number: int
    day: date  # the patient's day it belongs to
    at: datetime  # UTC; never in the quiet hours
    until: datetime  # UTC; after this it is late


@dataclass(frozen=True)
class Past:
    """The sending of a step that was the last. `of_day`: how many of its day are over, with it."""

    day: date
    number: int
    at: datetime
    of_day: int = 1


def next_due(step: Step, anchor: date, rhythm: Rhythm, *, after: int = -1) -> Due | None:
    """Return the occurrence with the smallest number above `after`, or None when the step is over."""
    return next(_dues(step, anchor, rhythm, after + 1), None)


def first_open(step: Step, anchor: date, rhythm: Rhythm, *, now: datetime) -> Due | None:
    """Return the first occurrence that is not over at `now`: where somebody who enrols today comes in."""
    start = _skipped(step, anchor, now.date())
    return next((due for due in _dues(step, anchor, rhythm, start) if rhythm.is_open(due, now)), None)


def following(step: Step, anchor: date, rhythm: Rhythm, last: Past, *, now: datetime | None = None) -> Due | None:
    """Return what comes after the sending that was the last, by the plan as it is now; `now`: and is not over then.

    The plan may have been changed in between, so that numbers mean other times: the day decides, and on one day how many of it
    are over. None is left out, nothing comes again, and numbers only go up.
    """
    if step.every is None:
        later = _dues(step, anchor, rhythm, last.number + 1)
    else:
        start, each = _skipped(step, anchor, last.day), len(step.times)
        later = (due for due in _dues(step, anchor, rhythm, start) if due.day > last.day or _is_later_that_day(due, last, each))
    found = next((due for due in later if now is None or rhythm.is_open(due, now)), None)
    return None if found is None else replace(found, number=max(found.number, last.number + 1))


def _is_later_that_day(due: Due, last: Past, each: int) -> bool:
    # By the number too: where a clock skips an hour 2:30 is 3:30, and 3:00 comes after it all the same.
    later = due.at > last.at or (due.at < last.at and due.number > last.number)
    return due.day == last.day and later and due.number % each >= last.of_day


def _dues(step: Step, anchor: date, rhythm: Rhythm, start: int) -> Iterator[Due]:
    """Yield the occurrences from number `start` on."""
    for number, day, clock in _clocks(step, anchor, start):
        due = due_at(step, number, day, clock, rhythm)
        if due is not None:
            yield due


def due_at(step: Step, number: int, day: date, clock: time, rhythm: Rhythm) -> Due | None:
    """Return the sending for one local time; None when the quiet hours last longer than it is worth sending."""
    wanted = at_local(day, clock, rhythm.zone)
    until = wanted + step.window
    at = rhythm.quiet.next_free(wanted + min(rhythm.spread(), step.window / 2), rhythm.zone)
    return Due(step.id, number, day, at, until) if at < until else None


def suits(condition: Condition, *, sex: str | None, age: float | None, pregnant: bool | None) -> bool:
    """Return whether a step is for this patient. What is not known does not exclude."""
    if condition.sex and sex and condition.sex != sex:
        return False
    if age is not None and not (condition.age_from or 0) <= age < (condition.age_below or 200):
        return False
    return condition.pregnant is None or pregnant is None or condition.pregnant == pregnant


def _clocks(step: Step, anchor: date, start: int) -> Iterator[tuple[int, date, time]]:
    """Yield (number, day, time) of the occurrences from number `start` on."""
    times = sorted(step.times)
    last = _last_day(step, anchor)
    round_ = start // len(times)
    while True:
        day = step.after.after(anchor) if step.every is None else step.every.times(round_).after(step.after.after(anchor))
        if day > last or (step.every is None and round_ > 0):
            return
        for place, clock in enumerate(times):
            number = round_ * len(times) + place
            if number >= start:
                yield number, day, clock
        round_ += 1


def _last_day(step: Step, anchor: date) -> date:
    if step.every is None:
        return step.after.after(anchor)
    return step.until.after(anchor) if step.until is not None else anchor + FARTHEST


def _skipped(step: Step, anchor: date, day: date) -> int:
    """Return a number that is surely not behind the first open occurrence of `day`: years of daily steps are not walked through."""
    if step.every is None or not step.every.days:
        return 0
    days = (day - step.after.after(anchor)).days - 2 - step.window.days
    return max(days // step.every.days, 0) * len(step.times)
