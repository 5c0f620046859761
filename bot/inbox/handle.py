"""The way of one message after it is stored, as far as the assistant is needed; `here` answers the rest.

Everything that one message causes is committed in one transaction; before it only the assistant was asked, and
asking it the same again is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.content.load import Content
from bot.database.engine import Work
from bot.duty.truth import still_waiting_text, waiting_text
from bot.followup.asking import answer_in
from bot.handoff.blocking import SURFACES
from bot.handoff.cases import Case, Cause, add_message, open_case, open_case_of
from bot.handoff.claims import end_lease
from bot.inbox import conversations, rows
from bot.inbox.conversations import Conversation
from bot.inbox.late import line_before
from bot.inbox.nurse import told_nurse
from bot.inbox.rows import Row
from bot.linking.codes import code_in
from bot.messages import EMERGENCY_LEVELS, Reply, Turn, more_urgent
from bot.outbox.compose import compose
from bot.outbox.store import ANSWER, EMERGENCY, Place, enqueue, is_outdated, is_said_after, recent_payloads
from bot.privacy import consent
from bot.privacy.words import Command, is_call, is_stop, read_command
from bot.triage.hotlines import emergency_number

RETRY_FIRST = timedelta(seconds=0.5)
RETRY_LONGEST = timedelta(seconds=15)

ERASE_YES, ERASE_NO = "erase:yes", "erase:no"
LINK_YES, LINK_NO = "link:yes", "link:no"
# The patient asked for a person: an answer is owed.
ASKED_FOR = frozenset({"person_requested", "complaint"})
# How many later messages are looked through for words that always work.
LOOK_AHEAD = 20


@dataclass(frozen=True)
class Known:
    """What is known when a message is taken up: one consistent look at the database."""

    row: Row
    conversation: Conversation
    consent: consent.State
    case: Case | None
    payload: str  # "" unless it was issued in this conversation
    is_last: bool = False  # nothing waited behind it then
    told_nurse: tuple[str, ...] = ()  # what the patient said while a nurse was there, which the assistant has not heard
    outdated: bool = False  # something was asked since "delete everything?" or "link these two chats?"

    def held_by_nurse(self, now: datetime) -> bool:
        """Whether a nurse is talking with the patient, so that the bot is silent."""
        return self.case is not None and self.case.is_held(now)


@dataclass(frozen=True)
class Rules:
    """What the handling depends on besides the database."""

    content: Content
    retention_days: int
    now: datetime


def take(work: Work, conversation_id: str, *, now: datetime) -> Known | None:
    """Return the message to handle next with all that is known, or None when nothing waits.

    That is the oldest one; while it has to wait for the assistant, words that always work overtake it.
    """
    waiting = list(rows.unhandled(work, conversation_id, limit=2))
    conversation = conversations.get(work, conversation_id)
    if not waiting or conversation is None:
        return None
    first = replace(_known(work, waiting[0], conversation), is_last=len(waiting) == 1)
    if first.row.not_before is None or first.row.not_before <= now or not needs_assistant(first, now):
        return first
    return take_overtaking(work, conversation_id) or first


def take_overtaking(work: Work, conversation_id: str, *, while_asking: bool = False) -> Known | None:
    """Return the first message behind the oldest that need not wait with it: a command, or "yes, delete".

    Nothing is deleted `while_asking`: the assistant would store what it is being asked after everything was erased.
    """
    conversation = conversations.get(work, conversation_id)
    if conversation is None:
        return None
    behind = list(rows.unhandled(work, conversation_id, limit=LOOK_AHEAD))[1:]
    works = _is_command if while_asking else _always_works
    knowns = (_known(work, row, conversation) for row in behind)
    return next((known for known in knowns if known.consent == "granted" and works(known)), None)


def again(work: Work, known: Known) -> Known | None:
    """Return what is known now, locked to the end of the transaction; None when the message is handled or erased.

    While the assistant was asked, a nurse may have come, an alarm may have raised the level, another gateway may
    have been quicker.
    """
    conversation = conversations.get(work, known.conversation.id, lock=True)
    if conversation is None or not rows.is_unhandled(work, known.row.id):
        return None
    return _known(work, known.row, conversation)


def _known(work: Work, row: Row, conversation: Conversation) -> Known:
    payload = row.payload if row.payload and row.payload in recent_payloads(work, conversation.id) else ""
    told = told_nurse(work, conversation, row.id) if conversation.nurse_since is not None else ()
    case = open_case_of(work, conversation.id)
    agreed, outdated = _consent(work, conversation), _is_outdated(work, row, conversation)
    return Known(row, conversation, agreed, case, payload, told_nurse=told, outdated=outdated)


def _is_outdated(work: Work, row: Row, conversation: Conversation) -> bool:
    asked = max(conversation.asked_to_erase, conversation.asked_to_link)
    if not 0 < asked < row.id:
        return False
    key = f"in:{asked}:0"
    # A yes of hours ago may have been written before we asked.
    too_early = bool(row.written) and is_said_after(work, key, row.written_at)
    return too_early or is_outdated(work, conversation.id, key, at=row.written_at)


def _consent(work: Work, conversation: Conversation) -> consent.State:
    return consent.state(work, conversation.patient_id, conversation.channel)


def needs_assistant(known: Known, now: datetime) -> bool:
    """Whether this message is for the assistant; everything else is answered by `answer_here`."""
    if known.consent != "granted" or known.row.crisis or not _is_said(known):
        return False
    return not known.held_by_nurse(now) and not _always_works(known)


def _is_said(known: Known) -> bool:
    """Whether these are the patient's own new words, be it under a picture."""
    kind = known.row.kind
    return kind in ("text", "button") or (bool(known.row.text) and kind not in ("forwarded", "edited", "late"))


