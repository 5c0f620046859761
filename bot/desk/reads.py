"""Every case that is read is written down, before it is shown. A page that goes on with its open case is the same reading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.database.engine import Work
from bot.database.tables import audit
from bot.desk.asked import Asking
from bot.desk.store import Store

SAME_READING = timedelta(minutes=10)
KEPT = 5_000


class Reads:
    """Who has a case open, as far as this process knows: it spares a line for each message that comes."""

    def __init__(self) -> None:
        self._at: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    async def opened(self, store: Store, asking: Asking, case_id: int, *, what: str = "read case") -> None:
        """Write down that a case was opened."""
        await store.write(lambda work: record(work, asking, [case_id], what=what))
        self._at[(asking.session, case_id)] = asking.now
        self._at.move_to_end((asking.session, case_id))
        while len(self._at) > KEPT:
            self._at.popitem(last=False)

    async def goes_on(self, store: Store, asking: Asking, case_id: int) -> None:
        """Write down that a case is read, unless the same page has just opened it."""
        at = self._at.get((asking.session, case_id))
        if at is None or asking.now - at > SAME_READING:
            await self.opened(store, asking, case_id)


def record(work: Work, asking: Asking, case_ids: Iterable[int], *, what: str) -> None:
    """Append a line for each case."""
    lines = [{"at": asking.now, "who": asking.staff.handle, "what": what, "subject": str(number)} for number in case_ids]
    if lines:
        work.execute(audit.insert(), lines)
