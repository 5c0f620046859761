"""Who takes part in which plan: asked, agreed, paused, ended. The reminders of an enrolment are `bot.followup.reminders`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import checkin, conversation, patient, plan_enrolment, reminder
from bot.privacy import audit

State = Literal["asked", "active", "paused", "ended", "stopped"]
# A reminder that the patient has worded is an enrolment of its own, in this plan.
OWN = "own"
OPEN: tuple[State, ...] = ("asked", "active", "paused")
Because = Literal["asked", "done", "died", "moved", "declined", "staff"]
# What belongs to the rhythm of an own reminder.
_OF_RHYTHM = frozenset({"begins", "until_days"})


@dataclass(frozen=True)
class Enrolment:
    """One patient in one plan. `details`: of an own reminder its text and rhythm; personal limits, facts."""

    id: int
    patient_id: str
    conversation_id: str
    plan: str
    anchor: date
    zone: str
    state: State
    enrolled_by: str
    created_at: datetime
    consented_at: datetime | None
    paused_until: datetime | None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """What is needed to enrol somebody. `dedupe_key`: the same again enrols nobody twice."""

    patient_id: str
    conversation_id: str
    plan: str
    version: str  # of the content
    anchor: date
    zone: str  # IANA
    enrolled_by: str  # handle of the staff, "patient", or "api:NAME"
    dedupe_key: str
    consented: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


_COLUMNS = (
    *(plan_enrolment.c[name] for name in Enrolment.__dataclass_fields__ if name != "details"),
    plan_enrolment.c.sealed,
)


def enrol(work: Work, entry: Entry, *, now: datetime) -> tuple[Enrolment, bool]:
    """Enrol a patient and return the enrolment and whether it is new. Without consent it waits in the state "asked"."""
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__ if name not in ("details", "consented")}
    state = {
        "state": "active" if entry.consented else "asked",
        "created_at": now,
        "consented_at": now if entry.consented else None,
    }
    row = {**values, **state, "sealed": work.cipher.seal(dict(entry.details))}
    number = insert_once(work, plan_enrolment, row)
    if number is None:
        return _required(of_key(work, entry.dedupe_key)), False
    work.execute(sa.update(conversation).where(conversation.c.id == entry.conversation_id).values(reminded=True))
    audit.record(work, who=entry.enrolled_by, what="enrolled", subject=str(number), now=now)
    return _required(of_id(work, number)), True


def of_id(work: Work, number: int) -> Enrolment | None:
    """Return the enrolment with this number, or None: it was erased."""
    row = work.execute(sa.select(*_COLUMNS).where(plan_enrolment.c.id == number)).first()
    return None if row is None else _enrolment(work, row)


def of_key(work: Work, dedupe_key: str) -> Enrolment | None:
    """Return the enrolment that was made under this key, or None."""
    row = work.execute(sa.select(*_COLUMNS).where(plan_enrolment.c.dedupe_key == dedupe_key)).first()
    return None if row is None else _enrolment(work, row)


def of_patient(work: Work, patient_id: str, *, open_only: bool = True) -> tuple[Enrolment, ...]:
    """Return the enrolments of a patient, the oldest first."""
    query = sa.select(*_COLUMNS).where(plan_enrolment.c.patient_id == patient_id).order_by(plan_enrolment.c.id)
    query = query.where(plan_enrolment.c.state.in_(OPEN)) if open_only else query
    return tuple(_enrolment(work, row) for row in work.execute(query))


def agree(work: Work, number: int, *, now: datetime) -> bool:
    """Let an enrolment begin that waits for the patient's yes; False when it does not wait."""
    return _move(work, number, ("asked",), now=now, who="patient", what="agreed to plan", state="active", consented_at=now)


def pause(work: Work, number: int, *, until: datetime | None, who: str, now: datetime) -> bool:
    """Send nothing until then (None: until it is resumed); False when it is not active."""
    return _move(work, number, ("active", "paused"), now=now, who=who, what="paused plan", state="paused", paused_until=until)


