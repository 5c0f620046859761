"""Quiz questions, words for the assistant itself and false friends are no complaint; what is told of somebody still is."""

from __future__ import annotations

import pytest

from bot.triage.guide import guide_line
from tests.contents import the_content

TABLES = the_content().triage


def _said(language: str, text: str) -> dict:
    return guide_line({"id": "one", "text": text, "lang": language}, tables=TABLES)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Which singer was shot outside his house in 1980?"),
        ("en", "in what country did the poet commit suicide"),
        ("en", "how many people have epilepsy"),
        ("de", "Welcher Rapper wurde erschossen?"),
        ("de", "In welchem Jahr hat sich Kleist das Leben genommen, war das Selbstmord"),
        ("zh-Hans", "哪个诗人是自杀的"),
        ("zh-Hant", "哪個畫家是自殺的"),
        ("ar", "في أي سنة انتحر الكاتب همنغواي"),
    ],
)
def test_a_quiz_about_strangers_is_no_complaint(language, text):
    said = _said(language, text)

    assert (said["level"], said["crisis"]) == ("INFO", False), said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "you are depressed"),
        ("en", "well, you need a psychiatrist"),
        ("de", "du bist ja schizophren"),
        ("zh-Hans", "你真是个神经病"),
        ("zh-Hant", "你是酒鬼"),
        ("ar", "انت مجنون ومريض نفسي"),
    ],
)
def test_what_is_said_of_the_assistant_is_not_the_patients(language, text):
    said = _said(language, text)

    assert (said["level"], said["crisis"]) == ("INFO", False), said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "tell me a scary story"),
        ("en", "remind me to put gas in my car"),
        ("en", "how many red stripes are on the flag of Austria"),
        ("en", "find me a divorce lawyer"),
        ("en", "am I free on march 21st"),
        ("de", "der überholt ja lebensmüde, der fährt ja lebensmüde"),
        ("de", "mit dem Fahrrad über die Autobahn, bist du lebensmüde?"),
        ("zh-Hans", "离婚律师怎么收费"),
        ("zh-Hant", "寶寶晚上踢我，好可愛"),
    ],
)
def test_a_false_friend_is_no_complaint(language, text):
    said = _said(language, text)

    assert (said["level"], said["crisis"]) == ("INFO", False), said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "who shot my brother, he is bleeding from the chest"),
        ("en", "you need to send somebody, she was stabbed"),
        ("de", "du musst helfen, mein Mann wurde angeschossen"),
        ("zh-Hans", "你快来，我爸出车祸了"),
        ("ar", "انت لازم تساعدني، ابني انضرب بسكين"),
    ],
)
def test_an_emergency_in_the_same_frame_is_heard(language, text):
    assert _said(language, text)["level"] in ("E1", "E2")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "in which city can I get help, I want to kill myself"),
        ("en", "in which country is assisted suicide allowed"),
        ("de", "in welchem Land ist assistierter Suizid erlaubt"),
        ("zh-Hans", "哪个国家自杀合法"),
        ("en", "I scratch until it bleeds, it is the only thing that helps"),
        ("de", "ich bin lebensmüde"),
        ("zh-Hans", "他喝醉又踢我"),
        ("zh-Hant", "老公踢我打我"),
    ],
)
def test_a_crisis_in_the_same_words_is_heard(language, text):
    assert _said(language, text)["crisis"]


def test_itch_that_is_scratched_until_it_bleeds_is_the_skin():
    said = _said("en", "my eczema itches so much that I scratch until it bleeds")

    assert not said["crisis"] and said["departments"][0] == "DERM"


@pytest.mark.parametrize(
    ("language", "text", "crisis"),
    [
        ("en", "my husband kicked me in the stomach, I am 20 weeks pregnant", True),
        ("en", "30 weeks pregnant and my toddler kicked me in the belly", False),
        ("de", "bin schwanger und mein Freund hat mir in den Bauch getreten", True),
        ("zh-Hans", "怀孕六个月，老公踢了我肚子", True),
        ("zh-Hant", "懷孕五個月，被老公踹了肚子，他踹我肚子", True),
        ("ar", "انا حامل بالخامس وزوجي ضربني في بطني", True),
    ],
)
def test_a_blow_to_a_pregnant_belly_is_an_emergency(language, text, crisis):
    said = _said(language, text)

    assert said["level"] == "E2" and said["crisis"] is crisis
    assert said["departments"][0] == "ED" and "OBS" in said["departments"]
