"""Can this machine write its pictures? Asked by `daozhen check`, before a patient asks for a chart."""

from __future__ import annotations

from bot.languages import LANGUAGES, Language
from bot.phrases import Phrases
from bot.posters.fonts import PACKAGES, NoFont, font_for

# What stands in charts besides the phrases: numbers, and the names of months.
_NUMBERS = "0123456789.,:/%°"


def without_fonts(phrases: Phrases) -> list[str]:
    """Return a sentence for the operator when pictures of some language cannot be drawn; empty when all is well."""
    missing = [language for language in LANGUAGES if not _can_write(language, phrases)]
    if not missing:
        return []
    packages = ", ".join(sorted({PACKAGES.get(language, "fonts-noto-core") for language in missing}))
    return [
        f"Charts in {', '.join(missing)} are sent as tables alone, and there is no PDF: no font of this machine has their letters. "
        f"Install one (Debian: {packages})."
    ]


def _can_write(language: Language, phrases: Phrases) -> bool:
    texts = [by[language] for key, by in phrases.texts.items() if key.startswith("readings.")]
    try:
        for bold in (False, True):
            font_for(language, bold, [*texts, _NUMBERS])
    except NoFont:
        return False
    return True
