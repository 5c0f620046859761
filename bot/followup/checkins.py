"""Questions of a reminder and their answers: one at a time, and an answer is one to what was asked last; what worries is told to a nurse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import checkin, conversation, outbound, reminder
from bot.followup import enrolments
from bot.followup.answers import OTHER
from bot.followup.enrolments import Enrolment
from bot.followup.plans import Question, Step
from bot.followup.reminders import Reminder
from bot.languages import Language
from bot.messages import Button

State = Literal["open", "answered", "worrying", "unanswered"]
# Without a second try a check-in may be answered for so long.
KEPT_OPEN = timedelta(hours=24)
# A reading that is typed so long after its check-in was closed still answers it.
LATE_WITHIN = timedelta(hours=48)
# A value that worries is to be measured again after some minutes: who is silent for so long is told to a nurse.
AGAIN_WITHIN = timedelta(minutes=30)
# Of an answer: its level, when the value was so unusual that it is to be measured once more.
AGAIN = "again"
# So many departments are offered as an answer; any other can be written.
MOST_DEPARTMENTS = 3


@dataclass(frozen=True)
class Checkin:
    """The questions of one reminder. `question` is the place of the one that is asked now; `answers` by question."""

    id: int
    reminder_id: int
    enrolment_id: int
    conversation_id: str
    state: State
    question: int
    opened_at: datetime
    expires_at: datetime
    questions: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A question as the patient reads it."""

    text: str
    buttons: tuple[Button, ...] = ()


_COLUMNS = tuple(checkin.c[name] for name in Checkin.__dataclass_fields__ if name not in ("questions", "answers"))
_OPEN = (
    sa.select(*_COLUMNS, checkin.c.sealed)
    .where(checkin.c.conversation_id == sa.bindparam("conversation"), checkin.c.state == sa.literal("open"))
    .order_by(checkin.c.id)
    .limit(1)
)


def open_of_step(work: Work, enrolment_id: int, step: str) -> tuple[Checkin, ...]:
    """Return what a step of an enrolment has asked and nobody has answered yet, the oldest first."""
    query = sa.select(*_COLUMNS, checkin.c.sealed).join(reminder, reminder.c.id == checkin.c.reminder_id)
    mine = (checkin.c.enrolment_id == enrolment_id, checkin.c.state == "open", reminder.c.step == step)
    return tuple(_checkin(work, row) for row in work.execute(query.where(*mine).order_by(checkin.c.id)))


def is_asked(work: Work, one: Checkin) -> None:
    """Note that its question is the one that was asked last: what is said now is an answer to it."""
    work.execute(sa.update(conversation).where(conversation.c.id == one.conversation_id).values(asked_checkin=one.id))


def note_missed(work: Work, reminder: Reminder, enrolment: Enrolment, step: Step, *, now: datetime) -> Checkin:
    """Store a check-in that could not be asked: nobody has answered it."""
    one = open_for(work, reminder, enrolment, step, now=now)
    settle(work, one, "unanswered", now=now)
    return one


def open_for(work: Work, reminder: Reminder, enrolment: Enrolment, step: Step, *, now: datetime) -> Checkin:
    """Open the check-in of a reminder that leaves."""
    row = {
        "reminder_id": reminder.id,
        "enrolment_id": enrolment.id,
        "conversation_id": enrolment.conversation_id,
        "state": "open",
        "question": 0,
        "opened_at": now,
        "expires_at": now + (KEPT_OPEN if step.retry is None else step.retry + step.window),
        "sealed": work.cipher.seal({"questions": list(step.questions), "answers": {}}),
    }
    insert_once(work, checkin, row)
    found = work.execute(sa.select(*_COLUMNS, checkin.c.sealed).where(checkin.c.reminder_id == reminder.id)).one()
    return _checkin(work, found)


def open_of(work: Work, conversation_id: str) -> Checkin | None:
    """Return the check-in whose question an answer in this conversation answers, or None."""
    row = work.execute(_OPEN, {"conversation": conversation_id}).first()
    return None if row is None else _checkin(work, row)


