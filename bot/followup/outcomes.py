""" "Did you go, and was it the right department?", some days after a guidance, for those who wished to be asked. Counted by department."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.once import insert_new
from bot.database.tables import assessment, guidance_outcome
from bot.followup import enrolments
from bot.followup.enrolling import today_of
from bot.followup.enrolments import Enrolment, Entry
from bot.followup.planning import plan_all
from bot.followup.steps import zone_of
from bot.inbox import conversations
from bot.inbox.conversations import Conversation
from bot.messages import EMERGENCY_LEVELS, Effect

PLAN = "did_you_go"
# A guidance that is older than this is not asked about any more.
OLDEST = timedelta(days=2)


@dataclass(frozen=True)
class Counts:
    """What became of the guidances to one department of which patients wished to be asked."""

    department: str
    asked: int
    answered: int
    went: int
    right: int
    wrong: int
    seen: Mapping[str, int]  # of the wrong ones: where they were seen instead


@dataclass(frozen=True)
class _Guidance:
    number: int
    departments: tuple[str, ...]


def can_ask(effects: Iterable[Effect], content: Content, *, now: datetime) -> bool:
    """Return whether these hold a guidance that can be asked about: it named departments, and was no emergency.

    A hospital that takes the plan out of its content, or lets its review go by, asks nobody.
    """
    if PLAN not in content.followup.plans.by_id or is_overdue(content, now):
        return False
    found = [effect.data for effect in effects if effect.name == "assessment"]
    return any(one.get("departments") and one["level"] not in EMERGENCY_LEVELS for one in found)


def is_overdue(content: Content, now: datetime) -> bool:
    """Return whether the review of this plan is overdue: then it begins with nobody."""
    plan = content.followup.plans.by_id.get(PLAN)
    return plan is not None and plan.is_expired(today_of(content, now))


def ask_later(work: Work, one: Conversation, content: Content, *, now: datetime) -> Enrolment | None:
    """Enrol somebody who wishes to be asked about their latest guidance; None when there is none to be asked about (any more)."""
    found = _latest(work, one.id, now=now)
    key = None if found is None else _free_key(work, found)
    if found is None or key is None or PLAN not in content.followup.plans.by_id:
        return None
    zone = zone_of(conversations.zone_of(work, one.patient_id) or content.followup.zone)
    entry = Entry(
        patient_id=one.patient_id,
        conversation_id=one.id,
        plan=PLAN,
        version=content.version[:16],
        anchor=now.astimezone(zone).date(),
        zone=zone.key,
        enrolled_by="patient",
        dedupe_key=key,
        consented=True,
        details={"department": found.departments[0], "alternatives": list(found.departments[1:])},
    )
    enrolments.allow_again(work, one.patient_id)
    enrolment, _ = enrolments.enrol(work, entry, now=now)
    plan_all(work, enrolment, content, now=now)
    return enrolment


def asked(work: Work, enrolment: Enrolment, *, now: datetime) -> None:
    """Note that a patient is asked about their guidance; asked again it is the same one."""
    department = enrolment.details.get("department")
    if enrolment.plan != PLAN or not department:
        return
    row = {"conversation_id": enrolment.conversation_id, "department": department, "dedupe_key": _key(enrolment), "asked_at": now}
    work.execute(insert_new(work, guidance_outcome, row))


def answered(work: Work, enrolment: Enrolment, answers: Mapping[str, Any], *, now: datetime) -> str:
    """Store what a patient answered, end the matter when they went or will not go, and return which phrase thanks them.

    Who has not gone yet is asked once more if the plan says so.
    """
    went = answers.get("went", {}).get("answer", "")
    if went not in ("yes", "no"):
        return "outcome_not_yet"
    right = {"yes": True, "no": False}.get(answers.get("right_department", {}).get("answer", ""))
    seen = answers.get("department_seen", {}).get("answer") or None
    values = {"went": went == "yes", "was_right": right, "department_seen": seen, "answered_at": now}
    row = guidance_outcome.c.dedupe_key == _key(enrolment)
    work.execute(sa.update(guidance_outcome).where(row).values(**values))
    enrolments.stop(work, enrolment.id, because="done", who="patient", now=now)
    return "outcome_thanks" if went == "yes" else "outcome_not_gone"


def counts(work: Work, *, since: datetime | None = None) -> tuple[Counts, ...]:
    """Return the counts of each department, the one asked about most first; `since`: of what was asked from then on."""
    columns = [guidance_outcome.c[name] for name in ("department", "went", "was_right", "department_seen")]
    is_answered = guidance_outcome.c.answered_at.isnot(None)
    query = sa.select(*columns, is_answered.label("is_answered"), sa.func.count().label("count")).group_by(*columns, is_answered)
    rows = work.execute(query if since is None else query.where(guidance_outcome.c.asked_at >= since)).all()
    found = [_counts(name, [row for row in rows if row.department == name]) for name in {row.department for row in rows}]
    return tuple(sorted(found, key=lambda one: (-one.asked, one.department)))


def _counts(department: str, rows: list[Any]) -> Counts:
    def of(holds: Any) -> int:
        return sum(row.count for row in rows if holds(row))

    seen: dict[str, int] = {}
    for row in rows:
        if row.department_seen and not row.was_right:
            seen[row.department_seen] = seen.get(row.department_seen, 0) + row.count
    return Counts(
        department,
        asked=of(lambda _: True),
        answered=of(lambda row: row.is_answered),
        went=of(lambda row: row.went),
        right=of(lambda row: row.was_right),
        wrong=of(lambda row: row.was_right is False),
        seen=seen,
    )


def _free_key(work: Work, guidance: _Guidance) -> str | None:
    """Return under which key somebody is enrolled about a guidance, None when it has been talked about. Wished twice it is one.

    Who has said "stop" since, and wishes it again, is asked: that is a new enrolment, for the old one stays ended.
    """
    key = f"{PLAN}:{guidance.number}"
    while (before := enrolments.of_key(work, key)) is not None and before.state == "stopped":
        key = f"{PLAN}:{guidance.number}:{before.id}"
    return None if before is not None and before.state == "ended" else key


def _key(enrolment: Enrolment) -> str:
    return f"guidance:{enrolment.id}"


def _latest(work: Work, conversation_id: str, *, now: datetime) -> _Guidance | None:
    """Return the latest guidance if it can be asked about: it named departments, and was no emergency."""
    columns = (assessment.c.id, assessment.c.level, assessment.c.departments, assessment.c.at)
    query = sa.select(*columns).where(assessment.c.conversation_id == conversation_id).order_by(assessment.c.id.desc()).limit(1)
    row = work.execute(query).first()
    if row is None or row.level in EMERGENCY_LEVELS or not row.departments or now - row.at > OLDEST:
        return None
    return _Guidance(row.id, tuple(row.departments.split(",")))
