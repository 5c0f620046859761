"""When the bot did not understand: first "did you mean", the second time in a row a person.

Rasa's action_two_stage_fallback does the same with a loop of its own, but cannot be used here: its buttons are
`/intent` payloads, which no channel of ours lets through (anyone could type them), and as a second loop it would
replace the guidance in progress. So the two stages are counted here from the last two messages.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions import guidance as steps
from actions.handoff import call_nurse
from actions.turn import FORM, NOT_UNDERSTOOD, BotAction, earlier_message, heard, say
from bot.content.load import Content
from bot.languages import Language
from bot.messages import Button, Reply

# What may be offered, in the order used when the classifier has no opinion.
OFFERED = (
    "report_symptom",
    "ask_faq",
    "request_nurse",
    "complain",
    "ask_help",
    "set_reminder",
    "show_reminders",
    "show_readings",
)
SAME_OFFER = {
    "ask_department": "report_symptom",
    "ask_diagnosis_or_drug": "report_symptom",
    "change_reminder": "show_reminders",
}
HOW_MANY = 3


class NotUnderstood(BotAction):
    """Asks what was meant; when that happens twice in a row, a person takes over."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_not_understood"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Let the guidance have what its rules can use; else offer the likely meanings, or call a nurse."""
        guidance = steps.from_slot(tracker.get_slot("episode"))
        message, before = heard(tracker), earlier_message(tracker).text
        tells = steps.tells_anything(guidance, message, content=self.content)
        if tracker.active_loop_name != FORM and (tells or steps.told_in_two(before, message, content=self.content)):
            return [FollowupAction(FORM)]
        not_understood(dispatcher, tracker, content=self.content)
        return []


class DefaultFallback(NotUnderstood):
    """What Rasa runs when no rule applies: never silence."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer as above, and take the message back: no rule follows this action, Rasa would run it ten times."""
        not_understood(dispatcher, tracker, content=self.content)
        return [UserUtteranceReverted()]


class OutOfScope(BotAction):
    """Says what the bot is for."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Decline, and offer what can be done."""
        message = heard(tracker)
        text = self.content.phrases.get("dialogue.out_of_scope", message.language)
        say(dispatcher, Reply(text, buttons=ways_on(message.language, content=self.content)))
        return []


def not_understood(dispatcher: CollectingDispatcher, tracker: Tracker, *, content: Content) -> None:
    """Offer the likely meanings, or call a nurse when the message before was not understood either."""
    message = heard(tracker)
    if earlier_message(tracker).intent == NOT_UNDERSTOOD:
        call_nurse(dispatcher, message, content=content, reason="misunderstood")
    else:
        say(dispatcher, did_you_mean(message.likely, message.language, content=content))


def did_you_mean(likely: tuple[str, ...], language: Language, *, content: Content) -> Reply:
    """Return the question what was meant, with at most three buttons and the request to say it differently."""
    ranked = dict.fromkeys(SAME_OFFER.get(intent, intent) for intent in likely)
    # A person is always among the offers.
    first = [intent for intent in ranked if intent in OFFERED and intent != "request_nurse"]
    rest = [intent for intent in OFFERED if intent not in first and intent != "request_nurse"]
    chosen = (*(first + rest)[: HOW_MANY - 1], "request_nurse")
    buttons = offers(chosen, language, content=content)
    lines = [
        content.phrases.get("dialogue.did_you_mean", language),
        *(f"• {button.title}" for button in buttons),
        content.phrases.get("dialogue.or_rephrase", language),
    ]
    return Reply("\n".join(lines), kind="question", buttons=buttons)


def ways_on(language: Language, *, content: Content) -> tuple[Button, ...]:
    """Return the buttons under a text that declines something: tell the complaint, or talk to a person."""
    return (
        Button(content.phrases.get("dialogue.symptom_button", language), "tell"),
        *offers(("request_nurse",), language, content=content),
    )


def offers(intents: tuple[str, ...], language: Language, *, content: Content) -> tuple[Button, ...]:
    """Return a button for each of `intents`."""
    return tuple(
        Button(
            content.phrases.get(f"dialogue.mean_{intent}", language),
            "nurse" if intent == "request_nurse" else f"mean:{intent}",
        )
        for intent in intents
    )
