"""What is due is claimed, and then seen to chat by chat: sent, put off or given up, and the next sending of the step is planned.

One chat is one transaction. Whoever dies in between has done nothing: the reminder is claimed again, and its number in the
outbox is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import patient
from bot.followup import checkins, enrolments, outcomes, reminders
from bot.followup.checkins import Checkin
from bot.followup.decisions import Facts, Send, Skip, Wait, decide, last_of
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.expiry import close, tell_silence
from bot.followup.planning import finish, is_for, plan_all, plan_next, priority_of
from bot.followup.plans import Step
from bot.followup.reminders import Reminder
from bot.followup.schedule import Due
from bot.followup.steps import quiet_of, steps_of, zone_of
from bot.followup.wording import Saying, lines_of
from bot.handoff.case_rows import open_case_of
from bot.inbox import conversations
from bot.inbox.conversations import EPISODE_ENDS_AFTER, Conversation
from bot.inbox.mistakes import log_mistake
from bot.messages import EMERGENCY_LEVELS, Reply
from bot.outbox.compose import compose
from bot.outbox.reach import Way, way_to
from bot.outbox.sender import Sender
from bot.outbox.store import REMINDER, Place, enqueue
from bot.privacy import consent

__all__ = ["Round", "Terms", "claim", "plan_all", "priority_of", "send_due", "send_to"]

logger = logging.getLogger(__name__)

# Two plans that one person would hear of within this time are one message.
TOGETHER = timedelta(minutes=15)


@dataclass(frozen=True)
class Round:
    """What came of one round."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0

    def __add__(self, other: Round) -> Round:
        """Return both together."""
        return Round(self.sent + other.sent, self.put_off + other.put_off, self.given_up + other.given_up)


@dataclass(frozen=True)
class Terms:
    """What sending depends on besides the database. `senders` say how people can be reached; None: everybody can."""

    content: Content
    now: datetime
    senders: Mapping[str, Sender] | None = None


@dataclass(frozen=True)
class _Chat:
    """The person to whom it is sent, and what holds now for all of theirs."""

    conversation: Conversation
    gone: str
    quiet: str
    is_held: bool
    way: Way


@dataclass(frozen=True)
class _Known:
    reminder: Reminder
    enrolment: Enrolment
    step: Step
    facts: Facts


def send_due(
    work: Work, content: Content, *, now: datetime, limit: int = 20, senders: Mapping[str, Sender] | None = None
) -> Round:
    """See to what is due, all in one transaction. The gateway takes one for each chat: see `bot.followup.rounds`."""
    terms = Terms(content, now, senders)
    return sum((send_to(work, chat, terms) for chat in claim(work, now=now, limit=limit)), Round())


def claim(work: Work, *, now: datetime, limit: int) -> tuple[str, ...]:
    """Claim what is due and return in which chats, the most important first. What is not seen to in time is due again."""
    return reminders.chats_of(work, reminders.claim_due(work, now=now, limit=limit))


def send_to(work: Work, conversation_id: str, terms: Terms) -> Round:
    """See to all that is due in a chat. Several that the person would hear within a quarter of an hour are one message.

    The chat is held to the end of the transaction, so that two gateways do not write to one person at once.
    """
    now = terms.now
    conversation = conversations.get(work, conversation_id, lock=True)
    if conversation is None:
        return Round()
    soon = reminders.of_chat(work, conversation_id, until=now + TOGETHER)
    due = [one for one in soon if one.due_at <= now]
    if not due:  # another gateway was quicker
        return Round()
    chat = _chat(work, conversation, terms)
    known = [found for one in due if (found := _known(work, one, chat, terms)) is not None]
    total = Round(given_up=len(due) - len(known))
    sendable = [one for one in known if isinstance(decide(one.facts), Send)]
    total += sum((_settle(work, one, terms) for one in known if one not in sendable), Round())
    later = _moment_for_all(sendable, [one for one in soon if one.due_at > now])
    if later is not None:
        put_off = sum(reminders.put_off(work, one.reminder.id, until=later, why="together") for one in sendable)
        return total + Round(put_off=put_off)
    return total + Round(sent=_send(work, chat, sendable, terms) if sendable else 0)


