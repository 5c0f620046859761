"""Domain, rules, phrases and code belong together: nothing unanswered, nothing unused, nothing missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.content.packs import read_pack, read_yaml
from bot.content.responses import read_responses, response_problems

ROOT = Path(__file__).resolve().parents[2]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "actions").glob("*.py")))


def domain(part: str) -> Any:
    return read_yaml(ROOT / "domain" / f"{part}.yml")[part]


def rules() -> list[dict[str, Any]]:
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return [rule for path in files for rule in read_yaml(path)["rules"]]


def said_by_rules() -> set[str]:
    return {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}


def test_every_intent_is_answered_by_a_rule_without_condition():
    answered = {step["intent"] for rule in rules() if "condition" not in rule for step in rule["steps"] if "intent" in step}

    assert answered == {*domain("intents"), "nlu_fallback"}


def test_there_are_less_than_a_hundred_rules():
    # Rasa slows down with each of them: 4 ms a message at 300, 32 ms at 1000.
    assert len(rules()) < 100


def test_a_person_and_a_change_of_mind_leave_the_open_form():
    ways_out = {
        rule["steps"][0]["intent"]
        for rule in rules()
        if rule.get("condition") == [{"active_loop": "triage_form"}] and {"active_loop": None} in rule["steps"]
    }

    assert {"request_nurse", "change_mind"} <= ways_out


def test_every_action_of_the_domain_is_there_and_no_other():
    executor = ActionExecutor()
    executor.register_package("actions")

    assert set(executor.actions) == set(domain("actions"))


def test_every_response_that_a_rule_says_is_there_and_no_other():
    responses = {response.key for response in read_responses(ROOT / "domain")}

    assert responses == {action for action in said_by_rules() if action.startswith("utter_")}


def test_every_response_speaks_five_languages_and_has_a_default():
    assert list(response_problems(ROOT / "domain")) == []


def test_every_phrase_of_the_dialogue_is_used():
    entries = read_pack(ROOT / "content" / "phrases" / "dialogue.yml").entries
    named = {key for key in entries if re.search(rf"[\".]{key}\"", SOURCES)}
    meant = {key for key in entries if key.startswith("mean_") and f'"{key.removeprefix("mean_")}"' in SOURCES}

    assert set(entries) == named | meant


def test_the_session_ends_after_four_hours_and_carries_nothing_over():
    session = read_yaml(ROOT / "domain" / "slots.yml")["session_config"]

    assert session == {"session_expiration_time": 240, "carry_over_slots_to_new_session": False}


@pytest.mark.parametrize("slot", ["language", "triage_answer"])
def test_no_slot_changes_which_action_follows(slot):
    assert domain("slots")[slot]["influence_conversation"] is False
