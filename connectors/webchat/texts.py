"""What the page says: its texts in one language, the regions with their emergency numbers, the choice of language."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from bot.content.load import Content
from bot.languages import LANGUAGES, OWN_NAMES, Language, choose_language, is_right_to_left
from connectors.webchat.numbers import all_numbers, regions

__all__ = ["choose_language", "languages", "page_texts", "text"]

PACK = "webchat."
# Texts of the landing page and of the server's answers: the chat page has no use for them.
_ONLY_SERVER = re.compile(r"(landing|operator|example)_.*|noscript|error_(origin|empty|busy|store|session|pdf)")


def text(content: Content, key: str, language: Language, **values: object) -> str:
    """Return one text of the page."""
    return content.phrases.get(PACK + key, language, **values)


def page_texts(content: Content, language: Language, *, home: str, limit: int) -> dict[str, Any]:
    """Return all that the page's scripts need to speak `language`."""
    phrases = {key[len(PACK) :]: by[language] for key, by in content.phrases.texts.items() if key.startswith(PACK)}
    return {
        "language": language,
        "dir": "rtl" if is_right_to_left(language) else "ltr",
        "home": home,
        "limit": limit,
        "texts": {key: value for key, value in phrases.items() if not _ONLY_SERVER.fullmatch(key)},
        "regions": [asdict(region) for region in regions(content.triage, language)],
        "numbers": all_numbers(content.triage),
    }


def languages() -> tuple[tuple[Language, str, str], ...]:
    """Return (code, own name, direction) of each language."""
    return tuple((code, OWN_NAMES[code], "rtl" if is_right_to_left(code) else "ltr") for code in LANGUAGES)
