"""The two searches over the packs of this repository, and own questions with the entry they mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.knowledge.encoder import best_encoder
from bot.knowledge.search import Index


@dataclass(frozen=True)
class Asked:
    """An own sentence and the entry it means."""

    text: str
    language: str
    entry: str


@dataclass(frozen=True)
class Paraphrases:
    """The sentences of paraphrases.yml."""

    asked: tuple[Asked, ...]
    other: tuple[str, ...]
    bent: tuple[tuple[str, str], ...]


@pytest.fixture(scope="session")
def paraphrases():
    data = read_yaml(Path(__file__).parent / "paraphrases.yml")
    asked = tuple(Asked(text, language, entry) for entry, texts in data["asked"].items() for language, text in texts.items())
    return Paraphrases(asked, (*data["other"], *data["other_later"]), tuple((text, entry) for text, entry in data["bent"]))


@pytest.fixture(scope="session")
def index(content):
    """The search by meaning and letters."""
    return Index(content.knowledge, encoder=best_encoder())


@pytest.fixture(scope="session")
def by_letters(content):
    """The search without a model."""
    return Index(content.knowledge)


@pytest.fixture(scope="session")
def found(index, paraphrases):
    """Each own question with what the search finds."""
    return [(asked, index.search(asked.text, asked.language)) for asked in paraphrases.asked]
