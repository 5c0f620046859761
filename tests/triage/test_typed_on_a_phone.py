"""What people type on a phone is read as what they mean: half the spelling, sayings, pets, years; and its twins."""

from __future__ import annotations

import pytest

from bot.messages import LEVELS
from bot.triage.guide import guide_line
from bot.triage.normalise import folded, normalise
from bot.triage.reading import read
from tests.contents import the_content

TABLES = the_content().triage


def _said(language: str, text: str) -> dict:
    return guide_line({"id": "one", "text": text, "lang": language}, tables=TABLES)


def _alarms(language: str, text: str) -> bool:
    said = _said(language, text)
    return said["crisis"] or LEVELS.index(said["level"]) <= LEVELS.index("E2")


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("he wont wake up", "he won't wake up"),
        ("she cant see n u know it", "she can't see n you know it"),
        ("der arm geht nich hoch", "der arm geht nicht hoch"),
        ("im Bett", "im bett"),
        ("wont", "won't"),
        ("cantaloupe and grownich", "cantaloupe and grownich"),
        ("it isn't", "it isn't"),
    ],
)
def test_words_are_spelt_out_and_only_whole_ones(typed, spelt):
    assert normalise(typed).text == spelt
    assert folded([typed, typed]) == [spelt, spelt]


@pytest.mark.parametrize("typed", ["He WONT wake up", "u cant", "nich", "他 wont 醒", "لا cant"])
def test_the_patients_own_words_are_quoted_from_what_is_spelt_out(typed):
    normal = normalise(typed)

    assert len(normal.text) == len(normal.origin)
    assert normal.said(0, len(normal.text)) == typed
    assert list(normal.origin) == sorted(normal.origin)


@pytest.mark.parametrize("typed", ["he wont wake up", "she cant lift her arm", "er kann den arm nich mehr heben"])
def test_a_missing_letter_hides_no_emergency(typed):
    assert _alarms("de" if "nich" in typed else "en", typed)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "mein bruder wollte sich vor zehn jahren das leben nehmen"),
        ("zh-Hans", "邻居好几年前煤气中毒过，我家要装报警器吗"),
        ("ar", "صار معي جلطة بالقلب سنة ٢٠٠٩ وابغى موعد"),
    ],
)
def test_what_was_years_ago_is_no_alarm(language, text):
    assert not _alarms(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "mein bruder will sich das leben nehmen, er hat es vor zehn jahren schon versucht"),
        ("zh-Hans", "现在全家烧炭取暖，都头痛想吐，家里好几年没装报警器"),
        ("ar", "صار معي الحين جلطة بالقلب"),
    ],
)
def test_years_beside_what_is_now_hide_nothing(language, text):
    assert _alarms(language, text)


def test_ten_is_no_toe_and_a_toe_is_one():
    found = {hit.concept for hit in TABLES.lexicon.find(normalise("seit zehn tagen"), "de")}

    assert "site_finger" not in found
    assert "site_finger" in {hit.concept for hit in TABLES.lexicon.find(normalise("mein zeh ist blau"), "de")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I am drowning in paperwork, can you help with the form"),
        ("en", "he passed out leaflets at the entrance, may he"),
        ("en", "we watched a film where somebody takes an overdose, is it like that"),
        ("en", "parking here on a monday is suicide on wheels, this ticket machine makes me want to kill myself haha"),
        ("de", "ich ersticke in papierkram, wer hilft beim formular"),
        ("de", "woran erkennt man einen schlaganfall"),
        ("zh-Hans", "快被作业淹死了，能开证明吗"),
        ("zh-Hant", "禮拜一掛號簡直自殺"),
        ("ar", "ظهري مكسور من الشغل"),
    ],
)
def test_a_saying_raises_no_alarm(language, text):
    assert not _alarms(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "he passed out at the entrance"),
        ("en", "my sister took an overdose while we watched a film"),
        ("de", "ich ersticke, ich krieg keine luft"),
        ("de", "oma hat einen schlaganfall, das gesicht hängt"),
        ("zh-Hans", "孩子快淹死了，刚从水里捞上来"),
        ("zh-Hant", "我想自殺"),
        ("ar", "وقع وظهره مكسور"),
    ],
)
def test_the_same_words_in_earnest_alarm(language, text):
    assert _alarms(language, text)


@pytest.mark.parametrize(("language", "text"), [("en", "my dog ate a battery"), ("zh-Hans", "我家狗吃了电池")])
def test_a_pet_is_no_patient(language, text):
    assert not _alarms(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "my son swallowed a battery"), ("en", "I was hit by a car, I was out with my dog"), ("zh-Hans", "孩子吞了电池")],
)
def test_a_pet_beside_a_person_hides_nobody(language, text):
    assert _alarms(language, text)


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("hives all over and my voice is hoarse", "E1"),
        ("bad headache, stiff neck and the light hurts", "E2"),
        ("boiling water over my arm and the skin is coming off", "E2"),
        ("jaw and left arm ache and I feel sick, sweating", "E1"),
        ("suddenly pale, nauseous and so tired", "E2"),
        ("took a load of tablets, lost count", "E1"),
    ],
)
def test_signs_that_count_together_do(text, least):
    assert LEVELS.index(_said("en", text)["level"]) <= LEVELS.index(least)


@pytest.mark.parametrize(
    "text",
    [
        "hives on my arm since the hike",
        "stiff neck since I slept on the sofa",
        "touched the hot pan with my finger, only a red spot",
        "my jaw aches after the dentist",
        "I am always pale and tired",
        "I have a load of tablets left, where do I return them",
    ],
)
def test_each_of_them_alone_does_not(text):
    assert not _alarms("en", text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the letters are written and I found a home for the cat"),
        ("en", "my brother sent me a goodbye and isn't picking up"),
        ("en", "gun is still in the drawer and since he died I keep the key on me"),
        ("de", "ohne mich hätten es alle besser dran"),
        ("zh-Hans", "要是没有我他们会轻松"),
        ("zh-Hant", "藥都排在床上了，想睡過去"),
        ("ar", "بيلمسني وقال لا تعلمين احد"),
    ],
)
def test_signs_of_a_crisis_count_together(language, text):
    assert read(text, language, lexicon=TABLES.lexicon).crisis


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I wrote a letter to the insurance"),
        ("en", "reception isn't picking up"),
        ("en", "since he died nobody waters the plants"),
        ("de", "ohne mich gehen sie nicht essen"),
        ("zh-Hans", "没有我的号"),
        ("zh-Hant", "藥排在床頭櫃"),
        ("ar", "قال لا تعلمين احد بالمفاجاة"),
    ],
)
def test_one_sign_alone_is_no_crisis(language, text):
    assert not read(text, language, lexicon=TABLES.lexicon).crisis
