"""What happens between two check-ins: an unusual value that nobody measures again, buttons of an earlier question, plans that end meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, reminder
from bot.followup import enrolments
from bot.followup.expiry import expire
from bot.messages import Reply
from tests.conversations.bench import Bench
from tests.followup.test_asked_last import another_plan_asks, comes_again
from tests.followup.test_checkins import asked, states


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


def enrolment_of(bench):
    with bench.database.read() as work:
        return work.execute(sa.select(checkin.c.enrolment_id).limit(1)).scalar_one()


def time_is_over(bench):
    with bench.database.write() as work:
        work.execute(sa.update(checkin).values(expires_at=bench.now()))
        return expire(work, bench.services.content.current(), now=bench.now() + timedelta(seconds=1))


def worries(bench):
    """Return the levels of the open cases, which are all about answers that worry."""
    assert {case.reason for case in bench.cases()} <= {"worrying_checkin"}
    return [case.level for case in bench.cases()]


@pytest.fixture
async def unusual(bench):
    """A patient whose first value was to be measured once more, and is not yet."""
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    await patient.says("186/124")
    patient.hears("once more")
    assert not bench.cases()
    return patient


async def test_a_value_that_worries_and_is_not_measured_again_reaches_a_nurse_all_the_same(bench, unusual):
    assert time_is_over(bench) == 1
    assert worries(bench) == ["U"] and states(bench) == ["worrying"]


@pytest.mark.parametrize(("minutes", "cases"), [(20, []), (31, ["U"])])
async def test_who_falls_silent_after_a_value_that_worries_is_heard_of_within_half_an_hour(bench, unusual, minutes, cases):
    with bench.database.write() as work:
        expire(work, bench.services.content.current(), now=bench.now() + timedelta(minutes=minutes))
        waiting = work.execute(sa.select(sa.func.count()).where(reminder.c.attempt == 1, reminder.c.state == "waiting")).scalar()
    assert worries(bench) == cases and (not cases or waiting == 0)


async def test_who_was_only_asked_has_all_the_time_there_is(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    with bench.database.write() as work:
        assert expire(work, bench.services.content.current(), now=bench.now() + timedelta(minutes=31)) == 0


async def test_a_value_that_worries_reaches_a_nurse_when_the_evening_asks_anew(bench, unusual):
    await comes_again(bench, unusual)
    assert worries(bench) == ["U"] and states(bench) == ["worrying", "open"]


async def test_a_value_that_worries_reaches_a_nurse_though_its_sender_wants_no_more_reminders(bench, unusual):
    await unusual.says("stop reminders")
    assert worries(bench) == ["U"] and states(bench) == ["worrying"]


async def test_a_value_that_worries_reaches_a_nurse_though_its_sender_ends_that_plan(bench, unusual):
    await unusual.says("my reminders")
    await unusual.presses("Number 1")
    await unusual.presses(unusual.phrase("followup.chat_do_stop"))
    assert worries(bench) == ["U"] and states(bench) == ["worrying"]


async def test_a_value_that_was_normal_the_second_time_reaches_nobody(bench, unusual):
    await unusual.says("132/84")
    assert time_is_over(bench) == 0 and not bench.cases() and states(bench) == ["answered"]


async def test_silence_alone_in_a_plan_without_high_risk_reaches_nobody(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    assert time_is_over(bench) == 1 and not bench.cases() and states(bench) == ["unanswered"]


async def test_the_button_of_a_question_that_is_open_counts_though_another_plan_has_asked_since(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation", step="day7")
    await patient.says("2")
    await another_plan_asks(bench, patient, "hypertension", "first_week")
    await patient.presses("pus, smell, or opening")
    patient.hears("nurse should look at this today", "calf")  # and goes on with the questions of that plan
    assert worries(bench) == ["U"]
    await patient.presses("No")
    patient.hears("Are eating")


async def test_a_no_to_what_the_assistant_asked_since_is_no_answer_to_the_check_in(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "antenatal", step="until_36_weeks")
    bench.assistant.replies("my knee hurts", Reply("Did you fall?", kind="question"))
    bench.assistant.replies("no", "I see.")
    await patient.says("my knee hurts")
    await patient.says("no")
    patient.hears("I see.")
    assert not bench.cases() and states(bench) == ["open"]
    await patient.presses("No")  # the button still means the baby
    assert [case.level for case in bench.cases()] == ["E2"]


async def test_a_typed_no_to_the_check_in_itself_is_one(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "antenatal", step="until_36_weeks")
    await patient.says("no")
    assert [case.level for case in bench.cases()] == ["E2"]


@pytest.mark.parametrize(
    ("plan", "step", "said", "unit"), [("hypertension", "first_week", "16/10", "kPa"), ("heart_failure", "weight", "82.4", "kg")]
)
async def test_who_is_asked_for_the_unit_may_answer_with_the_unit_alone(bench, plan, step, said, unit):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, plan, step=step)
    await patient.says(said)
    patient.hears("unit")
    await patient.says(unit)
    patient.hears("Thank you")
    assert states(bench) == ["answered"]


async def test_a_plan_that_ends_asks_nothing_more_and_its_silence_reaches_nobody(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "heart_failure")
    await comes_again(bench, patient)
    enrolment = enrolment_of(bench)
    with bench.database.write() as work:
        enrolments.stop(work, enrolment, because="staff", who="ana", now=bench.now())
    assert states(bench) == ["unanswered", "unanswered"] and time_is_over(bench) == 0
    bench.assistant.replies("82.4 kg", "Tell me more.")
    await patient.says("82.4 kg")
    patient.hears("Tell me more.")
    assert not bench.cases()


async def test_when_one_plan_ends_the_question_of_the_other_is_still_answered(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    ended = await another_plan_asks(bench, patient, "hypertension", "first_week")
    with bench.database.write() as work:
        enrolments.stop(work, ended.id, because="asked", who="patient", now=bench.now())
    await patient.says("6.2 mmol/L")
    patient.hears("Thank you")
    assert states(bench) == ["answered", "unanswered"]


async def test_what_expires_elsewhere_does_not_take_the_answer_from_what_was_asked_last(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await another_plan_asks(bench, patient, "heart_failure", "weight")
    await another_plan_asks(bench, patient, "hypertension", "first_week")
    with bench.database.write() as work:
        work.execute(sa.update(checkin).where(checkin.c.id == 1).values(expires_at=bench.now()))
        assert expire(work, bench.services.content.current(), now=bench.now() + timedelta(seconds=1)) == 1
    await patient.says("128/82")
    assert states(bench) == ["unanswered", "open", "answered"]