def resume(work: Work, number: int, *, who: str, now: datetime) -> bool:
    """Go on after a pause; False when there is none."""
    return _move(work, number, ("paused",), now=now, who=who, what="resumed plan", state="active", paused_until=None)


def stop(work: Work, number: int, *, because: Because, who: str, now: datetime) -> bool:
    """End an enrolment: what it still has to send is cancelled, what it asked is asked no more; False when it is over already."""
    state = "ended" if because == "done" else "stopped"
    values = {"state": state, "ended_because": because, "paused_until": None}
    if not _move(work, number, OPEN, now=now, who=who, what="ended plan", **values):
        return False
    cancel_waiting(work, (number,), why="stopped")
    asked = sa.and_(checkin.c.enrolment_id == number, checkin.c.state == "open")
    work.execute(sa.update(checkin).where(asked).values(state="unanswered", closed_at=now))
    return True


def stop_all(work: Work, patient_id: str, *, because: Literal["asked", "died", "moved"], who: str, now: datetime) -> int:
    """Send this patient no reminder any more, at once; returns how many enrolments that ends."""
    values = {"no_reminders_at": now, "no_reminders_because": because}
    work.execute(sa.update(patient).where(patient.c.id == patient_id).values(**values))
    work.execute(sa.update(conversation).where(conversation.c.patient_id == patient_id).values(reminded=False))
    return sum(stop(work, one.id, because=because, who=who, now=now) for one in of_patient(work, patient_id))


def allow_again(work: Work, patient_id: str) -> None:
    """Take a general "stop" back: the patient has asked for a reminder, or agreed to a plan."""
    values = {"no_reminders_at": None, "no_reminders_because": None}
    mine = sa.and_(
        patient.c.id == patient_id, patient.c.no_reminders_because.isnot(None), patient.c.no_reminders_because != "died"
    )
    work.execute(sa.update(patient).where(mine).values(**values))


def cancel_waiting(work: Work, numbers: tuple[int, ...], *, why: str) -> int:
    """Cancel all that these enrolments still have to send."""
    waiting = sa.and_(reminder.c.enrolment_id.in_(numbers), reminder.c.state == "waiting")
    return int(work.execute(sa.update(reminder).where(waiting).values(state="cancelled", why=why, lease_until=None)).rowcount)


def unanswered_before(work: Work, moment: datetime, *, limit: int) -> tuple[int, ...]:
    """Return the own reminders that were read back before then and to which nobody said yes or no."""
    mine = (plan_enrolment.c.state == "asked", plan_enrolment.c.plan == OWN, plan_enrolment.c.created_at < moment)
    return tuple(work.execute(sa.select(plan_enrolment.c.id).where(*mine).order_by(plan_enrolment.c.id).limit(limit)).scalars())


def change(work: Work, number: int, *, who: str, now: datetime, **details: Any) -> bool:
    """Change details of an own reminder, or personal limits; False when the enrolment is over.

    A new rhythm has its own first and last day, or none: those of the old one do not go on.
    """
    known = of_id(work, number)
    if known is None or known.state not in OPEN:
        return False
    kept = {name: value for name, value in known.details.items() if "every" not in details or name not in _OF_RHYTHM}
    sealed = work.cipher.seal({**kept, **details})
    return _move(work, number, OPEN, now=now, who=who, what="changed plan", sealed=sealed)


def _move(work: Work, number: int, before: tuple[str, ...], *, now: datetime, who: str, what: str, **values: Any) -> bool:
    mine = sa.and_(plan_enrolment.c.id == number, plan_enrolment.c.state.in_(before))
    moved = bool(work.execute(sa.update(plan_enrolment).where(mine).values(**values)).rowcount == 1)
    if moved:
        audit.record(work, who=who, what=what, subject=str(number), now=now)
    return moved


def _enrolment(work: Work, row: Any) -> Enrolment:
    values = dict(row._mapping)
    return Enrolment(
        **{name: value for name, value in values.items() if name != "sealed"}, details=work.cipher.unseal(row.sealed)
    )


def _required(found: Enrolment | None) -> Enrolment:
    if found is None:
        raise LookupError("an enrolment is stored and not found")
    return found
