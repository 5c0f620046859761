"""How a later message changes what an earlier one told: corrected, over, denied; but never by a question or by silence."""

from __future__ import annotations

import pytest

from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.facts import facts_of
from bot.triage.reading import read
from tests.contents import the_content

TABLES = the_content().triage


def facts(language, *messages):
    return facts_of([read(message, language, lexicon=TABLES.lexicon) for message in messages])


CORRECTED = [
    ("zh-Hans", "我牙疼", "说错了，是耳朵疼"),
    ("zh-Hant", "我牙齒痛", "打錯了，是耳朵痛"),
    ("en", "I have a toothache", "sorry, I meant ear pain"),
    ("de", "Ich habe Zahnschmerzen", "Entschuldigung, ich meinte Ohrenschmerzen"),
    ("ar", "عندي ألم في الأسنان", "قصدي ألم في الأذن"),
]
ADDED = [
    ("zh-Hans", "我牙疼", "还有耳朵疼"),
    ("zh-Hant", "我牙齒痛", "還有耳朵痛"),
    ("en", "I have a toothache", "and ear pain"),
    ("de", "Ich habe Zahnschmerzen", "und Ohrenschmerzen"),
    ("ar", "عندي ألم في الأسنان", "وألم في الأذن"),
]


@pytest.mark.parametrize(("language", "first", "second"), CORRECTED)
def test_who_says_they_meant_something_else_no_longer_has_the_first(language, first, second):
    told = facts(language, first, second)

    assert told.is_present("ear_pain") and not told.is_present("toothache")


@pytest.mark.parametrize(("language", "first", "second"), ADDED)
def test_who_only_adds_something_keeps_the_first(language, first, second):
    told = facts(language, first, second)

    assert told.is_present("ear_pain") and told.is_present("toothache")


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh-Hans", "我胸口疼", "不是胸口疼，是胃痛"),
        ("en", "I have chest pain", "it's not chest pain, it's stomach pain"),
        ("de", "Ich habe Brustschmerzen", "keine Brustschmerzen, sondern Magenschmerzen"),
    ],
)
def test_a_denied_complaint_leaves_the_findings_but_not_the_level_it_raised(language, first, second):
    heard = episodes.hear(episodes.begin(language, "CN"), first, tables=TABLES)
    raised = heard.with_floor(assess(heard, tables=TABLES).level)
    corrected = assess(episodes.hear(raised, second, tables=TABLES), tables=TABLES)

    assert {one.id: one.state for one in corrected.findings}["chest_pain"] == "absent"
    assert corrected.level == raised.floor


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh-Hans", "我胸口疼", "胸痛危险吗"),
        ("en", "I have chest pain", "is chest pain dangerous?"),
        ("en", "I have chest pain", "what should I do if I get chest pain at night?"),
        ("en", "I have chest pain", "thank you"),
        ("de", "Ich habe Brustschmerzen", "Sind Brustschmerzen gefährlich?"),
        ("ar", "عندي ألم في الصدر", "هل ألم الصدر خطير؟"),
        ("zh-Hans", "我胸口疼", "去年也有过胸痛"),
    ],
)
def test_a_question_history_or_thanks_takes_nothing_back(language, first, second):
    assert facts(language, first, second).is_present("chest_pain")


def test_a_dangerous_complaint_stays_in_doubt_when_something_else_was_meant():
    told = facts("en", "I have chest pain", "sorry, I meant back pain")

    assert told.is_present("chest_pain") and told.findings["chest_pain"].doubt


def test_what_is_over_since_a_short_while_counts_for_safety_only():
    told = facts("de", "Ich habe Brustschmerzen", "Die Brustschmerzen sind jetzt weg")

    assert told.findings["chest_pain"].when == "recent" and told.is_present("chest_pain")


def test_a_complaint_that_comes_after_its_denial_is_there():
    assert facts("en", "no fever", "fever since this morning").is_present("fever")


def test_a_doubt_does_not_weaken_what_was_told_plainly():
    assert not facts("en", "I have a fever", "maybe I have a fever").findings["fever"].doubt
