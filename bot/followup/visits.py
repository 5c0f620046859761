"""A visit that took place: what still waits of its group is settled, and what repeats goes on after it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import reminder
from bot.followup import reminders
from bot.followup.enrolments import Enrolment
from bot.followup.planning import finish, is_for, priority_of, quiet_hours
from bot.followup.schedule import first_open, next_due
from bot.followup.steps import rhythm_of, steps_of
from bot.privacy import audit

VISITED = "visited"


def groups_waiting(work: Work, enrolment: Enrolment, content: Content) -> tuple[str, ...]:
    """Return the groups of which something waits, the one that is due next first."""
    group_of = {step.id: step.group for step in steps_of(enrolment, content.followup.plans)}
    mine = (reminder.c.enrolment_id == enrolment.id, reminder.c.state == "waiting")
    steps = work.execute(sa.select(reminder.c.step).where(*mine).order_by(reminder.c.due_at, reminder.c.id)).scalars()
    return tuple(dict.fromkeys(group_of[step] for step in steps if step in group_of))


def record_visit(work: Work, enrolment: Enrolment, group: str, content: Content, *, who: str, now: datetime) -> int:
    """Settle what waits of a group and return how many: 0 when nothing did. A step that repeats is next due after today."""
    steps = [step for step in steps_of(enrolment, content.followup.plans) if step.group == group]
    settled = reminders.clear(work, enrolment.id, [step.id for step in steps], why=VISITED)
    if not settled:
        return 0
    rhythm = rhythm_of(enrolment, quiet=quiet_hours(work, enrolment))
    today = now.astimezone(rhythm.zone).date()
    for step in steps:
        if step.every is None or not is_for(work, enrolment, step):
            continue
        due = first_open(step, enrolment.anchor, rhythm, now=now)
        while due is not None and (due.day <= today or _is_known(work, enrolment.id, step.id, due.number)):
            due = next_due(step, enrolment.anchor, rhythm, after=due.number)
        if due is not None:
            reminders.plan(work, enrolment.id, due, priority=priority_of(enrolment, content))
    audit.record(work, who=who, what="recorded visit", subject=str(enrolment.id), now=now)
    finish(work, enrolment.id, now=now)
    return settled


def _is_known(work: Work, enrolment_id: int, step: str, number: int) -> bool:
    """Whether this sending was planned before: what the visit settled is not planned again."""
    names = (reminder.c.enrolment_id == enrolment_id, reminder.c.step == step, reminder.c.number == number)
    return work.execute(sa.select(reminder.c.id).where(*names, reminder.c.attempt == 0)).first() is not None
