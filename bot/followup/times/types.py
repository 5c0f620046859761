"""What a time in words is: a moment, a span, a duration or a recurrence; and the pieces of a text that tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Grain = Literal["minute", "hour", "day", "week", "month", "year"]
Unit = Literal["second", "minute", "hour", "day", "week", "fortnight", "month", "year"]


@dataclass(frozen=True)
class Moment:
    """A point in time, as exact as its grain; a day, week or month begins at `at`."""

    at: datetime
    grain: Grain
    said: str


@dataclass(frozen=True)
class Span:
    """From `start` until before `end`."""

    start: datetime
    end: datetime
    said: str


@dataclass(frozen=True)
class Duration:
    """How long; a month counts 30 days, a year 365."""

    length: timedelta
    said: str


@dataclass(frozen=True)
class Recurrence:
    """Every `every` units; at `times` where they were said, on `weekdays` (Monday is 0) where they were named."""

    every: float
    unit: Literal["minute", "hour", "day", "week", "month", "year"]
    said: str
    times: tuple[time, ...] = ()
    weekdays: tuple[int, ...] = ()
    per_unit: int | None = None  # "three times a day" with no times
    begins: date | None = None  # the day it begins with, where one was named: tomorrow, or the 5th of a month
    until: date | None = None  # its last day, where one was named
    length: timedelta | None = None  # or for how long it goes on


TimeSaid = Moment | Span | Duration | Recurrence


@dataclass(frozen=True)
class Piece:
    """Where in the text something is told."""

    start: int
    end: int


Found = tuple[TimeSaid, Sequence[Piece]]


@dataclass(frozen=True)
class Day(Piece):
    """A day, week, month or year, or with the grain of a minute a moment from now."""

    at: datetime
    grain: Grain


@dataclass(frozen=True)
class Clock(Piece):
    """A time of day: the hour as it was said (24 is midnight at the end of the day), and minutes before or after it."""

    hour: int
    shift: int
    # Which half of the day it is: "" nobody has said, "24" by the number of hours, "12" by am, pm or a part of the day.
    half: Literal["", "24", "12"]

    @property
    def minutes(self) -> int:
        """Return how many minutes of the day are over by then."""
        return self.hour * 60 + self.shift

    @property
    def time(self) -> time:
        """Return what a clock shows."""
        hour, minute = divmod(self.minutes % 1440, 60)
        return time(hour, minute)


@dataclass(frozen=True)
class Part(Piece):
    """A part of the day: morning | noon | afternoon | evening | bedtime | night."""

    name: str
