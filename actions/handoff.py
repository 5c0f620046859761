"""A person, please. The gateway opens the case and adds the truth about waiting."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.guidance import has_complaint
from actions.turn import FORM, BotAction, Heard, heard, say
from bot.content.load import Content
from bot.messages import Button, Effect, Reply


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
    """Hears a complaint about the hospital, and offers a person for it."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_complain"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say sorry and offer a nurse. Words that name a symptom that is there are guided instead: that cannot wait."""
        message, content = heard(tracker), self.content
        if tracker.active_loop_name != FORM and has_complaint(message.text, message, content=content):
            return [FollowupAction(FORM)]
        button = Button(content.phrases.get("dialogue.mean_request_nurse", message.language), "nurse")
        say(dispatcher, Reply(content.phrases.get("dialogue.complain", message.language), buttons=(button,)))
        return []


def call_nurse(dispatcher: CollectingDispatcher, message: Heard, *, content: Content, reason: str) -> None:
    """Open a case for `reason` and tell the patient."""
    key = "dialogue.passed_to_person" if reason == "misunderstood" else "dialogue.nurse_called"
    text = content.phrases.get(key, message.language)
    say(dispatcher, Reply(text, kind="notice"), Effect("open_case", {"reason": reason, "level": message.level_floor}))
