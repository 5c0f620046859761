"""What is said about a sentence while it is typed."""

from __future__ import annotations

import pytest

from bot.languages import LANGUAGES
from bot.training.checks import check_example, is_taken
from bot.training.index import Example, index_of, same, with_draft
from bot.training.operations import AddExample, MoveExample, RemoveExample


def example(text, intent, language="en"):
    return Example(text, intent, language, f"data/nlu/{language}/all.yml", same(text))


def some_of(intent, count=3):
    return [
        example(f"{word} {intent} {number}", intent, language)
        for language in LANGUAGES
        for number, word in enumerate(WORDS[:count])
    ]


WORDS = ("alpha", "bridge", "curtain", "doorway", "elephant", "fountain", "garden", "hammock")
INDEX = index_of([*some_of("book"), *some_of("greet"), example("How do I book an appointment?", "book")])


def keys(text, intent="book", language="en", index=INDEX):
    return {one.key for one in check_example(text, intent, language, index)}


@pytest.mark.parametrize(
    "text", ["how do i book an appointment", "HOW do I  book an appointment!!", "how do i book an [appointment](thing)"]
)
def test_the_same_sentence_twice_is_not_taken(text):
    assert "duplicate" in keys(text)
    assert not is_taken(check_example(text, "book", "en", INDEX))


def test_the_same_sentence_in_two_intents_is_not_taken_and_the_other_is_named():
    found = check_example("how do I book an appointment", "greet", "en", INDEX)
    assert [(one.key, one.values["intent"]) for one in found if one.kind == "wrong"] == [("same_text_other_intent", "book")]


def test_a_sentence_of_its_own_is_taken_without_a_word():
    assert keys("could you tell me when somebody is free") == set()


def test_nearly_the_same_is_taken_with_a_word():
    found = check_example("how do i book an appointments", "book", "en", INDEX)
    assert [(one.key, one.kind) for one in found] == [("near_duplicate", "mind")] and is_taken(found)
    assert keys("how do i book an appointments", "greet") == {"near_other_intent"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("wo ist denn bitte der Eingang", "en"), ("where is the entrance please", "de"), ("where is it", "zh-Hans"),
     ("我想預約門診掛號", "zh-Hans"), ("我想预约门诊挂号", "zh-Hant"), ("where is the entrance", "ar")],
)  # fmt: skip
def test_another_language_is_said(text, language):
    assert "wrong_language" in keys(text, language=language)


@pytest.mark.parametrize(
    ("text", "language"),
    [("where is the entrance please", "en"), ("wo ist denn bitte der Eingang", "de"), ("我想预约门诊挂号", "zh-Hans"),
     ("我想預約門診掛號", "zh-Hant"), ("أريد موعدا من فضلك", "ar"), ("ana 3ayez maw3ed bokra", "ar"), ("ok", "de")],
)  # fmt: skip
def test_its_own_language_is_not(text, language):
    assert "wrong_language" not in keys(text, language=language)


@pytest.mark.parametrize("text", ["call me on 13912345678", "my name is John Smith", "write to a.b@example.org"])
def test_personal_data_is_not_taken(text):
    assert "personal_data" in keys(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [("", "empty"), ("  ", "empty"), ("x" * 301, "long"), ("a\nb", "lines"), ("a", "too_short"), ("?!", "too_short"),
     ("book for {name}", "template_like"), ("book on <date>", "template_like"), ("book ____ please", "template_like"), ("xxx", "template_like")],
)  # fmt: skip
def test_what_nobody_says_is_not_taken(text, key):
    assert key in keys(text) and not is_taken(check_example(text, "book", "en", INDEX))


def test_one_chinese_character_may_be_a_sentence():
    assert "too_short" not in keys("痛", language="zh-Hans")


def test_an_intent_that_drowns_the_others_is_said_and_an_ordinary_one_is_not():
    many = index_of(
        [*some_of("book", 8), *some_of("greet", 1), *some_of("thank", 1), *[example(f"{word} {word}", "book") for word in WORDS]]
    )
    assert "imbalance" in keys("can somebody see me", index=many)
    assert "imbalance" not in keys("can somebody see me")


def test_languages_without_examples_are_named():
    only_english = index_of([example("one two three", "book"), example("four five six", "book")])
    (found,) = check_example("can somebody see me", "book", "en", only_english)
    assert (found.key, found.values["languages"]) == ("missing_language", "zh-Hans,zh-Hant,de,ar")


def test_a_draft_counts_as_if_it_were_there():
    draft = [AddExample("book", "en", "see me soon", "f"), RemoveExample("book", "en", "How do I book an appointment?", "f")]
    index = with_draft(INDEX, draft)
    assert keys("see me soon", index=index) == {"duplicate"}
    assert keys("how do I book an appointment", "greet", index=index) == set()
    moved = with_draft(INDEX, [MoveExample("book", "greet", "en", "How do I book an appointment?", "f", "g")])
    assert keys("how do I book an appointment", index=moved) == {"same_text_other_intent"}
