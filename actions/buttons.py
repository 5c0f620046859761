"""A button, pressed or its title typed: one table says what each payload does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import faq
from actions.fallback import not_understood
from actions.followup import Order, pass_on
from actions.guidance import has_complaint
from actions.handoff import COMPLAINT, call_nurse, offer_for_complaint
from actions.triage import end_guidance
from actions.turn import FORM, BotAction, Heard, earlier_message, heard, offered_buttons, say
from bot.content.load import Content
from bot.knowledge.answers import read_payload
from bot.messages import Reply

Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Press:
    """A pressed button with all that its handler needs."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    message: Heard
    content: Content

    @property
    def rest(self) -> str:
        """The payload without its first word."""
        return self.message.payload.partition(":")[2]


class PressButton(BotAction):
    """Does what the button says."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_press_button"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Route the payload."""
        message = heard(tracker)
        return press(Press(dispatcher, tracker, message, self.content))


class Affirm(BotAction):
    """A plain yes: to the question under the last message, when there was one."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_affirm"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Take it for the yes that was offered, or ask what is wanted."""
        return plain_answer(Press(dispatcher, tracker, heard(tracker), self.content), "yes")


class Deny(BotAction):
    """A plain no: to the question under the last message, when there was one."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_deny"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Take it for the no that was offered, or ask what is wanted."""
        return plain_answer(Press(dispatcher, tracker, heard(tracker), self.content), "no")


def press(pressed: Press) -> Events:
    """Do what the payload says; an unknown one is answered too."""
    if not pressed.message.payload:
        # No button at all: the classifier took odd text for the one technical example.
        not_understood(pressed.dispatcher, pressed.tracker, content=pressed.content)
        return []
    return _HANDLERS.get(pressed.message.payload.partition(":")[0], _old)(pressed)


def plain_answer(pressed: Press, word: str) -> Events:
    """Take "yes" or "no" for the button of the last message that means it."""
    if pressed.message.payload:
        return press(pressed)
    for button in offered_buttons(pressed.tracker):
        if button["payload"] == COMPLAINT and word == "yes":
            return _call_for(pressed, "complaint")
        offered = read_payload(button["payload"])
        if offered and offered[1] == word:
            return _feedback(pressed, *offered)
    return _say(pressed, "after_result" if pressed.tracker.get_slot("episode") else "go_on")


def _answer(pressed: Press) -> Events:
    # A question of the guidance, answered after it was over: the form takes it and says the result again.
    if pressed.tracker.get_slot("episode"):
        return [FollowupAction(FORM)]
    return _old(pressed)


def _faq(pressed: Press) -> Events:
    entry, word = read_payload(pressed.message.payload) or ("", "")
    if entry not in pressed.content.knowledge.by_id:
        return _old(pressed)
    if word == "show":
        faq.show(pressed.dispatcher, entry, pressed.message.language, content=pressed.content)
        return []
    return _feedback(pressed, entry, word)


def _feedback(pressed: Press, entry: str, word: str) -> Events:
    faq.thank_for_feedback(pressed.dispatcher, entry, word == "yes", pressed.message.language, content=pressed.content)
    return []


def _nurse(pressed: Press) -> Events:
    return _call_for(pressed, "complaint" if pressed.message.payload == COMPLAINT else "person_requested")


def _call_for(pressed: Press, reason: str) -> Events:
    call_nurse(pressed.dispatcher, pressed.message, content=pressed.content, reason=reason)
    return []


def _start_over(pressed: Press) -> Events:
    return end_guidance(pressed.dispatcher, pressed.tracker, "dialogue.start_over", content=pressed.content)


def _mean(pressed: Press) -> Events:
    intent, before = pressed.rest, earlier_message(pressed.tracker)
    if intent == "report_symptom" and has_complaint(before.text, pressed.message, content=pressed.content):
        return [FollowupAction(FORM)]
    if intent == "ask_faq" and before.hits:
        faq.suggest(pressed.dispatcher, before.hits, pressed.message.language, content=pressed.content)
        return []
    if intent in ("set_reminder", "show_reminders", "show_readings"):
        pass_on(pressed.dispatcher, cast(Order, intent), before)
        return []
    if intent == "complain":
        say(pressed.dispatcher, offer_for_complaint(pressed.message.language, content=pressed.content))
        return []
    return _say(pressed, _MEANT.get(intent, "go_on"))


def _tell(pressed: Press) -> Events:
    return _say(pressed, "tell_complaint")


def _old(pressed: Press) -> Events:
    return _say(pressed, "old_button")


def _say(pressed: Press, phrase: str) -> Events:
    say(pressed.dispatcher, Reply(pressed.content.phrases.get(f"dialogue.{phrase}", pressed.message.language)))
    return []


_MEANT = {"report_symptom": "tell_complaint", "ask_faq": "ask_faq_now", "ask_help": "help"}


_HANDLERS: dict[str, Callable[[Press], Events]] = {
    "a": _answer,
    "faq": _faq,
    "nurse": _nurse,
    "start_over": _start_over,
    "mean": _mean,
    "tell": _tell,
}
