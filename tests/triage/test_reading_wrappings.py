"""Small talk, denials, questions and other people's history around an emergency: none of it makes the emergency smaller."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.messages import LEVELS
from bot.triage.safety import check
from tests.contents import the_content

HERE = Path(__file__).parent
TABLES = the_content().triage
CASES = read_yaml(HERE / "red_flag_cases.yml")
WRAPPINGS = read_yaml(HERE / "reading_wrappings.yml")
BEFORE = [(language, words) for language, several in WRAPPINGS["before"].items() for words in several]
AFTER = [(language, words) for language, several in WRAPPINGS["after"].items() for words in several]


def smaller(language, wrap):
    """Return the wrapped emergencies of `language` that read less urgent than alone."""
    lost = []
    for case in CASES["emergencies"]:
        if case["language"] == language:
            alone, wrapped = (check(text, language, tables=TABLES) for text in (case["text"], wrap(case["text"])))
            if LEVELS.index(wrapped.level) > LEVELS.index(alone.level) or (alone.crisis and not wrapped.crisis):
                lost.append(wrap(case["text"]))
    return lost


@pytest.mark.parametrize(("language", "words"), BEFORE)
def test_what_stands_before_an_emergency_does_not_make_it_smaller(language, words):
    assert smaller(language, lambda text: words + text) == []


@pytest.mark.parametrize(("language", "words"), AFTER)
def test_what_stands_after_an_emergency_does_not_make_it_smaller(language, words):
    assert smaller(language, lambda text: text.rstrip(".。") + words) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "没有胸痛，这正常吗"),
        ("zh-Hant", "請問這是什麼病，沒有胸口痛"),
        ("en", "Hello, can you tell me what is wrong, I have no chest pain"),
        ("de", "Wenn möglich bitte schnell antworten: keine Brustschmerzen"),
        ("ar", "لو سمحت ما عندي ألم في الصدر"),
    ],
)
def test_the_same_words_around_a_denied_symptom_raise_no_alarm(language, text):
    assert not check(text, language, tables=TABLES).alarm
