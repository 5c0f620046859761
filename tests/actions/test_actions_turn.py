"""What actions read from Rasa's tracker."""

from __future__ import annotations

from stage import Stage

from actions.turn import heard, was_answered_already


def test_the_language_comes_with_the_message_and_not_from_an_older_slot():
    stage = Stage("de", slots={"language": "ar"})
    stage.hears("Hallo", "greet")

    assert heard(stage.tracker()).language == "de"


def test_without_a_gateway_the_slot_says_the_language():
    stage = Stage("", slots={"language": "ar"})
    stage.hears("مرحبا", "greet")

    assert heard(stage.tracker()).language == "ar"


def test_a_level_that_is_none_is_not_believed():
    stage = Stage(level_floor="nonsense")
    stage.hears("hello", "greet")

    assert heard(stage.tracker()).level_floor == "INFO"


def test_typing_the_title_of_an_offered_button_is_pressing_it():
    stage = offered("Nurse, please!", "nurse")
    stage.hears("nurse please", "request_nurse")

    assert heard(stage.tracker()).payload == "nurse"


def test_typing_something_else_is_not():
    stage = offered("Nurse, please!", "nurse")
    stage.hears("no nurse please", "request_nurse")

    assert heard(stage.tracker()).payload == ""


def test_a_title_offered_two_messages_ago_is_not_a_button_any_more():
    stage = offered("Nurse, please!", "nurse")
    stage.hears("hello", "greet")
    stage.hears("nurse please", "request_nurse")

    assert heard(stage.tracker()).payload == ""


def test_a_message_that_another_action_answered_is_not_taken_for_an_answer_again():
    stage = Stage(in_form=True)
    stage.hears("what are visiting hours", "ask_faq")
    before = was_answered_already(stage.tracker())
    stage.events.append({"event": "action", "name": "action_answer_faq"})

    assert (before, was_answered_already(stage.tracker())) == (False, True)


def offered(title: str, payload: str) -> Stage:
    stage = Stage()
    stage.hears("hm", "nlu_fallback")
    reply = {"text": "Did you want to", "buttons": [{"title": title, "payload": payload}]}
    stage.events.append({"event": "bot", "data": {"custom": {"reply": reply}}})
    return stage
