"""Orders about reminders and readings: heard here, carried out by the gateway, which has the database."""

from __future__ import annotations

from typing import Any, Literal, cast

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.fallback import did_you_mean
from actions.guidance import is_trouble
from actions.turn import FORM, BotAction, Earlier, heard, say
from bot.messages import Effect

Order = Literal["set_reminder", "show_reminders", "change_reminder", "show_readings"]
# Less sure of a wish, people are asked: who forgot their medicine and feels unwell speaks much like who fears to forget it.
SURE = 0.65


class Reminders(BotAction):
    """Passes an order on. Words that tell of trouble as well are a complaint first: that cannot wait."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_reminders"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Let the gateway do it, guide, or ask what was meant."""
        message = heard(tracker)
        if tracker.active_loop_name != FORM and is_trouble(message, content=self.content):
            return [FollowupAction(FORM)]
        if message.intent == "set_reminder" and message.confidence < SURE:
            say(dispatcher, did_you_mean(("set_reminder", "report_symptom"), message.language, content=self.content))
        else:
            pass_on(dispatcher, cast(Order, message.intent))
        return []


def pass_on(dispatcher: CollectingDispatcher, order: Order, earlier: Earlier | None = None) -> None:
    """Ask the gateway to carry an order out. `earlier`: the message that a button says the meaning of."""
    say(dispatcher, None, Effect(order, {"message": earlier.message_id} if earlier is not None and earlier.message_id else {}))