def _settle(work: Work, known: _Known, terms: Terms) -> Round:
    """Put off or give up a reminder that does not leave now."""
    decision = decide(known.facts)
    if isinstance(decision, Wait):
        return Round(put_off=reminders.put_off(work, known.reminder.id, until=decision.until, why=decision.why))
    assert isinstance(decision, Skip)
    return Round(given_up=_give_up(work, known, decision, terms))


def _moment_for_all(sendable: list[_Known], later: Iterable[Reminder]) -> datetime | None:
    """Return when what is due now and what is due soon leave as one message; None: now, there is nothing to wait for.

    What the patient has asked for themselves comes to the minute, and nothing waits for it.
    """
    if not sendable or any(known.facts.own for known in sendable):
        return None
    end = min(known.reminder.wanted_at for known in sendable) + TOGETHER
    moments = [one.due_at for one in later if one.due_at <= end and one.priority != reminders.OWN_WORDS]
    if not moments:
        return None
    moment = max(moments)
    then = (decide(replace(known.facts, now=moment)) for known in sendable)
    return moment if all(isinstance(one, Send) for one in then) else None


def _known(work: Work, one: Reminder, chat: _Chat, terms: Terms) -> _Known | None:
    """Return all that is known of a reminder; None: it is settled, since there is nothing to send any more, or nobody can read it."""
    try:
        enrolment = enrolments.of_id(work, one.enrolment_id)
        going = enrolment if enrolment is not None and enrolment.state in ("active", "paused") else None
        steps = steps_of(going, terms.content.followup.plans) if going is not None else ()
        step = next((step for step in steps if step.id == one.step), None)
        if going is None or step is None or not is_for(work, going, step):
            reminders.mark(work, one.id, "cancelled", why="ended", now=terms.now)
            return None
        return _Known(one, going, step, _facts(one, going, step, chat, now=terms.now))
    except (KeyError, ValueError, TypeError) as error:  # an enrolment that cannot be read must not stop the others
        log_mistake(logger, "a reminder cannot be read", error)
        reminders.mark(work, one.id, "failed", why="mistake", now=terms.now)
        return None


def _facts(one: Reminder, enrolment: Enrolment, step: Step, chat: _Chat, *, now: datetime) -> Facts:
    return Facts(
        now=now,
        at=one.wanted_at,
        until=one.until,
        late=step.late,
        zone=zone_of(enrolment.zone),
        quiet=quiet_of(chat.quiet),
        own=enrolment.plan == OWN,
        no_reminders=chat.gone,  # type: ignore[arg-type]
        paused_until=_paused(enrolment, one),
        is_held=chat.is_held,
        way=chat.way,
    )


def _chat(work: Work, conversation: Conversation, terms: Terms) -> _Chat:
    columns = (patient.c.quiet, patient.c.no_reminders_because)
    person = work.execute(sa.select(*columns).where(patient.c.id == conversation.patient_id)).one()
    way: Way = "open"
    if terms.senders is not None:
        way = way_to(terms.senders, work, conversation.id, conversation.channel, now=terms.now)
    gone = _gone(work, conversation, person.no_reminders_because)
    return _Chat(conversation, gone, person.quiet, _is_held(work, conversation, now=terms.now), way)


def _gone(work: Work, conversation: Conversation, because: str | None) -> str:
    if because:
        return "died" if because == "died" else "stopped"
    if conversation.erase_after is not None:
        return "left"
    if conversation.blocked_at is not None:
        return "blocked"
    granted = consent.state(work, conversation.patient_id, conversation.channel) == "granted"
    return "" if granted else "no_consent"


def _paused(enrolment: Enrolment, one: Reminder) -> datetime | None:
    # Without an end the pause outlasts whatever is due: it is given up.
    return (enrolment.paused_until or one.until + (one.until - one.wanted_at)) if enrolment.state == "paused" else None