def open_of_patient(work: Work, patient_id: str) -> tuple[Checkin, ...]:
    """Return the check-ins of a patient that nobody has answered yet, in all their chats, the oldest first."""
    chats = sa.select(conversation.c.id).where(conversation.c.patient_id == patient_id)
    query = sa.select(*_COLUMNS, checkin.c.sealed).where(checkin.c.conversation_id.in_(chats), checkin.c.state == "open")
    return tuple(_checkin(work, row) for row in work.execute(query.order_by(checkin.c.id)))


def late_of(work: Work, conversation_id: str, payload: str, *, now: datetime) -> Checkin | None:
    """Return the check-in that was closed without an answer and may be answered all the same, or None.

    It is the one whose button was pressed; without a button the latest, if it was closed lately and nothing was said since.
    """
    mine = sa.and_(checkin.c.conversation_id == conversation_id, checkin.c.state == "unanswered")
    query = sa.select(*_COLUMNS, checkin.c.sealed).where(mine).order_by(checkin.c.id.desc()).limit(1)
    if payload:
        query = query.where(checkin.c.id == number_in(payload))
    else:
        latest = sa.select(sa.func.max(outbound.c.id)).where(outbound.c.conversation_id == conversation_id).scalar_subquery()
        query = _asked_in(query, latest).where(checkin.c.closed_at > now - LATE_WITHIN)
    row = work.execute(query).first()
    return None if row is None else _checkin(work, row)


def _asked_in(query: Any, outbound_id: Any) -> Any:
    """Return a query for check-ins with those only that were asked in a message, the second try of one of them included."""
    sent = reminder.alias("sent")
    same = (sent.c[name] == reminder.c[name] for name in ("enrolment_id", "step", "number"))
    query = query.join(reminder, reminder.c.id == checkin.c.reminder_id)
    return query.join(sent, sa.and_(*same, sent.c.outbound_id == outbound_id))


def number_in(payload: str) -> int:
    """Return the number of the check-in whose button carries this, 0 when it is another button, or none."""
    number = payload.split(":")[1] if payload.startswith("checkin:") else ""
    return int(number) if number.isdecimal() else 0


def unanswered_first_try(work: Work, again: Reminder) -> Checkin | None:
    """Return the check-in of which this reminder is the second try, when it was closed without an answer; else None."""
    query = sa.select(*_COLUMNS, checkin.c.sealed).join(reminder, reminder.c.id == checkin.c.reminder_id)
    same = (reminder.c[name] == getattr(again, name) for name in ("enrolment_id", "step", "number"))
    row = work.execute(query.where(*same, reminder.c.attempt == 0, checkin.c.state == "unanswered")).first()
    return None if row is None else _checkin(work, row)


def reopen(work: Work, one: Checkin, *, now: datetime) -> Checkin:
    """Let a check-in be answered that was closed without an answer, and return it."""
    _set(work, one, state="open", closed_at=None, expires_at=now + KEPT_OPEN)
    is_asked(work, one)
    return _required(of_id(work, one.id))


def current(one: Checkin, content: Content) -> Question | None:
    """Return the question that is asked now, or None when all are answered or the content no longer has it."""
    if one.question >= len(one.questions):
        return None
    return content.followup.plans.questions.get(one.questions[one.question])


def ask(work: Work, one: Checkin, content: Content, language: Language) -> Asked | None:
    """Return the question that is asked now, with its buttons."""
    question = current(one, content)
    if question is None:
        return None
    head = f"checkin:{one.id}:{one.question}"
    if question.answers == "department":
        enrolment = enrolments.of_id(work, one.enrolment_id)
        return Asked(question.texts[language], _departments(enrolment, head, content, language))
    return Asked(question.texts[language], _buttons(question, head, content, language))


def _departments(enrolment: Enrolment | None, head: str, content: Content, language: Language) -> tuple[Button, ...]:
    """Return those that were thought of besides the one that was named."""
    others = () if enrolment is None else tuple(enrolment.details.get("alternatives", ()))[:MOST_DEPARTMENTS]
    known = content.triage.departments
    named = [Button(known[one].names[language], f"{head}:{one}") for one in others if one in known]
    return (*named, Button(content.phrases.get("followup.outcome_other", language), f"{head}:{OTHER}"))


