"""A phrase speaks all five languages with the same placeholders, or the start is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.language_check import language_problem
from bot.content.packs import ContentError, Pack
from bot.languages import LANGUAGES
from bot.phrases import phrases_from

TEXTS = {
    "zh-Hans": "请拨打 {number}",
    "zh-Hant": "請撥打 {number}",
    "en": "Call {number}",
    "de": "Rufen Sie {number} an",
    "ar": "اتصل بـ {number}",
}


def pack(**changes: str) -> Pack:
    return Pack(
        Path("sample.yml"), "sample", "1", "sample", "owner", "own", "An", "Bo", date(2027, 1, 1), {"call": {**TEXTS, **changes}}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_is_given_in_each_language(language):
    assert "120" in phrases_from([pack()]).get("sample.call", language, number=120)


def test_a_missing_language_is_refused():
    with pytest.raises(ContentError, match="no text in ar"):
        phrases_from([pack(ar="")])


def test_a_different_placeholder_is_refused():
    with pytest.raises(ContentError, match="different placeholders"):
        phrases_from([pack(de="Rufen Sie {nummer} an")])


def test_the_same_key_twice_is_refused():
    with pytest.raises(ContentError, match="stands twice"):
        phrases_from([pack(), pack()])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_in_its_own_script_passes(language):
    assert language_problem(TEXTS[language], language) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("請撥打", "zh-Hans"), ("请拨打", "zh-Hant"), ("Call", "ar"), ("拨打", "de"), ("اتصل", "en"), ("Call", "zh-Hans")],
)
def test_a_text_in_another_script_is_found(text, language):
    assert language_problem(text, language)
