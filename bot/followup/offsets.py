"""Calendar arithmetic of plans: "3d", "2w", "-7d", "1m" after a day; local times of day that survive daylight saving. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(-?)(\d{1,4})([dwm])")


class OffsetProblem(ValueError):
    """Not an offset. The message says how one is written."""


@dataclass(frozen=True)
class Offset:
    """So many days or calendar months; may be negative."""

    days: int = 0
    months: int = 0

    @classmethod
    def read(cls, text: str) -> Offset:
        """Return the offset written as `3d`, `2w`, `1m` or with a minus. Raises OffsetProblem."""
        found = _OFFSET.fullmatch(str(text).strip())
        if found is None:
            raise OffsetProblem(f"{text!r} is not an offset. Write 3d, 2w or 1m, with a minus for before.")
        sign, number, unit = found.groups()
        count = int(number) * (-1 if sign else 1)
        return cls(months=count) if unit == "m" else cls(days=count * (7 if unit == "w" else 1))

    def after(self, day: date) -> date:
        """Return the day this long after `day`. A month after 31 January is the last day of February."""
        if not self.months:
            return day + timedelta(days=self.days)
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

    def times(self, count: int) -> Offset:
        """Return this offset `count` times; a month is counted from the first day, so that the 31st comes back."""
        return Offset(self.days * count, self.months * count)

    def is_forward(self) -> bool:
        """Return whether it leads to a later day."""
        return self.days > 0 or self.months > 0


def at_local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which clocks in `zone` show `clock` on `day`.

    A time that daylight saving skips is that long after the change (02:30 is 03:30); of one that comes twice it is the first.
    """
    return datetime.combine(day, clock.replace(fold=0), tzinfo=zone).astimezone(timezone.utc)


def is_within(clock: time, start: time, end: time) -> bool:
    """Return whether `clock` lies in [start, end); with a start after the end the span goes over midnight."""
    return start <= clock < end if start <= end else clock >= start or clock < end


@dataclass(frozen=True)
class Quiet:
    """The hours in which nobody wants to be written to: local times; the same start and end mean none."""

    start: time = time(21, 0)
    end: time = time(8, 0)

    def holds_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Return whether it is quiet at `moment`."""
        return self.start != self.end and is_within(moment.astimezone(zone).time(), self.start, self.end)

    def next_free(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return `moment`, or when the quiet hours around it end."""
        if not self.holds_at(moment, zone):
            return moment
        local = moment.astimezone(zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        free = at_local(day, self.end, zone)
        # The end itself may be skipped by daylight saving, or have come already, an hour ago: then a little later is free.
        while free <= moment or self.holds_at(free, zone):
            free += timedelta(minutes=15)
        return free
