"""Reminders in the patient's own words, by chat: set after a yes only, listed, changed, paused, put off, stopped; in five languages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, patient, plan_enrolment, reminder
from bot.followup import enrolments
from bot.followup.rounds import TASKS
from bot.followup.sending import Terms, send_due
from tests.conversations.bench import Bench

ORDERS = {
    "zh-Hans": ("每天晚上8点提醒我量血压", "量血压", "我的提醒", "看看我的血压"),
    "zh-Hant": ("每天晚上8點提醒我量血壓", "量血壓", "我的提醒", "看看我的血壓"),
    "en": ("remind me to measure my blood pressure every evening at 8", "measure my blood pressure", "my reminders", "show my blood pressure"),
    "de": ("Erinnere mich jeden Abend um 20 Uhr, den Blutdruck zu messen", "den Blutdruck zu messen", "meine Erinnerungen", "zeig mir meinen Blutdruck"),
    "ar": ("ذكرني كل مساء الساعة 8 بقياس الضغط", "بقياس الضغط", "تذكيراتي", "اعرض ضغط الدم"),
}  # fmt: skip


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


async def ordered(bench, language="en", words=""):
    someone = await bench.patient(language=language).who_agreed()
    await someone.says(words or ORDERS[language][0])
    return someone


async def with_reminder(bench, language="en"):
    someone = await ordered(bench, language)
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    return someone


def rows(bench):
    with bench.database.read() as work:
        query = sa.select(plan_enrolment.c.state, plan_enrolment.c.ended_because).order_by(plan_enrolment.c.id)
        waiting = sa.select(sa.func.count()).where(reminder.c.state == "waiting")
        return [tuple(row) for row in work.execute(query)], work.execute(waiting).scalar()


def waiting_at(bench):
    with bench.database.read() as work:
        return work.execute(sa.select(reminder.c.due_at).where(reminder.c.state == "waiting")).scalars().all()


def numbers(bench, someone):
    with bench.database.read() as work:
        return [one.id for one in enrolments.of_patient(work, someone.conversation().patient_id)]


async def comes_due(bench, someone):
    """Let the next reminder be sent."""
    due = min(waiting_at(bench))
    await bench.passes(seconds=(due - bench.now()).total_seconds() + 1)
    with bench.database.write() as work:
        send_due(work, bench.services.content.current(), now=bench.now())
    await someone.listens()


@pytest.mark.parametrize("language", ORDERS)
async def test_it_is_read_back_set_after_the_yes_sent_in_the_patients_words_listed_and_stopped(bench, language):
    _, text, list_, _ = ORDERS[language]
    someone = await ordered(bench, language)
    someone.hears(text, "20:00")
    assert rows(bench) == ([("asked", None)], 0)

    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    someone.hears("20:00")
    assert rows(bench) == ([("active", None)], 1)

    await comes_due(bench, someone)
    someone.hears(text)
    # A phone shows the first line while it is locked.
    assert text not in someone.latest[-1].content["text"].splitlines()[0]
    assert rows(bench)[1] == 1  # tomorrow's

    await someone.says(list_)
    someone.hears(text)
    await someone.presses(someone.phrase("followup.chat_choose", number=1))
    await someone.presses(someone.phrase("followup.chat_do_stop"))
    assert rows(bench) == ([("stopped", "asked")], 0)
    await someone.says(list_)
    someone.hears(someone.phrase("followup.chat_none"))


async def test_a_no_sets_nothing(bench):
    someone = await ordered(bench)
    await someone.presses(someone.phrase("followup.chat_ask_no"))

    assert rows(bench) == ([("stopped", "declined")], 0)
    someone.hears(someone.phrase("followup.chat_not_set"))


async def test_what_it_is_about_is_sealed(bench):
    await with_reminder(bench)
    with bench.database.read() as work:
        sealed = work.execute(sa.select(plan_enrolment.c.sealed)).scalar_one()
    assert b"blood" not in bytes(sealed)


async def test_one_is_paused_and_goes_on(bench):
    someone = await with_reminder(bench)
    await someone.says("my reminders")
    await someone.presses("Number 1")
    await someone.presses("Pause for a week")
    assert rows(bench)[0] == [("paused", None)]

    await someone.says("my reminders")
    someone.hears("paused")
    await someone.presses("Number 1")
    await someone.presses("Go on")
    assert rows(bench)[0] == [("active", None)]


async def test_its_time_is_changed(bench):
    someone = await with_reminder(bench)
    await someone.says("my reminders")
    await someone.presses("Number 1")
    await someone.presses("Change the time")
    await someone.says("every morning at 7:30")

    someone.hears("07:30", "measure my blood pressure")
    assert [(at.hour, at.minute) for at in waiting_at(bench)] == [(23, 30)]  # 7:30 in Shanghai


async def test_an_unclear_time_is_asked_for_and_the_answer_counts(bench):
    someone = await ordered(bench, words="remind me to weigh myself")
    someone.hears(someone.phrase("followup.chat_when"))
    assert rows(bench) == ([], 0)

    await someone.says("every evening at 8")
    someone.hears("weigh myself", "20:00")
    assert rows(bench) == ([("asked", None)], 0)


async def test_other_words_after_the_question_go_to_the_assistant(bench):
    bench.assistant.replies("ear", "Since when?")
    someone = await ordered(bench, words="remind me to weigh myself")
    await someone.says("my ear hurts")

    someone.hears("Since when?")
    assert rows(bench) == ([], 0)


async def test_later_brings_it_once_more_in_an_hour_and_without_one_means_nothing(bench):
    bench.assistant.replies("later", "What do you mean?")
    someone = await with_reminder(bench)
    await someone.says("later")
    someone.hears("What do you mean?")

    await comes_due(bench, someone)
    await someone.says("later")
    assert len(numbers(bench, someone)) == 2
    assert min(waiting_at(bench)) - bench.now() < timedelta(hours=1, minutes=1)
    await comes_due(bench, someone)
    someone.hears("measure my blood pressure")


async def test_who_travels_gets_it_by_the_clock_there(bench):
    someone = await with_reminder(bench)
    before = min(waiting_at(bench))
    await someone.says("I am in Berlin now")

    someone.hears("Berlin")
    with bench.database.read() as work:
        assert work.execute(sa.select(patient.c.zone)).scalar_one() == "Europe/Berlin"
    after: datetime = min(waiting_at(bench))
    assert (after - before) % timedelta(hours=24) in (timedelta(hours=6), timedelta(hours=7))


async def test_quiet_hours_are_kept_from_then_on(bench):
    someone = await with_reminder(bench)
    await someone.says("not before 9")

    someone.hears("09:00")
    with bench.database.read() as work:
        assert work.execute(sa.select(patient.c.quiet)).scalar_one() == "21:00-09:00"


async def test_who_gets_no_reminders_does_not_order_by_a_place(bench):
    bench.assistant.replies("Berlin", "Tell me more.")
    someone = await bench.patient(language="en").who_agreed()
    await someone.says("I am in Berlin now")
    someone.hears("Tell me more.")


@pytest.mark.parametrize("language", ORDERS)
async def test_readings_are_shown_or_it_is_said_that_there_are_none(bench, language):
    someone = await bench.patient(language=language).who_agreed()
    await someone.says(ORDERS[language][3])

    someone.hears_kind("answer")
    someone.hears_not("{")


async def test_words_of_an_emergency_set_no_reminder(bench):
    bench.assistant.replies("chest", "Call now.")
    someone = await bench.patient(language="en").who_agreed()
    await someone.says("I have crushing chest pain and cannot breathe, remind me every evening at 8")

    assert rows(bench)[0] == []
    assert any(item.content["kind"] == "emergency" for item in someone.latest)


async def test_the_button_of_somebody_elses_reminder_does_nothing(bench):
    someone = await with_reminder(bench)
    number = numbers(bench, someone)[0]
    other = await with_reminder(bench, "de")
    await other.presses_payload(f"own:{number}:stop")

    assert [state for state, _ in rows(bench)[0]] == ["active", "active"]


async def test_a_time_of_ones_own_makes_the_chat_one_with_reminders(bench):
    await with_reminder(bench)
    with bench.database.read() as work:
        assert work.execute(sa.select(conversation.c.reminded)).scalar_one()


async def test_for_every_morning_times_are_offered_and_one_is_chosen(bench):
    someone = await ordered(bench, words="remind me every morning to weigh myself")
    someone.hears(someone.phrase("followup.chat_when"))
    assert rows(bench) == ([], 0)

    await someone.presses("07:00")
    someone.hears("weigh myself", "07:00")
    assert rows(bench) == ([("asked", None)], 0)


async def test_all_are_paused_for_two_weeks_by_words(bench):
    someone = await with_reminder(bench)
    await someone.says("pause my reminders for two weeks")

    with bench.database.read() as work:
        until = work.execute(sa.select(plan_enrolment.c.paused_until)).scalar_one()
    assert timedelta(days=13, hours=23) < until - bench.now() <= timedelta(days=14)
    assert rows(bench)[0] == [("paused", None)]


async def test_what_nobody_confirms_is_dropped_after_a_day_and_what_is_confirmed_stays(bench):
    someone = await with_reminder(bench)
    await someone.says("remind me to drink water every day at 10 am")
    drop = next(task for task in TASKS if task.name == "unconfirmed")
    await bench.passes(seconds=86_000)
    with bench.database.read() as work:
        assert not drop.is_due(work, bench.now())
    await bench.passes(seconds=1_000)
    with bench.database.write() as work:
        for number in drop.find(work, bench.now()):
            drop.act(work, number, Terms(bench.services.content.current(), bench.now()))
    assert rows(bench)[0] == [("active", None), ("stopped", "declined")]


async def test_stop_says_that_there_is_nothing_to_stop_before_a_yes(bench):
    someone = await ordered(bench)
    await someone.says("stop")

    someone.hears("You have no reminders now")
    assert rows(bench)[0] == [("stopped", "asked")]


async def test_while_a_nurse_is_there_a_button_still_works_and_typed_words_are_hers(bench):
    someone = await with_reminder(bench)
    await someone.says("my reminders")
    await someone.presses("Number 1")
    buttons = someone.latest
    await someone.says("nurse")
    await bench.nurse("ana").claims(someone)
    await someone.presses_payload(
        next(one["payload"] for item in buttons for one in item.content["buttons"] if one["title"] == "Stop this one")
    )
    assert rows(bench) == ([("stopped", "asked")], 0)

    await someone.says("remind me to drink water every day at 10 am")
    assert len(rows(bench)[0]) == 1
    assert someone.latest == []
