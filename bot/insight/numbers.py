"""The report as the pages get it: counted in short readings, since a message that comes must not wait for it, and kept a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.store import Store
from bot.insight.groups import Counts, Group
from bot.insight.measures import MEASURES, Measure
from bot.insight.report import Report, report_of
from bot.insight.weeks import Week, weeks
from bot.languages import Language

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
        report = report_of(asked, {measure.key: await self._counted(measure, asked) for measure in MEASURES})
        self._kept[count] = (now, report)
        return report

    async def _counted(self, measure: Measure, asked: Sequence[Week]) -> Counts:
        """Count week by week: one reading of all of them would take half a second of a large hospital's messages."""
        found: dict[tuple[int, Language], Group] = {}
        for number, week in enumerate(asked):
            counts = await self._store.read(lambda work, one=week: measure.count(work, [one]))  # type: ignore[misc]
            found |= {(number, language): group for (_, language), group in counts.items()}
        return found
