"""The arithmetic of days: the next 5th, the 3rd of March to come, so many months later. Pure; seen from `now`."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta, timezone

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "fortnight": 1209600}


def midnight(moment: datetime) -> datetime:
    """Return the beginning of the day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def date_of(year: int, month: int, day: int, now: datetime) -> datetime | None:
    """Return the beginning of a day, or None: no calendar has it."""
    try:
        return midnight(now).replace(year=year, month=month, day=day)
    except ValueError:
        return None


def full_year(given: str | None, now: datetime) -> int | None:
    """Return the year that is written with four digits or two."""
    if not given:
        return None
    return int(given) if len(given) == 4 else 2000 + int(given) if int(given) < 70 else 1900 + int(given)


def coming(month: int, day: int, year: int | None, now: datetime) -> datetime | None:
    """Return the day of a year, or without one the next such day from today."""
    if year is not None:
        return date_of(year, month, day, now)
    this = date_of(now.year, month, day, now)
    return this if this is None or this >= midnight(now) else date_of(now.year + 1, month, day, now)


def day_of_month(day: int, now: datetime) -> datetime | None:
    """Return the next such day of a month from today."""
    for months in range(0, 12):
        at = date_of(*month_later(now, months), day, now)
        if at is not None and at >= midnight(now):
            return at
    return None


def month_later(now: datetime, months: int) -> tuple[int, int]:
    """Return year and month so many months later."""
    count = now.year * 12 + now.month - 1 + months
    return count // 12, count % 12 + 1


def later(now: datetime, count: float, unit: str) -> datetime:
    """Return `now` so many units later; a month after 31 January is the last day of February. Raises OverflowError, ValueError."""
    if unit in ("month", "year"):
        year, month = month_later(now, round(count * (12 if unit == "year" else 1)))
        return now.replace(year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1]))
    length = timedelta(seconds=count * SECONDS[unit])
    if now.tzinfo is None or unit not in ("second", "minute", "hour"):
        return now + length
    # Two hours are two hours, also when clocks are changed within them.
    return (now.astimezone(timezone.utc) + length).astimezone(now.tzinfo)


def is_over(at: datetime, now: datetime) -> bool:
    """Return whether a moment has come, in real time: of an hour that comes twice `at` is the first."""
    if at.tzinfo is None:
        return at <= now
    return at.astimezone(timezone.utc) <= now.astimezone(timezone.utc)


def real(local: datetime) -> datetime:
    """Return the moment when clocks show this; of a time that daylight saving skips so long after the change: 2:30 is 3:30."""
    return local if local.tzinfo is None else local.astimezone(timezone.utc).astimezone(local.tzinfo)
