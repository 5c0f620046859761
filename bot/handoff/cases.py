"""Cases: one open case for each person, claimed by a lease, with every event written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import care_case, case_event, conversation
from bot.errors import OperatorError
from bot.handoff import notices
from bot.messages import LEVELS, Level, Reply, more_urgent
from bot.outbox.compose import compose, compose_from_nurse
from bot.outbox.store import NURSE, Place, enqueue
from bot.phrases import Phrases
from bot.privacy import audit

Reason = Literal["red_flag", "crisis", "person_requested", "misunderstood", "complaint", "failed"]
# A nurse who writes nothing for this long has gone: the bot comes back.
LEASE = timedelta(minutes=20)


class CaseProblem(OperatorError):
    """The case cannot be changed that way. The message says why."""


@dataclass(frozen=True)
class Case:
    """An escalated conversation."""

    id: int
    conversation_id: str
    reason: Reason
    level: Level
    crisis: bool
    state: str
    claimed_by: str | None
    lease_until: datetime | None
    opened_at: datetime

    def is_held(self, now: datetime) -> bool:
        """Whether a nurse holds it now, so that the bot must be silent."""
        return self.state in ("claimed", "waiting_for_patient") and self.lease_until is not None and self.lease_until > now


@dataclass(frozen=True)
class Cause:
    """Why a case is opened or raised. `dedupe_key` makes a replay do nothing."""

    reason: Reason
    level: Level
    dedupe_key: str
    crisis: bool = False
    trace: dict[str, Any] | None = None


_COLUMNS = (
    care_case.c.id,
    care_case.c.conversation_id,
    care_case.c.reason,
    care_case.c.level,
    care_case.c.crisis,
    care_case.c.state,
    care_case.c.claimed_by,
    care_case.c.lease_until,
    care_case.c.opened_at,
)
# Asked for every message: built once, since building a statement costs more than running it.
_OPEN = (
    sa.select(*_COLUMNS)
    .join(conversation, conversation.c.patient_id == care_case.c.patient_id)
    .where(conversation.c.id == sa.bindparam("conversation"), care_case.c.state != sa.literal("closed"))
)
_OF_PERSON = sa.select(conversation.c.patient_id, conversation.c.language).where(conversation.c.id == sa.bindparam("wanted"))


def open_case(work: Work, conversation_id: str, cause: Cause, *, now: datetime) -> tuple[Case, bool]:
    """Open a case, or raise the open one to the more urgent level. Returns it and whether it is new."""
    person = work.execute(_OF_PERSON, {"wanted": conversation_id}).one()
    row = {
        "conversation_id": conversation_id,
        "patient_id": person.patient_id,
        "reason": cause.reason,
        "level": cause.level,
        "crisis": cause.crisis,
        "risk": risk_of(cause.level, crisis=cause.crisis),
        "state": "waiting",
        "language": person.language,
        "opened_at": now,
        "waiting_since": now,
        "sealed": work.cipher.seal(cause.trace or {}),
    }
    inserted = insert_once(work, care_case, row)
    case = open_case_of(work, conversation_id)
    assert case is not None
    _raise(work, case, cause, what="opened" if inserted else "raised", now=now)
    return open_case_of(work, conversation_id) or case, inserted is not None


def _raise(work: Work, case: Case, cause: Cause, *, what: str, now: datetime) -> None:
    if not _event(work, case.id, what, who="bot", dedupe_key=cause.dedupe_key, now=now, content=cause.trace):
        return
    level = more_urgent(case.level, cause.level)
    crisis = case.crisis or cause.crisis
    values = {"level": level, "crisis": crisis, "risk": risk_of(level, crisis=crisis)}
    work.execute(sa.update(care_case).where(care_case.c.id == case.id).values(**values))
    notices.note(work, case.id, level=level, crisis=crisis, now=now)


def open_case_of(work: Work, conversation_id: str) -> Case | None:
    """Return the open case of the person of a conversation, or None."""
    row = work.execute(_OPEN, {"conversation": conversation_id}).first()
    return None if row is None else Case(**row._mapping)


def list_open(work: Work) -> tuple[Case, ...]:
    """Return the open cases, most urgent first, then the longest waiting."""
    query = sa.select(*_COLUMNS).where(care_case.c.state != "closed")
    return tuple(
        Case(**row._mapping) for row in work.execute(query.order_by(care_case.c.risk, care_case.c.opened_at, care_case.c.id))
    )


def add_message(work: Work, case: Case, inbound_id: int, *, now: datetime) -> None:
    """Note that the patient wrote while the case was open."""
    if (
        _event(work, case.id, "message", who="patient", dedupe_key=f"message:{inbound_id}", now=now)
        and case.state == "waiting_for_patient"
    ):
        work.execute(sa.update(care_case).where(care_case.c.id == case.id).values(state="claimed"))


def note_unreachable(work: Work, conversation_id: str, message_id: int | str, *, now: datetime) -> None:
    """Let the nurse of an open case know that the patient has blocked the bot, or cannot be written to any more."""
    case = open_case_of(work, conversation_id) if conversation_id else None
    if case is not None:
        _event(work, case.id, "unreachable", who="bot", dedupe_key=f"unreachable:{message_id}", now=now)


def claim(work: Work, case_id: int, *, who: str, now: datetime, phrases: Phrases) -> Case:
    """Let `who` hold the case for the length of a lease. Raises CaseProblem when somebody else holds it."""
    _lock(work, case_id)
    free = sa.or_(care_case.c.state == "waiting", care_case.c.claimed_by == who, care_case.c.lease_until < now)
    newly = sa.update(care_case).where(care_case.c.id == case_id, care_case.c.state != "closed", free)
    before = case_of(work, case_id)
    if work.execute(newly.values(state="claimed", claimed_by=who, lease_until=now + LEASE)).rowcount != 1:
        raise CaseProblem(f"Case {case_id} is held by {before.claimed_by} or closed. List the open cases to see who has it.")
    if not (before.claimed_by == who and before.is_held(now)):
        _event(work, case_id, "claimed", who=who, dedupe_key=f"claimed:{case_id}:{now.timestamp()}", now=now)
        _say(work, before, "claimed", dedupe_key=f"claimed:{case_id}:{now.timestamp()}", now=now, phrases=phrases, name=who)
    audit.record(work, who=who, what="claimed case", subject=str(case_id), now=now)
    return case_of(work, case_id)


def reply(work: Work, case_id: int, text: str, *, who: str, now: datetime, phrases: Phrases) -> int:
    """Send the nurse's words to the patient; replying claims. Returns the number of the message."""
    case = claim(work, case_id, who=who, now=now, phrases=phrases)
    place, language = _place(work, case)
    message = compose_from_nurse(text, language, name=who, phrases=phrases)
    event = case_event.insert().values(
        case_id=case_id, dedupe_key=f"reply:{case_id}:{now.timestamp()}", what="reply", who=who, at=now, sealed=None
    )
    event_id = work.execute(event).inserted_primary_key[0]
    number = enqueue(work, place, message, dedupe_key=f"nurse:{event_id}", now=now, priority=NURSE)
    work.execute(
        sa.update(care_case).where(care_case.c.id == case_id).values(state="waiting_for_patient", lease_until=now + LEASE)
    )
    audit.record(work, who=who, what="replied", subject=str(case_id), now=now)
    assert number is not None
    return number


