"""A patient has a plan at another time of day: within what the plan allows it is done and said, else the possible times are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.followup import enrolling
from bot.followup.enrolling import Wish
from bot.followup.moved import MOVED, moved, possible, spans_of, with_moved
from bot.followup.offsets import Quiet
from bot.followup.plans import Step
from bot.languages import LANGUAGES
from bot.messages import Effect
from tests import contents
from tests.conversations.bench import Bench
from tests.followup.own_orders import waiting_at

SAID = {
    "zh-Hans": "血压的提醒改到上午10点吧",
    "zh-Hant": "血壓的提醒改到上午10點吧",
    "en": "send my blood pressure reminder at 10 am instead",
    "de": "schick mir die Erinnerung an den Blutdruck lieber um 10 Uhr",
    "ar": "أرسل تذكير الضغط الساعة 10 صباحا بدلا من ذلك",
}


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        for words in SAID.values():
            running.assistant.replies(words, effects=[Effect("change_reminder")])
            running.assistant.replies(words.replace("10", "5"), effects=[Effect("change_reminder")])
        yield running


@pytest.fixture(scope="module")
def plan():
    return contents.the_content().followup.plans.by_id["hypertension"]


@pytest.fixture(scope="module")
def first_week(plan) -> Step:
    return next(one for one in plan.steps if one.id == "first_week")


async def in_plan(bench, language="en"):
    someone = await bench.patient(language=language).who_agreed()
    await someone.says("🙂")
    with bench.database.write() as work:
        content = bench.services.content.current()
        enrolling.enrol(work, someone.conversation().id, Wish("hypertension", "ana", "desk:1"), content, now=bench.now())
    await someone.listens()
    await someone.presses(someone.phrase("followup.ask_yes"))
    return someone


def clocks(bench):
    zone = contents.the_content().followup.zone
    return sorted({f"{one.astimezone(enrolling.zone_of(zone)):%H}" for one in waiting_at(bench)})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_within_what_the_plan_allows_it_is_done_and_said(bench, language):
    someone = await in_plan(bench, language)
    await someone.says(SAID[language])

    someone.hears("10:00")
    # The first week and the step for each week after it; the evening stays.
    assert clocks(bench) in (["10"], ["10", "19"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_another_time_changes_nothing_and_the_possible_ones_are_said(bench, language):
    someone = await in_plan(bench, language)
    before = waiting_at(bench)
    await someone.says(SAID[language].replace("10", "5"))

    someone.hears("08:00", "11:30", someone.phrase("followup.chat_span", start="17:30", end="20:45"))
    assert waiting_at(bench) == before
    assert "nurse" in [button["payload"] for button in someone.latest[-1].content["buttons"]]


async def test_the_button_asks_for_the_time_and_says_which_are_possible(bench):
    someone = await in_plan(bench)
    await someone.says("my reminders")
    await someone.presses(someone.phrase("followup.chat_choose", number=1))
    await someone.presses(someone.phrase("followup.chat_do_time"))
    someone.hears("08:00 to 11:30")

    await someone.says("11")
    someone.hears("11:00")


async def test_an_answer_that_tells_of_trouble_is_no_time(bench):
    bench.assistant.replies("chest", "Since when?")
    someone = await in_plan(bench)
    await someone.says("my reminders")
    await someone.presses(someone.phrase("followup.chat_choose", number=1))
    await someone.presses(someone.phrase("followup.chat_do_time"))
    before = waiting_at(bench)
    await someone.says("my back hurts since 10")

    assert waiting_at(bench) == before and not any("10:00" in item.content["text"] for item in someone.latest)


def test_a_time_may_come_earlier_and_later_as_the_plan_says_and_never_in_quiet_hours(first_week):
    assert spans_of([first_week], Quiet()) == (("08:00", "11:30"), ("17:30", "20:45"))
    assert spans_of([first_week], Quiet(time(22), time(6))) == (("06:30", "11:30"), ("17:30", "21:45"))
    assert spans_of([replace(first_week, earlier=timedelta(0))], Quiet()) == (("08:30", "11:30"), ("19:30", "20:45"))


def test_times_of_a_day_do_not_pass_each_other(first_week):
    wide = replace(first_week, times=(time(9), time(12)), window=timedelta(hours=10), earlier=timedelta(hours=10))
    morning, noon = possible(wide, Quiet(time(0), time(0)))

    assert morning[-1] < noon[0] and morning[0] == 0


def test_only_the_nearest_time_of_a_step_moves(first_week):
    assert moved(first_week, first_week, [time(10)], Quiet()) == ("10:00", "19:30")
    assert moved(first_week, first_week, [time(18)], Quiet()) == ("08:30", "18:00")
    assert moved(first_week, first_week, [time(5)], Quiet()) is None


def test_a_chosen_time_counts_until_the_plan_allows_it_no_more(first_week):
    details = {MOVED: {"first_week": ["10:00", "19:30"]}}
    assert with_moved(first_week, details).times == (time(10), time(19, 30))
    assert with_moved(replace(first_week, window=timedelta(hours=1)), details).times == first_week.times
    assert with_moved(replace(first_week, times=(time(9),)), details).times == (time(9),)
