"""Questions for the hospital and rumours: what the knowledge search found is said, offered, or kept as unanswered."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.guidance import has_complaint
from actions.turn import FORM, BotAction, FaqHit, Heard, heard, say
from bot.content.load import Content
from bot.knowledge.answers import answer_reply, not_answered_reply, suggestions_reply, thanks_for_feedback
from bot.languages import Language
from bot.messages import Effect


class AnswerFaq(BotAction):
    """Answers a question from the reviewed entries, and only from them."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_answer_faq"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the answer, offer what comes near, or keep the question for the admins."""
        message, content = heard(tracker), self.content
        known = tuple(hit for hit in message.hits if hit.entry in content.knowledge.by_id)
        plain = bool(known) and known[0].answered
        if not plain and tracker.active_loop_name != FORM and has_complaint(message.text, message, content=content):
            # "Is it bad that my ear hurts?" reads like a question for the hospital, but no entry answers it.
            return [FollowupAction(FORM)]
        answer_question(dispatcher, message, known, content=content)
        return []


def answer_question(dispatcher: CollectingDispatcher, message: Heard, known: tuple[FaqHit, ...], *, content: Content) -> None:
    """Answer `message` from what the search found in it."""
    if known and known[0].answered:
        show(dispatcher, known[0].entry, message.language, content=content)
    elif known:
        suggest(dispatcher, known, message.language, content=content)
    else:
        reply = not_answered_reply(message.language, phrases=content.phrases)
        say(dispatcher, reply, Effect("unanswered", {"text": message.text}))


def suggest(dispatcher: CollectingDispatcher, hits: tuple[FaqHit, ...], language: Language, *, content: Content) -> None:
    """Offer the entries that come near; the question is kept for the admins, for none of them was plainly meant."""
    reply = suggestions_reply([hit.entry for hit in hits], language, entries=content.knowledge, phrases=content.phrases)
    say(dispatcher, reply, Effect("unanswered", {}))


def show(dispatcher: CollectingDispatcher, entry: str, language: Language, *, content: Content) -> None:
    """Say the answer of `entry` and ask whether it helped."""
    reply = answer_reply(entry, language, entries=content.knowledge, phrases=content.phrases)
    say(dispatcher, reply, Effect("faq_shown", {"entry": entry}))


def thank_for_feedback(
    dispatcher: CollectingDispatcher, entry: str, helpful: bool, language: Language, *, content: Content
) -> None:
    """Keep whether the answer helped."""
    reply = thanks_for_feedback(language, helpful=helpful, phrases=content.phrases)
    say(dispatcher, reply, Effect("faq_feedback", {"entry": entry, "helpful": helpful}))
