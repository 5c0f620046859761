"""Beside an order about reminders: trouble in the same words is heard, medicine and measuring are none; which reminder is meant."""

from __future__ import annotations

import pytest

from bot.followup.beside import meant_by, tells_trouble
from bot.followup.own import clocks_meant, in_a_while, new_times, usual_times, wish_in
from bot.followup.wishes import measures_in
from tests import contents
from tests.followup.test_own_words import NOW

TROUBLE = (
    ("en", "remind me, my back hurts"),
    ("en", "I forgot my water pill, my ankles are puffy"),
    ("en", "not now, I took too many pills"),
    ("de", "Tabletten vergessen und mir ist schwindlig"),
    ("zh-Hans", "我妈忘了吃降糖药，人晕乎乎的"),
    ("zh-Hant", "忘了吃藥，現在頭暈"),
    ("ar", "أمي نسيت دواء السكر وهي دايخة"),
)
NONE = (
    ("en", "remind me about my migraine pills"),
    ("en", "remind me to take my cough syrup at 8"),
    ("en", "can you move the pill reminder to 9"),
    ("en", "can i see a graph of my sugar"),
    ("en", "I always forget my eye drops"),
    ("de", "Erinnere mich an den Hustensaft"),
    ("de", "ich vergesse ständig meine Augentropfen"),
    ("zh-Hans", "提醒我吃头疼药"),
    ("zh-Hant", "我常常忘記點眼藥水，可以幫我記嗎"),
    ("ar", "ذكرني بدواء الضغط الساعة 8"),
)
KNOWN = {1: "take my pills", 2: "Blood pressure at home", 3: "water the plants"}


@pytest.fixture(scope="module")
def lexicon():
    return contents.the_content().triage.lexicon


@pytest.mark.parametrize(("language", "said"), TROUBLE)
def test_what_somebody_feels_is_heard_beside_an_order(language, said, lexicon):
    assert tells_trouble(said, language, lexicon=lexicon)


@pytest.mark.parametrize(("language", "said"), NONE)
def test_a_medicine_and_what_is_measured_are_no_trouble(language, said, lexicon):
    assert not tells_trouble(said, language, lexicon=lexicon)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("send my blood pressure reminder at 7 instead", 2),
        ("cancel the plants", 3),
        ("no more pills", 1),
        ("change my reminder", None),
        ("pills and plants at 9", None),
    ],
)
def test_a_reminder_is_known_by_its_words_or_by_what_is_measured(said, meant):
    assert meant_by(said, KNOWN) == meant


def test_the_only_reminder_there_is_needs_no_words_and_without_any_none_is_meant():
    assert meant_by("later please", {7: "water the plants"}) == 7 and meant_by("later please", {}) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("send my blood pressure reminder", {"blood_pressure"}),
        ("Blutdruckmessung um 7", {"blood_pressure"}),
        ("血糖和体重", {"glucose", "weight"}),
        ("120 bpm, painting", set()),
    ],
)
def test_measures_are_found_in_a_sentence_and_not_in_other_words(said, found):
    assert measures_in(said) == found


def test_where_no_order_is_read_all_words_but_the_time_are_kept():
    wish = wish_in("nudge me about my pills every evening at 8", "en", NOW)

    assert wish.text == "nudge me about my pills" and wish.when is not None and wish.when.details["times"] == ["20:00"]


def test_where_an_order_is_read_only_what_it_is_about_is_kept():
    assert wish_in("remind me to weigh myself", "en", NOW).text == "weigh myself"


def test_a_story_is_not_repeated_to_the_patient():
    assert wish_in("well " * 60 + "nudge me", "en", NOW).text == ""


def test_a_clock_without_a_day_changes_only_the_time_and_with_one_it_does_not():
    assert new_times("at 7 pm instead", NOW, "en") == ("19:00",)
    assert new_times("tomorrow at 7 pm", NOW, "en") == () == new_times("every monday at 7 pm", NOW, "en")


def test_a_time_from_now_on_is_soon_and_a_time_of_the_clock_is_none():
    found = in_a_while("bug me again in half an hour", "en", NOW)

    assert found is not None and found.details["every"] is None
    assert in_a_while("at 9 pm", "en", NOW) is None and in_a_while("in three days", "en", NOW) is None


@pytest.mark.parametrize(
    ("said", "hours"), [("at 7", [7, 19]), ("at 7 am", [7]), ("at 19:00", [19]), ("um 7 Uhr", [7]), ("soon", [])]
)
def test_a_plain_hour_may_be_of_the_evening_and_a_full_one_is_not(said, hours):
    assert [clocks[0].hour for clocks in clocks_meant(said, "de" if "Uhr" in said else "en")] == hours


def test_times_are_offered_for_days_that_are_told_and_none_without_a_day():
    assert usual_times("nudge me every monday", "en", NOW) == ("08:00", "12:00", "20:00")
    assert usual_times("nudge me about my pills", "en", NOW) == ()
