"""The examples and texts as they stand in the files now. Takes a second or two: never on an event loop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Literal, get_args

from bot.content.packs import read_yaml
from bot.exchange.units import Example, Unit, units_in
from bot.languages import LANGUAGES, Language
from bot.release.folders import Folder

NLU = "data/nlu/"
Scope = Literal["replies", "answers", "clinical"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
# Where the texts of a scope stand. What is not listed holds no texts for people.
_FILES: dict[Scope, tuple[str, ...]] = {
    "replies": ("content/phrases/", "domain/responses/"),
    "answers": ("content/knowledge/",),
    "clinical": ("content/triage/questions", "content/triage/hotlines", "content/hospital/", "content/followup/"),
}


def read_units(folder: Folder, scope: Scope | None = None) -> tuple[Unit, ...]:
    """Return the texts of a scope, or of all. Raises ContentError for a file that is no YAML."""
    wanted = _FILES[scope] if scope else tuple(part for parts in _FILES.values() for part in parts)
    names = [name for name in folder.names() if name.startswith(wanted)]
    return tuple(unit for name in names for unit in units_in(name, read_yaml(folder.path(name))))


def read_examples(folder: Folder) -> tuple[Example, ...]:
    """Return all examples, in the order of the files. Raises ContentError for a file that is no YAML."""
    return tuple(one for name in folder.names() if name.startswith(NLU) for one in _examples(folder, name))


def _examples(folder: Folder, name: str) -> Iterator[Example]:
    language = PurePosixPath(name).parts[2]
    if language in LANGUAGES:
        yield from examples_in(read_yaml(folder.path(name)), language, name)


def examples_in(data: Any, language: Language, file: str = "") -> Iterator[Example]:
    """Yield the examples of what a file of Rasa's says; of regular expressions and lookup tables there are none."""
    entries = data.get("nlu") if isinstance(data, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("intent"), str):
            for text in _texts(entry.get("examples")):
                yield Example(entry["intent"], language, text, file)


def _texts(examples: Any) -> Iterator[str]:
    if isinstance(examples, str):
        lines = (line.strip() for line in examples.splitlines())
        yield from (line[1:].strip() for line in lines if line.startswith("-") and line[1:].strip())
    for one in examples if isinstance(examples, list) else ():
        text = one.get("text") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text.strip()
