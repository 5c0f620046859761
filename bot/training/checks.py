"""What is wrong with an example sentence, or worth a second look, while it is typed. Pure.

`kind` "wrong": it is not taken; "mind": it is taken, with a word of warning. Keys are of phrases `shared_check_<key>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.content.language_check import language_problem
from bot.languages import LANGUAGES, Language, detect
from bot.privacy.personal_data import find
from bot.training.index import Example, Index, same

LONGEST = 300
# So many words carry a language; fewer ("hallo, ok") are said in several.
_TELLING_WORDS = 3
# Of a hundred: "how do I book" and "how do I cancel" are not near each other, "how do I book" and "how do i book it" are.
NEAR = 90.0
# An intent with so many times the usual number of examples drowns the others.
MUCH_MORE = 5
FEWEST = 2
_TEMPLATE = re.compile(
    r"\{\w*\}|<\w+>|\$\w+|_{2,}|\bx{3,}\b|\b(?:lorem|todo|tbd|foo|asdf)\b|\.{3,}\s*\w+\s*\.{3,}", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Finding:
    """One thing about a sentence. `values`: intent, text, languages…, for the phrase."""

    kind: Literal["wrong", "mind"]
    key: str
    values: dict[str, str] = field(default_factory=dict)


def check_example(text: str, intent: str, language: Language, index: Index) -> tuple[Finding, ...]:
    """Return what there is to say about `text` as a new example of `intent`, what is wrong first."""
    shape = tuple(_shape(text, language))
    if any(one.key in ("empty", "long", "lines") for one in shape):
        return shape
    found = [*shape, *_others(text, intent, language, index), *_balance(intent, language, index)]
    return tuple(sorted(found, key=lambda one: one.kind != "wrong"))


def is_taken(findings: tuple[Finding, ...]) -> bool:
    """Whether a sentence with these findings may become an example."""
    return all(one.kind != "wrong" for one in findings)


def _shape(text: str, language: Language) -> Iterator[Finding]:
    if not text.strip():
        yield Finding("wrong", "empty")
    elif len(text) > LONGEST:
        yield Finding("wrong", "long", {"most": str(LONGEST)})
    elif len(text.splitlines()) > 1:
        yield Finding("wrong", "lines")
    else:
        if find(text, language):
            yield Finding("wrong", "personal_data")
        if _TEMPLATE.search(text):
            yield Finding("wrong", "template_like")
        if len(_LETTER.findall(text)) < (1 if _HAN.search(text) else 2):
            yield Finding("wrong", "too_short")
        elif _is_other_language(text, language):
            yield Finding("mind", "wrong_language")


def _is_other_language(text: str, language: Language) -> bool:
    # Arabic is also written in Latin letters; names and drugs stand in Latin letters everywhere.
    if language_problem(text, language) and not (language == "ar" and detect(text, None) == "ar"):
        return True
    words = len(text.split()) if not _HAN.search(text) else _TELLING_WORDS
    return words >= _TELLING_WORDS and detect(text, language) != language


def _others(text: str, intent: str, language: Language, index: Index) -> Iterator[Finding]:
    known = [one for one in index.same_as(text) if one.draft != "removed"]
    elsewhere = next((one for one in known if one.intent != intent), None)
    if elsewhere is not None:
        yield Finding("wrong", "same_text_other_intent", {"intent": elsewhere.intent, "text": elsewhere.text})
    if any(one.intent == intent and one.language == language for one in known):
        yield Finding("wrong", "duplicate")
    elif elsewhere is None and same(text):
        yield from _near(text, intent, index.near(text, language, least=NEAR))


def _near(text: str, intent: str, near: list[Example]) -> Iterator[Finding]:
    near = [one for one in near if one.draft != "removed"]
    other = next((one for one in near if one.intent != intent), None)
    if other is not None:
        yield Finding("mind", "near_other_intent", {"intent": other.intent, "text": other.text})
    elif near:
        yield Finding("mind", "near_duplicate", {"text": near[0].text})


def _balance(intent: str, language: Language, index: Index) -> Iterator[Finding]:
    if is_much_more(index, intent, language):
        yield Finding("mind", "imbalance", {"count": str(index.counts[language][intent])})
    missing = [one for one in LANGUAGES if one != language and index.counts[one][intent] < FEWEST]
    if missing:
        yield Finding("mind", "missing_language", {"languages": ",".join(missing)})


def is_much_more(index: Index, intent: str, language: Language) -> bool:
    """Whether an intent has many times more examples than is usual in a language."""
    counts = index.counts[language]
    return len(counts) > 1 and counts[intent] > MUCH_MORE * max(index.usual[language], FEWEST)
