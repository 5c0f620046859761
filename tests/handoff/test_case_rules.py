"""The hospital's own rules for opening a case: pure, and a mistake in the pack is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.packs import ContentError, Pack
from bot.handoff.rules import Facts, rules_from_packs
from bot.languages import LANGUAGES

NAMES = {language: "x" for language in LANGUAGES}


def rules(when: object, *, active: object = True, names: object = NAMES):
    entries = {"mine": {"active": active, "names": names, "when": when}}
    pack = Pack(Path("rules.yml"), "rules", "1", "sample", "o", "s", "a", "r", date(2030, 1, 1), entries)
    return rules_from_packs([pack], departments=["ENT", "OBS"], scenes=["W2", "ENT"])


def facts(**more: str) -> Facts:
    return Facts(**{"level": "U", "department": "OBS", "scene": "W2", "language": "en", "channel": "webchat", **more})


@pytest.mark.parametrize(
    ("when", "other"),
    [
        ({"levels": ["U"]}, {"level": "R"}),
        ({"departments": ["OBS"]}, {"department": "ENT"}),
        ({"departments": ["OBS"]}, {"department": ""}),
        ({"scenes": ["W2"]}, {"scene": ""}),
        ({"languages": ["en", "de"]}, {"language": "ar"}),
        ({"channels": ["webchat"]}, {"channel": "wechat"}),
        ({"levels": ["U"], "scenes": ["W2"]}, {"scene": "ENT"}),
    ],
)
def test_a_rule_holds_when_all_its_lines_do_and_not_otherwise(when, other):
    read = rules(when)

    assert read.first(facts()).id == "mine" and read.first(facts(**other)) is None


def test_a_rule_that_is_off_holds_for_nobody():
    assert rules({"levels": ["U"]}, active=False).first(facts()) is None


def test_without_a_pack_there_are_no_rules():
    assert rules_from_packs([], departments=[], scenes=[]).rules == ()


@pytest.mark.parametrize(
    ("when", "more", "said"),
    [
        ({"levels": ["X9"]}, {}, "X9"),
        ({"departments": ["NOPE"]}, {}, "NOPE"),
        ({"scenes": ["W9"]}, {}, "W9"),
        ({"languages": ["fr"]}, {}, "fr"),
        ({"weather": ["rain"]}, {}, "levels"),
        ({}, {}, "when"),
        ({"levels": ["U"]}, {"active": "yes"}, "active"),
        ({"levels": ["U"]}, {"names": {"en": "x"}}, "ar"),
    ],
)
def test_a_mistake_in_the_pack_names_the_rule_and_what_is_wrong(when, more, said):
    with pytest.raises(ContentError, match=f"mine.*{said}"):
        rules(when, **more)


def test_the_sample_of_this_repository_opens_cases_for_urgent_results_on_the_maternity_ward(content):
    assert content.rules.ask_for_scene and content.rules.first(facts()).id == "maternity_ward"
    assert content.rules.first(facts(level="R")) is None and content.rules.first(facts(scene="")) is None
