"""What happened to a case, in its order. Desk and Telegram follow these rows by number; nothing here leads to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import audit, care_case, case_event

LONGEST_KEY = 160
ERASED = "erased case"  # in the audit: the case itself is gone


@dataclass(frozen=True)
class CaseEvent:
    """One thing that happened. `who`: a handle, "patient", or "bot". `content`: numbers and reasons, see `bot.handoff`."""

    id: int
    case_id: int
    what: str
    who: str
    at: datetime
    content: dict[str, Any]


_COLUMNS = tuple(case_event.c[name] for name in ("id", "case_id", "what", "who", "at", "sealed"))
_EVENTS = (
    sa.select(*_COLUMNS)
    .where(case_event.c.case_id == sa.bindparam("case"), case_event.c.id > sa.bindparam("after"))
    .order_by(case_event.c.id)
)
_LAST_CLAIM = (
    sa.select(case_event.c.at)
    .where(
        case_event.c.case_id == sa.bindparam("case"),
        case_event.c.what.in_(("claimed", "taken_over")),
        case_event.c.who == sa.bindparam("who"),
    )
    .order_by(case_event.c.id.desc())
    .limit(1)
)


# When a case that was answered began to wait for that: its first opening, or the last time that it was reopened before.
_BEGUN = (
    sa.select(sa.func.max(case_event.c.at))
    .where(case_event.c.case_id == care_case.c.id, case_event.c.what.in_(("opened", "reopened")))
    .where(sa.or_(care_case.c.first_reply_at.is_(None), case_event.c.at <= care_case.c.first_reply_at))
    .correlate(care_case)
    .scalar_subquery()
)
BEGUN_AT = sa.func.coalesce(_BEGUN, care_case.c.opened_at, type_=care_case.c.opened_at.type).label("begun_at")


def add_event(
    work: Work, case_id: int, what: str, *, who: str, dedupe_key: str, now: datetime, content: dict[str, Any] | None = None
) -> int | None:
    """Write an event down and return its number, or None when `dedupe_key` was written before."""
    sealed = None if content is None else work.cipher.seal(content)
    row = {"case_id": case_id, "dedupe_key": dedupe_key[:LONGEST_KEY], "what": what, "who": who, "at": now, "sealed": sealed}
    return insert_once(work, case_event, row)


def events(work: Work, case_id: int, *, after: int = 0) -> tuple[CaseEvent, ...]:
    """Return the events of a case with a number above `after`, oldest first."""
    return tuple(_event(work, row) for row in work.execute(_EVENTS, {"case": case_id, "after": after}))


def event_with(work: Work, dedupe_key: str) -> CaseEvent | None:
    """Return the event that was written with this key, or None."""
    row = work.execute(sa.select(*_COLUMNS).where(case_event.c.dedupe_key == dedupe_key[:LONGEST_KEY])).first()
    return None if row is None else _event(work, row)


def held_since(work: Work, case_id: int, who: str) -> datetime | None:
    """Return when `who` claimed the case, the latest time."""
    at: datetime | None = work.execute(_LAST_CLAIM, {"case": case_id, "who": who}).scalar()
    return at


def erased_after(work: Work, number: int) -> tuple[tuple[int, int], ...]:
    """Return (number of the audit line, case) of the cases that were erased after line `number`: pages take them away."""
    query = sa.select(audit.c.id, audit.c.subject).where(audit.c.id > number, audit.c.what == ERASED).order_by(audit.c.id)
    return tuple((row.id, int(row.subject)) for row in work.execute(query))


def was_erased(work: Work, case_id: int) -> bool:
    """Return whether there was a case with this number, and its patient had everything erased."""
    return bool(work.execute(sa.select(sa.exists().where(audit.c.subject == str(case_id), audit.c.what == ERASED))).scalar())


def _event(work: Work, row: Any) -> CaseEvent:
    content = {} if row.sealed is None else dict(work.cipher.unseal(row.sealed))
    return CaseEvent(row.id, row.case_id, row.what, row.who, row.at, content)
