"""A new intent of the hospital: what it is called and means, its sentences, its answer, and the rule that brings them together. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import LANGUAGES, Language
from bot.training.intents import FILE, Described
from bot.training.operations import AddExample, Operation, SetEntry

INTENTS, RESPONSES, RULES = "domain/intents.yml", "domain/responses/own.yml", "data/rules/own.yml"
SENTENCES = "data/nlu/{language}/own.yml"
# Beyond the end of any list: what is added there comes last.
LAST = 100_000
LONGEST_ID = 40
_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class NewIntent:
    """What somebody wrote about an intent that there is not yet. The first sentence of each language shows it best."""

    name: Mapping[Language, str]
    means: Mapping[Language, str]
    sentences: Mapping[Language, Sequence[str]]
    answer: Mapping[Language, str]

    def described(self, id_: str) -> Described:
        """Return what it is called and means."""
        return Described(id_, self.name, self.means, {language: self.sentences[language][0] for language in LANGUAGES})


def id_of(name: str, taken: Collection[str]) -> str:
    """Return the id of an intent that is called `name` in English, unlike all that are taken."""
    plain = _OTHER.sub("_", name.casefold()).strip("_")[:LONGEST_ID].strip("_") or "own"
    plain = plain if plain[0].isalpha() else f"own_{plain}"
    return next(one for one in (plain, *(f"{plain}_{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def creating(new: NewIntent, id_: str) -> list[Operation]:
    """Return what has to be done for the assistant to know and answer a new intent."""
    answer = f"utter_{id_}"
    rule = {"rule": f"answers {id_}", "steps": [{"intent": id_}, {"action": answer}]}
    examples = [
        AddExample(id_, language, sentence, SENTENCES.format(language=language))
        for language in LANGUAGES
        for sentence in new.sentences[language]
    ]
    return [
        SetEntry(INTENTS, ("intents", LAST), None, id_),
        *examples,
        SetEntry(RESPONSES, ("responses", answer), None, _variations(new.answer)),
        SetEntry(RULES, ("rules", LAST), None, rule),
        describing(new.described(id_), None),
    ]


def describing(new: Described, before: Described | None) -> SetEntry:
    """Return what has to be done for an intent to be called and explained otherwise."""
    return SetEntry(FILE, ("entries", new.id), None if before is None else _entry(before), _entry(new))


def _entry(one: Described) -> dict[str, Any]:
    return {"name": dict(one.name), "means": dict(one.means), "example": dict(one.example)}


def _variations(texts: Mapping[Language, str]) -> list[dict[str, Any]]:
    """Return an answer as Rasa has it: one for each language, and English while nobody knows the language."""
    spoken = [
        {"condition": [{"type": "slot", "name": "language", "value": language}], "text": texts[language]}
        for language in LANGUAGES
    ]
    return [*spoken, {"text": texts["en"]}]
