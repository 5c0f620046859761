"""Cases: one open case for each person. What opens, raises and moves it; people act in claims, replies, notes, moving, closing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import assessment, care_case, conversation
from bot.duty import clocks, notices, routing
from bot.duty.teams import Teams
from bot.handoff.case_rows import (
    Case,
    Reason,
    case_of,
    change,
    fresh,
    list_open,
    locked,
    open_case_of,
    risk_of,
)
from bot.handoff.claims import take_over_from_bot
from bot.handoff.events import CaseEvent, add_event, event_with, events
from bot.handoff.problems import CaseProblem
from bot.messages import Level, more_urgent
from bot.staff.people import of_handle

__all__ = [
    "Case",
    "CaseEvent",
    "CaseProblem",
    "Cause",
    "Reason",
    "add_message",
    "back_from_elsewhere",
    "case_of",
    "events",
    "hold_elsewhere",
    "list_open",
    "note_assessment",
    "note_unreachable",
    "open_case",
    "open_case_of",
    "risk_of",
    "trace",
]

# A person who needs somebody again within this time comes back to the same case.
REOPENS_WITHIN = timedelta(days=7)
ALARMS = frozenset({"red_flag", "crisis"})


@dataclass(frozen=True)
class Cause:
    """Why a case is opened or raised. `dedupe_key` makes a replay do nothing."""

    reason: Reason
    level: Level
    dedupe_key: str
    crisis: bool = False
    trace: dict[str, Any] | None = None
    department: str = ""  # "": the first of the latest assessment


_OF_PERSON = sa.select(conversation.c.patient_id, conversation.c.language).where(conversation.c.id == sa.bindparam("wanted"))
_LATELY_CLOSED = (
    sa.select(care_case.c.id)
    .where(care_case.c.patient_id == sa.bindparam("patient"), care_case.c.state == "closed")
    .where(care_case.c.closed_at > sa.bindparam("since", type_=care_case.c.closed_at.type))
    .where(sa.func.coalesce(care_case.c.outcome, "") != sa.literal("merged"))
    .order_by(care_case.c.closed_at.desc(), care_case.c.id.desc())
    .limit(1)
)
_DEPARTMENTS = (
    sa.select(assessment.c.departments)
    .join(
        conversation, sa.and_(conversation.c.id == assessment.c.conversation_id, conversation.c.episode == assessment.c.episode)
    )
    .where(conversation.c.id == sa.bindparam("wanted"))
    .order_by(assessment.c.id.desc())
    .limit(1)
)
_TIME = care_case.c.due_at.type
_NOW = sa.bindparam("now", type_=_TIME)
# What the row says at this moment counts, not what was read before: a nurse may have replied in between.
_WROTE = (
    sa.update(care_case)
    .where(care_case.c.id == sa.bindparam("number"))
    .values(
        state=sa.case((care_case.c.state == "waiting_for_patient", "claimed"), else_=care_case.c.state),
        due_at=sa.case((care_case.c.waiting_since.is_(None), sa.bindparam("due", type_=_TIME)), else_=care_case.c.due_at),
        warned_at=sa.case((care_case.c.waiting_since.is_(None), sa.null()), else_=care_case.c.warned_at),
        waiting_since=sa.func.coalesce(care_case.c.waiting_since, _NOW),
        snoozed_until=sa.case((care_case.c.snoozed_until > _NOW, _NOW), else_=care_case.c.snoozed_until),
        conversation_id=sa.bindparam("chat"),
        language=sa.bindparam("language"),
    )
)


def open_case(work: Work, conversation_id: str, cause: Cause, *, now: datetime, teams: Teams | None = None) -> tuple[Case, bool]:
    """Open a case, reopen one that was closed lately, or raise the open one to the more urgent level.

    Returns it and whether it waits anew. A cause that was there before changes nothing, be its case closed by now.
    """
    case = open_case_of(work, conversation_id)
    if case is not None:
        return _raised(work, case, conversation_id, cause, now=now, teams=teams), False
    before = event_with(work, cause.dedupe_key)
    if before is not None:
        return case_of(work, before.case_id), False
    person = work.execute(_OF_PERSON, {"wanted": conversation_id}).one()
    row = {
        "conversation_id": conversation_id,
        "reason": cause.reason,
        "level": cause.level,
        "state": "waiting",
        "language": person.language,
        "waiting_since": now,
        "sealed": work.cipher.seal(cause.trace or {}),
    }
    number, what = _reopen(work, person.patient_id, row, now=now), "reopened"
    if number is None:
        risk = risk_of(cause.level, crisis=cause.crisis)
        more = {"patient_id": person.patient_id, "crisis": cause.crisis, "risk": risk, "team": "", "department": ""}
        number, what = insert_once(work, care_case, {**row, **more, "opened_at": now}), "opened"
    case = open_case_of(work, conversation_id)
    assert case is not None
    return _apply(work, case, cause, what if number else "raised", conversation_id, now=now, teams=teams), number is not None


def _reopen(work: Work, patient_id: str, row: dict[str, Any], *, now: datetime) -> int | None:
    """Let the case that was closed lately wait again, if there is one. That it once was a crisis stays known."""
    number = work.execute(_LATELY_CLOSED, {"patient": patient_id, "since": now - REOPENS_WITHIN}).scalar()
    if number is None:
        return None
    nobody = dict.fromkeys(("claimed_by", "lease_until", "assigned_to", "snoozed_until"))
    fresh = dict.fromkeys(("first_reply_at", "due_at", "warned_at", "closed_at", "outcome", "outcome_department"))
    # Another gateway may reopen it at the same time: one does.
    reopened = change(work, number, care_case.c.state == "closed", **row, **nobody, **fresh, department="")
    return int(number) if reopened else None


def _raised(work: Work, case: Case, conversation_id: str, cause: Cause, *, now: datetime, teams: Teams | None) -> Case:
    return _apply(work, fresh(work, case.id), cause, "raised", conversation_id, now=now, teams=teams)


def _apply(work: Work, case: Case, cause: Cause, what: str, conversation_id: str, *, now: datetime, teams: Teams | None) -> Case:
    content = {"reason": cause.reason, "level": cause.level, "crisis": cause.crisis, **(cause.trace or {})}
    event = add_event(work, case.id, what, who="bot", dedupe_key=cause.dedupe_key, now=now, content=content)
    if event is None:
        return case
    department = cause.department or _department(work, conversation_id)
    after = _with(case, cause.level, crisis=cause.crisis, department=department)
    if cause.reason in ALARMS:  # it is new, however long somebody waits already
        awake = case.snoozed_until if case.snoozed_until is None or case.snoozed_until <= now else now
        after = replace(after, waiting_since=case.waiting_since or now, snoozed_until=awake)
    after = timed(_routed(after, teams, now), teams, now=now)
    _store(work, case, after)
    notices.note(work, case.id, level=after.level, crisis=after.crisis, now=now)
    if cause.reason in ALARMS and case.is_held(now):
        page_holder(work, after, event, now=now)
    return after


def page_holder(work: Work, case: Case, event: int, *, now: datetime) -> None:
    """Have the nurse who holds the case told of an alarm, wherever she is looking."""
    holder = of_handle(work, case.claimed_by or "")
    if holder is None:  # of another program
        return
    about = notices.About(case.id, case.level, case.crisis)
    for via in notices.ways_to(holder, frozenset(notices.PERSONAL), all_of_them=True):
        key = f"alarm:{case.id}:{event}:{holder.id}:{via}"
        notices.add(work, key, about, via=via, what="raised", now=now, staff_id=holder.id)


def _with(case: Case, level: Level, *, crisis: bool, department: str) -> Case:
    """Return the case with what is more urgent of both; the department comes from the more urgent."""
    worst, crisis = more_urgent(case.level, level), case.crisis or crisis
    rises = not case.department or worst != case.level
    department = department[:16] if rises and department else case.department
    return replace(case, level=worst, crisis=crisis, risk=risk_of(worst, crisis=crisis), department=department)


def _routed(case: Case, teams: Teams | None, now: datetime) -> Case:
    # What somebody has, or was given, is not taken away from them.
    if teams is None or (case.team and (case.state != "waiting" or case.assigned_to)):
        return case
    need = routing.Need(case.level, case.crisis, case.department, case.language)
    return replace(case, team=routing.team_for(need, teams, now))


def timed(case: Case, teams: Teams | None, *, now: datetime) -> Case:
    """Return the case with the time until which a person has to have answered; it never moves away from who waits."""
    if case.waiting_since is None:
        return replace(case, due_at=None, warned_at=None)
    due = due_of(case, teams, start=now)
    if due is None or (case.due_at is not None and case.due_at <= due):
        return case
    return replace(case, due_at=due, warned_at=None)


def due_of(case: Case, teams: Teams | None, *, start: datetime) -> datetime | None:
    """Return until when what the patient wrote at `start` has to be answered by a person; None where no teams are known."""
    if teams is None or case.is_elsewhere:
        return None
    kind: clocks.Kind = "next" if case.first_reply_at else "first"
    return clocks.due_at(teams.of(case.team), kind, level=case.level, crisis=case.crisis, start=start)


def _store(work: Work, before: Case, after: Case) -> None:
    changed = {name: getattr(after, name) for name in Case.__dataclass_fields__ if getattr(before, name) != getattr(after, name)}
    if changed:
        change(work, after.id, **changed)


def _department(work: Work, conversation_id: str) -> str:
    departments = work.execute(_DEPARTMENTS, {"wanted": conversation_id}).scalar() or ""
    return str(departments).partition(",")[0]


def note_assessment(
    work: Work, case: Case, data: dict[str, Any], *, dedupe_key: str, now: datetime, teams: Teams | None = None
) -> None:
    """Let an open case know what a later guidance came to: a more urgent level counts, and the first department."""
    departments = data.get("departments") or ("",)
    after = _with(case, data["level"], crisis=bool(data.get("crisis")), department=departments[0])
    if (after.level, after.crisis, after.department) == (case.level, case.crisis, case.department):
        return
    content = {"level": data["level"], "departments": list(departments)}
    if add_event(work, case.id, "assessed", who="bot", dedupe_key=f"assessed:{dedupe_key}", now=now, content=content):
        _store(work, case, timed(_routed(after, teams, now), teams, now=now))


def add_message(
    work: Work,
    case: Case,
    inbound_id: int,
    *,
    now: datetime,
    conversation_id: str = "",
    language: str = "",
    teams: Teams | None = None,
) -> None:
    """Note that the patient wrote, in `conversation_id`, while the case was open: it wakes it, and replies go there."""
    if add_event(work, case.id, "message", who="patient", dedupe_key=f"message:{inbound_id}", now=now) is None:
        return
    chat = {"chat": conversation_id or case.conversation_id, "language": language or case.language}
    if case.is_elsewhere:  # they see it there
        work.execute(sa.update(care_case).where(care_case.c.id == case.id).values(conversation_id=chat["chat"]))
        return
    work.execute(_WROTE, {"number": case.id, "now": now, "due": due_of(case, teams, start=now), **chat})


def note_unreachable(work: Work, conversation_id: str, message_id: int | str, *, now: datetime) -> None:
    """Let the nurse of an open case know that the patient has blocked the bot, or cannot be written to any more."""
    case = open_case_of(work, conversation_id) if conversation_id else None
    if case is not None:
        add_event(work, case.id, "unreachable", who="bot", dedupe_key=f"unreachable:{message_id}", now=now)


def hold_elsewhere(
    work: Work, conversation_id: str, *, who: str, until: datetime, now: datetime, teams: Teams | None = None
) -> Case:
    """The patient talks with staff in another program, `who`: the bot is silent until then. Nothing is said, they see it there."""
    case = open_case_of(work, conversation_id)
    if case is None:
        cause = Cause("person_requested", "INFO", f"elsewhere:{conversation_id}:{now.timestamp()}")
        case, _ = open_case(work, conversation_id, cause, now=now, teams=teams)
    case = locked(work, case.id)
    if case.claimed_by != who or not case.is_held(now):
        add_event(work, case.id, "claimed", who=who, dedupe_key=f"claimed:{case.id}:{now.timestamp()}", now=now)
    nobody_waits = dict.fromkeys(("waiting_since", "due_at", "warned_at", "snoozed_until"))
    change(work, case.id, state="claimed", claimed_by=who, lease_until=until, **nobody_waits)
    take_over_from_bot(work, case, now=now)
    return case_of(work, case.id)


def back_from_elsewhere(
    work: Work, conversation_id: str, *, who: str, ended: bool, now: datetime, teams: Teams | None = None
) -> None:
    """The other program let go: the case is closed when they `ended` the talk, else it waits at our desk.

    So does an alarm that came after their last word: the talk may have ended by itself, and nobody may have read it.
    """
    case = open_case_of(work, conversation_id)
    if case is None or case.claimed_by != who:
        return
    locked(work, case.id)
    ended = ended and case.waiting_since is None
    since = case.waiting_since or now
    closed: dict[str, Any] = {"state": "closed", "closed_at": now, "outcome": "other"}
    due = due_of(replace(case, claimed_by=None), teams, start=since)
    waits: dict[str, Any] = {"state": "waiting", "claimed_by": None, "waiting_since": since, "due_at": due}
    change(work, case.id, **(closed if ended else waits), lease_until=None)
    event = "closed" if ended else "released"
    add_event(work, case.id, event, who=who, dedupe_key=f"{event}:{case.id}:{now.timestamp()}", now=now)


def trace(work: Work, case_id: int) -> dict[str, Any]:
    """Return what the bot had found when the case was opened, with the patient's words."""
    sealed = work.execute(sa.select(care_case.c.sealed).where(care_case.c.id == case_id)).scalar()
    return {} if sealed is None else dict(work.cipher.unseal(sealed))
