"""A tracker and a dispatcher in which one turn of an action can be played without Rasa."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from bot.content.load import Content
from bot.messages import Button, Effect, Reply, effect_from_json, reply_from_json
from tests.contents import the_content

CONTENT = Path(__file__).resolve().parents[2] / "content"


@dataclass(frozen=True)
class Shelf:
    """Content that does not change."""

    content: Content

    def current(self) -> Content:
        return self.content


def content() -> Content:
    """Return the sample hospital, read once."""
    return the_content()


def services() -> Services:
    return Services(content=Shelf(content()))


@dataclass
class Stage:
    """One conversation: what was said, the slots, and whether the form is open."""

    language: str = "en"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    in_form: bool = False
    level_floor: str = "INFO"

    def hears(self, text: str, intent: str = "report_symptom", **more: Any) -> None:
        """The patient says something. `confidence`, `payload`, `ranking` and `entities` may be given."""
        metadata = {"language": self.language, "region": "CN", "channel": "webchat", "level_floor": self.level_floor}
        metadata["payload"] = more.get("payload", "")
        parsed = {
            "intent": {"name": intent, "confidence": more.get("confidence", 0.9)},
            "intent_ranking": [{"name": name, "confidence": 0.3} for name in more.get("ranking", ())],
            "entities": list(more.get("entities", ())),
        }
        self.events.append({"event": "user", "text": text, "metadata": metadata, "parse_data": parsed})

    def acts(self, action: Any) -> Played:
        """Play `action` and keep what it said and set."""
        dispatcher = CollectingDispatcher()
        events = action.run(dispatcher, self.tracker(), {})
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.events.append({"event": "action", "name": action.name()})
        for message in dispatcher.messages:
            self.events.append({"event": "bot", "text": None, "data": {"custom": message["custom"]}})
        return Played(tuple(events), tuple(message["custom"] for message in dispatcher.messages))

    def tracker(self) -> Tracker:
        last = next((event for event in reversed(self.events) if event["event"] == "user"), {"parse_data": {}})
        message = {"text": last.get("text"), "metadata": last.get("metadata"), **last["parse_data"]}
        loop = {"name": "triage_form"} if self.in_form else {}
        return Tracker("someone", dict(self.slots), message, list(self.events), False, None, loop, "action_listen")


@dataclass(frozen=True)
class Played:
    """What an action did."""

    events: tuple[dict[str, Any], ...]
    messages: tuple[dict[str, Any], ...]

    @property
    def replies(self) -> list[Reply]:
        return [reply_from_json(message["reply"]) for message in self.messages if message.get("reply")]

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def buttons(self) -> list[Button]:
        return [button for reply in self.replies for button in reply.buttons]

    @property
    def effects(self) -> list[Effect]:
        return [effect_from_json(effect) for message in self.messages for effect in message.get("effects", ())]

    @property
    def effect_names(self) -> list[str]:
        return [effect.name for effect in self.effects]

    @property
    def follows(self) -> list[str]:
        return [event["name"] for event in self.events if event["event"] == "followup"]

    @property
    def set_slots(self) -> set[str]:
        return {event["name"] for event in self.events if event["event"] == "slot"}
