"""Orders about reminders and readings go to the gateway; what tells of trouble as well is guided, what is not clear is asked."""

from __future__ import annotations

import pytest
from stage import Stage, content, services

from actions.buttons import PressButton
from actions.followup import Reminders
from actions.guidance import ORDERS, begin, is_interruption
from actions.turn import heard
from bot.languages import LANGUAGES

PILLS = {
    "zh-Hans": "别忘了叫我吃药",
    "zh-Hant": "記得叫我吃藥",
    "en": "could you give me a nudge about my heart pills",
    "de": "mag mir jemand Bescheid geben, wenn die Blutdrucktabletten dran sind",
    "ar": "ممكن تنبهني على حبوب الضغط",
}
TROUBLE = {
    "zh-Hans": "忘了吃药，头晕，到时候叫我",
    "zh-Hant": "忘了吃藥，頭暈，到時候叫我",
    "en": "I forgot my pills and feel dizzy, give me a nudge",
    "de": "Tabletten vergessen, mir ist schwindlig, geben Sie mir Bescheid",
    "ar": "نسيت الحبوب وعندي دوخة، نبهني",
}
DOUBT = {"verdict": "ask", "emergency": 0.4, "crisis": 0.0, "departments": [], "reader": "test"}


def ordered(language: str = "en", text: str = "", intent: str = "set_reminder", **more: object) -> Stage:
    stage = Stage(language)
    stage.hears(text or PILLS[language], intent, **more)
    return stage


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("order", ORDERS)
def test_an_order_is_passed_on_and_nothing_is_said_here(language, order):
    played = ordered(language, intent=order).acts(Reminders(services()))

    assert played.effect_names == [order] and not played.replies and not played.follows


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_that_tells_of_trouble_as_well_is_guided_and_not_carried_out(language):
    played = ordered(language, TROUBLE[language]).acts(Reminders(services()))

    assert played.follows == ["triage_form"] and not played.effects


def test_what_is_not_clear_is_asked_with_a_complaint_among_the_answers():
    stage = ordered(confidence=0.55, ranking=("set_reminder", "change_reminder"))
    played = stage.acts(Reminders(services()))

    assert [button.payload for button in played.buttons] == ["mean:set_reminder", "mean:report_symptom", "nurse"]
    assert not played.effects


def test_the_button_that_says_the_meaning_names_the_message_it_is_about():
    stage = ordered(confidence=0.55, ranking=("set_reminder",))
    stage.events[-1]["message_id"] = "12"
    stage.acts(Reminders(services()))
    stage.hears("Have you remind me of something", "press_button", payload="mean:set_reminder")
    played = stage.acts(PressButton(services()))

    assert [(effect.name, effect.data) for effect in played.effects] == [("set_reminder", {"message": "12"})]


@pytest.mark.parametrize(("text", "interrupts"), [(PILLS["en"], True), (TROUBLE["en"], False)])
def test_in_a_health_question_an_order_interrupts_and_one_that_tells_of_trouble_is_heard_as_an_answer(text, interrupts):
    message = heard(ordered(text=text).tracker())

    assert is_interruption(message, begin(message), content=content()) is interrupts


def test_in_a_health_question_an_order_is_passed_on():
    stage = ordered()
    stage.in_form = True

    assert stage.acts(Reminders(services())).effect_names == ["set_reminder"]
