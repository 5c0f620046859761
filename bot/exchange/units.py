"""What is exchanged: an example of an intent, and a text in five languages with the place where it stands. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.languages import LANGUAGES, Language

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Example:
    """A sentence from which an intent is learned. `file`: where it stands, "" when it is not there yet."""

    intent: str
    language: Language
    text: str
    file: str = ""


@dataclass(frozen=True)
class Unit:
    """One text in its languages. `where`: its place in the file; `places`: that of each language's."""

    file: str
    where: Place
    texts: Mapping[Language, str]
    places: Mapping[Language, Place]

    @property
    def id(self) -> str:
        """Return the name under which it leaves and comes back."""
        return f"{self.file}#{'/'.join(map(str, self.where))}"

    @property
    def stamp(self) -> str:
        """Return what is another once somebody changed one of the texts."""
        together = "\0".join(f"{code}={self.texts.get(code, '')}" for code in LANGUAGES)
        return hashlib.sha256(together.encode()).hexdigest()[:10]


def units_in(file: str, data: Any) -> Iterator[Unit]:
    """Yield the texts of one YAML file: of a pack, or of responses of Rasa."""
    if isinstance(data, dict) and isinstance(data.get("responses"), dict):
        for name, variations in data["responses"].items():
            yield from _of_response(file, str(name), variations)
    else:
        yield from _of_pack(file, data, (), set())


def _of_pack(file: str, node: Any, where: Place, seen: set[int]) -> Iterator[Unit]:
    """Yield every mapping whose keys are the languages and whose values are texts."""
    # What YAML repeats by its name is one thing, and is changed where it stands first.
    if not isinstance(node, dict | list) or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from _of_pack(file, one, (*where, number), seen)
        return
    if set(node) == set(LANGUAGES) and all(isinstance(text, str) for text in node.values()):
        texts = {code: node[code] for code in LANGUAGES}
        yield Unit(file, where, texts, {code: (*where, code) for code in LANGUAGES})
        return
    for key, one in node.items():
        yield from _of_pack(file, one, (*where, key), seen)


def _of_response(file: str, name: str, variations: Any) -> Iterator[Unit]:
    """Yield the first text of each language as one unit, the second as another."""
    found: dict[Language, list[tuple[str, Place]]] = {}
    for number, one in enumerate(variations if isinstance(variations, list) else ()):
        language = _language_of(one)
        if language is not None and isinstance(one.get("text"), str):
            found.setdefault(language, []).append((one["text"], ("responses", name, number, "text")))
    for number in range(max(map(len, found.values()), default=0)):
        having = {code: found[code][number] for code in LANGUAGES if len(found.get(code, ())) > number}
        texts, places = ({code: pair[part] for code, pair in having.items()} for part in (0, 1))
        yield Unit(file, ("responses", name, number), texts, places)  # type: ignore[arg-type]


def _language_of(variation: Any) -> Language | None:
    conditions = variation.get("condition") if isinstance(variation, dict) else None
    for one in conditions if isinstance(conditions, list) else ():
        if isinstance(one, dict) and one.get("name") == "language" and one.get("value") in LANGUAGES:
            language: Language = one["value"]
            return language
    return None
