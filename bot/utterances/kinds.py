"""A sentence of the inbox, and how much it is worth to look at it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from bot.languages import Language

Source = Literal["near_miss", "corrected", "unanswered", "unhelpful", "fallback", "low_margin"]
SOURCES: tuple[Source, ...] = get_args(Source)
State = Literal["new", "labelled", "approved", "skipped", "out_of_scope", "deleted"]
STATES: tuple[State, ...] = get_args(State)
# What a label of an entry of the FAQ begins with; every other label is an intent.
FAQ = "faq:"

# One missed emergency outweighs any number of sentences that were only unclear.
_WORTH: Mapping[Source, int] = {
    "near_miss": 1000,
    "corrected": 500,
    "unanswered": 120,
    "unhelpful": 110,
    "fallback": 100,
    "low_margin": 40,
}
_MORE, _MOST_MORE = 20, 300


@dataclass(frozen=True)
class Mark:
    """Words in a sentence that name a sign which the lexicon knows as `concept`. `start`, `end`: its characters."""

    start: int
    end: int
    concept: str


@dataclass(frozen=True)
class Utterance:
    """One sentence, without personal data. `said`: what the bot made of it; `right`: the department that a person named.

    `guesses`: labels with how sure the bot was, the likeliest first.
    """

    id: int
    source: Source
    language: Language
    state: State
    value: int
    cluster: str
    text: str
    created_at: datetime
    guesses: tuple[tuple[str, float], ...] = ()
    said: str = ""
    right: str = ""
    intent: str = ""
    marks: tuple[Mark, ...] = ()
    labelled_by: str = ""
    approved_by: str = ""
    assigned_to: str = ""
    change_id: int | None = None


@dataclass(frozen=True)
class Found:
    """A sentence as it was found, with all that it says: never stored like this. `key`: the same sentence is taken once."""

    key: str
    source: Source
    conversation_id: str
    language: Language
    text: str
    at: datetime
    guesses: tuple[tuple[str, float], ...] = ()
    said: str = ""
    right: str = ""
    patient_id: str = ""


def value_of(source: Source, count: int) -> int:
    """Return how much a sentence is worth of which `count` alike were said: the greatest are shown first."""
    return _WORTH[source] + min(_MOST_MORE, _MORE * max(0, count - 1))


def sealed_of(text: str, found: Found) -> dict[str, Any]:
    """Return what is sealed of a sentence whose personal data is gone: `text`."""
    guesses = [[label, round(share, 4)] for label, share in found.guesses]
    return {"text": text, "guesses": guesses, "marks": [], "said": found.said, "right": found.right}
