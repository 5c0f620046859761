"""One round of what is due: looked at, sent or put off, and the next sending of the step is planned, in one transaction each.

Whoever dies in between has done nothing: the reminder is claimed again, and its number in the outbox is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import conversation, patient
from bot.followup import checkins, enrolments, reminders
from bot.followup.decisions import Facts, Send, Skip, Wait, decide
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.plans import Step
from bot.followup.reminders import HIGH_RISK, ORDINARY, OWN_WORDS, Reminder
from bot.followup.schedule import Due, first_open, next_due
from bot.followup.steps import quiet_of, rhythm_of, steps_of, zone_of
from bot.handoff.case_rows import open_case_of
from bot.inbox.conversations import EPISODE_ENDS_AFTER
from bot.inbox.mistakes import log_mistake
from bot.languages import Language
from bot.messages import EMERGENCY_LEVELS, Reply
from bot.outbox.compose import compose
from bot.outbox.store import REMINDER, Place, enqueue
from bot.privacy import consent

logger = logging.getLogger(__name__)

_PERSON = (
    sa.select(
        *(conversation.c[name] for name in ("channel", "language", "level_floor", "last_at", "erase_after", "blocked_at")),
        *(patient.c[name] for name in ("quiet", "no_reminders_because", "zone")),
    )
    .join(patient, patient.c.id == conversation.c.patient_id)
    .where(conversation.c.id == sa.bindparam("wanted"))
)


@dataclass(frozen=True)
class Round:
    """What came of one round."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0


@dataclass(frozen=True)
class _Known:
    reminder: Reminder
    enrolment: Enrolment
    step: Step
    person: Any
    decision: Send | Wait | Skip


def plan_all(work: Work, enrolment: Enrolment, content: Content, *, now: datetime) -> int:
    """Store the first sending of each step of an enrolment that begins or goes on; returns how many are new."""
    quiet = work.execute(sa.select(patient.c.quiet).where(patient.c.id == enrolment.patient_id)).scalar() or ""
    rhythm = rhythm_of(enrolment, quiet=quiet)
    found = 0
    for step in steps_of(enrolment, content.followup.plans):
        due = first_open(step, enrolment.anchor, rhythm, now=now)
        if due is not None:
            found += reminders.plan(work, enrolment.id, due, priority=priority_of(enrolment, content)) is not None
    return found


def priority_of(enrolment: Enrolment, content: Content) -> int:
    """Return how important what this enrolment sends is: 0 first."""
    if enrolment.plan == OWN:
        return OWN_WORDS
    plan = content.followup.plans.by_id.get(enrolment.plan)
    return HIGH_RISK if plan is not None and plan.high_risk else ORDINARY


def send_due(work: Work, content: Content, *, now: datetime, limit: int = 20) -> Round:
    """See to what is due. Several that one person would hear in the same round are one message."""
    sent = put_off = given_up = 0
    together: dict[str, list[_Known]] = {}
    for one in reminders.claim_due(work, now=now, limit=limit):
        try:
            known = _known(work, one, content, now=now)
        except (KeyError, ValueError, TypeError) as error:  # an enrolment that cannot be read must not stop the others
            log_mistake(logger, "a reminder cannot be read", error)
            given_up += reminders.mark(work, one.id, "failed", why="mistake", now=now)
            continue
        if known is None:
            given_up += reminders.mark(work, one.id, "cancelled", why="ended", now=now)
        elif isinstance(known.decision, Wait):
            put_off += reminders.put_off(work, one.id, until=known.decision.until, why=known.decision.why)
        elif isinstance(known.decision, Skip):
            given_up += reminders.mark(work, one.id, "skipped", why=known.decision.why, now=now)
            _plan_next(work, known, content)
        else:
            together.setdefault(known.enrolment.conversation_id, []).append(known)
    for mine in together.values():
        sent += _send(work, mine, content, now=now)
    return Round(sent, put_off, given_up)


def _known(work: Work, one: Reminder, content: Content, *, now: datetime) -> _Known | None:
    enrolment = enrolments.of_id(work, one.enrolment_id)
    if enrolment is None or enrolment.state not in ("active", "paused"):
        return None
    step = next((step for step in steps_of(enrolment, content.followup.plans) if step.id == one.step), None)
    person = work.execute(_PERSON, {"wanted": enrolment.conversation_id}).first()
    if step is None or person is None:
        return None
    facts = Facts(
        now=now,
        at=one.wanted_at,
        until=one.until,
        late=step.late,
        zone=zone_of(enrolment.zone),
        quiet=quiet_of(person.quiet),
        own=enrolment.plan == OWN,
        no_reminders=_gone(work, enrolment, person),  # type: ignore[arg-type]
        paused_until=_paused(enrolment, one),
        is_held=_is_held(work, enrolment, person, now=now),
    )
    return _Known(one, enrolment, step, person, decide(facts))


