"""A person, please. The gateway opens the case and adds the truth about waiting."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.guidance import has_complaint
from actions.turn import FORM, BotAction, Heard, earlier_message, heard, say
from bot.content.load import Content
from bot.languages import Language
from bot.messages import Button, Effect, Reply

# The button under an apology: a person, for the complaint.
COMPLAINT = "nurse:complaint"


class RequestNurse(BotAction):
    """Opens a case because a person was asked for."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_request_nurse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say so, and let the gateway open the case."""
        call_nurse(dispatcher, heard(tracker), content=self.content, reason="person_requested")
        return []


class Complain(BotAction):
    """Hears a complaint about the hospital, and offers a person for it; who goes on complaining gets one."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_complain"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say sorry and offer a nurse; the second time in a row, call one. Words that name a symptom are guided: that cannot wait."""
        message, content = heard(tracker), self.content
        if tracker.active_loop_name != FORM and has_complaint(message.text, message, content=content):
            return [FollowupAction(FORM)]
        if earlier_message(tracker).intent == "complain":
            call_nurse(dispatcher, message, content=content, reason="complaint")
        else:
            say(dispatcher, offer_for_complaint(message.language, content=content))
        return []


def offer_for_complaint(language: Language, *, content: Content) -> Reply:
    """Return the apology with the button that brings a person for the complaint."""
    button = Button(content.phrases.get("dialogue.mean_request_nurse", language), COMPLAINT)
    return Reply(content.phrases.get("dialogue.complain", language), buttons=(button,))


def call_nurse(dispatcher: CollectingDispatcher, message: Heard, *, content: Content, reason: str) -> None:
    """Open a case for `reason` and tell the patient."""
    key = "dialogue.passed_to_person" if reason == "misunderstood" else "dialogue.nurse_called"
    text = content.phrases.get(key, message.language)
    say(dispatcher, Reply(text, kind="notice"), Effect("open_case", {"reason": reason, "level": message.level_floor}))