def own_words(known: Known) -> str:
    """Return what the patient says: an order or a "yes" in somebody else's or in older words is none."""
    return known.row.text if _is_said(known) else ""


def _always_works(known: Known) -> bool:
    decides = erase_decision(known) is not None or link_decision(known) is not None or answer_in(known.payload) is not None
    return decides or _is_command(known)


def _is_command(known: Known) -> bool:
    return command_in(known) is not None or code_of(known) is not None


def command_in(known: Known) -> Command | None:
    """Return the command that this message is, or None.

    Of somebody who gets reminders "stop" alone ends them; of somebody who waits for a person "hello?" asks for that person.
    """
    command = read_command(own_words(known), known.payload)
    if command is None and _waits_for_person(known) and not known.payload and is_call(own_words(known)):
        return Command("person")
    stops = command is None and known.conversation.reminded and not known.payload and is_stop(own_words(known))
    return Command("stop_reminders") if stops else command


def _waits_for_person(known: Known) -> bool:
    return known.case is not None and known.case.state == "waiting" and known.case.reason in ASKED_FOR


def code_of(known: Known) -> str | None:
    """Return the digits of the linking code that this message is, or None."""
    return None if known.payload else code_in(own_words(known))


def asked_to_erase_before(known: Known) -> bool:
    """Whether "delete everything?" is open and older than this message: an overtaken one does not answer it."""
    return 0 < known.conversation.asked_to_erase < known.row.id


def erase_decision(known: Known) -> bool | None:
    """Return whether "delete everything?" was answered with yes or no; None: not asked, or something else was written."""
    if not asked_to_erase_before(known):
        return None
    if known.payload in (ERASE_YES, ERASE_NO):
        return known.payload == ERASE_YES
    return _typed_answer(known)


def _typed_answer(known: Known) -> bool | None:
    """Return what typed words answer to our question; a "yes" to what somebody asked since, or on another button, is none."""
    if known.outdated or known.row.payload:
        return None
    return consent.read_answer(own_words(known), "", known.conversation.language)


def asked_to_link_before(known: Known) -> bool:
    """Whether "link these two chats?" is open and older than this message."""
    return 0 < known.conversation.asked_to_link < known.row.id


def link_decision(known: Known) -> bool | None:
    """Return whether "link these two chats?" was answered with yes or no; None: not asked, or something else was written."""
    if not asked_to_link_before(known):
        return None
    if known.payload in (LINK_YES, LINK_NO):
        return known.payload == LINK_YES
    return _typed_answer(known)


def turn_of(known: Known, *, asked_before: bool) -> Turn:
    """Return what the assistant is asked. `asked_before`: somebody may have asked and died before it was noted."""
    return Turn(
        conversation_id=known.conversation.id,
        message_id=str(known.row.id),
        text=known.row.text,
        language=known.conversation.language,
        # Assumed from the home hospital is not known: the assistant must label the number then.
        region=known.conversation.region if known.conversation.region_known else "",
        channel=known.conversation.channel,
        payload=known.payload,
        level_floor=more_urgent(known.conversation.level_floor, known.row.level),
        attempt=known.row.attempts + (2 if asked_before else 1),
        handed_back=known.conversation.nurse_since is not None,
        told_nurse=known.told_nurse,
    )


