"""The guidance form: what is an answer, what interrupts, when it ends, and that the level only rises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stage import Played, Stage, services

from actions.guidance import MOST_QUESTIONS, from_slot
from actions.triage import (
    AskQuestion,
    CorrectInformation,
    DeclineDiagnosis,
    EndGuidance,
    ExplainQuestion,
    Guide,
    ValidateTriageForm,
)
from bot.languages import LANGUAGES
from bot.messages import LEVELS

COMPLAINTS = {
    "zh-Hans": "耳朵疼",
    "zh-Hant": "耳朵痛",
    "en": "my ear hurts",
    "de": "Ich habe Ohrenschmerzen",
    "ar": "عندي ألم في الأذن",
}
EMERGENCY = "crushing chest pain, cold sweat and I cannot breathe"


def turn(stage: Stage, text: str, intent: str = "report_symptom", **more: Any) -> Played | None:
    """Play what Rasa plays for one message: validate, then ask or guide. None: the form left it to a rule."""
    stage.hears(text, intent, **more)
    taken = stage.acts(ValidateTriageForm(services()))
    if stage.in_form and (not taken.set_slots or any(event["event"] == "action_execution_rejected" for event in taken.events)):
        return None
    stage.in_form = stage.slots.get("triage_answer") is None
    said = stage.acts((AskQuestion if stage.in_form else Guide)(services()))
    return Played(taken.events + said.events, taken.messages + said.messages)


def pending(stage: Stage) -> str | None:
    guidance = from_slot(stage.slots["episode"])
    return guidance.episode.pending if guidance else None


def opened(language: str = "en") -> Stage:
    stage = Stage(language)
    turn(stage, COMPLAINTS[language])
    assert stage.in_form
    return stage


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_is_met_with_a_question_and_its_quick_replies(language):
    stage = Stage(language)

    played = turn(stage, COMPLAINTS[language])

    assert played is not None
    assert [reply.kind for reply in played.replies] == ["question"]
    assert played.buttons and all(button.payload.startswith(f"a:{pending(stage)}:") for button in played.buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pressing_the_first_choice_always_ends_at_a_result_after_at_most_six_questions(language):
    stage = Stage(language)
    played, questions = turn(stage, COMPLAINTS[language]), 0

    while stage.in_form:
        questions += 1
        played = turn(stage, "x", "press_button", payload=played.buttons[0].payload)

    assert 1 <= questions <= MOST_QUESTIONS
    assert "assessment" in played.effect_names
    assert played.replies[-1].kind == "result"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_offers_to_be_left_open(language):
    stage = Stage(language)
    played = turn(stage, COMPLAINTS[language])

    while stage.in_form:
        left = [button for button in played.buttons if button.payload.endswith((":skipped", ":unknown"))]
        assert left
        played = turn(stage, "x", "press_button", payload=left[-1].payload)


@pytest.mark.parametrize("intent", ["skip_question", "say_dont_know"])
def test_every_question_can_be_left_open(intent):
    stage = Stage()
    turn(stage, COMPLAINTS["en"])
    asked = []

    while stage.in_form:
        asked.append(pending(stage))
        turn(stage, "dunno", intent)

    assert len(asked) == len(set(asked)) <= MOST_QUESTIONS


def test_an_emergency_is_asked_nothing():
    stage = Stage()

    played = turn(stage, EMERGENCY)

    assert not stage.in_form
    assert next(effect.data for effect in played.effects if effect.name == "assessment")["level"] == "E1"


def test_typing_the_title_of_a_choice_is_an_answer_whatever_the_classifier_thinks():
    stage = Stage()
    button = turn(stage, COMPLAINTS["en"]).buttons[0]
    before = pending(stage)

    turn(stage, button.title, "request_nurse")

    assert pending(stage) != before


@pytest.mark.parametrize("intent", ["request_nurse", "ask_faq", "ask_why", "change_mind", "insult", "ask_privacy", "complain"])
def test_an_interruption_is_left_to_its_rule(intent):
    stage = opened()

    assert turn(stage, "whatever that is", intent) is None


def test_a_doubtful_interruption_is_not():
    stage = opened()

    assert turn(stage, "whatever that is", "ask_faq", confidence=0.3) is not None


@pytest.mark.parametrize(
    ("intent", "is_answer"), [("ask_diagnosis_or_drug", True), ("request_nurse", False), ("change_mind", False)]
)
def test_words_that_answer_the_question_win_over_a_half_sure_interruption_but_not_over_a_way_out(intent, is_answer):
    stage = opened()
    before = pending(stage)

    turn(stage, "no, nothing like that", intent, confidence=0.6)

    assert (pending(stage) != before) is is_answer


@pytest.mark.parametrize("intent", ["greet", "thank", "smalltalk"])
def test_a_courtesy_without_an_answer_in_it_is_left_to_its_rule(intent):
    stage = opened()

    assert turn(stage, "hello you", intent) is None


def test_another_button_interrupts():
    stage = opened()

    assert turn(stage, "Yes", "press_button", payload="faq:parking:yes") is None


def test_after_an_interruption_the_same_question_is_asked_again():
    stage = opened()
    before = pending(stage)
    turn(stage, "where can I park?", "ask_faq")
    stage.events.append({"event": "action", "name": "action_answer_faq"})

    again = stage.acts(ValidateTriageForm(services()))

    assert again.events == () and pending(stage) == before
    assert stage.acts(AskQuestion(services())).replies[0].kind == "question"


def test_a_symptom_in_a_question_for_a_drug_is_kept_though_the_drug_is_declined():
    stage = opened()
    stage.hears("what can I take for my sore throat", "ask_diagnosis_or_drug")

    events = stage.acts(ValidateTriageForm(services())).events

    assert [event["event"] for event in events] == ["slot", "action_execution_rejected"]
    assert any(finding.id for reading in from_slot(stage.slots["episode"]).episode.readings[1:] for finding in reading.findings)


def test_gibberish_is_asked_again_once_and_then_left_open():
    stage = opened()
    first = pending(stage)

    once = turn(stage, "qwertz", "nlu_fallback")
    still = pending(stage)
    twice = turn(stage, "asdf jkl", "nlu_fallback")

    assert still == first and len(once.replies) == 2
    assert pending(stage) != first and twice is not None


def test_gibberish_for_ever_ends_at_a_result():
    stage = opened()

    for _ in range(2 * MOST_QUESTIONS):
        if stage.in_form:
            turn(stage, "qwertz", "nlu_fallback")

    assert not stage.in_form


def test_a_new_complaint_in_the_middle_is_heard_and_can_end_the_questions():
    stage = opened()

    played = turn(stage, EMERGENCY)

    assert not stage.in_form
    assert played.effects[-1].data["level"] == "E1"


def test_a_question_about_danger_that_was_talked_past_is_asked_again():
    stage = opened()
    first = pending(stage)
    turn(stage, "it is for my son")
    between = pending(stage)
    turn(stage, "no", "deny")

    assert (between, pending(stage)) == ("child_danger", first)


def test_words_without_a_symptom_are_asked_for_more_and_then_given_to_a_person():
    stage = Stage()

    once = turn(stage, "I feel so blargh")
    twice = turn(stage, "all blargh I say")

    assert once.effects == [] and once.text
    assert twice.effect_names == ["open_case"] and twice.effects[0].data["reason"] == "misunderstood"


def test_the_language_may_change_in_the_middle():
    stage = opened("en")
    stage.language = "de"

    turn(stage, "seit drei Tagen")

    assert from_slot(stage.slots["episode"]).episode.language == "de"


def test_why_do_you_ask_is_answered():
    stage = opened()
    stage.hears("why?", "ask_why")

    assert stage.acts(ExplainQuestion(services())).text


def test_why_do_you_ask_with_nothing_asked_is_answered_too():
    stage = Stage()
    stage.hears("why?", "ask_why")

    assert stage.acts(ExplainQuestion(services())).text


def test_after_the_result_the_level_does_not_sink():
    stage = Stage()
    turn(stage, EMERGENCY)

    played = turn(stage, "my wife says it is nothing, just a cough")

    assert next(effect.data["level"] for effect in played.effects if effect.name == "assessment") == "E1"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(floor=st.sampled_from(LEVELS), text=st.sampled_from([*COMPLAINTS.values(), "nothing", "my foot itches", EMERGENCY]))
def test_the_result_is_never_below_the_level_that_came_with_the_message(floor, text):
    stage = Stage(level_floor=floor)
    played = turn(stage, text)
    for _ in range(MOST_QUESTIONS):
        if stage.in_form:
            played = turn(stage, "skip", "skip_question")

    level = next((effect.data["level"] for effect in played.effects if effect.name == "assessment"), "INFO")
    assert LEVELS.index(level) <= LEVELS.index(floor)


def guided() -> Stage:
    """A guidance whose result was said and was no emergency."""
    stage = opened()
    while stage.in_form:
        turn(stage, "skip", "skip_question")
    return stage


def test_another_person_after_the_result_begins_a_new_episode():
    stage = guided()

    played = turn(stage, "my little son has an itchy rash")

    assert "episode_closed" in played.effect_names
    assert "ear_pain" not in str(stage.slots["episode"]["episode"]["readings"])


def test_what_a_relative_says_does_not_close_an_emergency():
    stage = Stage()
    turn(stage, EMERGENCY)

    played = turn(stage, "my wife says it is nothing, I only have a cough")

    assert "episode_closed" not in played.effect_names


def test_another_symptom_of_the_same_person_does_not():
    stage = guided()

    assert "episode_closed" not in turn(stage, "now I have a cough too").effect_names


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [("en", "no wait, yes", "yes"), ("de", "Nein, doch", "yes"), ("zh-Hans", "没有，哦有", "yes"), ("en", "no, none", "no")],
)
def test_a_no_that_is_taken_back_is_a_yes_whatever_the_classifier_hears(language, said, value):
    stage = opened(language)
    asked = stage.slots["episode"]["episode"]["pending"]

    turn(stage, said, "deny")

    assert stage.slots["episode"]["episode"]["answers"][asked] == value


OF_THE_CHILD = [
    ("en", "my 2 year old son has a fever", "he also has a rash"),
    ("en", "my 2 year old son has a fever", "I think he has a cough too"),
    ("de", "mein Sohn ist 2 Jahre alt und hat Fieber", "er hat jetzt auch Ausschlag"),
    ("zh-Hans", "我儿子2岁，发烧了", "我觉得他还有点拉肚子"),
    ("zh-Hant", "我兒子2歲，發燒了", "他還咳嗽"),
]


def told_of(language: str, complaint: str) -> Stage:
    """A conversation after the result for `complaint`, all questions skipped."""
    stage = Stage(language)
    turn(stage, complaint)
    while stage.in_form:
        turn(stage, "skip", "skip_question")
    return stage


@pytest.mark.parametrize(("language", "complaint", "then"), OF_THE_CHILD)
def test_what_he_also_has_is_of_the_child_told_of_before(language, complaint, then):
    stage = told_of(language, complaint)

    assert "episode_closed" not in turn(stage, then).effect_names
    assert stage.slots["episode"]["episode"]["patient"]["age_years"] == 2
    assert len(stage.slots["episode"]["episode"]["readings"]) > 1


@pytest.mark.parametrize("then", ["she is 34 and has a cough", "my husband has a cough", "she has a cough", "I have a cough"])
def test_another_person_after_the_child_is_not_taken_for_it(then):
    stage = told_of("en", "my 2 year old son has a fever")

    assert "episode_closed" in turn(stage, then).effect_names


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_of_mind_ends_kindly_and_closes_the_episode(language):
    stage = opened(language)
    stage.hears("stop", "change_mind")

    played = stage.acts(EndGuidance(services()))

    assert played.text and played.effect_names == ["episode_closed"]
    assert stage.slots["episode"] is None


def test_a_change_of_mind_does_not_make_an_emergency_harmless():
    stage = Stage()
    turn(stage, EMERGENCY)
    stage.hears("never mind", "change_mind")

    played = stage.acts(EndGuidance(services()))

    assert played.effects == [] and from_slot(stage.slots["episode"]).episode.floor == "E1"


def test_a_drug_question_that_names_a_symptom_goes_on_to_the_guidance():
    stage = Stage()
    stage.hears("what should I take for my ear pain", "ask_diagnosis_or_drug")

    assert stage.acts(DeclineDiagnosis(services())).follows == ["triage_form"]


def test_a_drug_question_without_a_symptom_is_declined_with_ways_on():
    stage = Stage()
    stage.hears("how many pills per day", "ask_diagnosis_or_drug")

    played = stage.acts(DeclineDiagnosis(services()))

    assert played.follows == [] and [button.payload for button in played.buttons] == ["tell", "nurse"]


def test_a_correction_after_the_result_is_heard():
    stage = Stage()
    turn(stage, EMERGENCY)
    stage.hears("no, it is my knee that hurts", "correct_information")

    assert stage.acts(CorrectInformation(services())).follows == ["triage_form"]
