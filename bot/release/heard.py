"""What a model and the content hear in one sentence: the outcome that two releases are compared by. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from bot.languages import Language

Kind = Literal["emergency", "crisis", "look_alike", "saved", "patient"]
ALARMS = ("E1", "E2")
# Of the outcome, what a patient would notice.
NOTICED = ("intent", "level", "crisis", "department", "red_flags", "faq", "alarmed")


@dataclass(frozen=True)
class Sentence:
    """A sentence that is put to both. `expected`: of a saved one, what has to be heard in it; `source`: where it is kept."""

    id: str
    text: str
    language: Language
    kind: Kind
    expected: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What its outcome is kept under: a hash, since a patient's words are not written into files."""
        return hashlib.sha256(f"{self.language}\n{self.text}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Heard:
    """The outcome. `margin`: how far the best intent is before the next, a share of 1; `department`: the first, "" for none;
    `faq`: the entry that would be answered; `alarmed`: the patient would get the emergency or crisis answer."""

    intent: str
    confidence: float
    margin: float
    level: str
    crisis: bool
    department: str
    red_flags: tuple[str, ...]
    faq: str
    alarmed: bool

    @property
    def outcome(self) -> dict[str, Any]:
        """What of it a patient would notice."""
        return {name: getattr(self, name) for name in NOTICED}


def heard_from_json(data: Mapping[str, Any]) -> Heard:
    """Return what was written with `heard_to_json`. Raises KeyError for another shape."""
    values: dict[str, Any] = {one.name: data[one.name] for one in fields(Heard)}
    return Heard(**{**values, "red_flags": tuple(values["red_flags"])})


def heard_to_json(heard: Heard) -> dict[str, Any]:
    """Return it as plain data."""
    return {**asdict(heard), "red_flags": list(heard.red_flags)}


def unmet(heard: Heard, expected: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of what was expected and is not so."""
    outcome = heard_to_json(heard)
    return tuple(name for name, wanted in expected.items() if outcome.get(name) != wanted)
