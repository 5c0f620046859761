"""What intents are called and mean, in five languages, and their protected examples: `content/studio/intents.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.packs import ContentError, read_pack
from bot.languages import LANGUAGES, Language
from bot.release.folders import Folder
from bot.training.operations import MoveExample, Operation, RemoveExample, SetEntry
from bot.training.problems import protected

FILE = "content/studio/intents.yml"
PARTS = ("name", "means", "example")


@dataclass(frozen=True)
class Described:
    """One intent: its name, what it means, and its best sentence in each language."""

    id: str
    name: Mapping[Language, str]
    means: Mapping[Language, str]
    example: Mapping[Language, str]


def described(folder: Folder) -> dict[str, Described]:
    """Return the intents that somebody has described. Raises ContentError that names the entry and the fix."""
    path = folder.path(FILE)
    if not path.is_file():
        return {}
    entries = read_pack(path).entries or {}
    return {str(name): _described(str(name), entry) for name, entry in entries.items()}


def with_draft(known: Mapping[str, Described], operations: Iterable[Operation]) -> dict[str, Described]:
    """Return the described intents as they will be after the operations of a draft."""
    found = dict(known)
    for one in operations:
        if isinstance(one, SetEntry) and one.file == FILE and len(one.path) == 2 and one.after is not None:
            found[str(one.path[1])] = _described(str(one.path[1]), one.after)
    return found


def name_of(known: Mapping[str, Described], intent: str, language: Language) -> str:
    """Return what an intent is called; one that nobody described, by its id in words."""
    found = known.get(intent)
    return found.name[language] if found is not None else intent.replace("_", " ")


def check_protected(operations: Iterable[Operation], known: Mapping[str, Described]) -> None:
    """Raises ChangeProblem when operations take away the sentence that shows an intent best."""
    for one in operations:
        if isinstance(one, RemoveExample | MoveExample) and _is_best(known.get(one.intent), one.language, one.text):
            raise protected(one.intent, one.text)


def _is_best(found: Described | None, language: Language, text: str) -> bool:
    return found is not None and found.example[language] == text


def _described(name: str, entry: Any) -> Described:
    parts: dict[str, Any] = {}
    for part in PARTS:
        texts = entry.get(part) if isinstance(entry, dict) else None
        missing = [language for language in LANGUAGES if not isinstance(texts, dict) or not texts.get(language)]
        if missing:
            raise ContentError(f"{FILE}: {name} has no {part} in {', '.join(missing)}. Write it by hand.")
        parts[part] = texts
    return Described(name, **parts)
