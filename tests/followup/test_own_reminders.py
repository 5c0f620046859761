"""Reminders of one's own, by chat: paused, changed, put off, dropped; by the clock and in the hours of where somebody is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, patient, plan_enrolment
from bot.followup.rounds import TASKS
from bot.followup.sending import Terms
from tests.conversations.bench import Bench
from tests.followup.own_orders import ORDERS, comes_due, numbers, ordered, rows, waiting_at, with_reminder


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


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


async def test_who_says_for_how_long_hears_the_last_day_and_gets_nothing_after_it(bench):
    someone = await ordered(bench, words="remind me every day at 11 pm for two days to use my drops")
    someone.hears("until")
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    for _ in range(2):
        await comes_due(bench, someone)
        someone.hears("use my drops")

    assert waiting_at(bench) == []


async def test_another_rhythm_takes_no_last_day_of_the_old_one_and_another_time_keeps_it(bench):
    someone = await ordered(bench, words="remind me every day at 11 pm for two days to use my drops")
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    for said, ends in (("at 10:30 pm", True), ("every morning at 7:30", False)):
        await someone.says("my reminders")
        await someone.presses("Number 1")
        await someone.presses("Change the time")
        await someone.says(said)
        assert any("until" in item.content["text"] for item in someone.latest) == ends


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


async def test_later_after_one_of_several_days_of_the_week_brings_it_once_more(bench):
    someone = await ordered(bench, words="remind me every monday, wednesday and friday at 8 pm to use my drops")
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    await comes_due(bench, someone)
    await someone.says("later")
    assert len(numbers(bench, someone)) == 2
    assert min(waiting_at(bench)) - bench.now() < timedelta(hours=1, minutes=1)


async def test_a_pause_that_is_over_is_not_called_a_pause_any_more(bench):
    someone = await with_reminder(bench)
    await someone.says("my reminders")
    await someone.presses("Number 1")
    await someone.presses("Pause for a week")
    for _ in range(8):
        await comes_due(bench, someone)
    assert rows(bench)[0] == [("active", None)]


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