def note(work: Work, case_id: int, text: str, *, who: str, now: datetime) -> None:
    """Write something down that the patient never sees."""
    case_of(work, case_id)
    _event(work, case_id, "note", who=who, dedupe_key=f"note:{case_id}:{now.timestamp()}", now=now, content={"text": text})


def release(work: Work, case_id: int, *, who: str, now: datetime, phrases: Phrases) -> None:
    """Give the conversation back to the bot; the case waits again."""
    case = _held_by(work, case_id, who)
    work.execute(sa.update(care_case).where(care_case.c.id == case_id).values(state="waiting", claimed_by=None, lease_until=None))
    _event(work, case_id, "released", who=who, dedupe_key=f"released:{case_id}:{now.timestamp()}", now=now)
    _say(work, case, "released", dedupe_key=f"released:{case_id}:{now.timestamp()}", now=now, phrases=phrases)


def close(work: Work, case_id: int, *, who: str, now: datetime, phrases: Phrases) -> None:
    """End the case; the patient is told, and the bot answers again."""
    case = _held_by(work, case_id, who)
    work.execute(sa.update(care_case).where(care_case.c.id == case_id).values(state="closed", closed_at=now, lease_until=None))
    _event(work, case_id, "closed", who=who, dedupe_key=f"closed:{case_id}", now=now)
    _say(work, case, "closed", dedupe_key=f"closed:{case_id}", now=now, phrases=phrases)
    audit.record(work, who=who, what="closed case", subject=str(case_id), now=now)


def hold_elsewhere(work: Work, conversation_id: str, *, who: str, until: datetime, now: datetime) -> Case:
    """The patient talks with staff in another program, `who`: the bot is silent until then. Nothing is said, they see it there."""
    case = open_case_of(work, conversation_id)
    if case is None:
        cause = Cause("person_requested", "INFO", f"elsewhere:{conversation_id}:{now.timestamp()}")
        case, _ = open_case(work, conversation_id, cause, now=now)
    _lock(work, case.id)
    if case.claimed_by != who or not case.is_held(now):
        _event(work, case.id, "claimed", who=who, dedupe_key=f"claimed:{case.id}:{now.timestamp()}", now=now)
    work.execute(sa.update(care_case).where(care_case.c.id == case.id).values(state="claimed", claimed_by=who, lease_until=until))
    return case_of(work, case.id)


