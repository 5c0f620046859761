"""What is answered without the assistant: consent, privacy, a person, a nurse's case, what is not text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.handoff.cases import Cause
from bot.inbox import conversations, offers, own, rows
from bot.inbox.followup import ask_later, stop_reminders
from bot.inbox.handle import ERASE_NO, ERASE_YES, Handling, code_of, command_in, erase_decision, link_decision, own_words
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.linking import answers, merge
from bot.linking import rows as linking
from bot.messages import Button, Reply
from bot.outbox.store import recent_payloads, was_said_before
from bot.privacy import consent
from bot.privacy.erase import erase_patient
from bot.privacy.export import conversation_ids, summary
from bot.privacy.words import Command
from bot.scenes.codes import scene_of
from bot.scenes.scenes import Scene


def answer_here(handling: Handling) -> None:
    """Answer a message that is not for the assistant, and mark it."""
    known = handling.known
    granted = known.consent == "granted"
    command = command_in(known)
    decision = erase_decision(known)
    if decision is not None:
        _answer_erase(handling, erase=decision)
    elif known.row.crisis:
        _for_a_person(handling)
    elif granted and _about_linking(handling, command):
        handling.done(blank=code_of(known) is not None)
    elif granted and known.payload and (offers.answer_offer(handling) or _ordered_by_button(handling)):
        pass
    elif command is not None and (granted or command.what not in _NEED_CONSENT):
        _obey(handling, command)
        handling.done(blank=not granted)
    elif not granted:
        _without_consent(handling)
    elif known.row.kind == "scan" and not known.row.text:
        _welcome(handling)
    else:
        _not_words_of_now(handling)


# Without consent these are held like any message; to let go of a link is possible always.
_NEED_CONSENT = ("my_data", "link", "ask_later")


def _ordered_by_button(handling: Handling) -> bool:
    """Do what a button of a reminder says, also while a nurse is there: it is not said to the nurse."""
    return own.may_order(handling.known) and own.obey_order(handling)


def _about_linking(handling: Handling, command: Command | None) -> bool:
    """Answer what is about linking two chats; False when it is not."""
    known = handling.known
    # To a nurse's question "yes" is an answer to the nurse: only the button counts then.
    decision = None if handling.nurse_is_here and not known.payload else link_decision(known)
    code = code_of(known)
    if decision is not None:
        answers.answer_question(handling, link=decision)
    elif command is not None and command.what == "link":
        answers.offer_code(handling)
    elif code is not None and command is None:
        answers.take_code(handling, code)
    else:
        return False
    return True


def _welcome(handling: Handling) -> None:
    """Greet somebody who scanned a code, by the name of the place if it is one of ours; of a plan, ask whether they want it."""
    link = offers.link_in(handling)
    if link is not None:
        offers.offer_plan(handling, link)
    elif not handling.nurse_is_here:
        lines = [handling.phrase("scenes.welcome", emergency=handling.emergency())]
        scene = _scene(handling)
        if scene is not None:
            language = handling.known.conversation.language
            key = "scenes.place" if scene.where[language] else "scenes.place_hospital"
            values = {"place": scene.names[language], "where": scene.where[language], "hours": scene.hours[language]}
            lines.insert(0, handling.phrase(key, **values))
        handling.say(Reply("\n".join(lines)))
    handling.note_for_case()
    handling.done()


def _scene(handling: Handling) -> Scene | None:
    return scene_of(handling.work.cipher, handling.known.row.scene, handling.rules.content.scenes)


def _not_words_of_now(handling: Handling) -> None:
    if handling.known.row.kind == "late":
        _tell_late(handling)
    elif not handling.nurse_is_here:
        _tell_not_read(handling)
    _for_a_person(handling)


def _tell_late(handling: Handling) -> None:
    """The patient has gone on since they wrote this: a nurse looks, and an answer as if it were new would mislead."""
    if not handling.nurse_is_here and handling.known.case is None:
        handling.say(Reply(handling.phrase("inbox.late", emergency=handling.emergency()), kind="notice"))
    handling.open_case(Cause("failed", handling.known.conversation.level_floor, f"late:{handling.known.row.id}"))


def _tell_not_read(handling: Handling) -> None:
    kind = handling.known.row.kind
    key = f"inbox.{kind}" if kind in ("forwarded", "edited") else "inbox.not_text"
    nurse = Button(handling.phrase("triage.nurse_button"), "nurse")
    handling.say(Reply(handling.phrase(key, emergency=handling.emergency()), buttons=(nurse,)))


def _for_a_person(handling: Handling) -> None:
    """Let the nurse have the message. Without consent its words are kept only as long as a held message."""
    handling.note_for_case()
    if handling.known.consent == "granted":
        handling.done()
    else:
        rows.mark(handling.work, handling.known.row.id, "held")


def _obey(handling: Handling, command: Command) -> None:
    known = handling.known
    simple: dict[str, Callable[[Handling], None]] = {
        "my_data": _tell_what_is_known,
        "erase": _ask_to_erase,
        "withdraw": _withdraw,
        "unlink": answers.unlink,
        "stop_reminders": stop_reminders,
        "ask_later": ask_later,
    }
    if command.what in simple:
        simple[command.what](handling)
    elif command.what == "person":
        handling.open_case(Cause("person_requested", known.conversation.level_floor, f"person:{known.row.id}"))
        handling.note_for_case()
    elif command.what == "privacy":
        text = handling.phrase("privacy.notice", days=handling.rules.retention_days)
        handling.say(Reply(text, kind="notice", buttons=_erase_button(handling)))
    elif command.language is not None:
        _speak(handling, command.language)
    else:
        buttons = tuple(Button(OWN_NAMES[language], f"language:{language}") for language in LANGUAGES)
        handling.say(Reply(handling.phrase("privacy.which_language"), kind="question", buttons=buttons))


def _withdraw(handling: Handling) -> None:
    """A yes counts in the chat where it was said; taking it back counts wherever this person writes."""
    conversation = handling.known.conversation
    chats = [(chat.id, chat.channel) for chat in merge.others(handling.work, conversation)]
    for chat_id, channel in [(conversation.id, conversation.channel), *chats]:
        _decide(handling, "revoked", channel=channel)
        rows.blank_up_to(handling.work, chat_id, handling.known.row.id)
    linking.forget(handling.work, *conversation_ids(handling.work, conversation.patient_id))
    handling.say(Reply(handling.phrase("privacy.withdrawn") + answers.also(handling, "also_withdrawn"), kind="notice"))


def _speak(handling: Handling, language: Language) -> None:
    conversation = handling.known.conversation
    conversations.change(handling.work, conversation.id, language=language)
    handling.known = replace(handling.known, conversation=replace(conversation, language=language))
    handling.say(Reply(handling.phrase("privacy.language_set"), kind="notice"))
    if handling.known.consent == "none":
        _ask_consent(handling)  # it may have been asked in a language that the patient does not read


def _tell_what_is_known(handling: Handling) -> None:
    conversation = handling.known.conversation
    counts = summary(handling.work, conversation.patient_id)
    text = handling.phrase("privacy.known", **counts, language_name=OWN_NAMES[conversation.language], region=conversation.region)
    text += answers.also(handling, "also_known")
    handling.say(Reply(text, kind="notice", buttons=_erase_button(handling)))


def _erase_button(handling: Handling) -> tuple[Button, ...]:
    return (Button(handling.phrase("privacy.erase_button"), "erase"),)


def _ask_to_erase(handling: Handling) -> None:
    conversations.change(handling.work, handling.known.conversation.id, asked_to_erase=handling.known.row.id)
    buttons = (Button(handling.phrase("privacy.erase_yes"), ERASE_YES), Button(handling.phrase("privacy.erase_no"), ERASE_NO))
    text = handling.phrase("privacy.confirm_erase") + answers.also(handling, "also_erased") + _what_stays(handling)
    handling.say(Reply(text, kind="question", buttons=buttons))


def _what_stays(handling: Handling) -> str:
    """Return what erasing leaves of somebody who is blocked; "" for everybody else, of whom nothing stays."""
    blocked = handling.known.conversation.blocked_at is not None
    return f" {handling.phrase('privacy.block_stays', days=handling.rules.retention_days)}" if blocked else ""


def _answer_erase(handling: Handling, *, erase: bool) -> None:
    if not erase:
        handling.say(Reply(handling.phrase("privacy.kept"), kind="notice"))
        handling.done()
        return
    conversation, stays = handling.known.conversation, _what_stays(handling)
    shell = conversations.shell_of(handling.work, conversation.id)
    erase_patient(handling.work, conversation.patient_id, who="patient", now=handling.rules.now)
    # An empty conversation of the same id stays: the patient must still hear that it is done.
    conversations.restore(handling.work, shell, now=handling.rules.now)
    handling.say(Reply(handling.phrase("privacy.erased") + stays, kind="notice"))
    conversations.change(handling.work, conversation.id, greeted=False)


def _without_consent(handling: Handling) -> None:
    known = handling.known
    asked = consent.YES in recent_payloads(handling.work, known.conversation.id)
    # To a nurse's question "ok" is an answer to the nurse: only the button counts then.
    text = "" if handling.nurse_is_here or _wrote_before_the_question(handling) else own_words(known)
    decision = consent.read_answer(text, known.payload, known.conversation.language) if asked else None
    if decision is not None:
        _take_decision(handling, granted=decision)
    elif handling.nurse_is_here:
        _for_a_person(handling)
    elif asked and known.consent in ("refused", "revoked"):
        _stay_refused(handling)
    else:
        _ask_consent(handling, again=asked)
        rows.mark(handling.work, known.row.id, "held")


def _wrote_before_the_question(handling: Handling) -> bool:
    """Whether these words reached us so late that nobody had asked for consent when they were written."""
    row = handling.known.row
    return bool(row.written) and not was_said_before(handling.work, row.conversation_id, "consent", row.written_at)


def _take_decision(handling: Handling, *, granted: bool) -> None:
    _decide(handling, "granted" if granted else "refused")
    if not granted:
        _stay_refused(handling)
        return
    if not rows.release_held(handling.work, handling.known.conversation.id) and not handling.nurse_is_here:
        handling.say(Reply(handling.phrase("consent.thanks")))
    handling.done()


def _stay_refused(handling: Handling) -> None:
    rows.blank_up_to(handling.work, handling.known.conversation.id, handling.known.row.id)
    if not handling.nurse_is_here:
        handling.say(Reply(handling.phrase("consent.refused"), kind="consent", buttons=_consent_buttons(handling)[:1]))


def _ask_consent(handling: Handling, *, again: bool = False) -> None:
    if again:
        text = handling.phrase("consent.ask_again")
    else:
        question = handling.phrase("consent.ask", days=handling.rules.retention_days)
        text = f"{handling.phrase('consent.greeting')}\n{question}"
    scene = _scene(handling)
    if scene is not None:
        text = f"{handling.phrase('scenes.scanned', place=scene.names[handling.known.conversation.language])}\n{text}"
    elif offers.link_in(handling) is not None:
        text = f"{handling.phrase('followup.link_first')}\n{text}"
    handling.say(Reply(text, kind="consent", buttons=_consent_buttons(handling)), stage="ask")


def _consent_buttons(handling: Handling) -> tuple[Button, Button]:
    return Button(handling.phrase("consent.yes"), consent.YES), Button(handling.phrase("consent.no"), consent.NO)


def _decide(handling: Handling, decision: consent.State, *, channel: str = "") -> None:
    conversation = handling.known.conversation
    place = {"channel": channel or conversation.channel, "language": conversation.language}
    consent.record(handling.work, conversation.patient_id, decision, now=handling.rules.now, **place)  # type: ignore[arg-type]
