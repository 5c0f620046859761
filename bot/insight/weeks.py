"""Weeks of the hospital: from Monday to Monday, as its clocks go. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Week:
    """One week. `ends`: the moment in which the next one begins; `is_over`: it counts whole."""

    monday: date
    begins: datetime
    ends: datetime
    is_over: bool

    @property
    def name(self) -> str:
        """Return it as ISO writes it, 2026-W10."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"


def weeks(now: datetime, zone: ZoneInfo, *, count: int) -> tuple[Week, ...]:
    """Return the last `count` weeks, oldest first; the last one is the present one, which is not over."""
    today = now.astimezone(zone).date()
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(count - 1, -2, -1)]
    moments = [datetime.combine(monday, time(), tzinfo=zone).astimezone(timezone.utc) for monday in mondays]
    pairs = zip(mondays, moments, moments[1:], strict=False)
    return tuple(Week(monday, begins, ends, ends <= now) for monday, begins, ends in pairs)
