"""What holds for every text: it is read, it reads the same, softening words lower nothing, nothing forbidden is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES
from bot.messages import LEVELS
from bot.outbox.output_filter import forbidden_in
from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.emergency import emergency_reply
from bot.triage.explain import result_reply
from bot.triage.hotlines import crisis_number, emergency_number
from bot.triage.reading import read
from bot.triage.safety import check
from tests.contents import the_content

CONTENT = the_content()
TABLES = CONTENT.triage
CASES = read_yaml(Path(__file__).parent / "red_flag_cases.yml")
EMERGENCIES = CASES["emergencies"]
ANY_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF, categories=None), max_size=200)
WORDS = st.sampled_from([word for case in (*EMERGENCIES, *CASES["quiet"]) for word in case["text"].split()])
SOFT = {
    "zh-Hans": ["谢谢", "麻烦您了", "我老婆说没事", "应该没什么大事吧", "🙏", "忍忍就好"],
    "zh-Hant": ["謝謝", "麻煩您", "家人說不要緊", "應該沒什麼大礙吧", "🙂", "忍一下就好"],
    "en": [
        "please and thank you",
        "my wife says it is nothing",
        "it's probably nothing",
        "sorry to bother you",
        "😅",
        "I'll just wait",
    ],
    "de": ["bitte und danke", "meine Frau meint es ist nichts", "ist bestimmt nichts Schlimmes", "🙂", "ich warte einfach ab"],
    "ar": ["شكرا لكم", "زوجتي تقول إنه لا شيء", "أهلي يقولون بسيطة وستزول", "🙏", "أكيد بسيطة"],
}


def _urgency(level: str) -> int:
    return LEVELS.index(level)


@given(ANY_TEXT, st.sampled_from(LANGUAGES))
@settings(max_examples=120)
def test_no_text_breaks_the_reading_even_with_broken_characters(text, language):
    told = episodes.hear(episodes.begin(language, "CN"), text, tables=TABLES)

    assert assess(told, tables=TABLES).departments
    assert check(text, language, tables=TABLES) == check(text, language, tables=TABLES)


@given(st.lists(WORDS, max_size=12), st.sampled_from(LANGUAGES))
@settings(max_examples=80)
def test_the_same_words_read_the_same_and_the_words_said_are_the_patients_own(words, language):
    text = " ".join(words)
    reading = read(text, language, lexicon=TABLES.lexicon)

    assert reading == read(text, language, lexicon=TABLES.lexicon)
    assert all(finding.said in text for finding in reading.findings)


@given(st.sampled_from(EMERGENCIES), st.data())
@settings(max_examples=120)
def test_softening_words_before_or_after_lower_nothing(case, data):
    language = case["language"]
    before = data.draw(st.lists(st.sampled_from(SOFT[language]), max_size=2))
    after = data.draw(st.lists(st.sampled_from(SOFT[language]), max_size=2))
    plain = check(case["text"], language, tables=TABLES)
    softened = check("\n".join([*before, case["text"], *after]), language, tables=TABLES)

    assert _urgency(softened.level) <= _urgency(plain.level)
    assert softened.crisis >= plain.crisis


@given(st.sampled_from(EMERGENCIES), st.lists(st.sampled_from(CASES["quiet"]), max_size=3))
@settings(max_examples=60)
def test_a_level_once_reached_only_rises(case, later):
    told = episodes.hear(episodes.begin(case["language"], "CN"), case["text"], tables=TABLES)
    level = assess(told, tables=TABLES).level
    told = told.with_floor(level)
    for one in later:
        told = episodes.hear(told, one["text"], tables=TABLES).with_floor("INFO")
        assert _urgency(assess(told, tables=TABLES).level) <= _urgency(level)
        level = assess(told, tables=TABLES).level
        told = told.with_floor(level)


@given(st.lists(st.sampled_from([*EMERGENCIES, *CASES["quiet"]]), max_size=4), st.sampled_from(LANGUAGES))
@settings(max_examples=40)
def test_any_episode_survives_the_way_through_json_and_assesses_the_same(cases, language):
    told = episodes.begin(language, "TW")
    for case in cases:
        told = episodes.hear(told, case["text"], tables=TABLES)
    told = replace(told, answers={"onset": "today"}, pending="severity")
    back = episodes.from_json(episodes.to_json(told))

    assert back == told and assess(back, tables=TABLES) == assess(told, tables=TABLES)


@pytest.mark.parametrize("case", EMERGENCIES, ids=lambda case: f"{case['language']} {case['text']}")
def test_a_result_carries_the_patients_words_and_says_nothing_forbidden(case):
    told = episodes.hear(episodes.begin(case["language"], "CN"), case["text"], tables=TABLES)
    result = assess(told, tables=TABLES)
    reply = result_reply(result, told, tables=TABLES, phrases=CONTENT.phrases)

    assert reply.card is not None and reply.text and "\n\n" not in reply.text
    assert not forbidden_in(reply.text, case["language"])
    assert result.crisis or any(one.said in reply.text for one in result.findings if one.state == "present")


def _others(region: str | None) -> set[str]:
    own = TABLES.hotlines[region or TABLES.home_region].numbers
    return {number for hotline in TABLES.hotlines.values() for number in hotline.numbers} - set(own)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", [*sorted(TABLES.hotlines), None, "XX", ""])
def test_an_alarm_names_the_number_of_the_region_and_of_no_other(language, region):
    known = region if region in TABLES.hotlines else None
    for text in ("I can't breathe", "I want to kill myself"):
        safety = check(text, "en", tables=TABLES)
        reply = emergency_reply(safety, language=language, region=region, tables=TABLES, phrases=CONTENT.phrases)
        digits = set("".join(c if c.isdigit() else " " for c in reply.text).split())

        assert TABLES.hotlines[known or TABLES.home_region].ambulance in digits
        assert not digits & _others(known)
        assert not forbidden_in(reply.text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_for_an_unknown_region_the_number_says_whose_it_is(language):
    home = TABLES.hotlines[TABLES.home_region]
    for number in (emergency_number("XX", language, tables=TABLES), crisis_number(None, language, tables=TABLES)):
        assert home.names[language] in number
