"""The ward at a glance: who is asked today, who has answered, who worries, who is silent. No words of patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, checkin, conversation, plan_enrolment, reminder
from bot.followup import enrolments
from bot.followup.enrolments import OWN

# In the order in which a nurse has to look.
Standing = Literal["worrying", "silent", "due", "answered", "asked", "quiet"]
STANDINGS: tuple[Standing, ...] = ("worrying", "silent", "due", "answered", "asked", "quiet")
# What is older says nothing of today.
LOOKED_BACK = timedelta(days=30)
# So many enrolments are looked at; a hospital with more filters by plan.
MOST = 2_000
SEEN = "seen_checkin"


@dataclass(frozen=True)
class Line:
    """One enrolment as the ward sees it. `in_a_row`: so many check-ins, the latest first, were not answered."""

    id: int
    plan: str
    state: str
    standing: Standing
    patient_id: str
    channel: str
    language: str
    asked_at: datetime | None  # of the latest check-in
    closed_at: datetime | None
    due_at: datetime | None  # of what is sent next
    in_a_row: int
    case: Any  # id, team, claimed_by, assigned_to, state of the patient's latest case; None: there was none


def lines(work: Work, *, plan: str, today_ends: datetime, now: datetime) -> tuple[tuple[Line, ...], bool]:
    """Return the enrolments that are open, those to look at first in front, and whether that was all.

    `plan`: only of this one, "": of all. `today_ends`: until then a reminder is of today.
    """
    rows, is_all = _open(work, plan, now=now)
    which = [row.id for row in rows]
    latest, streaks, due = _latest(work, which, now=now), _streaks(work, which, now=now), _due(work, which)
    cases = _cases(work, {row.patient_id for row in rows})
    found = []
    for row in rows:
        last, next_at = latest.get(row.id), due.get(row.id)
        standing = _standing(row, last, next_at, today_ends=today_ends)
        found.append(
            Line(
                **row._mapping,
                standing=standing,
                asked_at=last.opened_at if last else None,
                closed_at=last.closed_at if last else None,
                due_at=next_at,
                in_a_row=streaks.get(row.id, 0),
                case=cases.get(row.patient_id),
            )
        )
    seen = _seen(work, [one for one in found if one.standing in ("worrying", "silent")], latest)
    kept = [one for one in found if one.id not in seen] + [_settled(one, today_ends) for one in found if one.id in seen]
    kept.sort(key=lambda one: (STANDINGS.index(one.standing), -one.in_a_row, one.due_at or now, one.id))
    return tuple(kept), is_all


def latest_checkin(work: Work, enrolment_id: int) -> int:
    """Return the number of the latest check-in of an enrolment; 0: there was none."""
    return int(work.execute(sa.select(sa.func.max(checkin.c.id)).where(checkin.c.enrolment_id == enrolment_id)).scalar() or 0)


def note_seen(work: Work, enrolment_id: int, *, who: str, now: datetime) -> bool:
    """Write down that a nurse has seen to the latest check-in: it stands in the list no more, the next one may."""
    return enrolments.change(work, enrolment_id, who=who, now=now, **{SEEN: latest_checkin(work, enrolment_id)})


def _standing(row: Any, last: Any, next_at: datetime | None, *, today_ends: datetime) -> Standing:
    if row.state == "asked":
        return "asked"
    if last is not None and last.state in ("worrying", "unanswered"):
        return "worrying" if last.state == "worrying" else "silent"
    if (last is not None and last.state == "open") or (next_at is not None and next_at < today_ends):
        return "due"
    return "answered" if last is not None else "quiet"


def _settled(line: Line, today_ends: datetime) -> Line:
    """Return a line that a nurse has seen to."""
    standing: Standing = "due" if line.due_at is not None and line.due_at < today_ends else "answered"
    return Line(**{**vars(line), "standing": standing, "in_a_row": 0})


def _open(work: Work, plan: str, *, now: datetime) -> tuple[list[Any], bool]:
    """Return the enrolments to look at, and whether these are all: whoever worries or is silent, then the newest.

    A hospital has many more than a page can show, and of them nobody to look at may be missing.
    """
    columns = [plan_enrolment.c[name] for name in ("id", "plan", "state", "patient_id")]
    query = sa.select(*columns, conversation.c.channel, conversation.c.language)
    query = query.join(conversation, conversation.c.id == plan_enrolment.c.conversation_id)
    # A reminder in the patient's own words is nobody's but theirs.
    only = plan_enrolment.c.plan == plan if plan else plan_enrolment.c.plan != OWN
    query = query.where(plan_enrolment.c.state.in_(enrolments.OPEN), plan_enrolment.c.plan != OWN, only)
    bad = (checkin.c.expires_at >= now - LOOKED_BACK, checkin.c.state.in_(("worrying", "unanswered")))
    telling = query.where(plan_enrolment.c.id.in_(sa.select(checkin.c.enrolment_id).where(*bad)))
    first, newest = (work.execute(one.order_by(plan_enrolment.c.id.desc()).limit(MOST + 1)).all() for one in (telling, query))
    found = {row.id: row for row in [*first, *newest]}
    return list(found.values())[:MOST], len(found) <= MOST


def _lately(query: Any, which: list[int], now: datetime) -> Any:
    return query.where(checkin.c.enrolment_id.in_(which), checkin.c.expires_at >= now - LOOKED_BACK)


def _latest(work: Work, which: list[int], *, now: datetime) -> Mapping[int, Any]:
    """Return the latest check-in of each enrolment."""
    newest = _lately(sa.select(sa.func.max(checkin.c.id)).select_from(checkin), which, now).group_by(checkin.c.enrolment_id)
    columns = [checkin.c[name] for name in ("id", "enrolment_id", "state", "opened_at", "closed_at")]
    return {row.enrolment_id: row for row in work.execute(sa.select(*columns).where(checkin.c.id.in_(newest)))}


def _streaks(work: Work, which: list[int], *, now: datetime) -> Mapping[int, int]:
    """Return how many check-ins since the last answer nobody answered."""
    answers = (checkin.c.state.in_(("answered", "worrying")),)
    last = sa.select(checkin.c.enrolment_id, sa.func.max(checkin.c.id).label("id")).select_from(checkin)
    last = _lately(last, which, now).where(*answers).group_by(checkin.c.enrolment_id).subquery()
    query = sa.select(checkin.c.enrolment_id, sa.func.count()).select_from(checkin)
    query = query.join(last, last.c.enrolment_id == checkin.c.enrolment_id, isouter=True)
    query = _lately(query, which, now).where(checkin.c.state == "unanswered", checkin.c.id > sa.func.coalesce(last.c.id, 0))
    return {number: int(count) for number, count in work.execute(query.group_by(checkin.c.enrolment_id))}


def _due(work: Work, which: list[int]) -> Mapping[int, datetime]:
    due = sa.func.min(reminder.c.due_at, type_=reminder.c.due_at.type)
    query = sa.select(reminder.c.enrolment_id, due).where(reminder.c.enrolment_id.in_(which), reminder.c.state == "waiting")
    query = query.group_by(reminder.c.enrolment_id)
    return {number: at for number, at in work.execute(query)}


def latest_case(work: Work, patient_id: str) -> Any:
    """Return the latest case of a patient, or None."""
    return _cases(work, {patient_id}).get(patient_id)


def _cases(work: Work, patients: set[str]) -> Mapping[str, Any]:
    """Return the latest case of each patient."""
    newest = (
        sa.select(sa.func.max(care_case.c.id)).where(care_case.c.patient_id.in_(list(patients))).group_by(care_case.c.patient_id)
    )
    columns = [care_case.c[name] for name in ("id", "patient_id", "team", "claimed_by", "assigned_to", "state", "level")]
    return {row.patient_id: row for row in work.execute(sa.select(*columns).where(care_case.c.id.in_(newest)))}


def _seen(work: Work, wanted: list[Line], latest: Mapping[int, Any]) -> frozenset[int]:
    """Return which of these a nurse has seen to: only they are unsealed."""
    query = sa.select(plan_enrolment.c.id, plan_enrolment.c.sealed).where(plan_enrolment.c.id.in_([one.id for one in wanted]))
    seen = {row.id: work.cipher.unseal(row.sealed).get(SEEN, 0) for row in work.execute(query)}
    return frozenset(number for number, checked in seen.items() if checked >= latest[number].id)
