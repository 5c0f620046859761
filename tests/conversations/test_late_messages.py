"""What reaches us hours after it was written, or is answered so, is not answered as if it were new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.languages import LANGUAGES
from bot.messages import Card, Reply
from bot.privacy import consent

SIX_HOURS = timedelta(hours=6)
HURTS = {"zh-Hans": "我耳朵疼", "zh-Hant": "我耳朵痛", "en": "my ear hurts", "de": "mein Ohr tut weh", "ar": "أذني تؤلمني"}
AGO = {"zh-Hans": "6小时前", "zh-Hant": "6 小時前", "en": "6 hours ago", "de": "vor 6 Stunden", "ar": "قبل 6 ساعات"}
CHEST = "I have crushing chest pain and my left arm is numb"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_answer_to_a_late_message_begins_with_how_late_it_is(bench, language):
    patient = await bench.patient(language=language).who_agreed()

    await patient.says(HURTS[language], written_ago=SIX_HOURS)

    first, *rest = patient.latest[0].content["text"].split("\n")
    assert AGO[language] in first and HURTS[language] in "".join(rest)


async def test_an_answer_to_one_of_some_minutes_ago_does_not(bench):
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("my ear hurts", written_ago=timedelta(minutes=9))

    patient.hears("(my ear hurts)")
    patient.hears_not("ago")


async def test_emergency_advice_for_a_late_message_comes_at_once_and_says_so_once(bench):
    patient = await bench.patient(language="en").who_agreed()

    await patient.says(CHEST, written_ago=SIX_HOURS)

    alarm = next(item for item in patient.latest if "120" in item.content["text"])
    assert alarm.content["text"].startswith("I am sorry: you wrote this about 6 hours ago")
    assert sum("ago" in item.content["text"] for item in patient.latest) == 1
    assert [case.level for case in bench.cases()] == ["E1"]


async def test_only_the_first_of_several_replies_says_it(bench):
    bench.assistant.replies("my ear hurts", Reply("One."), Reply("Two."))
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("my ear hurts", written_ago=SIX_HOURS)

    assert ["ago" in item.content["text"] for item in patient.latest] == [True, False]


async def test_a_card_stands_alone_and_the_line_before_it(bench):
    card = Card("R", "Book an appointment", (), ("my ear hurts",), ())
    bench.assistant.replies("my ear hurts", Reply("Book an appointment.", kind="result", card=card))
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("my ear hurts", written_ago=SIX_HOURS)

    line, result = (item.content for item in patient.latest)
    assert "6 hours ago" in line["text"]
    assert result["card"]["headline"] == "Book an appointment" and "ago" not in result["text"]


async def test_a_message_that_waited_for_the_assistant_for_hours_is_not_answered_as_new(bench):
    patient = await bench.patient(language="en").who_agreed()
    bench.assistant.goes_down()
    await patient.says("my ear hurts")
    patient.hears("moment")
    patient.hears_not("ago")

    bench._later += SIX_HOURS
    bench.assistant.comes_back()
    await bench.settled()
    await patient.listens()

    patient.hears("about 6 hours ago", "(my ear hurts)")


async def test_one_that_waited_for_the_patients_own_yes_is_answered_without(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    bench._later += timedelta(minutes=20)

    await patient.presses_payload(consent.YES)

    patient.hears("(my ear hurts)")
    patient.hears_not("ago")


async def test_a_late_message_does_not_end_the_urgency_of_the_talk_in_which_it_was_written(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says(CHEST)
    bench._later += timedelta(hours=5)

    await patient.says("it still hurts", written_ago=timedelta(hours=4, minutes=50))
    assert patient.conversation().level_floor == "E1"
    bench._later += timedelta(hours=5)
    await patient.says("my ear hurts")

    assert patient.conversation().level_floor == "INFO"


async def test_a_message_from_the_future_is_one_of_now(bench):
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("my ear hurts", written_ago=-SIX_HOURS)

    patient.hears("(my ear hurts)")
    patient.hears_not("ago")


async def test_a_late_yes_that_was_written_before_the_question_deletes_nothing(bench):
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("delete my data", written_ago=SIX_HOURS)
    await patient.says("yes", written_ago=SIX_HOURS)
    patient.hears_not("has been deleted")
    assert patient.conversation().asked_to_erase == 0

    await patient.says("delete my data")
    await patient.says("yes")
    patient.hears("has been deleted")


async def test_a_late_yes_that_was_written_after_the_question_deletes(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("delete my data")
    bench._later += SIX_HOURS

    await patient.says("yes", written_ago=SIX_HOURS - timedelta(minutes=2))

    patient.hears("has been deleted")


async def test_a_late_yes_that_was_written_before_anybody_asked_for_consent_is_none(bench):
    patient = bench.patient(language="en")

    await patient.says("my ear hurts", written_ago=SIX_HOURS)
    await patient.says("yes", written_ago=SIX_HOURS)
    patient.hears_not("(my ear hurts)")

    await patient.says("yes")
    patient.hears("(my ear hurts)")


async def test_a_late_yes_to_the_question_for_consent_is_one(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    bench._later += timedelta(minutes=25)

    await patient.says("yes", written_ago=timedelta(minutes=20))

    patient.hears("(my ear hurts)")
