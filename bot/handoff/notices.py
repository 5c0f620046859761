"""Notices to the staff's groups that there is an urgent case: stored with the case, told until told, and without any content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import care_case, staff_notice
from bot.messages import EMERGENCY_LEVELS, Level
from bot.outbox.backoff import next_delay

# An older notice tells nobody anything new: the desk shows the case.
WORTH_TELLING = timedelta(hours=12)
KEPT = timedelta(days=2)
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Notice:
    """One notice on its way. `told`: the places of the groups that have it already."""

    id: int
    case_id: int
    level: Level
    crisis: bool
    tries: int
    told: frozenset[int]


def note(work: Work, case_id: int, *, level: Level, crisis: bool, now: datetime) -> None:
    """Have it told that this case is urgent, once for each level that it rises to. One that is not urgent is not told."""
    if level not in EMERGENCY_LEVELS and not crisis:
        return
    key = f"{case_id}:{level}:{crisis}"
    times = {"not_before": now, "created_at": now}
    row = {"case_id": case_id, "dedupe_key": key, "level": level, "crisis": crisis, "state": "pending", "tries": 0, "told": ""}
    insert_once(work, staff_notice, {**row, **times})


def is_due(work: Work, *, now: datetime) -> bool:
    """Return whether something may be to be told now."""
    due = sa.and_(staff_notice.c.state == "pending", staff_notice.c.not_before <= now)
    return bool(work.execute(sa.select(sa.exists().where(due))).scalar())


def take_due(work: Work, *, now: datetime, limit: int) -> tuple[Notice, ...]:
    """Lease and return what is to be told now, oldest first. One that is not marked within the lease is due again."""
    _forget(work, now)
    free = sa.or_(staff_notice.c.lease_until.is_(None), staff_notice.c.lease_until < now)
    due = sa.and_(staff_notice.c.state == "pending", staff_notice.c.not_before <= now, free)
    columns = ("id", "case_id", "level", "crisis", "tries", "told")
    query = sa.select(*(staff_notice.c[name] for name in columns)).where(due).order_by(staff_notice.c.id).limit(limit)
    rows = work.execute(query.with_for_update(skip_locked=True) if work.is_postgres else query).all()
    numbers = [row.id for row in rows]
    work.execute(sa.update(staff_notice).where(staff_notice.c.id.in_(numbers)).values(lease_until=now + LEASE))
    return tuple(Notice(row.id, row.case_id, row.level, row.crisis, row.tries, _places(row.told)) for row in rows)


def told(work: Work, notice: Notice, places: frozenset[int], *, whole: bool, now: datetime) -> None:
    """Record which groups have the notice; what is not `whole` is tried again, with growing pauses."""
    pause = next_delay(notice.tries + 1)
    over = pause is None
    state = "sent" if whole else "dead" if over else "pending"
    values = {"state": state, "told": ",".join(map(str, sorted(places))), "tries": notice.tries + 1, "lease_until": None}
    row = sa.update(staff_notice).where(staff_notice.c.id == notice.id)
    work.execute(row.values(**values, not_before=now if pause is None else now + pause))


def put_back(work: Work, notice: Notice, *, until: datetime) -> None:
    """Tell it later; this was no try."""
    row = sa.update(staff_notice).where(staff_notice.c.id == notice.id)
    work.execute(row.values(not_before=until, lease_until=None))


def _forget(work: Work, now: datetime) -> None:
    closed = sa.exists().where(care_case.c.id == staff_notice.c.case_id, care_case.c.state == "closed")
    waits = staff_notice.c.state == "pending"
    late = sa.and_(waits, sa.or_(staff_notice.c.created_at < now - WORTH_TELLING, closed))
    work.execute(sa.update(staff_notice).where(late).values(state="dead"))
    work.execute(sa.delete(staff_notice).where(staff_notice.c.created_at < now - KEPT))


def _places(told: str) -> frozenset[int]:
    return frozenset(int(place) for place in told.split(",") if place)
