"""Not understood: first "did you mean", then a person; nobody is met with silence."""

from __future__ import annotations

import pytest
from stage import Stage, services

from actions.fallback import DefaultFallback, NotUnderstood, OutOfScope
from bot.languages import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_time_at_most_three_meanings_are_offered_and_one_is_a_person(language):
    stage = Stage(language)
    stage.hears("qwertz", "nlu_fallback", ranking=["nlu_fallback", "ask_faq", "thank", "complain", "report_symptom"])

    played = stage.acts(NotUnderstood(services()))

    assert [button.payload for button in played.buttons] == ["mean:ask_faq", "mean:complain", "nurse"]
    assert all(button.title in played.text for button in played.buttons)
    assert played.effects == []


def test_the_second_time_in_a_row_a_person_takes_over():
    stage = Stage()
    stage.hears("qwertz", "nlu_fallback")
    stage.acts(NotUnderstood(services()))
    stage.hears("asdf", "nlu_fallback")

    played = stage.acts(NotUnderstood(services()))

    assert played.effect_names == ["open_case"]
    assert played.effects[0].data["reason"] == "misunderstood"
    assert played.text


def test_the_buttons_in_between_do_not_start_the_count_again():
    stage = Stage()
    stage.hears("qwertz", "nlu_fallback")
    stage.hears("Ask something", "press_button", payload="mean:ask_faq")
    stage.hears("asdf", "nlu_fallback")

    assert stage.acts(NotUnderstood(services())).effect_names == ["open_case"]


def test_something_understood_in_between_starts_the_count_again():
    stage = Stage()
    stage.hears("qwertz", "nlu_fallback")
    stage.hears("hello", "greet")
    stage.hears("asdf", "nlu_fallback")

    assert stage.acts(NotUnderstood(services())).effects == []


def test_without_any_opinion_of_the_classifier_there_still_are_offers():
    stage = Stage()
    stage.hears("🙂", "nlu_fallback")

    assert len(stage.acts(DefaultFallback(services())).buttons) == 3


def test_what_the_bot_is_not_for_is_declined_with_ways_on():
    stage = Stage()
    stage.hears("book me a flight", "out_of_scope")

    assert [button.payload for button in stage.acts(OutOfScope(services())).buttons] == ["tell", "nurse"]
