"""The end of a case, with what came of it; and a new beginning when somebody is needed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, case_draft
from bot.handoff.case_rows import Case, case_of, change, locked
from bot.handoff.claims import mine
from bot.handoff.events import add_event
from bot.handoff.patient_lines import say
from bot.handoff.problems import CaseProblem
from bot.phrases import Phrases
from bot.privacy import audit

Outcome = Literal["advised", "referred", "emergency", "booked", "no_answer", "not_medical", "other"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
# The nurse says that the department was wrong, and not which is right.
WRONG = "-"


def close(  # noqa: PLR0913 - what came of it, who says so, when, in which words
    work: Work,
    case_id: int,
    *,
    who: str,
    name: str = "",
    outcome: str,
    department: str | None = None,
    department_right: bool | None = None,
    now: datetime,
    phrases: Phrases,
) -> Case:
    """End the case with its outcome; the patient is told, and the bot answers again.

    `department_right`: whether the department that the bot thought of was right, None when that does not apply; `department`: the
    right one. Raises CaseProblem when somebody else holds it, when it is closed, or when the outcome is none of `OUTCOMES`.
    """
    case = mine(work, case_id, who, now=now)
    if outcome not in OUTCOMES:
        raise CaseProblem(f"Say what came of it: {', '.join(OUTCOMES)}.", key="outcome")
    right = _right_one(case, department, department_right=department_right)
    nobody = dict.fromkeys(("lease_until", "waiting_since", "due_at", "warned_at", "snoozed_until"))
    change(work, case_id, state="closed", closed_at=now, outcome=outcome, outcome_department=right, **nobody)
    work.execute(sa.delete(case_draft).where(case_draft.c.case_id == case_id))
    content = {"outcome": outcome, "department": right, "department_right": department_right}
    event = add_event(
        work, case_id, "closed", who=who, dedupe_key=f"closed:{case_id}:{now.timestamp()}", now=now, content=content
    )
    say(work, case, "closed", dedupe_key=f"closed:{case_id}:{event}", now=now, phrases=phrases, name=name)
    audit.record(work, who=who, what="closed case", subject=str(case_id), now=now)
    return case_of(work, case_id)


def _right_one(case: Case, department: str | None, *, department_right: bool | None) -> str | None:
    if department_right is None:
        return department or None
    return (case.department or None) if department_right else (department or WRONG)


def reopen(work: Work, case_id: int, *, who: str, now: datetime) -> Case:
    """Let a closed case go on; it is theirs to claim. Raises CaseProblem when it is open, or the person has another open one."""
    case = locked(work, case_id)
    mine_too = sa.select(care_case.c.id).where(care_case.c.patient_id == case.patient_id, care_case.c.state != "closed")
    other = work.execute(mine_too).scalar()
    if other is not None:
        raise CaseProblem(f"Case {other} of the same person is open.", key="open")
    nobody = dict.fromkeys(("claimed_by", "lease_until", "closed_at", "outcome", "outcome_department"))
    change(work, case_id, care_case.c.state == "closed", state="waiting", assigned_to=who, **nobody)
    add_event(work, case_id, "reopened", who=who, dedupe_key=f"reopened:{case_id}:{now.timestamp()}", now=now)
    audit.record(work, who=who, what="reopened case", subject=str(case_id), now=now)
    return case_of(work, case_id)


@dataclass(frozen=True)
class Hits:
    """How often a department that the bot thought of was right and wrong, and which were right instead."""

    right: int
    wrong: int
    instead: Mapping[str, int]


def department_hits(work: Work, *, since: datetime) -> Mapping[str, Hits]:
    """Return by department what nurses said on closing, of cases closed since then. No words, no persons."""
    said = sa.and_(care_case.c.closed_at >= since, care_case.c.outcome_department.isnot(None), care_case.c.department != "")
    columns = (care_case.c.department, care_case.c.outcome_department)
    query = sa.select(*columns, sa.func.count().label("times")).where(said).group_by(*columns)
    found: dict[str, dict[str, int]] = {}
    for row in work.execute(query):
        found.setdefault(row.department, {})[row.outcome_department] = row.times
    return {department: _hits(department, instead) for department, instead in sorted(found.items())}


def _hits(department: str, said: dict[str, int]) -> Hits:
    wrong = {other: times for other, times in said.items() if other != department}
    return Hits(said.get(department, 0), sum(wrong.values()), {other: times for other, times in wrong.items() if other != WRONG})
