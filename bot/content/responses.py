"""Rasa's responses in `domain/responses/`: does each key speak all five languages, with a default, alike?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES, Language


@dataclass(frozen=True)
class Response:
    """One response key of one file: its text per language and whether a default without condition exists."""

    path: Path
    key: str
    texts: dict[Language, str]
    has_default: bool


def read_responses(domain: Path) -> tuple[Response, ...]:
    """Return all responses under `domain`."""
    found = []
    for path in sorted(domain.rglob("*.yml")):
        for key, variations in ((read_yaml(path) or {}).get("responses") or {}).items():
            texts = {language: variation.get("text", "") for variation in variations for language in _language_of(variation)}
            found.append(Response(path, key, texts, has_default=any("condition" not in variation for variation in variations)))
    return tuple(found)


def response_problems(domain: Path) -> Iterator[str]:
    """Yield a sentence for each missing language or default and each difference in placeholders.

    A key without default is answered with silence when the language slot is empty (Rasa conditional responses).
    """
    for response in read_responses(domain):
        where = f"{response.path.name}: {response.key}"
        missing = [language for language in LANGUAGES if not response.texts.get(language)]
        if missing:
            yield f"{where} has no text in {', '.join(missing)}. Write it by hand."
        if not response.has_default:
            yield f"{where} has no variation without condition: an unknown language would be met with silence. Add one."
        if len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in response.texts.values()}) > 1:
            yield f"{where} has different placeholders per language. Make them the same."


def _language_of(variation: dict[str, Any]) -> Iterator[Language]:
    for condition in variation.get("condition", ()):
        if condition.get("name") == "language":
            yield condition["value"]
