"""`state_of`: what a text says of a finding that somebody marked, in patients' and in doctors' words."""

from __future__ import annotations

import pytest

from bot.triage.negation import state_of
from tests.contents import the_content

LEXICON = the_content().triage.lexicon

CASES = [
    ("zh-Hans", "昨晚吐了两次，没拉肚子", "呕吐", "", "present"),
    ("zh-Hans", "昨晚吐了两次，没拉肚子", "腹泻", "", "absent"),
    ("zh-Hans", "没有", "发热", "有没有发热？", "absent"),
    ("zh-Hans", "有一点", "发热", "有没有发热？", "present"),
    ("zh-Hans", "流清鼻涕", "鼻流涕", "", "present"),
    ("zh-Hans", "不流鼻涕", "鼻流涕", "", "absent"),
    ("zh-Hant", "他沒有發燒，只是咳嗽", "咳嗽", "", "present"),
    ("en", "Abdomen soft, no evidence of acute hernia.", "hernia", "", "absent"),
    ("en", "The swelling was negative for infection.", "infection", "", "absent"),
    ("en", "Infection was ruled out.", "infection", "", "absent"),
    ("en", "Infection could not be ruled out.", "infection", "", "present"),
    ("en", "The rash has resolved.", "rash", "", "absent"),
    ("en", "The rash has not resolved.", "rash", "", "present"),
    ("en", "She denies tremor, wheeze or HIVES.", "hives", "", "absent"),
    ("en", "She reports tremor, wheeze and HIVES.", "hives", "", "present"),
    ("en", "no", "cough", "Do you have a cough?", "absent"),
    ("de", "Kein Anhalt für eine Thrombose.", "Thrombose", "", "absent"),
    ("de", "Anhalt für eine Thrombose.", "Thrombose", "", "present"),
    ("ar", "لا يوجد طفح جلدي", "طفح جلدي", "", "absent"),
    ("ar", "يوجد طفح جلدي", "طفح جلدي", "", "present"),
]


@pytest.mark.parametrize(("language", "text", "finding", "context", "expected"), CASES)
def test_a_marked_finding_is_present_or_absent(language, text, finding, context, expected):
    assert state_of(text, finding, language, lexicon=LEXICON, context=context) == expected


def test_of_an_empty_answer_nothing_is_known():
    assert state_of("", "fever", "en", lexicon=LEXICON, context="Do you have a fever?") == "unknown"


def test_of_a_phrase_told_twice_the_one_in_capitals_is_meant():
    text = "No rash on the arms. There is a RASH on the back."

    assert state_of(text, "rash", "en", lexicon=LEXICON) == "present"
    assert state_of("There is a rash on the back. No RASH on the arms.", "rash", "en", lexicon=LEXICON) == "absent"
