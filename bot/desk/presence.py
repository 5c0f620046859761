"""Who has a case open, and who is writing: a warning for colleagues, never a lock. It ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import presence, staff
from bot.desk.rows import Seen
from bot.desk.shapes import PRESENCE_S

LASTS = timedelta(seconds=PRESENCE_S)
# A page says every 15 s that it is still there. It is written down when less than this is left: one write in two is spared.
SPARE = timedelta(seconds=20)
# A row that has ended says when its person last had the case open: what came later is unread. After this it is forgotten.
KEPT = timedelta(days=14)
STATES = ("viewing", "idle", "typing", "gone")


def is_news(work: Work, case_id: int, staff_id: int, state: str, *, now: datetime) -> bool:
    """Return whether it has to be written down: a reading that spares a writing."""
    row = work.execute(sa.select(presence.c.state, presence.c.until).where(*_key(case_id, staff_id))).first()
    if state == "gone":
        return row is not None and row.until > now
    return row is None or row.state != state or row.until < now + SPARE


def say(work: Work, case_id: int, staff_id: int, state: str, *, now: datetime) -> None:
    """Write down that somebody has a case open from now on, or `gone`: that they left it."""
    gone = state == "gone"
    values = {"state": "idle" if gone else state, "until": now if gone else now + LASTS}
    here = sa.and_(*_key(case_id, staff_id))
    if work.execute(sa.update(presence).where(here).values(**values)).rowcount == 0:
        insert_once(work, presence, {"case_id": case_id, "staff_id": staff_id, **values})
        forget(work, now=now)


def leave_all(work: Work, staff_id: int, *, now: datetime) -> None:
    """Write down that somebody has left the desk."""
    there = sa.and_(presence.c.staff_id == staff_id, presence.c.until > now)
    work.execute(sa.update(presence).where(there).values(until=now, state="idle"))


def forget(work: Work, *, now: datetime) -> None:
    """Remove what is too old to say anything."""
    work.execute(sa.delete(presence).where(presence.c.until < now - KEPT))


def _key(case_id: int, staff_id: int) -> tuple[Any, ...]:
    return presence.c.case_id == case_id, presence.c.staff_id == staff_id


def here(work: Work, case_id: int, *, now: datetime, but: int) -> tuple[Seen, ...]:
    """Return who has a case open now, without one of them."""
    there = sa.and_(presence.c.case_id == case_id, presence.c.until > now, presence.c.staff_id != but)
    query = sa.select(presence, staff.c.handle).join(staff, staff.c.id == presence.c.staff_id).where(there)
    return tuple(Seen(row.staff_id, row.handle, row.state, row.until) for row in work.execute(query.order_by(staff.c.handle)))