def back_from_elsewhere(work: Work, conversation_id: str, *, who: str, ended: bool, now: datetime) -> None:
    """The other program let go: the case is closed when they `ended` the talk, else it waits at our desk."""
    case = open_case_of(work, conversation_id)
    if case is None or case.claimed_by != who:
        return
    _lock(work, case.id)
    what: dict[str, Any] = {"state": "closed", "closed_at": now} if ended else {"state": "waiting", "claimed_by": None}
    work.execute(sa.update(care_case).where(care_case.c.id == case.id).values(**what, lease_until=None))
    event = "closed" if ended else "released"
    _event(work, case.id, event, who=who, dedupe_key=f"{event}:{case.id}:{now.timestamp()}", now=now)


def trace(work: Work, case_id: int) -> dict[str, Any]:
    """Return what the bot had found when the case was opened, with the patient's words."""
    sealed = work.execute(sa.select(care_case.c.sealed).where(care_case.c.id == case_id)).scalar()
    return {} if sealed is None else dict(work.cipher.unseal(sealed))


def move_to(work: Work, *, gone: str, kept: str, now: datetime) -> None:
    """Give the cases of one patient to another; of two that are open the later one is closed into the earlier, more urgent of both."""
    both = sa.select(*_COLUMNS).where(care_case.c.patient_id.in_([gone, kept]), care_case.c.state != "closed")
    found = [Case(**row._mapping) for row in work.execute(both.order_by(care_case.c.id))]
    for case in found[1:]:
        work.execute(
            sa.update(care_case).where(care_case.c.id == case.id).values(state="closed", closed_at=now, lease_until=None)
        )
        _event(work, case.id, "merged", who="bot", dedupe_key=f"merged:{case.id}", now=now, content={"into": found[0].id})
        cause = Cause(case.reason, case.level, f"merged:{case.id}:into", crisis=case.crisis)
        _raise(work, found[0], cause, what="raised", now=now)
    work.execute(sa.update(care_case).where(care_case.c.patient_id == gone).values(patient_id=kept))


def _lock(work: Work, case_id: int) -> None:
    """Hold the conversation for the rest of the transaction, before anything else: in the same order as receiving does."""
    owner = sa.select(care_case.c.conversation_id).where(care_case.c.id == case_id).scalar_subquery()
    work.execute(sa.select(conversation.c.id).where(conversation.c.id == owner).with_for_update())


def _held_by(work: Work, case_id: int, who: str) -> Case:
    _lock(work, case_id)
    case = case_of(work, case_id)
    if case.state == "closed":
        raise CaseProblem(f"Case {case_id} is closed already.")
    if case.claimed_by not in (None, who):
        raise CaseProblem(f"Case {case_id} is held by {case.claimed_by}. Ask them, or claim it when their time is over.")
    return case


def case_of(work: Work, case_id: int) -> Case:
    """Return the case with this number. Raises CaseProblem when there is none."""
    row = work.execute(sa.select(*_COLUMNS).where(care_case.c.id == case_id)).first()
    if row is None:
        raise CaseProblem(f"There is no case {case_id}. List the open cases to see their numbers.")
    return Case(**row._mapping)


def _event(
    work: Work, case_id: int, what: str, *, who: str, dedupe_key: str, now: datetime, content: dict[str, Any] | None = None
) -> bool:
    sealed = None if content is None else work.cipher.seal(content)
    row = {"case_id": case_id, "dedupe_key": dedupe_key, "what": what, "who": who, "at": now, "sealed": sealed}
    return insert_once(work, case_event, row) is not None


def _say(work: Work, case: Case, phrase: str, *, dedupe_key: str, now: datetime, phrases: Phrases, **values: str) -> None:
    place, language = _place(work, case)
    message = compose(Reply(phrases.get(f"handoff.{phrase}", language, **values), kind="notice"), language, phrases=phrases)
    enqueue(work, place, message, dedupe_key=dedupe_key, now=now, priority=NURSE)


def _place(work: Work, case: Case) -> tuple[Place, Any]:
    row = work.execute(
        sa.select(conversation.c.channel, conversation.c.language).where(conversation.c.id == case.conversation_id)
    ).one()
    return Place(case.conversation_id, row.channel), row.language


def risk_of(level: Level, *, crisis: bool) -> int:
    """Return the place in the queue: 0 comes first."""
    return 0 if crisis else LEVELS.index(level)
