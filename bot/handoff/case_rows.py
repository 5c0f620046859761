"""The rows of cases, read and locked. Who changes them are the neighbours: cases, claims, replies, moving, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, conversation
from bot.handoff.events import was_erased
from bot.handoff.problems import CaseProblem
from bot.languages import Language
from bot.messages import LEVELS, Level

Reason = Literal["red_flag", "crisis", "person_requested", "misunderstood", "complaint", "worrying_checkin", "rule", "failed"]
# Programs of others in which staff answers; handles of our staff are written small. There we see neither words nor replies.
WECOM = "WeCom"
ELSEWHERE = frozenset({WECOM})
State = Literal["waiting", "claimed", "waiting_for_patient", "closed"]


@dataclass(frozen=True)
class Case:
    """An escalated conversation: all columns of its row but the sealed trace."""

    id: int
    conversation_id: str  # where the person wrote last: replies go there
    patient_id: str
    reason: Reason
    level: Level
    crisis: bool
    risk: int  # 0 first
    state: State
    claimed_by: str | None  # handle
    lease_until: datetime | None
    assigned_to: str | None  # handle: it is theirs to claim, others still may
    team: str
    department: str
    language: Language
    opened_at: datetime
    waiting_since: datetime | None  # the first words of the patient that no person has answered
    first_reply_at: datetime | None
    due_at: datetime | None  # when a person has to have answered
    warned_at: datetime | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    outcome: str | None
    outcome_department: str | None

    def is_held(self, now: datetime) -> bool:
        """Whether a nurse holds it now, so that the bot must be silent."""
        return self.state in ("claimed", "waiting_for_patient") and self.lease_until is not None and self.lease_until > now

    def is_left(self, now: datetime) -> bool:
        """Whether somebody of ours holds it whose lease has ended."""
        held = self.state in ("claimed", "waiting_for_patient") and self.claimed_by is not None
        return held and not self.is_elsewhere and not self.is_held(now)

    @property
    def is_elsewhere(self) -> bool:
        """Whether staff answers in another program, where we see neither words nor replies."""
        return self.claimed_by in ELSEWHERE


COLUMNS = tuple(care_case.c[name] for name in Case.__dataclass_fields__)
# Asked for every message: built once, since building a statement costs more than running it.
_OPEN = (
    sa.select(*COLUMNS)
    .join(conversation, conversation.c.patient_id == care_case.c.patient_id)
    .where(conversation.c.id == sa.bindparam("conversation"), care_case.c.state != sa.literal("closed"))
)
_BY_ID = sa.select(*COLUMNS).where(care_case.c.id == sa.bindparam("number"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_OPEN_ONES = (
    sa.select(*COLUMNS)
    .where(care_case.c.state != "closed")
    .order_by(care_case.c.risk, care_case.c.waiting_since.is_(None), care_case.c.waiting_since, care_case.c.id)
)
_HOLD = sa.select(conversation.c.id).where(conversation.c.id == sa.bindparam("conversation")).with_for_update()
_OWNER = sa.select(care_case.c.conversation_id).where(care_case.c.id == sa.bindparam("number"))


def open_case_of(work: Work, conversation_id: str) -> Case | None:
    """Return the open case of the person of a conversation, or None."""
    row = work.execute(_OPEN, {"conversation": conversation_id}).first()
    return None if row is None else case_from(row)


def case_of(work: Work, case_id: int) -> Case:
    """Return the case with this number. Raises CaseProblem when there is none, or none any more."""
    row = work.execute(_BY_ID, {"number": case_id}).first()
    if row is not None:
        return case_from(row)
    if was_erased(work, case_id):
        raise CaseProblem(f"Case {case_id} was erased, at the patient's wish.", key="erased")
    raise CaseProblem(f"There is no case {case_id}. List the open cases to see their numbers.", key="missing")


def fresh(work: Work, case_id: int) -> Case:
    """Return the open case as it is now, and keep others from it to the end of the transaction. The conversation is held already."""
    return case_from(work.execute(_BY_ID_LOCKED if work.is_postgres else _BY_ID, {"number": case_id}).one())


def list_open(work: Work) -> tuple[Case, ...]:
    """Return the open cases, most urgent first, then the longest waiting."""
    return tuple(case_from(row) for row in work.execute(_OPEN_ONES))


def case_from(row: Any) -> Case:
    """Return the case of a row that has all of `COLUMNS`."""
    return Case(**row._mapping)


def change(work: Work, case_id: int, *conditions: Any, **values: Any) -> bool:
    """Set columns of a case in one statement, if it fulfils the conditions at that moment; returns whether it did."""
    row = sa.update(care_case).where(care_case.c.id == case_id, *conditions)
    return bool(work.execute(row.values(**values)).rowcount == 1)


def locked(work: Work, case_id: int) -> Case:
    """Hold the conversation of a case for the rest of the transaction, before anything else, and return the case.

    In the same order as receiving does, so that neither waits for the other. Raises CaseProblem when there is none.
    """
    owner = work.execute(_OWNER, {"number": case_id}).scalar()
    while work.is_postgres and owner is not None:
        work.execute(_HOLD, {"conversation": owner})
        last, owner = owner, work.execute(_OWNER, {"number": case_id}).scalar()
        if last == owner:  # the person may have gone on in another chat while we waited
            break
    return case_of(work, case_id)


def still_open(case: Case) -> Case:
    """Return `case`. Raises CaseProblem when it is closed."""
    if case.state == "closed":
        raise CaseProblem(f"Case {case.id} is closed already.", key="closed", since=case.closed_at)
    return case


def risk_of(level: Level, *, crisis: bool) -> int:
    """Return the place in the queue: 0 comes first."""
    return 0 if crisis else LEVELS.index(level)
