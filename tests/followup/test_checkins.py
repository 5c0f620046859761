"""A patient answers questions of follow-up: in words or by buttons, one after the other; what worries reaches a nurse, the rest does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, profile, reading, reminder
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.expiry import expire
from bot.followup.sending import plan_all, send_due
from bot.followup.steps import steps_of
from tests.conversations.bench import Bench


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


FIRST = {"after_operation": "day1", "hypertension": "first_week", "heart_failure": "weight"}


async def asked(bench, patient, plan, *, step="", others=False):
    """Enrol a patient in a plan and let the reminder of one step come now; of `others` nothing comes unless it is asked for."""
    one, content = patient.conversation(), bench.services.content.current()
    with bench.database.write() as work:
        today = bench.now().date()  # the steps themselves begin tomorrow
        if plan == "antenatal":
            today += timedelta(days=86)
        entry = Entry(one.patient_id, one.id, plan, "1", today, "UTC", "ana", f"{plan}:{one.id}", True)
        enrolment, _ = enrolments.enrol(work, entry, now=bench.now())
        work.execute(sa.text("UPDATE patient SET quiet = '00:00-00:00'"))
        plan_all(work, enrolment, content, now=bench.now())
        mine = reminder.c.step == (step or FIRST[plan])
        if not others:
            work.execute(sa.delete(reminder).where(~mine))
        times = {"due_at": bench.now(), "wanted_at": bench.now(), "until": bench.now() + timedelta(hours=6)}
        work.execute(sa.update(reminder).where(mine).values(**times))
        assert send_due(work, content, now=bench.now()).sent == 1
    await patient.listens()
    return enrolment


def states(bench):
    with bench.database.read() as work:
        return list(work.execute(sa.select(checkin.c.state).order_by(checkin.c.id)).scalars())


async def test_all_well_is_thanked_for_and_nobody_is_called(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation")
    patient.hears("How strong is the pain")
    for answer, next_question in (
        ("2", "temperature"),
        ("36.9", "How does the wound look"),
        ("clean and dry", "Are eating"),
        ("yes", "Thank you"),
    ):
        await patient.says(answer)
        patient.hears(next_question)
    assert states(bench) == ["answered"] and not bench.cases()


async def test_a_worrying_answer_opens_a_case_with_the_reason_and_the_patient_hears_it(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation")
    await patient.says("8")
    patient.hears("nurse should look at this today", "120")
    (case,) = bench.cases()
    assert (case.reason, case.level) == ("worrying_checkin", "U")


async def test_an_emergency_by_button_is_answered_as_one_and_ends_the_questions(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation")
    await patient.says("1")
    await patient.says("37")
    await patient.presses("bleeding through the dressing")
    patient.hears("could be an emergency", "120")
    patient.hears_kind("emergency")  # once: the safety net has read the words on the button
    (case,) = bench.cases()
    assert case.level in ("E1", "E2") and states(bench) == ["worrying"]


async def test_a_no_that_is_an_emergency_is_answered_as_one(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "antenatal", step="until_36_weeks")
    patient.hears("Is your baby moving as usual today?")
    await patient.presses("No")
    patient.hears("This may be an emergency", "120")
    assert patient.latest[0].content["kind"] == "emergency"
    assert [(case.reason, case.level) for case in bench.cases()] == [("worrying_checkin", "E2")]


async def test_a_red_flag_in_the_middle_of_a_check_in_is_an_emergency_like_any_other(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation")
    await patient.says("I have crushing chest pain and cannot breathe")
    patient.hears("120")
    (case,) = bench.cases()
    assert case.level == "E1" and case.reason == "red_flag"


async def test_something_else_is_answered_by_the_assistant_and_the_question_stays(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    bench.assistant.replies("opening hours", "From eight.")
    await patient.says("what are your opening hours")
    patient.hears("From eight.")
    await patient.says("128/82")
    patient.hears("Thank you")


@pytest.mark.parametrize(
    ("language", "answer", "question"),
    [
        ("zh-Hans", "12/8", "单位"),
        ("de", "95/160", "obere"),
        ("ar", "160", "الرقمين"),
        ("zh-Hant", "95/160", "收縮壓"),
        ("en", "12/8", "unit"),
    ],
)
async def test_what_could_be_two_things_is_asked_and_not_guessed(bench, language, answer, question):
    patient = await bench.patient(language=language).who_agreed()
    await asked(bench, patient, "hypertension")
    await patient.says(answer)
    patient.hears(question)
    with bench.database.read() as work:
        assert not work.execute(sa.select(reading)).all()


async def test_nobody_is_asked_for_ever(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    for _ in range(2):
        await patient.says("12/8")
        patient.hears("unit")
    await patient.says("12/8")
    patient.hears("Thank you")


async def test_an_extreme_value_is_measured_again_and_the_second_one_counts(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    await patient.says("185/95")
    patient.hears("sit quietly for five minutes")
    assert not bench.cases()
    await patient.says("182/94")
    patient.hears("nurse should look at this today")
    assert [case.level for case in bench.cases()] == ["U"]


async def test_an_extreme_value_that_was_a_mistake_of_measuring_calls_nobody(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    await patient.says("185/95")
    await patient.says("138/84")
    patient.hears("Thank you")
    assert not bench.cases()


async def test_a_symptom_that_is_told_after_a_reading_makes_it_worse(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension", step="weekly")  # pressure, medicine, dizziness
    await patient.says("88/60")
    await patient.presses("yes, taken")
    await patient.presses("Yes")
    assert [case.level for case in bench.cases()] == ["E2"]


async def test_the_nurse_s_own_talk_is_not_taken_for_an_answer(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")
    await patient.says("nurse")
    await bench.nurse("Ana").claims(patient)
    await patient.listens()
    await patient.says("128/82")
    patient.hears_nothing()
    assert states(bench) == ["open"]


async def test_nobody_answers_one_gentle_second_try_then_it_is_closed_and_the_second_silence_is_a_nurse_s_task(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation", others=True)
    content = bench.services.content.current()

    def later(hours):
        with bench.database.write() as work:
            now = bench.now() + timedelta(hours=hours)
            send_due(work, content, now=now)
            expire(work, content, now=now)

    later(5.1)
    await patient.listens()
    patient.hears("You have not answered my earlier questions yet", "How strong is the pain")
    later(12)
    assert states(bench) == ["unanswered"] and not bench.cases()
    with bench.database.write() as work:
        soon = bench.now() + timedelta(hours=13)
        values = {"due_at": soon, "wanted_at": soon, "until": soon + timedelta(hours=6)}
        work.execute(sa.update(reminder).where(reminder.c.step == "day3").values(**values))
    later(13.1)
    assert states(bench) == ["unanswered", "open"]
    later(30)
    (case,) = bench.cases()
    assert (case.reason, case.level) == ("worrying_checkin", "R") and states(bench) == ["unanswered", "unanswered"]


async def test_a_second_try_that_was_held_back_until_its_check_in_was_closed_asks_it_again_and_is_one_silence(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "after_operation", others=True)
    content, began = bench.services.content.current(), bench.now()

    def after(hours):
        with bench.database.write() as work:
            send_due(work, content, now=began + timedelta(hours=hours))
            expire(work, content, now=began + timedelta(hours=hours))

    with bench.database.write() as work:  # a nurse is there: it is looked at again later
        again = sa.and_(reminder.c.attempt == 1, reminder.c.state == "waiting")
        work.execute(sa.update(reminder).where(again).values(due_at=began + timedelta(hours=12)))
    after(11.5)
    assert states(bench) == ["unanswered"]
    after(12.1)
    await patient.listens()
    patient.hears("You have not answered my earlier questions yet", "How strong is the pain")
    assert states(bench) == ["open"]
    after(40)

    assert states(bench) == ["unanswered"] and not bench.cases()


async def test_an_answer_to_a_second_try_that_was_held_back_counts_for_its_check_in(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "heart_failure")
    content, began = bench.services.content.current(), bench.now()
    with bench.database.write() as work:
        again = sa.and_(reminder.c.attempt == 1, reminder.c.state == "waiting")
        until = work.execute(sa.select(reminder.c.until).where(again)).scalar_one()
        work.execute(sa.update(reminder).where(again).values(due_at=until + timedelta(minutes=1)))
        expire(work, content, now=until)
        assert send_due(work, content, now=until + timedelta(minutes=2)).sent == 1
    bench._later += until - began + timedelta(minutes=3)
    await patient.listens()

    await patient.says("82.4 kg")

    patient.hears("Thank you")
    assert states(bench) == ["answered"]


async def test_an_answer_clears_the_second_try(bench):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "heart_failure")
    await patient.says("82.4 kg")
    patient.hears("Thank you")
    with bench.database.read() as work:
        assert set(work.execute(sa.select(reminder.c.state).where(reminder.c.attempt == 1)).scalars()) == {"cleared"}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-Hans", "更红、更热或更肿"),
        ("zh-Hant", "更紅、更熱或更腫"),
        ("de", "röter, heißer oder dicker"),
        ("ar", "أكثر احمرارًا أو سخونة أو تورمًا"),
    ],
)
async def test_the_words_on_a_button_can_be_typed_in_every_language(bench, language, title):
    patient = await bench.patient(language=language).who_agreed()
    await asked(bench, patient, "after_operation")
    await patient.says("1")
    await patient.says("37")
    await patient.says(title)
    assert [case.level for case in bench.cases()] == ["U"]


@pytest.mark.parametrize(("who", "levels"), [("child", []), ("self", ["E2"])])
async def test_the_age_of_the_child_that_a_guidance_was_about_is_not_the_parent_s(bench, who, levels):
    patient = await bench.patient(language="en").who_agreed()
    with bench.database.write() as work:
        owner, sealed = patient.conversation().patient_id, work.cipher.seal({"who": who, "age": 0.2})
        work.execute(profile.insert().values(patient_id=owner, at=bench.now(), sealed=sealed))
    await asked(bench, patient, "after_emergency", step="day1")
    await patient.presses("better")
    await patient.says("38.0")
    assert [case.level for case in bench.cases()] == levels


async def test_an_answer_clears_what_its_group_still_has_to_send_and_nothing_else(bench, monkeypatch):
    groups = {"day1": "first", "day3": "first", "day7": "later", "day30": "later"}

    def grouped(enrolment, plans):
        return tuple(replace(step, group=groups[step.id]) for step in steps_of(enrolment, plans))

    monkeypatch.setattr("bot.inbox.followup.steps_of", grouped)
    patient = await bench.patient(language="en").who_agreed()
    enrolment = await asked(bench, patient, "after_operation")
    with bench.database.write() as work:
        plan_all(work, enrolment, bench.services.content.current(), now=bench.now())
    for answer in ("2", "36.9", "clean and dry", "yes"):
        await patient.says(answer)
    with bench.database.read() as work:
        columns = (reminder.c.step, reminder.c.state, reminder.c.why)
        rows = work.execute(sa.select(*columns).where(reminder.c.attempt == 0).order_by(reminder.c.id))
        assert [tuple(row) for row in rows] == [
            ("day1", "sent", None),
            ("day3", "cleared", "answered"),
            ("day7", "waiting", None),
            ("day30", "waiting", None),
        ]
