"""One turn as actions see it: what was said, and how replies and effects go back. The only reader of Rasa's tracker."""

from __future__ import annotations

import abc
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services, default_services
from bot.content.load import Content
from bot.languages import LANGUAGES, Language
from bot.messages import LEVELS, Effect, Level, Reply, to_json
from bot.triage.episode import opinion_from_json
from bot.triage.types import Opinion

NOT_UNDERSTOOD = "nlu_fallback"
FORM = "triage_form"
# Buttons that only say what an earlier message meant.
CLARIFYING = ("mean", "tell")
# Nobody has read a question and written the answer in so few seconds. Buttons and choices are answers all the same.
READ_S = 3.0
_OF_THE_FORM = (FORM, "validate_triage_form", "action_listen", "action_extract_slots")


@dataclass(frozen=True)
class FaqHit:
    """An entry of the knowledge packs that the message may mean."""

    entry: str
    score: float
    answered: bool  # close enough to be given as the answer


@dataclass(frozen=True)
class Heard:
    """The message of this turn with all that came with it."""

    text: str
    language: Language
    region: str
    payload: str  # the button that was pressed, or whose title was typed; "" otherwise
    level_floor: Level
    intent: str
    confidence: float
    likely: tuple[str, ...]  # intents, most likely first
    hits: tuple[FaqHit, ...]  # best first
    opinion: Opinion | None = None  # of the second reader, where it is loaded
    quick: bool = False  # written before what the bot said last can have been read


@dataclass(frozen=True)
class Earlier:
    """The message before the present one."""

    text: str = ""
    intent: str = ""
    hits: tuple[FaqHit, ...] = ()
    opinion: Opinion | None = None
    message_id: str = ""  # its number in the inbox


class BotAction(Action, abc.ABC):
    """An action with its services. Subclasses are thin: they ask `bot` and speak."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    @property
    def content(self) -> Content:
        """The reviewed content as it is now."""
        return (self._services or default_services()).content.current()

    @abc.abstractmethod
    def name(self) -> str:
        """The name in the domain."""


def heard(tracker: Tracker) -> Heard:
    """Return the message of this turn."""
    message = tracker.latest_message
    metadata = message.get("metadata") or {}
    intent = message.get("intent") or {}
    return Heard(
        text=message.get("text") or "",
        language=_language(metadata.get("language"), tracker.get_slot("language")),
        region=metadata.get("region") or "",
        payload=metadata.get("payload") or _typed_button(tracker, message.get("text") or ""),
        level_floor=metadata["level_floor"] if metadata.get("level_floor") in LEVELS else "INFO",
        intent=intent.get("name") or NOT_UNDERSTOOD,
        confidence=intent.get("confidence") or 0.0,
        likely=tuple(ranked["name"] for ranked in message.get("intent_ranking") or ()),
        hits=_hits(message),
        opinion=_opinion(message),
        quick=_is_quick(tracker),
    )


def earlier_message(tracker: Tracker) -> Earlier:
    """Return the message before this one, not counting the buttons under "did you mean"; empty when there is none."""
    users = [event for event in tracker.events if event.get("event") == "user"]
    for event in reversed(users[:-1]):
        if ((event.get("metadata") or {}).get("payload") or "").partition(":")[0] not in CLARIFYING:
            data = event.get("parse_data") or {}
            intent, number = (data.get("intent") or {}).get("name") or "", str(event.get("message_id") or "")
            return Earlier(event.get("text") or "", intent, _hits(data), _opinion(data), number)
    return Earlier()


def is_opening(tracker: Tracker) -> bool:
    """Return whether the form is being opened by this message; Rasa marks it as open before it validates."""
    return tracker.active_loop_name != FORM or any(
        event.get("event") == "active_loop" and event.get("name") == FORM for event in _since_last_user(tracker)
    )


def was_answered_already(tracker: Tracker) -> bool:
    """Return whether another action already ran for this message: then the form only comes back to its question."""
    return not is_opening(tracker) and any(
        event.get("event") == "action" and event.get("name") not in _OF_THE_FORM for event in _since_last_user(tracker)
    )


def offered_buttons(tracker: Tracker) -> Iterator[Mapping[str, str]]:
    """Yield the buttons of the bot's latest messages, those said before the present message."""
    for event in reversed(tracker.events[: _index_of_last_user(tracker)]):
        if event.get("event") == "user":
            return
        if event.get("event") == "bot":
            custom = (event.get("data") or {}).get("custom") or {}
            yield from (custom.get("reply") or {}).get("buttons") or ()


def say(dispatcher: CollectingDispatcher, reply: Reply | None, *effects: Effect) -> None:
    """Send a reply and what the gateway is to store with it."""
    message: dict[str, Any] = {"effects": [to_json(effect) for effect in effects]}
    if reply is not None:
        message["reply"] = to_json(reply)
    dispatcher.utter_message(json_message=message)


def folded(text: str) -> str:
    """Return `text` without case, width, spaces and punctuation, to compare what was typed with what was offered."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _language(*candidates: object) -> Language:
    return cast(Language, next((candidate for candidate in candidates if candidate in LANGUAGES), "en"))


def _typed_button(tracker: Tracker, text: str) -> str:
    typed = folded(text)
    if not typed:
        return ""
    return next((button["payload"] for button in offered_buttons(tracker) if folded(button["title"]) == typed), "")


def _hits(message: Mapping[str, Any]) -> tuple[FaqHit, ...]:
    return tuple(
        FaqHit(entity["value"], float(entity.get("score", 0.0)), bool(entity.get("answered")))
        for entity in message.get("entities") or ()
        if entity.get("entity") == "faq"
    )


def _opinion(message: Mapping[str, Any]) -> Opinion | None:
    said = (entity["value"] for entity in message.get("entities") or () if entity.get("entity") == "second_reader")
    return opinion_from_json(next(said, None))


def _is_quick(tracker: Tracker) -> bool:
    """Return whether the message came so soon after the bot's latest that it went on from what the patient had said before."""
    last = _index_of_last_user(tracker)
    said = [event.get("timestamp") for event in tracker.events[:last] if event.get("event") == "bot"]
    came = tracker.events[last].get("timestamp") if last < len(tracker.events) else None
    return bool(said) and said[-1] is not None and came is not None and came - said[-1] < READ_S


def _since_last_user(tracker: Tracker) -> Iterator[Mapping[str, Any]]:
    return iter(tracker.events[_index_of_last_user(tracker) :])


def _index_of_last_user(tracker: Tracker) -> int:
    indexes = [index for index, event in enumerate(tracker.events) if event.get("event") == "user"]
    return indexes[-1] if indexes else len(tracker.events)
