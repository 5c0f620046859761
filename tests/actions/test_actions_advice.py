"""What is said after the result: the same advice in a sentence, a changed one in full, help that has come, fear."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from stage import Played, Stage, services

from actions.buttons import PressButton
from actions.fallback import DefaultFallback, NotUnderstood
from actions.guidance import from_slot
from actions.triage import AFTER_HELP, AskQuestion, Comfort, DeclineDiagnosis, Guide, ValidateTriageForm
from bot.languages import LANGUAGES
from bot.triage.types import Opinion

EMERGENCY = {
    "zh-Hans": "我老公胸口疼 左胳膊发麻 出冷汗",
    "zh-Hant": "我先生胸口痛 左手發麻 冒冷汗",
    "en": "my husband has crushing chest pain, cold sweat and cannot breathe",
    "de": "mein Mann hat starke Brustschmerzen, kalten Schweiß und bekommt keine Luft",
    "ar": "زوجي عنده ألم شديد في الصدر وعرق بارد وضيق تنفس",
}
RASH = {
    "zh-Hans": "我身上起疹子",
    "zh-Hant": "我身上起疹子",
    "en": "I have a rash",
    "de": "ich habe Ausschlag",
    "ar": "عندي طفح جلدي",
}
AGE = {"zh-Hans": "他50岁", "zh-Hant": "他50歲", "en": "he is 50", "de": "er ist 50", "ar": "عمره 50 سنة"}
HELP_CAME = {
    "zh-Hans": "救护车来过了，现在没事了",
    "zh-Hant": "救護車來過了，現在沒事了",
    "en": "the ambulance was here, he is fine now",
    "de": "der Notarzt war da, es geht ihm gut",
    "ar": "جاء الإسعاف وهو بخير الآن",
}


def turn(stage: Stage, text: str, intent: str = "report_symptom", **more: Any) -> Played:
    """Play what Rasa plays for a message that the form takes: validate, then ask or guide."""
    stage.hears(text, intent, **more)
    stage.acts(ValidateTriageForm(services()))
    stage.in_form = stage.slots.get("triage_answer") is None
    return stage.acts((AskQuestion if stage.in_form else Guide)(services()))


def in_emergency(language: str = "en") -> Stage:
    stage = Stage(language)
    (told,) = turn(stage, EMERGENCY[language]).replies
    assert told.card is not None and told.card.level == "E1"
    return stage


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changes_no_advice_is_met_with_one_sentence_and_not_the_card_again(language):
    stage = in_emergency(language)

    (said,) = turn(stage, AGE[language]).replies

    assert said.card is None and "\n" not in said.text
    assert "120" in said.text and [button.payload for button in said.buttons] == ["nurse", "start_over"]


def test_a_higher_level_is_told_in_full():
    stage = Stage()
    turn(stage, "my ear hurts")
    while stage.in_form:
        turn(stage, "skip", "skip_question")

    (said,) = turn(stage, EMERGENCY["en"]).replies

    assert said.card is not None and said.card.level == "E1"


def test_who_asks_for_the_department_hears_it_in_full_again():
    stage = in_emergency()

    (said,) = turn(stage, "which department is it", "ask_department").replies

    assert said.card is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_says_that_help_was_there_is_not_told_to_call_now(language):
    stage = in_emergency(language)

    (said,) = turn(stage, HELP_CAME[language]).replies

    again = services().content.current().phrases.get("triage.unchanged_E1", language, emergency="")
    assert said.card is None and again[:8] not in said.text
    assert [button.payload for button in said.buttons] == ["nurse", AFTER_HELP]


def test_help_lowers_nothing_by_itself_and_new_danger_counts():
    stage = in_emergency()
    turn(stage, HELP_CAME["en"])
    assert from_slot(stage.slots["episode"]).episode.floor == "E1"

    turn(stage, "and my toe is sore")
    (said,) = turn(stage, "now he cannot breathe and is cold and grey").replies

    assert said.card is not None


@pytest.mark.parametrize(("payload", "closes"), [(AFTER_HELP, True), ("start_over", False)])
def test_only_after_help_does_something_else_part_from_the_emergency(payload, closes):
    stage = in_emergency()
    turn(stage, HELP_CAME["en"])

    stage.hears("x", "press_button", payload=payload)
    played = stage.acts(PressButton(services()))

    assert ("episode_closed" in played.effect_names) is closes
    assert (stage.slots["episode"] is None) is closes


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_wants_something_else_after_an_emergency_hears_the_advice_again_and_how_to_part_from_it(language):
    stage = in_emergency(language)
    stage.hears("x", "press_button", payload="start_over")

    played = stage.acts(PressButton(services()))

    assert "120" in played.text and AFTER_HELP in [button.payload for button in played.buttons]
    assert "episode_closed" not in played.effect_names


def test_nothing_is_noted_aloud_when_another_question_was_answered_in_between():
    stage = Stage()
    asked = turn(stage, "my stomach hurts").text
    turn(stage, "since two days")
    stage.hears("where can I park", "ask_faq")
    stage.events.append({"event": "action", "name": "action_answer_faq"})

    assert stage.acts(AskQuestion(services())).text == asked


NO = {"zh-Hans": "没有", "zh-Hant": "沒有", "en": "no", "de": "nein", "ar": "لا"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["deny", "nlu_fallback"])
def test_a_plain_no_to_is_one_of_these_there_as_well_means_none_of_them(language, intent):
    stage = Stage(language)
    turn(stage, RASH[language])
    while from_slot(stage.slots["episode"]).episode.pending != "which_also":
        turn(stage, "x", "skip_question")

    turn(stage, NO[language], intent)

    assert from_slot(stage.slots["episode"]).episode.answers["which_also"] == "none"


def test_what_was_not_understood_is_not_noted():
    stage = Stage()
    turn(stage, "my stomach hurts")
    turn(stage, "since two days")
    turn(stage, "no")

    assert "I have noted" not in turn(stage, "qwer asdf").text


def test_somebody_in_despair_who_tells_of_pain_is_guided_too():
    stage = Stage()
    despair = Opinion(0.1, 0.99, "crisis", (), said="I cannot go on", version="1")
    turn(stage, "I cannot go on", entities=[{"entity": "second_reader", "value": asdict(despair)}])

    told = turn(stage, "my back hurts").replies

    assert [reply.kind for reply in told] == ["crisis", "result"]


FEW_WORDS = {
    "zh-Hans": ("腿", "疼"),
    "zh-Hant": ("膝蓋", "會痛"),
    "en": ("knee", "hurts"),
    "de": ("Knie", "tut weh"),
    "ar": ("ركبتي", "توجعني"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_symptom_told_in_two_messages_is_understood(language):
    part, pain = FEW_WORDS[language]
    stage = Stage(language)
    stage.hears(part, "nlu_fallback")
    stage.acts(NotUnderstood(services()))
    stage.hears(pain, "nlu_fallback")
    assert stage.acts(NotUnderstood(services())).follows == ["triage_form"]

    stage.acts(ValidateTriageForm(services()))

    readings = from_slot(stage.slots["episode"]).episode.readings
    assert any(finding.state == "present" for reading in readings for finding in reading.findings)


@pytest.mark.parametrize("before", ["thank you very much", "my head", "x" * 30])
def test_two_messages_that_name_nothing_together_are_not_joined(before):
    stage = Stage()
    stage.hears(before, "nlu_fallback")
    stage.acts(NotUnderstood(services()))
    stage.hears("on Tuesday", "nlu_fallback")

    assert not stage.acts(NotUnderstood(services())).follows


def test_something_told_instead_of_an_answer_is_noted_when_the_question_comes_again():
    stage = Stage()
    asked = turn(stage, "my stomach hurts").text

    again = turn(stage, "since two days").text

    assert again.endswith(asked) and again.startswith("I have noted that.")


def test_a_reading_told_instead_of_an_answer_is_noted():
    stage = Stage()
    turn(stage, "I have a rash")

    assert turn(stage, "bp 150/95").text.startswith("I have noted that.")


def test_an_answer_is_not_noted_aloud():
    stage = Stage()
    turn(stage, "my stomach hurts")

    assert not turn(stage, "no").text.startswith("I have noted")


def asked_at(stage: Stage, seconds: float) -> None:
    """Say when the latest message of the bot was sent."""
    stage.events[-1]["timestamp"] = seconds


@pytest.mark.parametrize(("after_s", "understood"), [(1.0, True), (30.0, False)])
def test_who_was_still_telling_is_not_told_that_the_answer_was_not_understood(after_s, understood):
    stage = Stage()
    turn(stage, "I have a rash")
    asked_at(stage, 100.0)
    stage.hears("like mad")
    stage.events[-1]["timestamp"] = 100.0 + after_s

    played = stage.acts(ValidateTriageForm(services()))

    assert (not played.replies) is understood
    assert from_slot(stage.slots["episode"]).misses == (0 if understood else 1)


def test_a_quick_answer_is_an_answer():
    stage = Stage()
    turn(stage, "my stomach hurts")
    asked_at(stage, 100.0)
    stage.hears("no", "deny")
    stage.events[-1]["timestamp"] = 101.0
    before = from_slot(stage.slots["episode"]).episode.pending

    stage.acts(ValidateTriageForm(services()))

    assert from_slot(stage.slots["episode"]).episode.answers[before] == "no"


@pytest.mark.parametrize(("text", "language"), [("bp 150/95", "en"), ("Blutdruck 150/95", "de"), ("血壓150/95", "zh-Hant")])
def test_what_only_the_rules_understand_is_guided(text, language):
    stage = Stage(language)
    stage.hears(text, "nlu_fallback")

    played = stage.acts(NotUnderstood(services()))

    assert played.follows == ["triage_form"] and not played.replies


@pytest.mark.parametrize("text", ["asdf qwer", "78", "since two days"])
def test_what_nobody_understands_is_asked_about(text):
    stage = Stage()
    stage.hears(text, "nlu_fallback")

    assert stage.acts(NotUnderstood(services())).replies


def test_since_when_is_understood_once_a_result_was_told():
    stage = in_emergency()
    stage.hears("since two days", "nlu_fallback")

    assert stage.acts(NotUnderstood(services())).follows == ["triage_form"]


def test_what_no_rule_of_the_dialogue_takes_is_never_met_with_silence():
    stage = in_emergency()
    stage.hears("since two days", "nlu_fallback")

    assert stage.acts(DefaultFallback(services())).replies


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", [Comfort, DeclineDiagnosis])
def test_fear_and_the_wish_for_a_name_are_heard_and_the_guidance_goes_on(action, language):
    stage = in_emergency(language)
    stage.hears("…", "express_worry")

    played = stage.acts(action(services()))

    assert len(played.replies) == 1 and played.follows == ["triage_form"]


def test_fear_with_nothing_told_offers_a_way_on():
    stage = Stage()
    stage.hears("I am so scared", "express_worry")

    played = stage.acts(Comfort(services()))

    assert played.buttons and not played.follows


@pytest.mark.parametrize(("verdict", "whole"), [("quiet", False), ("crisis", True)])
def test_the_whole_crisis_answer_is_said_once_and_again_only_to_words_of_despair(verdict, whole):
    stage = Stage()
    despair = Opinion(0.1, 0.99, "crisis", (), said="I cannot go on", version="1")
    first = turn(stage, "I cannot go on", entities=[{"entity": "second_reader", "value": asdict(despair)}])
    after = Opinion(0.0, 0.9, verdict, (), said="my back hurts", version="1")

    again = turn(stage, "my back hurts", entities=[{"entity": "second_reader", "value": asdict(after)}])

    assert (again.replies[0].text == first.text) is whole
    assert {first.replies[0].kind, again.replies[0].kind} == {"crisis"}
    assert ("open_case" in again.effect_names) is whole
