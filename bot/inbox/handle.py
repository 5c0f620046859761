"""The way of one message after it is stored, as far as the assistant is needed; `here` answers the rest.

Everything that one message causes is committed in one transaction; before it only the assistant was asked, and
asking it the same again is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content.load import Content
from bot.database.engine import Work
from bot.handoff.cases import Case, Cause, add_message, open_case, open_case_of
from bot.handoff.duty import SAMPLE_HOURS
from bot.inbox import conversations, rows
from bot.inbox.assistant import Assistant, AssistantUnavailable
from bot.inbox.conversations import Conversation
from bot.inbox.effects import store_effects
from bot.inbox.rows import Row
from bot.messages import Answer, Reply, Turn
from bot.outbox.compose import compose
from bot.outbox.store import ANSWER, EMERGENCY, Place, enqueue, recent_payloads
from bot.privacy import consent
from bot.privacy.words import read_command
from bot.triage.hotlines import emergency_number

# A message that the assistant fails on this often, while it is ready for others, goes to a person.
POISON_ATTEMPTS = 6
POISON_AFTER = timedelta(seconds=60)
RETRY_FIRST = timedelta(seconds=0.5)
RETRY_LONGEST = timedelta(seconds=15)

ERASE_YES, ERASE_NO = "erase:yes", "erase:no"


@dataclass(frozen=True)
class Known:
    """What is known when a message is taken up: one consistent look at the database."""

    row: Row
    conversation: Conversation
    consent: consent.State
    case: Case | None
    payload: str  # "" unless it was issued in this conversation


@dataclass(frozen=True)
class Rules:
    """What the handling depends on besides the database."""

    content: Content
    retention_days: int
    now: datetime


def take(work: Work, conversation_id: str) -> Known | None:
    """Return the next message of a conversation with all that is known, or None when nothing waits."""
    row = rows.next_row(work, conversation_id)
    conversation = conversations.get(work, conversation_id)
    if row is None or conversation is None:
        return None
    payload = row.payload if row.payload and row.payload in recent_payloads(work, conversation_id) else ""
    return Known(row, conversation, consent.state(work, conversation.patient_id), open_case_of(work, conversation_id), payload)


def needs_assistant(known: Known, now: datetime) -> bool:
    """Whether this message is for the assistant; everything else is answered by `answer_here`."""
    if known.consent != "granted" or known.row.kind not in ("text", "button") or known.row.crisis:
        return False
    if known.case is not None and known.case.is_held(now):
        return False
    if known.conversation.asked_to_erase and erase_decision(known) is not None:
        return False
    return read_command(known.row.text, known.payload) is None


def erase_decision(known: Known) -> bool | None:
    """Return whether "delete everything?" was answered with yes or no; None: something else was written."""
    if known.payload in (ERASE_YES, ERASE_NO):
        return known.payload == ERASE_YES
    return consent.read_answer(known.row.text, "", known.conversation.language)


def turn_of(known: Known) -> Turn:
    """Return what the assistant is asked."""
    return Turn(
        conversation_id=known.conversation.id,
        message_id=str(known.row.id),
        text=known.row.text,
        language=known.conversation.language,
        region=known.conversation.region,
        channel=known.conversation.channel,
        payload=known.payload,
        level_floor=known.conversation.level_floor,
        attempt=known.row.attempts + 1,
    )


class Handling:
    """One message being handled within one transaction: collects replies and writes them."""

    def __init__(self, work: Work, known: Known, rules: Rules) -> None:
        self.work, self.known, self.rules = work, known, rules
        self._said = 0
        if known.conversation.asked_to_erase:
            # Whatever is written next settles the question; only a plain yes erases.
            conversations.change(work, known.conversation.id, asked_to_erase=False)

    def phrase(self, key: str, **values: object) -> str:
        """Return a phrase in the conversation's language."""
        return self.rules.content.phrases.get(key, self.known.conversation.language, **values)

    def emergency(self) -> str:
        """Return the emergency number for this patient, as text."""
        conversation = self.known.conversation
        region = conversation.region if conversation.region_known else None
        return emergency_number(region, conversation.language, tables=self.rules.content.triage)

    def say(self, reply: Reply) -> None:
        """Compose and enqueue one reply; the first ever carries the full disclaimer."""
        conversation = self.known.conversation
        first = not conversation.greeted and self._said == 0
        message = compose(reply, conversation.language, phrases=self.rules.content.phrases, first=first)
        place = Place(conversation.id, conversation.channel)
        urgent = reply.kind in ("emergency", "crisis")
        key = f"in:{self.known.row.id}:{self._said}"
        enqueue(self.work, place, message, dedupe_key=key, now=self.rules.now, priority=EMERGENCY if urgent else ANSWER)
        self._said += 1
        if first:
            conversations.change(self.work, conversation.id, greeted=True)

    def done(self, *, blank: bool = False) -> None:
        """Mark the message handled."""
        rows.mark(self.work, self.known.row.id, "handled", blank=blank)

    def note_for_case(self) -> None:
        """Let an open case know that the patient wrote."""
        case = self.known.case or open_case_of(self.work, self.known.conversation.id)
        if case is not None:
            add_message(self.work, case, self.known.row.id, now=self.rules.now)

    def open_case(self, cause: Cause) -> None:
        """Open a case, and tell the patient the truth about waiting when it is new or was asked for."""
        case, is_new = open_case(self.work, self.known.conversation.id, cause, now=self.rules.now)
        if not is_new and cause.reason != "person_requested":
            return
        if not is_new:
            self.say(Reply(self.phrase("handoff.already_waiting", number=case.id), kind="notice"))
            return
        if SAMPLE_HOURS.is_on_duty(self.rules.now):
            text = self.phrase("handoff.waiting_on_duty", number=case.id, emergency=self.emergency())
        else:
            back = SAMPLE_HOURS.next_opening(self.rules.now).strftime("%m-%d %H:%M")
            text = self.phrase("handoff.waiting_off_duty", number=case.id, emergency=self.emergency(), back=back)
        self.say(Reply(text, kind="notice"))


