"""The language of a short message is found in every script; one or two words never switch a conversation."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES, detect

TEXTS = read_yaml(Path(__file__).parent / "languages.yml")
ALL = [(language, text) for language, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_98_of_100_short_messages_are_found_without_a_prior(language):
    wrong = [(text, found) for text in TEXTS[language] if (found := detect(text, None)) != language]

    assert len(wrong) <= 0.02 * len(TEXTS[language]), wrong


@pytest.mark.parametrize("prior", LANGUAGES)
def test_a_whole_message_switches_a_conversation_from_any_language(prior):
    # Chinese of characters that both scripts share follows the conversation: that is the next promise.
    chinese = prior.startswith("zh")
    long = [(lang, text) for lang, text in ALL if (not chinese if lang.startswith("zh") else len(text) >= 16)]
    wrong = [(text, found) for language, text in long if (found := detect(text, prior)) != language]

    assert len(wrong) <= 0.02 * len(long), wrong


@pytest.mark.parametrize("prior", LANGUAGES)
@pytest.mark.parametrize("text", ["ok", "hallo", "Stopp", "hi", "ja", "yes", "Dr. Li", "🙂", "38.5", "?", "", "ibuprofen"])
def test_one_or_two_latin_words_never_switch_a_conversation(prior, text):
    assert detect(text, prior) == prior


@pytest.mark.parametrize("text", ["你好", "我今天早上不舒服", "大便有血，不疼", "心口疼", "拉肚子五六次"])
@pytest.mark.parametrize(
    ("prior", "language"), [("zh-Hans", "zh-Hans"), ("zh-Hant", "zh-Hant"), ("en", "zh-Hans"), (None, "zh-Hans")]
)
def test_characters_of_both_scripts_follow_the_conversation(text, prior, language):
    assert detect(text, prior) == language


@pytest.mark.parametrize(("text", "language"), [("掛號", "zh-Hant"), ("挂号", "zh-Hans"), ("门诊", "zh-Hans"), ("門診", "zh-Hant"), ("頭暈", "zh-Hant"), ("头晕", "zh-Hans")])  # fmt: skip
@pytest.mark.parametrize("prior", [None, *LANGUAGES])
def test_one_word_of_only_one_script_tells_it(text, language, prior):
    assert detect(text, prior) == language


@pytest.mark.parametrize(
    "text",
    ["vitamin b12 and d3 for me", "my a1c is 7 and spo2 is 95", "pain at 3am and 5pm", "covid19 test on the 3rd", "ich nehme 2x 5mg am Tag", "L5 S1 disc and c7 pain"],
)  # fmt: skip
def test_numbers_in_english_or_german_words_are_not_taken_for_arabic_in_latin_letters(text):
    assert detect(text, None) in ("en", "de")


def test_finding_the_language_takes_less_than_a_third_of_a_millisecond():
    for _, text in ALL:
        detect(text, None)
    times = []
    for _, text in ALL:
        start = time.perf_counter()
        detect(text, None)
        times.append(time.perf_counter() - start)

    assert sorted(times)[len(times) // 2] < 0.0003


def test_the_suite_is_as_wide_as_promised():
    assert len(ALL) >= 300 and all(len(TEXTS[language]) >= 45 for language in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Suche nach Romeo and Juliet in the Park", "de"),
        ("Bitte finde The Old Man and the Sea", "de"),
        ("I read Die Zeit and Der Spiegel every day", "en"),
        ("My Doctor At The Hospital Said So", "en"),  # all words are large: no title stands out
    ],
)
def test_the_title_of_a_work_does_not_change_the_language(text, language):
    assert detect(text, None) == language
