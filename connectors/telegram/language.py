"""From the tag of a person's app to one of our languages. A hint only: the words decide."""

from __future__ import annotations

from bot.languages import LANGUAGES, Language


def hinted(tag: str) -> Language | None:
    """Return our language for an IETF tag, or None when we do not speak it."""
    tag = tag.lower().replace("_", "-")
    if tag.partition("-")[0] == "zh":
        return "zh-Hant" if any(part in tag.split("-") for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    return next((language for language in LANGUAGES if language == tag.partition("-")[0]), None)


def two_letters(language: Language) -> str:
    """Return the code under which Telegram keeps commands and descriptions: it does not tell the two Chinese apart."""
    return language[:2]
