"""Is somebody on duty, and when will somebody be: what a waiting patient is told must be true. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class DutyHours:
    """When nurses answer: local opening and closing time on the given weekdays (Monday is 0)."""

    zone: ZoneInfo
    opens: time
    closes: time
    weekdays: frozenset[int]

    def is_on_duty(self, now: datetime) -> bool:
        """Return whether somebody is on duty at `now`."""
        local = now.astimezone(self.zone)
        return local.weekday() in self.weekdays and self.opens <= local.time() < self.closes

    def next_opening(self, now: datetime) -> datetime:
        """Return when somebody is on duty next, in local time."""
        local = now.astimezone(self.zone)
        for days in range(8):
            opening = datetime.combine((local + timedelta(days=days)).date(), self.opens, tzinfo=self.zone)
            if opening > local and opening.weekday() in self.weekdays:
                return opening
        raise ValueError("no weekday has duty hours")


# The sample hospital: a real installation sets its own with the desk.
SAMPLE_HOURS = DutyHours(ZoneInfo("Asia/Shanghai"), time(8, 0), time(20, 0), frozenset(range(7)))
