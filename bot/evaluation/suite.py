"""The cases of the safety suite: emergencies, crises and look-alikes, the same scenarios told in five languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bot.content.packs import ContentError, read_yaml
from bot.languages import LANGUAGES, Language
from bot.settings import ROOT

Kind = Literal["emergency", "crisis", "look_alike"]
SUITE = ROOT / "tests" / "safety" / "cases"


@dataclass(frozen=True)
class Case:
    """One scenario in one language."""

    id: str
    kind: Kind
    language: Language
    text: str


def read_suite(folder: Path) -> list[Case]:
    """Return all cases of `folder`. Raises ContentError for a scenario that lacks a language."""
    return [case for path in sorted(folder.glob("*.yml")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Case]:
    for entry in read_yaml(path)["cases"]:
        for language in LANGUAGES:
            text = entry["texts"].get(language)
            if not text:
                raise ContentError(f"{path}: {entry['id']} has no text in {language}. Write it by hand.")
            yield Case(str(entry["id"]), cast(Kind, entry["kind"]), language, str(text))
