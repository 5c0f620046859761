"""A translation that comes back: of which text, from which words, into which. What XLIFF and PO have in common. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.exchange.problems import ExchangeProblem
from bot.languages import LANGUAGES, Language


@dataclass(frozen=True)
class Translation:
    """`id`: of the unit; `source`: what the translator had before them; `text`: what they wrote, "" where they did not."""

    id: str
    language: Language
    source: str
    text: str


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
