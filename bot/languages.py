"""The five languages, and which one a message is written in. Everything else about language is data."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal, get_args

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


# Fewer letters than this never change the language of a conversation: "hallo", "ok", "Stopp" are said in all of them.
_ENOUGH_LETTERS = 12
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")


def detect(text: str, prior: Language | None) -> Language:
    """Return the language of `text`; when it does not show, `prior`, or English without one.

    By script first; Simplified and Traditional by the characters that only one of them has; German and English by
    pycld2 and, where that is not sure, lingua. One or two words never switch away from `prior`.
    """
    if _ARABIC.search(text):
        return "ar"
    if _HAN.search(text):
        return _chinese(text, prior)
    letters = len(_LATIN.findall(text))
    if letters == 0 or (prior is not None and letters < _ENOUGH_LETTERS):
        return prior or "en"
    return _latin(text, prior)


def _chinese(text: str, prior: Language | None) -> Language:
    simplified = sum(one != other for one, other in zip(text, _convert("s2t", text), strict=False))
    traditional = sum(one != other for one, other in zip(text, _convert("t2s", text), strict=False))
    if simplified == traditional:
        return prior if prior in ("zh-Hans", "zh-Hant") else "zh-Hans"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _latin(text: str, prior: Language | None) -> Language:
    import pycld2

    try:
        sure, _, found = pycld2.detect(_SURROGATES.sub("", text), bestEffort=True)
    except pycld2.error:
        sure, found = False, ()
    if found and found[0][1] in ("en", "de") and sure:
        return found[0][1]  # type: ignore[no-any-return]
    guess = _lingua().detect_language_of(text)
    if guess is None:
        return prior if prior in ("en", "de") else "en"
    return "de" if guess.name == "GERMAN" else "en"


_SURROGATES = re.compile(r"[\ud800-\udfff]")


@lru_cache(maxsize=2)
def _converter(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)


def _convert(name: str, text: str) -> str:
    return str(_converter(name).convert(_SURROGATES.sub("?", text)))


@lru_cache(maxsize=1)
def _lingua() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.GERMAN).with_low_accuracy_mode().build()
