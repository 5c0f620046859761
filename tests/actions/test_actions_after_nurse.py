"""After a nurse has talked with the patient: no stale question, nothing asked that the nurse was told, known facts stay."""

from __future__ import annotations

from stage import Played, Stage, services

from actions.triage import AskQuestion, ValidateTriageForm
from bot.nlu.handed_back import settled


def asked(stage: Stage) -> str:
    """Return the id of the question that is pending."""
    return str(stage.slots["episode"]["episode"]["pending"])


def talks(stage: Stage, text: str, intent: str = "report_symptom") -> Played:
    stage.hears(text, intent)
    played = stage.acts(ValidateTriageForm(services()))
    stage.in_form = stage.slots.get("triage_answer") is None
    return played


def in_the_middle_of_questions() -> Stage:
    stage = Stage()
    talks(stage, "my ear hurts")
    return stage


def hand_back(stage: Stage, *told: str) -> None:
    """What the assistant's door does when a nurse has talked."""
    stage.in_form = False
    stage.slots["episode"] = settled(stage.slots["episode"], told)


def test_the_question_that_was_open_is_not_asked_again_and_what_is_known_stays():
    stage = in_the_middle_of_questions()
    stale = asked(stage)
    hand_back(stage)

    talks(stage, "my ear still hurts")

    episode = stage.slots["episode"]["episode"]
    assert episode["answers"][stale] == "unknown" and asked(stage) != stale
    assert len([reading for reading in episode["readings"] if reading["findings"]]) == 2


def test_without_a_nurse_the_question_stays_open():
    stage = in_the_middle_of_questions()
    stale = asked(stage)
    stage.in_form = False

    talks(stage, "my ear still hurts")

    assert asked(stage) == stale


def test_what_the_nurse_was_told_is_heard_before_anything_is_asked():
    stage = in_the_middle_of_questions()
    hand_back(stage, "I am 30 years old and I have a fever of 39 since three days")

    talks(stage, "my ear still hurts")

    guidance = stage.slots["episode"]
    assert guidance["unheard"] == [] and guidance["episode"]["patient"]["age_years"] == 30
    assert len(guidance["episode"]["readings"]) == 3


def test_the_next_question_can_be_asked():
    stage = in_the_middle_of_questions()
    hand_back(stage, "since yesterday")

    talks(stage, "my ear still hurts")

    assert stage.acts(AskQuestion(services())).text


def test_handing_back_twice_is_the_same_as_once():
    stage = in_the_middle_of_questions()
    once = settled(stage.slots["episode"], ["since yesterday"])

    assert settled(once, ["since yesterday"]) == once
