"""Rules beside the classifier: a symptom from the dictionary outvotes doubt, never a clear wish; the language is never guessed twice."""

from __future__ import annotations

import pytest
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.readers import FindingsReader, LanguageReader, language_of

EAR = "my ear hurts since yesterday"


def read(text: str, *ranking: tuple[str, float], language: str = "en") -> str:
    """Return the intent after the dictionary and Rasa's own fallback have had their say."""
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message(data={"text": text, "intent": ranked[0], "intent_ranking": ranked, "metadata": {"language": language}})
    FindingsReader(FindingsReader.get_default_config()).process([message])
    FallbackClassifier({"threshold": 0.35, "ambiguity_threshold": 0.05}).process([message])
    return str(message.get("intent")["name"])


@pytest.mark.parametrize(
    "ranking",
    [
        [("ask_faq", 0.40), ("complain", 0.38)],
        [("out_of_scope", 0.2), ("smalltalk", 0.19)],
        [("thank", 0.97), ("report_symptom", 0.02)],
        [("smalltalk", 0.5), ("report_symptom", 0.48)],
    ],
)
def test_a_symptom_in_the_dictionary_outvotes_doubt_and_courtesy(ranking):
    assert read(EAR, *ranking) == "report_symptom"


@pytest.mark.parametrize("text", ["nice weather today", "where can I park?"])
def test_without_a_symptom_doubt_stays_doubt(text):
    assert read(text, ("ask_faq", 0.40), ("complain", 0.38)) == "nlu_fallback"


def test_a_denied_symptom_is_none():
    assert read("I have no ear pain", ("deny", 0.6), ("report_symptom", 0.3)) == "deny"


@pytest.mark.parametrize("intent", ["request_nurse", "ask_diagnosis_or_drug", "delete_my_data"])
def test_a_clear_wish_in_the_same_sentence_stays(intent):
    assert read("a nurse please, my ear hurts", (intent, 0.7), ("report_symptom", 0.2)) == intent


@pytest.mark.parametrize(
    ("text", "language"),
    [("我耳朵疼", "zh-Hans"), ("我耳朵很痛", "zh-Hant"), ("Mein Ohr tut weh", "de"), ("أذني تؤلمني", "ar")],
)
def test_the_dictionary_is_heard_in_every_language(text, language):
    assert read(text, ("smalltalk", 0.3), ("greet", 0.28), language=language) == "report_symptom"


@pytest.mark.parametrize(
    ("text", "language"),
    [("since two days", "en"), ("seit zwei Tagen", "de"), ("两天了", "zh-Hans"), ("兩個禮拜了", "zh-Hant"), ("من يومين", "ar")],
)
def test_since_when_is_no_goodbye(text, language):
    assert read(text, ("say_goodbye", 0.9), ("report_symptom", 0.05), language=language) == "nlu_fallback"


@pytest.mark.parametrize(("text", "intent"), [("goodbye and thank you", "say_goodbye"), ("nice weather today", "smalltalk")])
def test_a_courtesy_that_tells_no_time_of_an_illness_stays_one(text, intent):
    assert read(text, (intent, 0.9), ("report_symptom", 0.05)) == intent


@pytest.mark.parametrize(
    ("text", "language"), [("bp 150/95", "en"), ("Blutdruck 150/95", "de"), ("血压150/95", "zh-Hans"), ("ضغطي ١٥٠/٩٥", "ar")]
)
def test_a_bare_reading_is_told_and_asks_for_no_diagnosis(text, language):
    assert read(text, ("ask_diagnosis_or_drug", 0.9), ("report_symptom", 0.05), language=language) == "report_symptom"


@pytest.mark.parametrize(
    ("text", "language"),
    [("sugar is 12, should I take more medication", "en"), ("血糖12要加药吗", "zh-Hans"), ("bp 150/95?", "en")],
)
def test_a_question_about_a_reading_stays_one(text, language):
    assert read(text, ("ask_diagnosis_or_drug", 0.9), ("report_symptom", 0.05), language=language) == "ask_diagnosis_or_drug"


def test_the_ranking_still_adds_up_and_names_each_intent_once():
    ranked = [
        {"name": "ask_faq", "confidence": 0.5},
        {"name": "report_symptom", "confidence": 0.3},
        {"name": "greet", "confidence": 0.2},
    ]
    message = Message(data={"text": EAR, "intent": {"name": "greet", "confidence": 0.2}, "intent_ranking": ranked})
    FindingsReader(FindingsReader.get_default_config()).process([message])

    after = message.get("intent_ranking")
    assert [one["name"] for one in after] == ["report_symptom", "ask_faq", "greet"]
    assert sum(one["confidence"] for one in after) <= 1.0


def test_the_language_of_the_conversation_beats_the_letters_of_the_message():
    message = Message(data={"text": "ok", "metadata": {"language": "ar"}})
    LanguageReader({}).process([message])

    assert [entity["value"] for entity in message.get("entities")] == ["ar"]


@pytest.mark.parametrize("metadata", [None, {}, {"language": "klingon"}])
def test_without_a_gateway_the_language_is_read_from_the_text(metadata):
    assert language_of(Message(data={"text": "Wo kann ich parken, bitte?", "metadata": metadata})) == "de"
