"""A translation that comes back: of which text, from which words, into which. What XLIFF and PO have in common. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.exchange.problems import ExchangeProblem
from bot.languages import LANGUAGES, Language

_NOTE = "stamp:"


@dataclass(frozen=True)
class Translation:
    """`id`: of the unit; `source`: what the translator had before them; `text`: what they wrote, "" where they did not;
    `was`: the stamp of what stood there when the file left, "" where the file does not say it."""

    id: str
    language: Language
    source: str
    text: str
    was: str = ""


def stamp_of(text: str) -> str:
    """Return what is another once somebody writes something else, but for blanks at the ends."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:10]


def note_of(text: str) -> str:
    """Return the note that carries the stamp of a text through a translator's tool."""
    return f"{_NOTE}{stamp_of(text)}"


def stamp_in(notes: Iterable[str]) -> str:
    """Return the stamp that one of these notes carries, "" where none does."""
    return next((note.strip().removeprefix(_NOTE) for note in notes if note.strip().startswith(_NOTE)), "")


def language_of(code: str | None) -> Language:
    """Return one of our languages for a code that tools write. Raises ExchangeProblem for any other."""
    plain = (code or "").replace("_", "-").lower()
    for language in LANGUAGES:
        if plain == language.lower() or (plain.split("-")[0] == language and language not in ("zh-Hans", "zh-Hant")):
            return language
    if plain in ("zh-tw", "zh-hk", "zh-mo") or plain.startswith("zh-hant"):
        return "zh-Hant"
    if plain in ("zh", "zh-cn", "zh-sg") or plain.startswith("zh-hans"):
        return "zh-Hans"
    raise ExchangeProblem("language", f"{code!r} is none of our languages: {', '.join(LANGUAGES)}.", code=code or "?")
