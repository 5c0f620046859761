"""What is answered without the assistant: consent, privacy, a person, a nurse's case, what is not text."""

from __future__ import annotations

from dataclasses import replace

from bot.handoff.cases import Cause
from bot.inbox import conversations, rows
from bot.inbox.handle import ERASE_NO, ERASE_YES, Handling, erase_decision
from bot.languages import OWN_NAMES, Language
from bot.messages import Button, Reply
from bot.privacy import consent
from bot.privacy.erase import erase_patient
from bot.privacy.export import summary
from bot.privacy.words import Command, read_command


def answer_here(handling: Handling) -> None:
    """Answer a message that is not for the assistant, and mark it."""
    known = handling.known
    granted = known.consent == "granted"
    command = read_command(known.row.text, known.payload)
    decision = erase_decision(known) if known.conversation.asked_to_erase else None
    if decision is not None:
        _answer_erase(handling, erase=decision)
    elif known.row.crisis:
        handling.note_for_case()
        handling.done(blank=not granted)
    elif command is not None and (granted or command.what != "my_data"):
        _obey(handling, command)
        handling.done(blank=not granted)
    elif not granted:
        _ask_consent(handling)
    else:
        handling.note_for_case()
        if known.case is None or not known.case.is_held(handling.rules.now):
            handling.say(Reply(handling.phrase("inbox.not_text", emergency=handling.emergency())))
        handling.done()


def _obey(handling: Handling, command: Command) -> None:
    known = handling.known
    if command.what == "person":
        handling.open_case(Cause("person_requested", known.conversation.level_floor, f"person:{known.row.id}"))
    elif command.what == "privacy":
        text = handling.phrase("privacy.notice", days=handling.rules.retention_days)
        handling.say(Reply(text, kind="notice", buttons=_erase_button(handling)))
    elif command.what == "my_data":
        _tell_what_is_known(handling)
    elif command.what == "erase":
        _ask_to_erase(handling)
    elif command.what == "withdraw":
        _decide(handling, "revoked")
        rows.blank_all(handling.work, known.conversation.id)
        handling.say(Reply(handling.phrase("privacy.withdrawn"), kind="notice"))
    elif command.language is not None:
        _speak(handling, command.language)


def _speak(handling: Handling, language: Language) -> None:
    conversation = handling.known.conversation
    conversations.change(handling.work, conversation.id, language=language)
    handling.known = replace(handling.known, conversation=replace(conversation, language=language))
    handling.say(Reply(handling.phrase("privacy.language_set"), kind="notice"))


def _tell_what_is_known(handling: Handling) -> None:
    conversation = handling.known.conversation
    counts = summary(handling.work, conversation.patient_id)
    text = handling.phrase("privacy.known", **counts, language=OWN_NAMES[conversation.language], region=conversation.region)
    handling.say(Reply(text, kind="notice", buttons=_erase_button(handling)))


def _erase_button(handling: Handling) -> tuple[Button, ...]:
    return (Button(handling.phrase("privacy.erase_button"), "erase"),)


def _ask_to_erase(handling: Handling) -> None:
    conversations.change(handling.work, handling.known.conversation.id, asked_to_erase=True)
    buttons = (Button(handling.phrase("privacy.erase_yes"), ERASE_YES), Button(handling.phrase("privacy.erase_no"), ERASE_NO))
    handling.say(Reply(handling.phrase("privacy.confirm_erase"), kind="question", buttons=buttons))


def _answer_erase(handling: Handling, *, erase: bool) -> None:
    if not erase:
        handling.say(Reply(handling.phrase("privacy.kept"), kind="notice"))
        handling.done()
        return
    conversation = handling.known.conversation
    shell = conversations.shell_of(handling.work, conversation.id)
    erase_patient(handling.work, conversation.patient_id, who="patient", now=handling.rules.now)
    # An empty conversation of the same id stays: the patient must still hear that it is done.
    conversations.restore(handling.work, shell, now=handling.rules.now)
    handling.say(Reply(handling.phrase("privacy.erased"), kind="notice"))
    conversations.change(handling.work, conversation.id, greeted=False)


def _ask_consent(handling: Handling) -> None:
    known = handling.known
    decision = consent.read_answer(known.row.text, known.payload, known.conversation.language)
    yes, no = Button(handling.phrase("consent.yes"), consent.YES), Button(handling.phrase("consent.no"), consent.NO)
    if not known.conversation.greeted:
        question = handling.phrase("consent.ask", days=handling.rules.retention_days)
        handling.say(Reply(f"{handling.phrase('consent.greeting')}\n{question}", kind="consent", buttons=(yes, no)))
        rows.mark(handling.work, known.row.id, "held")
    elif decision is True:
        _decide(handling, "granted")
        if not rows.release_held(handling.work, known.conversation.id):
            handling.say(Reply(handling.phrase("consent.thanks")))
        handling.done()
    elif decision is False or known.consent in ("refused", "revoked"):
        if decision is False:
            _decide(handling, "refused")
        rows.blank_all(handling.work, known.conversation.id)
        handling.say(Reply(handling.phrase("consent.refused"), kind="consent", buttons=(yes,)))
        handling.done(blank=True)
    else:
        handling.say(Reply(handling.phrase("consent.ask_again"), kind="consent", buttons=(yes, no)))
        rows.mark(handling.work, known.row.id, "held")


def _decide(handling: Handling, decision: consent.State) -> None:
    conversation = handling.known.conversation
    place = {"channel": conversation.channel, "language": conversation.language}
    consent.record(handling.work, conversation.patient_id, decision, now=handling.rules.now, **place)  # type: ignore[arg-type]