class Handling:
    """One message being handled within one transaction: collects replies and writes them."""

    def __init__(self, work: Work, known: Known, rules: Rules) -> None:
        self.work, self.known, self.rules = work, known, rules
        self.nurse_is_here = known.held_by_nurse(rules.now)
        if known.case is not None and known.case.is_left(rules.now):
            # The patient reads that the nurse has gone before the bot speaks, not a second later.
            end_lease(work, known.case.id, now=rules.now, phrases=rules.content.phrases)
        self._said = 0
        if asked_to_erase_before(known):
            # Whatever is written next settles the question; only a plain yes erases.
            conversations.change(work, known.conversation.id, asked_to_erase=0)
        if asked_to_link_before(known):
            conversations.change(work, known.conversation.id, asked_to_link=0)

    def phrase(self, key: str, **values: object) -> str:
        """Return a phrase in the conversation's language."""
        return self.rules.content.phrases.get(key, self.known.conversation.language, **values)

    def emergency(self) -> str:
        """Return the emergency number for this patient, as text."""
        conversation = self.known.conversation
        region = conversation.region if conversation.region_known else None
        return emergency_number(region, conversation.language, tables=self.rules.content.triage)

    def say(self, reply: Reply, *, stage: str = "in") -> None:
        """Compose and enqueue one reply; the first ever carries the full disclaimer.

        What is said before the answer (consent, "one moment") is of another `stage`: the answer still comes once.
        """
        late = "" if self._said or stage == "wait" else line_before(self.work, self.known, self.rules)
        if late and reply.card is not None:  # a page that shows the card leaves out its text
            self._put(Reply(late.rstrip(), kind="notice"), stage)
            late = ""
        self._put(replace(reply, text=late + reply.text), stage)

    def _put(self, reply: Reply, stage: str) -> None:
        conversation = self.known.conversation
        first = not conversation.greeted and self._said == 0
        message = compose(reply, conversation.language, phrases=self.rules.content.phrases, first=first)
        place = Place(conversation.id, conversation.channel)
        urgent = reply.kind in ("emergency", "crisis")
        key = f"{stage}:{self.known.row.id}:{self._said}"
        enqueue(self.work, place, message, dedupe_key=key, now=self.rules.now, priority=EMERGENCY if urgent else ANSWER)
        self._said += 1
        if first:
            conversations.change(self.work, conversation.id, greeted=True)

    def done(self, *, blank: bool = False) -> None:
        """Mark the message handled."""
        rows.mark(self.work, self.known.row.id, "handled", blank=blank)

    def note_for_case(self) -> None:
        """Let an open case know that the patient wrote, unless the staff does not read them."""
        chat, row = self.known.conversation, self.known.row
        case = self.known.case or open_case_of(self.work, chat.id)
        if case is not None and not self.is_unread:
            where = {"conversation_id": chat.id, "language": chat.language}
            add_message(self.work, case, row.id, **where, now=self.rules.now, teams=self.rules.content.teams)

    @property
    def is_unread(self) -> bool:
        """Whether the staff does not read this person: blocked, and no emergency. Who talks with them all the same reads on."""
        row, case = self.known.row, self.known.case
        alarm = row.crisis or row.level in EMERGENCY_LEVELS
        urgent = case is not None and (case.crisis or case.level in EMERGENCY_LEVELS)
        return self.known.conversation.blocked_at is not None and not (self.nurse_is_here or alarm or urgent)

    def open_case(self, cause: Cause) -> None:
        """Open a case, and tell the patient the truth about waiting when it is new or was asked for."""
        if self.is_unread and cause.reason not in SURFACES:
            if cause.reason in ASKED_FOR:
                self.say(Reply(self.phrase("handoff.blocked", emergency=self.emergency()), kind="notice"))
            return
        case, is_new = open_case(self.work, self.known.conversation.id, cause, now=self.rules.now, teams=self.rules.content.teams)
        if self.nurse_is_here or not (is_new or cause.reason == "person_requested"):
            return
        if not is_new and case.reason == "person_requested":
            text = still_waiting_text(self.work, case, content=self.rules.content, now=self.rules.now)
            self.say(Reply(text, kind="notice"))
            return
        text = waiting_text(self.work, case, content=self.rules.content, now=self.rules.now)
        self.say(Reply(text, kind="notice"))


def put_off(handling: Handling) -> timedelta:
    """The assistant is not there: say so once, and return how long to wait before the next attempt."""
    known = handling.known
    if not known.conversation.told_waiting and not handling.nurse_is_here:
        text = handling.phrase("inbox.one_moment", emergency=handling.emergency())
        handling.say(Reply(text, kind="notice"), stage="wait")
        conversations.change(handling.work, known.conversation.id, told_waiting=True)
    if not known.row.attempts:
        handling.note_for_case()  # a person can answer meanwhile
    pause = min(RETRY_LONGEST, RETRY_FIRST * (1 << min(known.row.attempts, 8)))
    again_at = handling.rules.now + pause
    rows.mark(handling.work, known.row.id, "received", attempts=known.row.attempts + 1, not_before=again_at)
    return pause


def give_to_person(handling: Handling) -> None:
    """The assistant fails on this one message: a person gets it, and the lane goes on."""
    known = handling.known
    handling.say(Reply(handling.phrase("inbox.could_not_answer", emergency=handling.emergency()), kind="notice"))
    handling.open_case(Cause("failed", known.conversation.level_floor, f"failed:{known.row.id}"))
    conversations.change(handling.work, known.conversation.id, told_waiting=False)
    rows.mark(handling.work, known.row.id, "failed")
