"""Orders in words that only the assistant understands: carried out by the gateway, as those that it reads itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import inbound
from bot.languages import LANGUAGES
from bot.messages import Effect, Reply
from tests.conversations.bench import Bench
from tests.followup.own_orders import ORDERS, comes_due, rows, waiting_at, with_reminder

PILLS = {
    "zh-Hans": ("别忘了叫我吃药", "别忘了每天晚上8点叫我吃药", "每天早上7点"),
    "zh-Hant": ("記得叫我吃藥", "記得每天晚上8點叫我吃藥", "每天早上7點"),
    "en": ("could you give me a nudge about my pills", "nudge me about my pills every evening at 8", "every morning at 7"),
    "de": ("mag mir jemand wegen der Tabletten Bescheid geben", "jeden Abend um 20 Uhr an die Tabletten denken lassen", "jeden Morgen um 7 Uhr"),
    "ar": ("ممكن تنبهني على حبوبي", "نبهوني على حبوبي كل مساء الساعة 8", "كل صباح الساعة 7"),
}  # fmt: skip


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        for words in (one for of in PILLS.values() for one in of[:2]):
            running.assistant.replies(words, effects=[Effect("set_reminder")])
        yield running


async def says(bench, words, language="en"):
    someone = await bench.patient(language=language).who_agreed()
    await someone.says(words)
    return someone


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_wish_with_its_time_is_read_back_in_the_patients_words(bench, language):
    someone = await says(bench, PILLS[language][1], language)

    someone.hears("20:00")
    assert rows(bench) == ([("asked", None)], 0)
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    assert rows(bench) == ([("active", None)], 1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_a_time_it_is_asked_and_the_answer_counts(bench, language):
    someone = await says(bench, PILLS[language][0], language)
    someone.hears(someone.phrase("followup.chat_when"))

    await someone.says(PILLS[language][2])
    someone.hears("07:00", PILLS[language][0])
    assert rows(bench) == ([("asked", None)], 0)


@pytest.mark.parametrize(("place", "clock"), [(0, "08:00"), (1, "20:00"), (2, "09:00")])
async def test_a_time_can_be_chosen(bench, place, clock):
    someone = await says(bench, PILLS["en"][0])
    await someone.presses_payload(someone.latest[-1].content["buttons"][place]["payload"])

    someone.hears(clock, "pills")
    assert rows(bench) == ([("asked", None)], 0)


async def test_a_chosen_day_that_has_passed_is_asked_again(bench):
    someone = await says(bench, PILLS["en"][0])
    tomorrow = someone.latest[-1].content["buttons"][2]["payload"]
    await bench.passes(days=3)
    await someone.presses_payload(tomorrow)

    someone.hears(someone.phrase("followup.chat_when"))
    assert rows(bench)[0] == []


async def test_the_answer_comes_before_the_question_of_the_guidance_that_is_asked_again(bench):
    again = Reply("Since when?", kind="question")
    bench.assistant.replies("nudge", again, effects=[Effect("set_reminder")])
    someone = await says(bench, PILLS["en"][1])

    assert ["20:00" in item.content["text"] for item in someone.latest] == [True, False]


async def test_words_of_an_emergency_are_no_order_whatever_the_assistant_hears(bench):
    bench.assistant.replies("chest", effects=[Effect("set_reminder")])
    someone = await says(bench, "crushing chest pain, I cannot breathe, nudge me at 8")

    assert rows(bench)[0] == [] and any(item.content["kind"] == "emergency" for item in someone.latest)


async def test_what_the_assistant_hears_is_done_once(bench):
    someone = await says(bench, PILLS["en"][1])
    asked = [item for item in someone.heard if "20:00" in item.content["text"]]
    await bench.settled()

    assert len(asked) == 1 and len(rows(bench)[0]) == 1


async def test_a_button_that_says_the_meaning_is_about_the_words_before(bench):
    bench.assistant.replies("pills?", Reply("What do you mean?", kind="question"))
    someone = await says(bench, "my pills? every evening at 8")
    with bench.database.read() as work:
        number = work.execute(sa.select(sa.func.max(inbound.c.id))).scalar()
    bench.assistant.replies("Have you remind me", effects=[Effect("set_reminder", {"message": str(number)})])
    await someone.says("Have you remind me of something")

    someone.hears("20:00", "Reminder: “my pills”")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_reminders_are_shown_and_the_one_that_is_meant_gets_another_time(bench, language):
    bench.assistant.replies("🔔", effects=[Effect("show_reminders")])
    someone = await with_reminder(bench, language)
    await someone.says("🔔")
    someone.hears(ORDERS[language][1])

    bench.assistant.replies("21:30", effects=[Effect("change_reminder")])
    await someone.says("21:30")
    someone.hears(someone.phrase("followup.chat_daily", times="21:30"))
    assert len(waiting_at(bench)) == 1


async def test_which_one_is_asked_where_it_is_not_clear(bench):
    bench.assistant.replies("earlier", effects=[Effect("change_reminder")])
    someone = await with_reminder(bench)
    await someone.says("remind me to water the plants every day at 9")
    await someone.presses(someone.phrase("followup.chat_ask_yes"))
    before = waiting_at(bench)
    await someone.says("make it earlier please")
    someone.hears("plants", "blood pressure", someone.phrase("followup.chat_list"))
    assert waiting_at(bench) == before

    bench.assistant.replies("plants", effects=[Effect("change_reminder")])
    await someone.says("the plants at 10 am instead")
    someone.hears(someone.phrase("followup.chat_daily", times="10:00"), "plants")


async def test_no_words_alone_stop_a_reminder_its_buttons_are_shown(bench):
    bench.assistant.replies("cancel", effects=[Effect("change_reminder")])
    someone = await with_reminder(bench)
    await someone.says("cancel the one about my pressure")

    assert rows(bench) == ([("active", None)], 1)
    assert someone.phrase("followup.chat_do_stop") in [one["title"] for one in someone.latest[-1].content["buttons"]]


async def test_what_has_just_come_is_put_off_by_the_time_that_is_told(bench):
    bench.assistant.replies("bug me", effects=[Effect("change_reminder")])
    someone = await with_reminder(bench)
    await comes_due(bench, someone)
    before = len(waiting_at(bench))
    await someone.says("bug me again in half an hour")

    assert len(waiting_at(bench)) == before + 1


async def test_readings_are_shown_of_the_measure_that_is_named(bench):
    bench.assistant.replies("sugar", effects=[Effect("show_readings")])
    someone = await says(bench, "how did my sugar go")

    someone.hears("sugar")


@pytest.mark.parametrize("said", ["remind me, my back hurts", "remind me why my back hurts"])
async def test_a_complaint_is_no_order_though_it_begins_like_one(bench, said):
    bench.assistant.replies("back hurts", "Since when?")
    someone = await says(bench, said)

    someone.hears("Since when?")
    assert rows(bench)[0] == []


async def test_an_order_with_its_time_that_names_a_symptom_is_taken_and_the_symptom_is_asked_for(bench):
    someone = await says(bench, "remind me at 8 pm to call the doctor because my back hurts")

    someone.hears("20:00")
    assert "tell me first" in someone.latest[0].content["text"] and "20:00" in someone.latest[-1].content["text"]
