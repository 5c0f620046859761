"""Crisis words with a small word beside them: who does not want to die is no crisis, who does not want to live is one."""

from __future__ import annotations

import pytest

from bot.triage.reading import read
from tests.contents import the_content

LEXICON = the_content().triage.lexicon

CRISES = [
    ("zh-Hans", "我不想活了"),
    ("zh-Hans", "有时候想死"),
    ("zh-Hans", "不是不想死"),
    ("zh-Hans", "我看了那部电影，我也想自杀"),
    ("zh-Hant", "我不想活了"),
    ("en", "I don't want to live anymore"),
    ("en", "I don't want to live any more"),
    ("en", "I don't know if I want to die"),
    ("en", "not that I want to die, but I can't go on"),
    ("de", "Ich will nicht mehr leben"),
    ("de", "Ich will sterben, ich kann nicht mehr"),
    ("ar", "ما أبغى أعيش"),
]
NONE = [
    ("zh-Hans", "我不想死"),
    ("zh-Hans", "没有自杀的想法"),
    ("zh-Hans", "电影里他想自杀"),
    ("zh-Hant", "我不想死，可是好累"),
    ("en", "I'm scared, I don't want to die, my chest hurts"),
    ("en", "no suicidal thoughts"),
    ("en", "I wanted to kill myself ten years ago"),
    ("en", "in the film she wants to kill herself"),
    ("de", "Ich will nicht sterben"),
    ("de", "keine Suizidgedanken"),
    ("ar", "ما أبغى أموت"),
]


@pytest.mark.parametrize(("language", "text"), CRISES)
def test_a_wish_to_die_is_read_whatever_stands_beside_it(language, text):
    assert read(text, language, lexicon=LEXICON).crisis


@pytest.mark.parametrize(("language", "text"), NONE)
def test_a_wish_to_live_a_film_and_a_denial_are_no_crisis(language, text):
    assert not read(text, language, lexicon=LEXICON).crisis
