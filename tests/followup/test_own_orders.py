"""Reminders in the patient's own words, by chat: read back, set after a yes only, in five languages."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import plan_enrolment
from bot.messages import Effect
from tests.conversations.bench import Bench
from tests.followup.own_orders import ORDERS, comes_due, ordered, rows, waiting_at, with_reminder


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


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


async def test_words_of_an_emergency_set_no_reminder(bench):
    bench.assistant.replies("chest", "Call now.")
    someone = await bench.patient(language="en").who_agreed()
    await someone.says("I have crushing chest pain and cannot breathe, remind me every evening at 8")

    assert rows(bench)[0] == []
    assert any(item.content["kind"] == "emergency" for item in someone.latest)


async def test_for_every_morning_times_are_offered_and_one_is_chosen(bench):
    someone = await ordered(bench, words="remind me every morning to weigh myself")
    someone.hears(someone.phrase("followup.chat_when"))
    assert rows(bench) == ([], 0)

    await someone.presses("07:00")
    someone.hears("weigh myself", "07:00")
    assert rows(bench) == ([("asked", None)], 0)


async def test_stop_says_that_there_is_nothing_to_stop_before_a_yes(bench):
    someone = await ordered(bench)
    await someone.says("stop")

    someone.hears("You have no reminders now")
    assert rows(bench)[0] == [("stopped", "asked")]


@pytest.mark.parametrize(
    ("language", "said", "own"),
    [
        ("zh-Hans", "每天晚上8点提醒我打胰岛素4毫升", "“打胰岛素4毫升”"),
        ("zh-Hant", "每天晚上8點提醒我打胰島素", "「打胰島素」"),
        ("en", 'remind me to take "2 tablets" of aspirin every evening at 8', "“take '2 tablets' of aspirin”"),
        ("de", "Erinnere mich jeden Abend um 20 Uhr an mein Insulin", "„mein Insulin“"),
        ("ar", "ذكرني كل مساء الساعة 8 بحقنة أنسولين", "«بحقنة أنسولين»"),
    ],
)
async def test_a_drug_in_the_patients_own_words_is_read_back_listed_and_sent_as_theirs(bench, language, said, own):
    someone = await ordered(bench, language, said)
    someone.hears(own, "20:00")
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    await someone.says(ORDERS[language][2])
    someone.hears(own)

    await comes_due(bench, someone)
    someone.hears(own)


async def test_another_time_keeps_the_day_of_a_reminder_that_comes_once(bench):
    bench.assistant.replies("rather", effects=[Effect("change_reminder")])
    someone = await ordered(bench, words="remind me tomorrow at 9 am to bring my papers")
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    day = waiting_at(bench)[0].date()
    await someone.says("rather at 11 am")

    someone.hears("11:00")
    assert [one.date() for one in waiting_at(bench)] == [day]