def _buttons(question: Question, head: str, content: Content, language: Language) -> tuple[Button, ...]:
    if question.answers == "choice":
        return tuple(Button(option.titles[language], f"{head}:{option.id}") for option in question.options)
    if question.answers == "yes_no":
        yes, no = (content.phrases.get(f"followup.{word}", language) for word in ("yes", "no"))
        return (Button(yes, f"{head}:yes"), Button(no, f"{head}:no"))
    return ()


def answered(work: Work, one: Checkin, answer: Any, *, now: datetime, ends: bool = False) -> Checkin:
    """Store the answer to the present question and go on to the next; with the last one, or one that `ends`, it is answered."""
    answers = {**one.answers, one.questions[one.question]: answer}
    place = one.question + 1
    over = ends or place >= len(one.questions)
    values = {"question": place, "state": "answered" if over else "open", "closed_at": now if over else None}
    sealed = work.cipher.seal({"questions": list(one.questions), "answers": answers})
    work.execute(sa.update(checkin).where(checkin.c.id == one.id).values(**values, sealed=sealed))
    return _required(of_id(work, one.id))


def note(work: Work, one: Checkin, question: str, answer: Mapping[str, Any]) -> None:
    """Remember something about a question that is still open: that it was asked again."""
    answers = {**one.answers, question: {**one.answers.get(question, {}), **answer}}
    _set(work, one, sealed=work.cipher.seal({"questions": list(one.questions), "answers": answers}))


def expect_again(work: Work, one: Checkin, *, now: datetime) -> None:
    """Wait for the second value of one that worries for a short time only: silence then may be the worst of answers."""
    _set(work, one, expires_at=min(one.expires_at, now + AGAIN_WITHIN))


def settle(work: Work, one: Checkin, state: State, *, now: datetime) -> None:
    """Close a check-in: it worries somebody, or nobody answered."""
    _set(work, one, state=state, closed_at=now)


def close_all(work: Work, patient_id: str, *, now: datetime) -> None:
    """Close the open check-ins of somebody who wants no reminders: nothing is asked any more."""
    chats = sa.select(conversation.c.id).where(conversation.c.patient_id == patient_id)
    mine = sa.and_(checkin.c.conversation_id.in_(chats), checkin.c.state == "open")
    work.execute(sa.update(checkin).where(mine).values(state="unanswered", closed_at=now))
    work.execute(sa.update(conversation).where(conversation.c.patient_id == patient_id).values(asked_checkin=0))


def is_expired(work: Work, *, now: datetime) -> bool:
    """Return whether the time of an open check-in is over: asked without holding up anybody."""
    return bool(chats_of_expired(work, now=now, limit=1))


def chats_of_expired(work: Work, *, now: datetime, limit: int = 50) -> tuple[str, ...]:
    """Return in which chats the time of an open check-in is over, the oldest first."""
    query = sa.select(checkin.c.conversation_id).where(checkin.c.state == "open", checkin.c.expires_at <= now)
    return tuple(dict.fromkeys(work.execute(query.order_by(checkin.c.expires_at).limit(limit)).scalars()))


def expired_in(work: Work, conversation_id: str, *, now: datetime) -> tuple[Checkin, ...]:
    """Return the open check-ins of one chat whose time is over, the oldest first."""
    mine = (checkin.c.conversation_id == conversation_id, checkin.c.state == "open", checkin.c.expires_at <= now)
    rows = work.execute(sa.select(*_COLUMNS, checkin.c.sealed).where(*mine).order_by(checkin.c.id)).all()
    return tuple(_checkin(work, row) for row in rows)


def of_id(work: Work, number: int) -> Checkin | None:
    """Return a check-in, or None: it was erased."""
    row = work.execute(sa.select(*_COLUMNS, checkin.c.sealed).where(checkin.c.id == number)).first()
    return None if row is None else _checkin(work, row)


def _set(work: Work, one: Checkin, **values: Any) -> None:
    work.execute(sa.update(checkin).where(checkin.c.id == one.id).values(**values))


def _checkin(work: Work, row: Any) -> Checkin:
    values = {name: value for name, value in row._mapping.items() if name != "sealed"}
    kept = work.cipher.unseal(row.sealed)
    return Checkin(**values, questions=tuple(kept["questions"]), answers=kept["answers"])


def _required(found: Checkin | None) -> Checkin:
    if found is None:
        raise LookupError("a check-in is stored and not found")
    return found
