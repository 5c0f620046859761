"""Words of a danger that mean something else here: a dull ear, a dry tummy, a cut in the kitchen. And the danger itself, still heard."""

from __future__ import annotations

import pytest

from bot.triage.guide import guide_lines
from tests.contents import the_content

TABLES = the_content().triage
CALM = [
    ("zh-Hans", "耳朵进水闷闷的"),
    ("zh-Hant", "心情悶悶的快兩週"),
    ("en", "20 weeks, all normal at the scan, just very dry skin on my tummy"),
    ("de", "Beim Kochen in die Fingerkuppe geritzt, hat kurz geblutet, Pflaster drauf"),
    ("en", "I cut my finger cooking yesterday, it has stopped bleeding"),
    ("ar", "بنتي سنة ونص وبتقول كلمتين بس"),
    ("ar", "سلك التقويم عم ينغزني بخدي"),
    ("zh-Hans", "刷牙的时候牙龈流血了"),
]
ALARMING = [
    ("zh-Hans", "胸口闷闷的"),
    ("en", "I am 20 weeks pregnant and fell on my tummy"),
    ("de", "Ich bin schwanger und auf den Bauch gestürzt"),
    ("de", "Ich habe mich wieder geritzt"),
    ("en", "I cut my arms again last night"),
    ("ar", "تقول كلمتين وتاخذ نفس"),
    ("ar", "صدري ينغزني"),
    ("zh-Hans", "怀孕两个月，下面流血了"),
]


def levels(texts):
    lines = guide_lines(({"id": "-", "lang": language, "text": text} for language, text in texts), tables=TABLES)
    return [line["level"] if not line["crisis"] else "crisis" for line in lines]


@pytest.mark.parametrize("told", CALM, ids=lambda told: told[1])
def test_a_word_of_a_danger_in_another_sense_alarms_nobody(told):
    assert levels([told])[0] in ("INFO", "R")


@pytest.mark.parametrize("told", ALARMING, ids=lambda told: told[1])
def test_the_danger_itself_is_still_heard(told):
    assert levels([told])[0] in ("E1", "E2", "crisis")


def test_burning_when_passing_water_is_no_burn():
    (line,) = guide_lines([{"id": "-", "lang": "ar", "text": "حرقة مع البول"}], tables=TABLES)

    assert "BURNS" not in line["departments"] and line["departments"][0] == "URO"


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "عندي حرق في يدي من الزيت"), ("ar", "حرق بسيط"), ("zh-Hant", "心情悶悶的")]
)
def test_what_the_words_do_mean_is_understood(language, text):
    (line,) = guide_lines([{"id": "-", "lang": language, "text": text}], tables=TABLES)

    assert line["departments"][0] in ("BURNS", "PSY")
