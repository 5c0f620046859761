"""Check-ins that nobody answered, or that could not be asked: closed, and of a plan of high risk the second in a row is told to a nurse."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import checkin
from bot.followup import checkins, enrolments, reminders
from bot.followup.checkins import Checkin
from bot.followup.planning import finish
from bot.followup.plans import Question
from bot.followup.thresholds import Level
from bot.handoff.cases import Cause, open_case
from bot.inbox import conversations

# So many unanswered in a row are a nurse's task.
IN_A_ROW = 2


def expire(work: Work, content: Content, *, now: datetime) -> int:
    """Close what was not answered in its time; returns how many."""
    return sum(expire_in(work, chat, content, now=now) for chat in checkins.chats_of_expired(work, now=now))


def expire_in(work: Work, conversation_id: str, content: Content, *, now: datetime) -> int:
    """Close what was not answered in its time in one chat, which is held to the end of the transaction; returns how many."""
    if conversations.get(work, conversation_id, lock=True) is None:
        return 0
    found = checkins.expired_in(work, conversation_id, now=now)
    for one in found:
        close(work, one, content, now=now)
        finish(work, one.enrolment_id, now=now)
    return len(found)


def close(work: Work, one: Checkin, content: Content, *, now: datetime) -> None:
    """Close a check-in that nobody has answered. A value that was to be measured once more, and was not, counts as it is."""
    level = _not_measured_again(one, content)
    checkins.settle(work, one, "worrying" if level else "unanswered", now=now)
    chat = conversations.get(work, one.conversation_id)
    if chat is not None and chat.asked_checkin == one.id:
        following = checkins.open_of(work, one.conversation_id)
        conversations.change(work, one.conversation_id, asked_checkin=0 if following is None else following.id)
    if level:
        reminders.clear_attempts(work, one.reminder_id, why="answered")
        _tell_value(work, one, level, content, now=now)
    else:
        tell_silence(work, one, content, now=now)


def close_unmeasured(work: Work, patient_id: str, content: Content, *, now: datetime, enrolment_id: int = 0) -> None:
    """Close what a patient was to measure once more, before their plans end, or this one: the first value counts as it is."""
    for one in checkins.open_of_patient(work, patient_id):
        if enrolment_id in (0, one.enrolment_id) and _not_measured_again(one, content):
            close(work, one, content, now=now)


def _not_measured_again(one: Checkin, content: Content) -> Level | None:
    """Return what an unusual value means of which the patient has not sent a second one; None: there is none that worries."""
    question = checkins.current(one, content)
    level = None if question is None else one.answers.get(question.id, {}).get(checkins.AGAIN)
    return level if level in ("E1", "E2", "U") else None


def _tell_value(work: Work, one: Checkin, level: Level, content: Content, *, now: datetime) -> None:
    """Open the case that the second value would have opened or spared."""
    question, enrolment = checkins.current(one, content), enrolments.of_id(work, one.enrolment_id)
    if question is not None and enrolment is not None:
        cause = worry(one, question, level, plan=enrolment.plan)
        open_case(work, one.conversation_id, cause, now=now, teams=content.teams)


def worry(one: Checkin, question: Question, level: Level, *, plan: str) -> Cause:
    """Return why a case is opened for the answer to a question of a check-in; once for each level, however often it is told."""
    why = dict(question.reason or question.texts)
    trace = {"checkin": one.id, "plan": plan, "question": question.id, "why": why}
    return Cause("worrying_checkin", level, f"checkin:{one.id}:{one.question}:{level}", trace=trace)  # type: ignore[arg-type]


def tell_silence(work: Work, one: Checkin, content: Content, *, now: datetime) -> None:
    """Open a case when somebody in a plan of high risk has been silent several times in a row."""
    enrolment = enrolments.of_id(work, one.enrolment_id)
    plan = None if enrolment is None else content.followup.plans.by_id.get(enrolment.plan)
    if plan is None or not plan.high_risk or _silent(work, one) < IN_A_ROW:
        return
    trace = {"checkin": one.id, "plan": plan.id, "why": dict(plan.names), "unanswered": IN_A_ROW}
    cause = Cause("worrying_checkin", "R", f"silent:{one.id}", trace=trace)
    open_case(work, one.conversation_id, cause, now=now, teams=content.teams)


def _silent(work: Work, one: Checkin) -> int:
    """Return how many check-ins of the enrolment, the latest first, nobody answered."""
    query = sa.select(checkin.c.state).where(checkin.c.enrolment_id == one.enrolment_id, checkin.c.state != "open")
    count = 0
    for state in work.execute(query.order_by(checkin.c.id.desc()).limit(IN_A_ROW)).scalars():
        if state != "unanswered":
            break
        count += 1
    return count
