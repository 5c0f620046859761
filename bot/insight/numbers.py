"""The report as the pages get it: counted in short readings, since a message that comes must not wait for it, and kept a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.store import Store
from bot.insight.groups import Counts
from bot.insight.measures import MEASURES
from bot.insight.report import Report, report_of
from bot.insight.weeks import weeks

KEPT_FOR = timedelta(minutes=10)
# How many weeks one may look back at.
CHOICES = (8, 13, 26)


class Numbers:
    """Reports over one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[int, tuple[datetime, Report]] = {}

    async def report(self, count: int, zone: ZoneInfo) -> Report:
        """Return the report of the last `count` weeks, at most some minutes old."""
        now = self._store.clock()
        kept = self._kept.get(count)
        if kept is not None and now - kept[0] < KEPT_FOR:
            return kept[1]
        asked = weeks(now, zone, count=count)
        counts: dict[str, Counts] = {}
        for measure in MEASURES:
            counts[measure.key] = await self._store.read(lambda work, one=measure: one.count(work, asked))  # type: ignore[misc]
        report = report_of(asked, counts)
        self._kept[count] = (now, report)
        return report
