"""A blood sugar without a unit that worries in both: the unit is asked for, and a nurse hears of it meanwhile."""

from __future__ import annotations

import pytest

from bot.followup.either_way import least_worry
from bot.followup.readings import Unclear, parse
from bot.followup.thresholds import About
from tests.contents import the_content
from tests.followup.test_checkins import asked, bench, states

__all__ = ["bench"]
GLUCOSE = the_content().followup.thresholds.by_id["glucose"]


@pytest.mark.parametrize("text", ["20", "30", "٣٠", "三十"])
def test_between_twenty_and_forty_both_meanings_worry(text):
    language = "ar" if text == "٣٠" else "zh-Hans" if text == "三十" else "en"
    found = parse(GLUCOSE, text, language)
    assert isinstance(found, Unclear) and least_worry(GLUCOSE, found, About(), language) == "U"


@pytest.mark.parametrize("unclear", [Unclear("again", "30"), Unclear("number"), Unclear("unit", "4 or 5")])
def test_what_is_no_single_value_is_only_asked_again(unclear):
    assert least_worry(GLUCOSE, unclear, About(), "en") is None


def test_of_a_pressure_in_centimetres_nothing_is_told_before_the_unit_is_known():
    measure = the_content().followup.thresholds.by_id["blood_pressure"]
    assert least_worry(measure, Unclear("unit", "12/8"), About(), "en") is None


async def test_the_nurse_hears_of_it_at_once_and_the_unit_is_asked_for(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await patient.says("30")
    patient.hears("nurse should look at this today", "Which unit")
    assert [(case.reason, case.level) for case in bench.cases()] == [("worrying_checkin", "U")]
    await patient.says("mg/dL")
    patient.hears("This may be an emergency")
    assert [case.level for case in bench.cases()] == ["E2"] and states(bench) == ["worrying"]


async def test_it_is_told_once_and_a_value_that_worries_in_one_unit_alone_is_only_asked_about(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await patient.says("30")
    await patient.says("25")
    assert sum("nurse should look" in one.content["text"] for one in patient.latest) == 0 and len(bench.cases()) == 1
