"""A meter that shows letters instead of a number is far too high or far too low: never taken for a greeting."""

from __future__ import annotations

import pytest

from bot.followup.answers import Compared, Understood, understand
from bot.followup.readings import Unclear
from tests.contents import the_content
from tests.followup.test_checkins import asked, bench, states

__all__ = ["bench"]
FOLLOWUP = the_content().followup


def answer(text, question="glucose"):
    asked_ = FOLLOWUP.plans.questions[question]
    return understand(asked_, text, "", "en", Compared(FOLLOWUP.thresholds.by_id[asked_.measure]))


@pytest.mark.parametrize(
    "text",
    ["HI", "LO", "lo", " HI! ", "meter HI", "my meter just says hi", "it shows LO", "显示HI", "血糖机 LO", "顯示 lo", "Gerät zeigt HI", "zeigt nur lo",
     "الجهاز HI", "يظهر LO"],
)  # fmt: skip
def test_letters_instead_of_a_number_are_an_emergency(text):
    found = answer(text)
    assert isinstance(found, Understood) and found.level == "E2"


@pytest.mark.parametrize("text", ["hi", "Hi", "hi.", "HI THERE", "HI 你好"])
def test_what_may_be_a_greeting_or_the_meter_is_asked(text):
    assert answer(text) == Unclear("meter")


@pytest.mark.parametrize(
    "text", ["hi there", "hi, i cannot measure today", "hello", "lo siento", "what does high mean", "long story"]
)
def test_other_words_are_a_message_like_any_other(text):
    assert answer(text) is None


def test_a_number_beside_them_is_the_reading():
    found = answer("HI, it is 6.2 mmol/L")
    assert isinstance(found, Understood) and found.given is not None and found.given.values == {"glucose_mmol": 6.2}


def test_other_measures_know_no_such_letters():
    assert answer("HI", "weight") is None


async def test_a_meter_that_shows_hi_is_answered_as_an_emergency_and_opens_a_case(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await patient.says("hi")
    patient.hears("Does your meter show")
    await patient.says("HI")
    patient.hears("This may be an emergency", "120")
    assert [(case.reason, case.level) for case in bench.cases()] == [("worrying_checkin", "E2")] and states(bench) == ["worrying"]


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "显示HI"), ("zh-Hant", "顯示LO"), ("de", "zeigt HI"), ("ar", "يظهر HI")]
)
async def test_what_is_asked_for_in_each_language_is_understood(bench, language, words):
    patient = await bench.patient(language=language).who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await patient.says("Hi")
    patient.hears("HI", "LO")
    await patient.says(words)
    assert [case.level for case in bench.cases()] == ["E2"]
