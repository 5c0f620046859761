"""Questions are answered by title, by number and in free words; what asks something else is no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.load import load_content
from bot.languages import LANGUAGES
from bot.settings import ROOT
from bot.triage import episode as episodes
from bot.triage.assess import assess

TABLES = load_content(ROOT / "content").triage
QUESTIONS = [(name, language) for name in TABLES.questions for language in LANGUAGES]


def _asked(pending: str, language: str):
    return replace(episodes.begin(language, "CN"), pending=pending)


@pytest.mark.parametrize(("name", "language"), QUESTIONS)
def test_every_choice_is_understood_by_its_value_title_and_number(name, language):
    for number, (value, titles) in enumerate(TABLES.questions[name].choices, start=1):
        for said in (value, titles[language], titles[language].upper(), f" {titles[language]}. ", str(number)):
            answered = episodes.answer(_asked(name, language), said, tables=TABLES)

            assert answered is not None and answered.answers == {name: value} and answered.pending is None, said


FREE = [
    ("chest", "zh-Hans", "有一点", "yes"),
    ("chest", "zh-Hans", "没有啊", "no"),
    ("chest", "zh-Hans", "不知道", "unknown"),
    ("chest", "zh-Hant", "對，有", "yes"),
    ("chest", "zh-Hant", "沒有", "no"),
    ("chest", "zh-Hant", "不太清楚，我不確定", "unknown"),
    ("chest", "en", "yes, a bit", "yes"),
    ("chest", "en", "nope", "no"),
    ("chest", "en", "not sure", "unknown"),
    ("chest", "en", "I don't know", "unknown"),
    ("chest", "de", "ja, leider", "yes"),
    ("chest", "de", "nein, gar nicht", "no"),
    ("chest", "de", "keine Ahnung", "unknown"),
    ("chest", "ar", "ايوه", "yes"),
    ("chest", "ar", "لا، أبدًا", "no"),
    ("chest", "ar", "مش عارف", "unknown"),
    ("age", "zh-Hans", "四十五", "adult"),
    ("age", "zh-Hant", "她七十歲", "older"),
    ("age", "en", "she is 8 months old", "baby"),
    ("age", "en", "he is 4", "child"),
    ("age", "de", "er ist 7 Jahre alt", "child"),
    ("age", "ar", "عمره 3 سنوات", "child"),
    ("onset", "zh-Hans", "昨天开始", "days"),
    ("onset", "zh-Hant", "突然", "sudden"),
    ("onset", "en", "three weeks ago", "weeks"),
    ("onset", "de", "seit heute früh", "today"),
    ("onset", "ar", "من يومين", "days"),
    ("severity", "zh-Hans", "疼得受不了", "severe"),
    ("severity", "zh-Hant", "7分", "severe"),
    ("severity", "en", "not too bad", "mild"),
    ("severity", "de", "mittel", "moderate"),
    ("severity", "ar", "شديد جدا", "severe"),
    ("who", "zh-Hans", "我儿子", "child"),
    ("who", "zh-Hant", "我媽媽", "other"),
    ("who", "en", "it's me", "self"),
    ("who", "de", "mein Mann", "other"),
    ("who", "ar", "بنتي", "child"),
]
NO_ANSWER = [
    ("chest", "zh-Hans", "有停车场吗"),
    ("chest", "zh-Hans", "是不是要空腹"),
    ("chest", "zh-Hans", "不好意思打扰了"),
    ("chest", "zh-Hant", "有停車場嗎"),
    ("chest", "zh-Hant", "幾點開門"),
    ("chest", "en", "where can I park?"),
    ("chest", "de", "wo kann ich parken?"),
    ("chest", "ar", "أين موقف السيارات؟"),
    ("onset", "en", "where can I park?"),
    ("severity", "de", "wo kann ich parken?"),
    ("who", "zh-Hans", "停车多少钱"),
]


@pytest.mark.parametrize(("name", "language", "said", "value"), FREE)
def test_free_words_answer_a_question(name, language, said, value):
    answered = episodes.answer(_asked(name, language), said, tables=TABLES)

    assert answered is not None and answered.answers.get(name) == value


@pytest.mark.parametrize(("name", "language", "said"), NO_ANSWER)
def test_a_question_of_the_patients_own_is_no_answer(name, language, said):
    answered = episodes.answer(_asked(name, language), said, tables=TABLES)

    assert answered is None or name not in answered.answers


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("en", "my son has a fever", "he is 4"),
        ("en", "my baby is hot and cries", "I think she is tired"),
        ("zh-Hans", "孩子发烧了", "他四岁"),
        ("zh-Hant", "寶寶發燒", "我覺得他很累"),
        ("de", "mein Kind hat Fieber", "er hat auch Husten"),
        ("ar", "ابني عنده حرارة", "عمره 4 سنوات"),
    ],
)
def test_the_child_stays_the_child_whatever_pronoun_follows(language, first, then):
    told = episodes.hear(episodes.begin(language, "CN"), first, tables=TABLES)
    told = episodes.hear(told, then, tables=TABLES)

    assert told.patient.who == "child"
    assert assess(told, tables=TABLES).departments[0].department in ("PED", "ED")


def test_an_adult_told_of_later_is_not_taken_for_the_child():
    told = episodes.hear(episodes.begin("en", "CN"), "my daughter has a cough", tables=TABLES)
    told = episodes.hear(told, "she is 34 years old", tables=TABLES)

    assert told.patient.who == "other" and told.patient.age_years == 34


def test_what_was_answered_outweighs_what_was_guessed_from_words():
    told = episodes.hear(episodes.begin("en", "CN"), "my mother thinks it is my stomach, it hurts", tables=TABLES)
    told = episodes.answer(replace(told, pending="who"), "self", tables=TABLES)

    assert told is not None and assess(told, tables=TABLES).trace["patient"]["who"] == "self"
