"""Fixed texts in five languages. A missing text is found when the files are read, not when a patient waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from bot.content.packs import ContentError, Pack, read_packs
from bot.languages import LANGUAGES, Language


@dataclass(frozen=True)
class Phrases:
    """All phrases by key, e.g. `consent.ask`. Keys are `<pack>.<name>`."""

    texts: Mapping[str, Mapping[Language, str]]

    def get(self, key: str, language: Language, **values: object) -> str:
        """Return the phrase `key` in `language` with its placeholders filled.

        Raises KeyError when there is no such key or a placeholder has no value: both are our mistakes.
        """
        return self.texts[key][language].format_map(values)


def load_phrases(folder: Path) -> Phrases:
    """Return the phrases of all packs in `folder`. Raises ContentError for a text that is missing."""
    return phrases_from(read_packs(folder))


def phrases_from(packs: Iterable[Pack]) -> Phrases:
    """Return the phrases of `packs`: `entries` is {name: {language: text}}, with the same placeholders in each."""
    texts: dict[str, dict[Language, str]] = {}
    for pack in packs:
        for name, entry in pack.entries.items():
            key = f"{pack.pack}.{name}"
            if key in texts:
                raise ContentError(f"{pack.path}: {key} stands twice. Remove one.")
            texts[key] = _checked(pack, key, entry)
    return Phrases(texts)


def _checked(pack: Pack, key: str, entry: Mapping[Language, str]) -> dict[Language, str]:
    missing = [language for language in LANGUAGES if not entry.get(language)]
    if missing:
        raise ContentError(f"{pack.path}: {key} has no text in {', '.join(missing)}. Write it by hand.")
    placeholders = {language: _placeholders(entry[language]) for language in LANGUAGES}
    if len({frozenset(names) for names in placeholders.values()}) > 1:
        raise ContentError(f"{pack.path}: {key} has different placeholders per language: {placeholders}. Make them the same.")
    return {language: entry[language].strip() for language in LANGUAGES}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
