"""A yes begins a plan and says when the patient hears next; a no sends nothing; both work with a nurse there and the assistant away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import patient, plan_enrolment, reminder
from bot.followup import asking
from tests.conversations.bench import Bench
from tests.followup.test_enrolling import WISH, enrol

LANGUAGES = ["zh-Hans", "zh-Hant", "en", "de", "ar"]


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


async def offered(bench, language="en", wish=WISH):
    """Return somebody who was asked about a plan, and its number."""
    someone = await bench.patient(language=language).who_agreed()
    enrolment, _ = enrol(bench, someone, wish)
    await someone.listens()
    return someone, enrolment.id


def state(bench):
    with bench.database.read() as work:
        row = work.execute(sa.select(plan_enrolment.c.state, plan_enrolment.c.ended_because)).one()
        return row.state, row.ended_because, work.execute(sa.select(sa.func.count()).select_from(reminder)).scalar()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_yes_begins_the_plan_and_says_when_the_patient_hears_next(bench, language):
    someone, _ = await offered(bench, language)
    await someone.presses(someone.phrase("followup.ask_yes"))

    assert state(bench) == ("active", None, 2)
    someone.hears(someone.phrase("followup.offer_begun", when="§", emergency="").split("§")[0], ":")
    someone.hears_not("{")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_no_sends_nothing(bench, language):
    someone, _ = await offered(bench, language)
    await someone.presses(someone.phrase("followup.ask_no"))

    assert state(bench) == ("stopped", "declined", 0)
    someone.hears(someone.phrase("followup.offer_declined", emergency="§").split("§")[0][:12])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "agreed"), [("ask_yes", "active"), ("ask_no", "stopped")])
async def test_the_title_may_be_typed(bench, language, key, agreed):
    someone, _ = await offered(bench, language)
    await someone.says(someone.phrase(f"followup.{key}"))

    assert state(bench)[0] == agreed


@pytest.mark.parametrize(("words", "agreed"), [("yes", "active"), ("no", "stopped"), ("my head hurts", "asked")])
async def test_a_plain_yes_or_no_right_after_the_question_is_the_answer_and_other_words_are_not(bench, words, agreed):
    someone, _ = await offered(bench)
    await someone.says(words)

    assert state(bench)[0] == agreed


async def test_a_yes_to_something_else_begins_nothing(bench):
    someone, _ = await offered(bench)
    bench.assistant.replies("fever", "Since when?")
    await someone.says("I have a fever")
    await someone.says("yes")

    assert state(bench)[0] == "asked"


async def test_the_button_works_while_a_nurse_is_there_and_a_typed_yes_is_the_nurses(bench):
    someone, number = await offered(bench)
    await someone.says("nurse")
    await bench.nurse("ana").claims(someone)
    await someone.says("yes")
    assert state(bench)[0] == "asked"
    await someone.presses_payload(asking.payload(number, "yes"))

    assert state(bench)[0] == "active"


async def test_the_button_works_while_the_assistant_is_away(bench):
    someone, number = await offered(bench)
    bench.assistant.goes_down()
    await someone.says("my head hurts")
    await someone.presses_payload(asking.payload(number, "yes"))

    assert state(bench)[0] == "active"


async def test_the_button_of_another_patient_begins_nothing(bench):
    _, number = await offered(bench)
    other = await bench.patient(language="en").who_agreed()
    await other.presses_payload(asking.payload(number, "yes"))

    assert state(bench)[0] == "asked"


async def test_an_answer_counts_once(bench):
    someone, _ = await offered(bench)
    await someone.presses("No, thank you")
    await someone.presses("Yes, please")
    someone.hears("This question is settled already")

    assert state(bench) == ("stopped", "declined", 0)


async def test_a_second_yes_is_told_that_it_has_begun(bench):
    someone, _ = await offered(bench)
    await someone.presses("Yes, please")
    await someone.presses("Yes, please")
    someone.hears("You have this already")

    assert state(bench) == ("active", None, 2)


async def test_a_yes_takes_an_earlier_stop_back(bench):
    someone = await bench.patient(language="en").who_agreed()
    with bench.database.write() as work:
        work.execute(sa.update(patient).values(no_reminders_because="asked"))
    enrol(bench, someone)
    await someone.listens()
    await someone.presses("Yes, please")

    with bench.database.read() as work:
        assert work.execute(sa.select(patient.c.no_reminders_because)).scalar() is None


async def test_a_plan_of_which_all_is_over_says_so_and_ends(bench):
    past = replace(WISH, plan="after_emergency", day=bench.now().date() - timedelta(days=30))
    someone, _ = await offered(bench, wish=past)
    await someone.presses("Yes, please")
    someone.hears("Nothing of this is left to ask")

    assert state(bench)[0] == "ended"


async def test_stop_ends_a_plan_that_was_only_asked_about(bench):
    someone, _ = await offered(bench)
    await someone.says("stop")

    assert state(bench)[0] == "stopped"
