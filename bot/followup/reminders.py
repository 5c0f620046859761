"""The rows of reminders: one waits for each step of an enrolment; claimed by one worker, marked once, followed by the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import checkin, outbound, plan_enrolment, reminder
from bot.followup.schedule import Due

State = Literal["waiting", "sent", "skipped", "cleared", "cancelled", "failed"]
# Who has claimed reminders and did not mark them within this time has died.
LEASE = timedelta(seconds=60)
HIGH_RISK, ORDINARY, OWN_WORDS = PRIORITIES = (0, 1, 2)


@dataclass(frozen=True)
class Reminder:
    """One sending. (enrolment, step, number, attempt) names it for ever."""

    id: int
    enrolment_id: int
    step: str
    number: int
    attempt: int
    day: date
    wanted_at: datetime
    due_at: datetime
    until: datetime
    priority: int
    state: State
    why: str | None = None


_COLUMNS = tuple(reminder.c[name] for name in Reminder.__dataclass_fields__)
_ROW = sa.update(reminder).where(reminder.c.id == sa.bindparam("wanted"))
_LEASED = _ROW.values(lease_until=sa.bindparam("until_then"), tries=reminder.c.tries + 1)


def plan(work: Work, enrolment_id: int, due: Due, *, priority: int, attempt: int = 0) -> int | None:
    """Store a sending that is due and return its number; None when it was stored before."""
    times = {"day": due.day, "wanted_at": due.at, "due_at": due.at, "until": due.until}
    names = {"enrolment_id": enrolment_id, "step": due.step, "number": due.number, "attempt": attempt}
    return insert_once(work, reminder, {**names, **times, "priority": priority, "state": "waiting", "tries": 0})


def is_due(work: Work, *, now: datetime) -> bool:
    """Return whether something is to be sent now: asked without holding up anybody."""
    return any(_found(work, priority, now=now, limit=1, lock=False) for priority in PRIORITIES)


def claim_due(work: Work, *, now: datetime, limit: int = 50) -> tuple[Reminder, ...]:
    """Lease and return what is due: the most important first, of these the oldest. What is not marked in time is due again."""
    found: list[Reminder] = []
    for priority in PRIORITIES:
        if len(found) < limit:
            found += _found(work, priority, now=now, limit=limit - len(found), lock=work.is_postgres)
    for one in found:
        work.execute(_LEASED, {"wanted": one.id, "until_then": now + LEASE})
    return tuple(found)


def _found(work: Work, priority: int, *, now: datetime, limit: int, lock: bool) -> list[Reminder]:
    rows = work.execute(_due(priority, lock=lock).limit(limit), {"now": now})
    return [Reminder(**row._mapping) for row in rows]


def chats_of(work: Work, found: Iterable[Reminder]) -> tuple[str, ...]:
    """Return the conversations in which these are to be sent, in their order, each once."""
    numbers = [one.enrolment_id for one in found]
    query = sa.select(plan_enrolment.c.id, plan_enrolment.c.conversation_id).where(plan_enrolment.c.id.in_(numbers))
    chats = {row.id: row.conversation_id for row in work.execute(query)}
    return tuple(dict.fromkeys(chats[number] for number in numbers if number in chats))


def of_chat(work: Work, conversation_id: str, *, until: datetime) -> tuple[Reminder, ...]:
    """Return what waits in a conversation and is due until then, the most important first, whoever has claimed it."""
    mine = sa.and_(plan_enrolment.c.id == reminder.c.enrolment_id, plan_enrolment.c.conversation_id == conversation_id)
    query = sa.select(*_COLUMNS).join(plan_enrolment, mine).where(reminder.c.state == "waiting", reminder.c.due_at <= until)
    query = query.order_by(reminder.c.priority, reminder.c.due_at, reminder.c.id)
    return tuple(Reminder(**row._mapping) for row in work.execute(query))


def undelivered(work: Work, outbound_id: int, *, now: datetime) -> None:
    """A message of the outbox will never arrive: so the reminders in it were not sent, and their questions are not waited for."""
    mine = sa.and_(reminder.c.outbound_id == outbound_id, reminder.c.state == "sent")
    asked = sa.select(reminder.c.id).where(mine)
    open_ones = sa.and_(checkin.c.reminder_id.in_(asked), checkin.c.state == "open", checkin.c.expires_at > now)
    work.execute(sa.update(checkin).where(open_ones).values(expires_at=now))
    work.execute(sa.update(reminder).where(mine).values(state="failed", why="unreachable"))


def nobody_there(work: Work, conversation_id: str, *, now: datetime) -> None:
    """A person cannot be written to any more: what waited for them in the outbox was never sent, and nobody waits for an answer."""
    mine = sa.and_(plan_enrolment.c.id == reminder.c.enrolment_id, plan_enrolment.c.conversation_id == conversation_id)
    lost = sa.and_(outbound.c.id == reminder.c.outbound_id, outbound.c.state == "dead", outbound.c.problem == "Closed")
    query = sa.select(reminder.c.outbound_id).join(plan_enrolment, mine).join(outbound, lost).where(reminder.c.state == "sent")
    for number in set(work.execute(query).scalars()):
        undelivered(work, number, now=now)


@cache
def _due(priority: int, *, lock: bool) -> Any:
    now = sa.bindparam("now", type_=reminder.c.due_at.type)
    free = sa.or_(reminder.c.lease_until.is_(None), reminder.c.lease_until < now)
    # One priority at a time, along the index (state, priority, due_at): it takes as long with a million waiting as with a thousand,
    # and with fifty thousand due as with one.
    state, urgency = sa.literal_column("'waiting'"), sa.literal_column(str(priority))
    query = sa.select(*_COLUMNS).where(reminder.c.state == state, reminder.c.priority == urgency, reminder.c.due_at <= now, free)
    query = query.order_by(reminder.c.due_at, reminder.c.id)
    return query.with_for_update(skip_locked=True) if lock else query


def mark(work: Work, number: int, state: State, *, why: str | None = None, now: datetime, outbound_id: int | None = None) -> bool:
    """Settle a reminder that waits, once; False when somebody was quicker, or it was cancelled."""
    values: dict[str, Any] = {"state": state, "why": why, "lease_until": None, "outbound_id": outbound_id}
    if state == "sent":
        values["sent_at"] = now
    waiting = sa.and_(reminder.c.id == number, reminder.c.state == "waiting")
    return bool(work.execute(sa.update(reminder).where(waiting).values(**values)).rowcount == 1)


def put_off(work: Work, number: int, *, until: datetime, why: str) -> bool:
    """Look at a reminder again at `until`."""
    waiting = sa.and_(reminder.c.id == number, reminder.c.state == "waiting")
    values = {"due_at": until, "why": why, "lease_until": None}
    return bool(work.execute(sa.update(reminder).where(waiting).values(**values)).rowcount == 1)


def clear(work: Work, enrolment_id: int, steps: Iterable[str], *, why: str, day: date | None = None) -> int:
    """Settle what waits of these steps, because it was answered or the visit took place; of one `day`, or all."""
    waiting = sa.and_(
        reminder.c.enrolment_id == enrolment_id,
        reminder.c.step.in_(list(steps)),
        reminder.c.state == "waiting",
        *([] if day is None else [reminder.c.day <= day]),
    )
    return int(work.execute(sa.update(reminder).where(waiting).values(state="cleared", why=why, lease_until=None)).rowcount)


def step_of(work: Work, number: int) -> str | None:
    """Return to which step a reminder belongs, or None: it was erased."""
    step: str | None = work.execute(sa.select(reminder.c.step).where(reminder.c.id == number)).scalar()
    return step


def clear_attempts(work: Work, number: int, *, why: str) -> None:
    """Settle the second try of a reminder that was answered."""
    first = work.execute(
        sa.select(reminder.c.enrolment_id, reminder.c.step, reminder.c.number).where(reminder.c.id == number)
    ).first()
    if first is not None:
        same = (reminder.c.enrolment_id == first.enrolment_id, reminder.c.step == first.step, reminder.c.number == first.number)
        waiting = sa.and_(*same, reminder.c.attempt > 0, reminder.c.state == "waiting")
        work.execute(sa.update(reminder).where(waiting).values(state="cleared", why=why, lease_until=None))


def of_enrolment(work: Work, enrolment_id: int, *, limit: int = 100) -> tuple[Reminder, ...]:
    """Return the latest reminders of an enrolment, the newest first."""
    query = sa.select(*_COLUMNS).where(reminder.c.enrolment_id == enrolment_id).order_by(reminder.c.id.desc()).limit(limit)
    return tuple(Reminder(**row._mapping) for row in work.execute(query))


def latest_of(work: Work, enrolment_id: int, step: str) -> tuple[Reminder, ...]:
    """Return the two latest sendings of a step, the newest first; second tries are not counted."""
    mine = (reminder.c.enrolment_id == enrolment_id, reminder.c.step == step, reminder.c.attempt == 0)
    query = sa.select(*_COLUMNS).where(*mine).order_by(reminder.c.number.desc()).limit(2)
    return tuple(Reminder(**row._mapping) for row in work.execute(query))


def upcoming(work: Work, *, patient_id: str | None = None, limit: int = 50) -> tuple[Reminder, ...]:
    """Return what waits, the next one first: of one patient, or of all."""
    query = sa.select(*_COLUMNS).where(reminder.c.state == "waiting").order_by(reminder.c.due_at, reminder.c.id).limit(limit)
    if patient_id is not None:
        mine = sa.and_(plan_enrolment.c.id == reminder.c.enrolment_id, plan_enrolment.c.patient_id == patient_id)
        query = query.join(plan_enrolment, mine)
    return tuple(Reminder(**row._mapping) for row in work.execute(query))


def counts(work: Work) -> dict[str, int]:
    """Return how many reminders there are in each state."""
    query = sa.select(reminder.c.state, sa.func.count()).group_by(reminder.c.state)
    return {state: int(count) for state, count in work.execute(query)}
