"""The snippets pack, and what any snippet has to keep to: languages, placeholders, no diagnosis, drug or dose. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Literal

from bot.content.packs import ContentError, Pack
from bot.errors import OperatorError
from bot.languages import LANGUAGES, Language
from bot.outbox.output_filter import forbidden_in

PLACEHOLDERS = frozenset({"name", "department", "hours", "emergency"})
SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
LONGEST = 1_000


class SnippetProblem(OperatorError):
    """A snippet cannot be kept. `key` says why: shortcut | empty | language | long | placeholder | forbidden | rights | many | gone."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True)
class Snippet:
    """One text to insert. `approved_by`: who reviewed it; None: nobody yet. `used`: how often it was inserted, by all."""

    id: int | None  # None: of the pack
    shortcut: str
    texts: Mapping[Language, str]
    team: str  # "": of all
    own: bool
    approved_by: str | None
    used: int = 0
    kind: Literal["pack", "team", "own"] = "pack"


def snippets_from_packs(packs: Iterable[Pack]) -> tuple[Snippet, ...]:
    """Return the snippets of the pack `snippets`. Raises ContentError that names the entry and what to do."""
    found = []
    for pack in packs:
        if pack.pack == "snippets":
            found += [_of_pack(pack, shortcut, texts) for shortcut, texts in pack.entries.items()]
    return tuple(found)


def _of_pack(pack: Pack, shortcut: str, texts: Mapping[Language, str]) -> Snippet:
    missing = [language for language in LANGUAGES if not texts.get(language)]
    if missing:
        raise ContentError(f"{pack.path}: {shortcut} has no text in {', '.join(missing)}. Write it by hand.")
    try:
        check(shortcut, texts)
    except SnippetProblem as error:
        raise ContentError(f"{pack.path}: {shortcut}: {error}") from error
    approved = pack.reviewer if pack.status == "signed" else None
    return Snippet(
        None, shortcut, {language: texts[language].strip() for language in LANGUAGES}, "", own=False, approved_by=approved
    )


def check(shortcut: str, texts: Mapping[Any, str]) -> None:
    """Raise SnippetProblem when a snippet would not do: its name, its languages, its placeholders, or what it says."""
    if not SHORTCUT.fullmatch(shortcut):
        raise SnippetProblem("shortcut", "A shortcut is made of small letters, digits, - and _, at most 32. Choose another.")
    if not texts or not all(text.strip() for text in texts.values()):
        raise SnippetProblem("empty", "A snippet needs words. Write them, or leave the language out.")
    for language, text in texts.items():
        if language not in LANGUAGES:
            raise SnippetProblem("language", f"{language} is none of the languages. Use {', '.join(LANGUAGES)}.")
        if len(text) > LONGEST:
            raise SnippetProblem("long", f"A snippet has at most {LONGEST} characters. Shorten the one in {language}.")
        strange = sorted(placeholders(text) - PLACEHOLDERS)
        if strange:
            raise SnippetProblem("placeholder", f"{strange[0]!r} is no placeholder. Use {', '.join(sorted(PLACEHOLDERS))}.")
        if forbidden_in(text, language):
            raise SnippetProblem("forbidden", f"The text in {language} names a diagnosis, a drug or a dose. Say it without.")


def placeholders(text: str) -> set[str]:
    """Return the names in braces. Raises SnippetProblem for a brace that stands alone."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise SnippetProblem("placeholder", "A brace is open or stands alone. Close it, or write it without.") from error