def _is_held(work: Work, conversation: Conversation, *, now: datetime) -> bool:
    """Return whether a nurse has the case, or an emergency is open: no cheerful reminder in the middle of that."""
    case = open_case_of(work, conversation.id)
    if case is not None and (case.is_held(now) or case.crisis or case.level in EMERGENCY_LEVELS):
        return True
    return conversation.level_floor in EMERGENCY_LEVELS and now - conversation.last_at < EPISODE_ENDS_AFTER


def _give_up(work: Work, known: _Known, decision: Skip, terms: Terms) -> int:
    """Settle a reminder that is not sent. Of questions that could not be asked the nurse's list knows, as of unanswered ones."""
    settled = reminders.mark(work, known.reminder.id, "skipped", why=decision.why, now=terms.now)
    if decision.why == "unreachable" and known.step.questions and not known.reminder.attempt:
        one = checkins.note_missed(work, known.reminder, known.enrolment, known.step, now=terms.now)
        tell_silence(work, one, terms.content, now=terms.now)
    plan_next(work, known.enrolment, known.step, known.reminder, terms.content)
    finish(work, known.enrolment.id, now=terms.now)
    return int(settled)


def _send(work: Work, chat: _Chat, mine: list[_Known], terms: Terms) -> int:
    """Send what one person is to hear now as one message; its number in the outbox is that of the first."""
    content, now = terms.content, terms.now
    conversation, language = chat.conversation, chat.conversation.language
    sayings = [Saying(known.reminder, known.enrolment, known.step, now >= known.facts.until) for known in mine]
    lines = [line for one in sayings for line in lines_of(one, language, phrases=content.phrases)]
    asking = [known for known in mine if known.step.questions]
    asked = [_opened(work, known, terms) for known in asking]
    question = checkins.ask(work, asked[0], content, language) if asked else None
    if question is not None:
        checkins.is_asked(work, asked[0])
    text = "\n".join(dict.fromkeys([*lines, *([question.text] if question else [])]))
    reply = Reply(text, kind="question" if question else "notice", buttons=question.buttons if question else ())
    number = enqueue(
        work,
        Place(conversation.id, conversation.channel),
        compose(reply, language, phrases=content.phrases),
        dedupe_key=f"reminder:{mine[0].reminder.id}",
        now=now,
        priority=REMINDER,
        at_most_once=True,
        expires_at=max([last_of(known.facts) for known in mine] + [one.expires_at for one in asked]),
    )
    for known in mine:
        reminders.mark(work, known.reminder.id, "sent", now=now, outbound_id=number)
        _plan_again(work, known, now=now)
        plan_next(work, known.enrolment, known.step, known.reminder, content)
        outcomes.asked(work, known.enrolment, now=now)
        if known.enrolment.state == "paused":  # the pause is over: nobody shall read that it still is one
            enrolments.resume(work, known.enrolment.id, who="bot", now=now)
        finish(work, known.enrolment.id, now=now)
    return len(mine)


def _opened(work: Work, known: _Known, terms: Terms) -> Checkin:
    """Open the check-in of what leaves. A second try goes on with the first; else what the step asked before is over: whoever
    says a number this evening does not mean this morning's."""
    before = checkins.open_of_step(work, known.enrolment.id, known.step.id)
    if known.reminder.attempt and before:
        return before[-1]
    closed = checkins.unanswered_first_try(work, known.reminder) if known.reminder.attempt else None
    if closed is not None:  # held back until its time was over: the same questions, and not a second silence
        return checkins.reopen(work, closed, now=terms.now)
    for one in before:
        close(work, one, terms.content, now=terms.now)
        reminders.clear_attempts(work, one.reminder_id, why="asked_anew")
    return checkins.open_for(work, known.reminder, known.enrolment, known.step, now=terms.now)


def _plan_again(work: Work, known: _Known, *, now: datetime) -> None:
    """Store the gentle second try; an answer clears it."""
    one, step = known.reminder, known.step
    if step.questions and step.retry is not None and not one.attempt:
        due = Due(one.step, one.number, one.day, now + step.retry, now + step.retry + step.window)
        reminders.plan(work, known.enrolment.id, due, priority=one.priority, attempt=1)
