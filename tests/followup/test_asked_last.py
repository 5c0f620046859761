"""An answer is one to the question that was asked last: this evening's number is not this morning's, and of two plans nobody is asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, reading, reminder
from bot.followup.sending import send_due
from tests.conversations.bench import Bench
from tests.followup.test_checkins import asked, states


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


async def comes_again(bench, patient, *, attempt=0):
    """Let the next sending of the one step that waits come now, or its second try."""
    now = bench.now()
    with bench.database.write() as work:
        mine = sa.and_(reminder.c.state == "waiting", reminder.c.attempt == attempt)
        times = {"due_at": now, "wanted_at": now, "until": now + timedelta(hours=6)}
        work.execute(sa.update(reminder).where(mine).values(**times))
        assert send_due(work, bench.services.content.current(), now=now).sent == 1
    await patient.listens()


async def another_plan_asks(bench, patient, plan, step=""):
    """Another plan asks before the question of the first is answered."""
    with bench.database.write() as work:
        work.execute(sa.delete(reminder).where(reminder.c.state == "waiting"))
    return await asked(bench, patient, plan, step=step, others=True)


def readings(bench):
    """Return which check-in each reading answered."""
    with bench.database.read() as work:
        answered = sa.select(checkin.c.id).where(checkin.c.state == "answered").order_by(checkin.c.id)
        return list(work.execute(answered).scalars()), work.execute(sa.select(sa.func.count()).select_from(reading)).scalar()


@pytest.mark.parametrize(("plan", "said"), [("hypertension", "128/82"), ("diabetes", "6.2 mmol/L")])
async def test_a_number_answers_this_time_and_what_was_asked_before_it_is_not_asked_again(bench, plan, said):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, plan, step="first_week" if plan == "hypertension" else "morning")
    await comes_again(bench, patient)
    assert states(bench) == ["unanswered", "open"]
    await patient.says(said)
    patient.hears("Thank you")
    patient.hears_kind("notice")
    assert states(bench) == ["unanswered", "answered"] and readings(bench) == ([2], 1)


async def test_a_second_try_is_the_same_question_and_not_a_new_one(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "heart_failure")
    await comes_again(bench, patient, attempt=1)
    assert states(bench) == ["open"]
    await patient.says("82.4 kg")
    assert states(bench) == ["answered"]


async def test_a_second_try_goes_on_with_its_own_plan_s_questions_when_another_plan_asks_too(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await another_plan_asks(bench, patient, "heart_failure")
    await comes_again(bench, patient, attempt=1)
    assert states(bench) == ["open", "open"]
    await patient.says("82.4 kg")
    assert states(bench) == ["open", "answered"]


async def test_of_two_plans_the_last_question_is_answered_first_and_then_the_other_is_asked(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "diabetes", step="morning")
    await another_plan_asks(bench, patient, "hypertension")
    patient.hears("blood pressure")
    await patient.says("128/82")
    patient.hears("Thank you", "blood sugar")
    assert states(bench) == ["open", "answered"]
    await patient.says("6.2 mmol/L")
    assert states(bench) == ["answered", "answered"]
    patient.hears_not("blood pressure")


async def test_a_silent_morning_before_a_silent_evening_is_a_nurse_s_task_in_a_plan_of_high_risk(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "heart_failure")
    for _ in range(2):
        with bench.database.write() as work:
            work.execute(sa.delete(reminder).where(reminder.c.attempt == 1))
        assert not bench.cases()
        await comes_again(bench, patient)
    (case,) = bench.cases()
    assert (case.reason, case.level) == ("worrying_checkin", "R") and states(bench) == ["unanswered", "unanswered", "open"]
