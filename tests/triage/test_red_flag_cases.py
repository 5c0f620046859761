"""Emergencies as patients and relatives tell them, often understated, and their twins that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.messages import LEVELS
from bot.triage.guide import guide_line
from bot.triage.safety import check
from tests.contents import the_content

TABLES = the_content().triage
CASES = read_yaml(Path(__file__).parent / "red_flag_cases.yml")


@pytest.mark.parametrize("case", CASES["emergencies"], ids=lambda case: f"{case['language']} {case['text']}")
def test_an_emergency_is_found_however_it_is_told(case):
    safety = check(case["text"], case["language"], tables=TABLES)
    line = guide_line({"id": "1", "text": case["text"], "lang": case["language"]}, tables=TABLES)

    assert LEVELS.index(safety.level) <= LEVELS.index(case["least"]), safety
    assert LEVELS.index(line["level"]) <= LEVELS.index(case["least"]), line["reasons"]


@pytest.mark.parametrize("case", CASES["quiet"], ids=lambda case: f"{case['language']} {case['text']}")
def test_what_is_denied_over_or_a_figure_of_speech_raises_no_alarm(case):
    safety = check(case["text"], case["language"], tables=TABLES)

    assert not safety.alarm, safety
