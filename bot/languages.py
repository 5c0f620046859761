"""The five languages, and which one a message is written in. Everything else about language is data."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["zh-Hans", "zh-Hant", "en", "de", "ar"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
RIGHT_TO_LEFT: frozenset[Language] = frozenset({"ar"})
OWN_NAMES: dict[Language, str] = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
    "de": "Deutsch",
    "ar": "العربية",
}


def is_right_to_left(language: Language) -> bool:
    """Return whether texts in `language` run from right to left."""
    return language in RIGHT_TO_LEFT