def answer_with(handling: Handling, answer: Answer) -> None:
    """Store what the assistant answered: replies, effects and "handled", together."""
    known = handling.known
    if known.row.cut:
        handling.say(Reply(handling.phrase("inbox.too_long", limit=rows.LONGEST_TEXT), kind="notice"))
    for reply in answer.replies:
        handling.say(reply)
    handling.note_for_case()
    for cause in store_effects(handling.work, known.conversation, known.row, answer.effects, now=handling.rules.now):
        handling.open_case(cause)
    if known.conversation.told_waiting:
        conversations.change(handling.work, known.conversation.id, told_waiting=False)
    handling.done()


def put_off(handling: Handling) -> timedelta:
    """The assistant is not there: say so once, and return how long to wait before the next attempt."""
    known = handling.known
    if not known.conversation.told_waiting:
        handling.say(Reply(handling.phrase("inbox.one_moment", emergency=handling.emergency()), kind="notice"))
        conversations.change(handling.work, known.conversation.id, told_waiting=True)
    pause = min(RETRY_LONGEST, RETRY_FIRST * 2 ** min(known.row.attempts, 8))
    state = {"attempts": known.row.attempts + 1, "not_before": handling.rules.now + pause}
    rows.mark(handling.work, known.row.id, "received", **state)
    return pause


def give_to_person(handling: Handling) -> None:
    """The assistant fails on this one message: a person gets it, and the lane goes on."""
    known = handling.known
    handling.say(Reply(handling.phrase("inbox.could_not_answer", emergency=handling.emergency()), kind="notice"))
    handling.open_case(Cause("failed", known.conversation.level_floor, f"failed:{known.row.id}"))
    conversations.change(handling.work, known.conversation.id, told_waiting=False)
    rows.mark(handling.work, known.row.id, "failed")


def is_poison(known: Known, *, assistant_ready: bool, now: datetime) -> bool:
    """Whether the trouble is this message and not the assistant."""
    return assistant_ready and known.row.attempts >= POISON_ATTEMPTS and now - known.row.received_at > POISON_AFTER


async def ask(assistant: Assistant, known: Known) -> Answer | None:
    """Return the assistant's answer, or None when it is not available."""
    try:
        return await assistant.answer(turn_of(known))
    except AssistantUnavailable:
        return None