def _gone(work: Work, enrolment: Enrolment, person: Any) -> str:
    if person.no_reminders_because:
        return {"died": "died"}.get(person.no_reminders_because, "stopped")
    if person.erase_after is not None:
        return "left"
    if person.blocked_at is not None:
        return "blocked"
    granted = consent.state(work, enrolment.patient_id, person.channel) == "granted"
    return "" if granted else "no_consent"


def _paused(enrolment: Enrolment, one: Reminder) -> datetime | None:
    # Without an end the pause outlasts whatever is due: it is given up.
    return (enrolment.paused_until or one.until + (one.until - one.wanted_at)) if enrolment.state == "paused" else None


def _is_held(work: Work, enrolment: Enrolment, person: Any, *, now: datetime) -> bool:
    """Return whether a nurse has the case, or an emergency is open: no cheerful reminder in the middle of that."""
    case = open_case_of(work, enrolment.conversation_id)
    if case is not None and (case.is_held(now) or case.crisis or case.level in EMERGENCY_LEVELS):
        return True
    return person.level_floor in EMERGENCY_LEVELS and now - person.last_at < EPISODE_ENDS_AFTER


def _send(work: Work, mine: list[_Known], content: Content, *, now: datetime) -> int:
    """Send what one person is to hear now as one message; its number in the outbox is that of the first."""
    first = mine[0]
    language = cast(Language, first.person.language)
    lines = [line for known in mine for line in _lines(known, content, language)]
    asked = [
        checkins.open_for(work, known.reminder, known.enrolment, known.step, now=now) for known in mine if known.step.questions
    ]
    question = checkins.ask(work, asked[0], content, language) if asked else None
    text = "\n".join(dict.fromkeys([*lines, *([question.text] if question else [])]))
    reply = Reply(text, kind="question" if question else "notice", buttons=question.buttons if question else ())
    message = compose(reply, language, phrases=content.phrases)
    place = Place(first.enrolment.conversation_id, first.person.channel)
    key = f"reminder:{first.reminder.id}"
    number = enqueue(work, place, message, dedupe_key=key, now=now, priority=REMINDER, at_most_once=True)
    for known in mine:
        reminders.mark(work, known.reminder.id, "sent", now=now, outbound_id=number)
        _plan_again(work, known, now=now)
        _plan_next(work, known, content)
    return len(mine)


def _plan_again(work: Work, known: _Known, *, now: datetime) -> None:
    """Store the gentle second try; an answer clears it."""
    one, step = known.reminder, known.step
    if step.questions and step.retry is not None and not one.attempt:
        due = Due(one.step, one.number, one.day, now + step.retry, now + step.retry + step.window)
        reminders.plan(work, known.enrolment.id, due, priority=one.priority, attempt=1)


def _lines(known: _Known, content: Content, language: Language) -> Iterable[str]:
    phrases, zone = content.phrases, zone_of(known.enrolment.zone)
    if isinstance(known.decision, Send) and known.decision.late:
        at = known.reminder.wanted_at.astimezone(zone)
        yield phrases.get("followup.late", language, at=f"{at:%m-%d %H:%M}")
    if known.enrolment.plan == OWN:
        yield phrases.get("followup.own", language, text=known.enrolment.details["text"])
    elif known.reminder.attempt:
        yield phrases.get("followup.once_more", language)
    else:
        yield known.step.texts[language].replace("{day}", known.enrolment.anchor.isoformat())
    if known.reminder.number == 0 and not known.reminder.attempt:
        yield phrases.get("followup.how_to_stop", language)


def _plan_next(work: Work, known: _Known, content: Content) -> None:
    if known.reminder.attempt:
        return  # the second try is not followed by the next one: the first was
    rhythm = rhythm_of(known.enrolment, quiet=known.person.quiet)
    due = next_due(known.step, known.enrolment.anchor, rhythm, after=known.reminder.number)
    if due is not None:
        reminders.plan(work, known.enrolment.id, due, priority=priority_of(known.enrolment, content))
