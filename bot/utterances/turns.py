"""What Rasa kept of one turn, read for the inbox: was it understood, and what did the classifier think? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import LANGUAGES, Language
from bot.utterances.kinds import FAQ, Source

NOT_UNDERSTOOD = "nlu_fallback"
_FALLBACKS = frozenset({"action_not_understood", "action_default_fallback"})
FORM = "triage_form"
# Two intents that are so near each other are a coin that was tossed.
MARGIN = 0.15
GUESSES = 9


@dataclass(frozen=True)
class Heard:
    """One message as the assistant heard it. `source`: why it belongs in the inbox, None when it was understood."""

    message: str
    text: str
    language: Language | None
    source: Source | None
    guesses: tuple[tuple[str, float], ...]


def heard_in(events: Sequence[Mapping[str, Any]]) -> tuple[Heard, ...]:
    """Return the messages of one stored turn, without presses of buttons."""
    starts = [place for place, event in enumerate(events) if event.get("event") == "user"]
    ends = [*starts[1:], len(events)]
    turns = (events[start:end] for start, end in zip(starts, ends, strict=True))
    return tuple(_heard(turn) for turn in turns if (turn[0].get("text") or "").strip() and not _metadata(turn[0]).get("payload"))


def _heard(turn: Sequence[Mapping[str, Any]]) -> Heard:
    said = turn[0]
    data = said.get("parse_data") or {}
    ranking = [(one["name"], float(one["confidence"])) for one in data.get("intent_ranking") or () if one.get("name")]
    intents = [one for one in ranking if one[0] != NOT_UNDERSTOOD]
    spoken = _metadata(said).get("language")
    language: Language | None = next((one for one in LANGUAGES if one == spoken), None)
    return Heard(
        message=str(said.get("message_id") or ""),
        text=str(said["text"]),
        language=language,
        source=_source(turn[1:], intents),
        guesses=tuple((*_entries(data), *intents)[:GUESSES]),
    )


def _source(after: Sequence[Mapping[str, Any]], intents: Sequence[tuple[str, float]]) -> Source | None:
    actions = {event.get("name") for event in after if event.get("event") == "action"}
    if actions & _FALLBACKS:
        return "fallback"
    opened = any(event.get("event") == "active_loop" and event.get("name") == FORM for event in after)
    # An answer to a question of the guidance is read by its own rules, however unsure the classifier is.
    answers = FORM in actions and not opened
    near = len(intents) > 1 and intents[0][1] - intents[1][1] < MARGIN
    return "low_margin" if near and not answers else None


def _entries(data: Mapping[str, Any]) -> list[tuple[str, float]]:
    found = [one for one in data.get("entities") or () if one.get("entity") == "faq"]
    return [(f"{FAQ}{one['value']}", float(one.get("score") or 0.0)) for one in found]


def _metadata(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return event.get("metadata") or {}
