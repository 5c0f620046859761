"""Which sending of each step waits: planned when an enrolment begins, followed by the next, moved when its day, zone or plan changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import checkin, patient, plan_enrolment, reminder
from bot.followup import enrolments, reminders
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.plans import Step
from bot.followup.reminders import HIGH_RISK, ORDINARY, OWN_WORDS, Reminder
from bot.followup.schedule import Due, Past, Rhythm, first_open, following, suits
from bot.followup.steps import rhythm_of, steps_of
from bot.inbox import conversations

# Why a reminder that waited is not sent: the plan has no such time any more.
CHANGED = "changed"


@dataclass(frozen=True)
class _Terms:
    rhythm: Rhythm
    priority: int
    now: datetime


def plan_all(work: Work, enrolment: Enrolment, content: Content, *, now: datetime) -> int:
    """Bring what waits of an enrolment into line with its day, zone and plan as they are now; returns how much is new or moved.

    For an enrolment that begins that is the first sending of each step. What was sent is not sent again. Harmless to repeat.
    """
    rhythm = rhythm_of(enrolment, quiet=quiet_hours(work, enrolment))
    terms = _Terms(rhythm, priority_of(enrolment, content), now)
    steps = steps_of(enrolment, content.followup.plans)
    return sum(_plan(work, enrolment, step, terms) for step in steps if is_for(work, enrolment, step))


def plan_next(work: Work, enrolment: Enrolment, step: Step, before: Reminder, content: Content) -> None:
    """Store what follows a sending that is settled; nothing follows a second try: it followed the first."""
    if before.attempt:
        return
    rhythm, past = rhythm_of(enrolment, quiet=quiet_hours(work, enrolment)), _past(work, step, before)
    due = following(step, enrolment.anchor, rhythm, past)
    if due is not None:
        reminders.plan(work, enrolment.id, due, priority=priority_of(enrolment, content))


def move_to(work: Work, patient_id: str, zone: str, content: Content, *, now: datetime) -> int:
    """Reckon with the clocks of another time zone (IANA) from now on; returns how many reminders that moves."""
    work.execute(sa.update(patient).where(patient.c.id == patient_id).values(zone=zone))
    mine = sa.and_(plan_enrolment.c.patient_id == patient_id, plan_enrolment.c.state.in_(enrolments.OPEN))
    work.execute(sa.update(plan_enrolment).where(mine).values(zone=zone))
    return _plan_anew(work, patient_id, content, now=now)


def keep_quiet(work: Work, patient_id: str, hours: str, content: Content, *, now: datetime) -> int:
    """Let a patient be in these hours from now on ("21:00-08:00"; "": the usual ones); returns how many reminders that moves."""
    work.execute(sa.update(patient).where(patient.c.id == patient_id).values(quiet=hours))
    return _plan_anew(work, patient_id, content, now=now)


def count_from(work: Work, enrolment: Enrolment, anchor: date, content: Content, *, now: datetime) -> int:
    """Count the steps of an enrolment from another day; returns how many reminders that moves. What was sent is not sent again."""
    work.execute(sa.update(plan_enrolment).where(plan_enrolment.c.id == enrolment.id).values(anchor=anchor))
    return plan_all(work, replace(enrolment, anchor=anchor), content, now=now)


def _plan_anew(work: Work, patient_id: str, content: Content, *, now: datetime) -> int:
    going = [one for one in enrolments.of_patient(work, patient_id) if one.state != "asked"]
    return sum(plan_all(work, one, content, now=now) for one in going)


def finish(work: Work, enrolment_id: int, *, now: datetime) -> bool:
    """End an enrolment of which nothing waits any more, neither to be sent nor to be answered; returns whether it did."""
    sends = sa.exists().where(reminder.c.enrolment_id == enrolment_id, reminder.c.state == "waiting")
    asks = sa.exists().where(checkin.c.enrolment_id == enrolment_id, checkin.c.state == "open")
    if work.execute(sa.select(sa.or_(sends, asks))).scalar():
        return False
    return enrolments.stop(work, enrolment_id, because="done", who="bot", now=now)


def priority_of(enrolment: Enrolment, content: Content) -> int:
    """Return how important what this enrolment sends is: 0 first."""
    if enrolment.plan == OWN:
        return OWN_WORDS
    plan = content.followup.plans.by_id.get(enrolment.plan)
    return HIGH_RISK if plan is not None and plan.high_risk else ORDINARY


def quiet_hours(work: Work, enrolment: Enrolment) -> str:
    """Return the quiet hours of the patient as they are stored, "" for the usual ones."""
    return quiet_of_patient(work, enrolment.patient_id)


def quiet_of_patient(work: Work, patient_id: str) -> str:
    """Return the quiet hours of a patient as they are stored, "" for the usual ones."""
    return str(work.execute(sa.select(patient.c.quiet).where(patient.c.id == patient_id)).scalar() or "")


def is_for(work: Work, enrolment: Enrolment, step: Step) -> bool:
    """Return whether a step is meant for this patient, by what is known of them. What is not known does not exclude."""
    condition = step.condition
    if condition.sex is None and condition.age_from is None and condition.age_below is None and condition.pregnant is None:
        return True
    known = conversations.profile_of(work, enrolment.patient_id)
    if known.get("who") not in (None, "self"):  # a guidance about their child says nothing of themselves
        known = {}
    return suits(condition, sex=known.get("sex"), age=known.get("age"), pregnant=known.get("pregnant"))


def _plan(work: Work, enrolment: Enrolment, step: Step, terms: _Terms) -> int:
    waiting, last = _rows(work, enrolment.id, step.id)
    if last is None:
        due = first_open(step, enrolment.anchor, terms.rhythm, now=terms.now)
    else:
        due = following(step, enrolment.anchor, terms.rhythm, _past(work, step, last), now=terms.now)
    if waiting is None:
        return int(due is not None and reminders.plan(work, enrolment.id, due, priority=terms.priority) is not None)
    if due is None:
        return int(reminders.mark(work, waiting.id, "cleared", why=CHANGED, now=terms.now))
    return _moved(work, waiting, due)


def _moved(work: Work, waiting: Reminder, due: Due) -> int:
    """Give a reminder that waits its new time; 0 when it has it already, though it may have been put off since."""
    row = sa.and_(reminder.c.id == waiting.id, reminder.c.state == "waiting")
    other = sa.or_(reminder.c.wanted_at != due.at, reminder.c.until != due.until, reminder.c.day != due.day)
    times = {"day": due.day, "wanted_at": due.at, "due_at": due.at, "until": due.until}
    values = {**times, "number": due.number, "why": None, "lease_until": None}
    return int(work.execute(sa.update(reminder).where(row, other).values(**values)).rowcount)


def _past(work: Work, step: Step, last: Reminder) -> Past:
    """Return the last sending of a step with how many of its day are over."""
    of_day = 1
    if len(step.times) > 1:
        mine = (reminder.c.enrolment_id == last.enrolment_id, reminder.c.step == last.step, reminder.c.attempt == 0)
        over = (reminder.c.day == last.day, reminder.c.number <= last.number)
        of_day = int(work.execute(sa.select(sa.func.count()).select_from(reminder).where(*mine, *over)).scalar_one())
    return Past(last.day, last.number, last.wanted_at, of_day)


def _rows(work: Work, enrolment_id: int, step: str) -> tuple[Reminder | None, Reminder | None]:
    """Return what waits of a step, and the last of it that is settled."""
    rows = reminders.latest_of(work, enrolment_id, step)
    waiting = next((row for row in rows if row.state == "waiting"), None)
    return waiting, next((row for row in rows if row.state != "waiting"), None)
