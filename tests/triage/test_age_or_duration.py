"""How old somebody is does not say how long it has lasted: an old confusion is none to hurry for, that of an old mother is."""

from __future__ import annotations

import pytest

from bot.triage.guide import guide_lines
from bot.triage.reading import read
from tests.contents import the_content

TABLES = the_content().triage


def told(language, text):
    reading = read(text, language, lexicon=TABLES.lexicon)
    return reading.patient.age_years, reading.duration_days


@pytest.mark.parametrize(
    ("language", "text", "age", "days"),
    [
        ("en", "my mother, 82 years, is confused since yesterday", 82, 1),
        ("en", "my father 79 years tripped over the rug", 79, None),
        ("en", "son 5 years fever", 5, None),
        ("de", "Meine Mutter, 82 Jahre, ist seit gestern verwirrt", 82, 1),
        ("de", "Tochter, 18 Monate, hustet seit 2 Tagen", 1.5, 2),
        ("ar", "أمي ٨٢ سنة بتخرف من امبارح", 82, 1),
        ("ar", "أمي عمرها ٨٢ سنة بتخرف", 82, None),
        ("ar", "ابني ٥ سنين عنده حرارة", 5, None),
        ("zh-Hans", "我妈82年生的，头晕", None, None),
    ],
)
def test_years_behind_a_person_are_how_old_they_are(language, text, age, days):
    assert told(language, text) == (age, days)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "I have had headaches for 20 years", 7300),
        ("en", "my husband has had back pain for 20 years", 7300),
        ("en", "my mum 3 months of cough", 90),
        ("de", "mein Mann hat seit 20 Jahren Rückenschmerzen", 7300),
        ("ar", "عندي صداع من ٣ سنين", 1095),
        ("ar", "من ٣ سنين عندي صداع", 1095),
        ("zh-Hans", "头疼3年了", 1095),
    ],
)
def test_years_of_a_complaint_are_how_long_it_has_lasted_and_nobodys_age(language, text, days):
    assert told(language, text) == (None, days)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my mother, 82 years, is confused since yesterday"),
        ("de", "Meine Mutter, 82 Jahre, ist seit gestern verwirrt"),
        ("ar", "أمي ٨٢ سنة بتخرف من امبارح"),
    ],
)
def test_an_old_mother_who_is_suddenly_confused_is_an_emergency(language, text):
    (line,) = guide_lines([{"id": "-", "lang": language, "text": text}], tables=TABLES)

    assert line["level"] == "E1"


def test_a_mother_who_has_been_confused_for_years_is_none():
    (line,) = guide_lines([{"id": "-", "lang": "en", "text": "my mother has been confused for 3 years"}], tables=TABLES)

    assert line["level"] not in ("E1", "E2")
