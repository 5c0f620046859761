"""An answer that comes a day late still counts; what is no answer does not, and a button of what is over says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, reading
from bot.followup.expiry import expire
from tests.conversations.bench import Bench
from tests.followup.test_asked_last import comes_again
from tests.followup.test_checkins import asked, states


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


async def a_day_passes(bench):
    with bench.database.write() as work:
        work.execute(sa.update(checkin).values(expires_at=bench.now()))
        assert expire(work, bench.services.content.current(), now=bench.now() + timedelta(seconds=1)) == 1
    assert states(bench) == ["unanswered"]


def kinds(bench):
    with bench.database.read() as work:
        return list(work.execute(sa.select(reading.c.kind)).scalars())


async def test_a_reading_that_is_typed_a_day_late_is_taken(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    await a_day_passes(bench)
    await patient.says("128/82")
    patient.hears("Thank you")
    assert states(bench) == ["answered"] and kinds(bench) == ["blood_pressure"]


async def test_a_reading_that_is_typed_late_after_the_second_try_is_taken(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "heart_failure")
    await comes_again(bench, patient, attempt=1)
    await a_day_passes(bench)
    await patient.says("82.4 kg")
    patient.hears("Thank you")
    assert states(bench) == ["answered"] and kinds(bench) == ["weight"]


async def test_a_button_that_is_pressed_a_day_late_is_taken_and_the_questions_go_on(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation", step="day7")
    await patient.says("2")
    patient.hears("How does the wound look")
    await a_day_passes(bench)
    await patient.presses("clean and dry")
    patient.hears("calf")
    assert states(bench) == ["open"]


async def test_a_worrying_answer_a_day_late_reaches_a_nurse(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    await a_day_passes(bench)
    await patient.says("185/125")
    patient.hears("once more")  # unusual: measured again first
    await patient.says("186/124")
    assert [case.reason for case in bench.cases()] == ["worrying_checkin"]


async def test_a_yes_or_a_number_after_the_bot_has_said_something_else_is_not_taken_for_a_late_answer(bench):
    patient = await bench.patient(language="en").who_agreed()
    bench.assistant.replies("fever", "How high is it?")
    await asked(bench, patient, "hypertension")
    await a_day_passes(bench)
    await patient.says("I have a fever")
    await patient.says("128/82")
    patient.hears("(128/82)")
    assert states(bench) == ["unanswered"] and kinds(bench) == []


async def test_who_has_stopped_everything_is_not_asked_on_by_an_old_button(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation", step="day7")
    await patient.says("2")
    await patient.says("stop reminders")
    await patient.presses("clean and dry")
    patient.hears("That question is over")
    assert states(bench) == ["unanswered"]


async def test_a_button_that_was_pressed_before_says_that_it_is_noted(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation", step="day7")
    await patient.says("2")
    await patient.presses("clean and dry")
    patient.hears("calf")
    await patient.presses("clean and dry")
    patient.hears("what you answered is noted")
    assert states(bench) == ["open"]
