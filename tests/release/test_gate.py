"""The gate: one lost emergency blocks by its name, whatever else got better; what only changes is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.release.gate import MOST_LOOK_ALIKES, Share, as_json, report
from bot.release.heard import Heard
from tests.release.heard_sentences import ALARM, CRISIS, EAR, QUIET, sentence


def judged(*cases, shares=()):
    """A report on (sentence, before, after); without any `before` there is nothing live."""
    live = {one.id: before for one, before, _ in cases if before is not None}
    return report([one for one, _, _ in cases], live or None, {one.id: after for one, _, after in cases}, shares=shares)


@pytest.mark.parametrize(("kind", "heard"), [("emergency", ALARM), ("crisis", CRISIS)])
def test_one_lost_emergency_blocks_and_is_named(kind, heard):
    kept = [(sentence(kind, number), heard, heard) for number in range(300)]
    better = [(sentence("saved", 1, intent="thank"), ALARM, QUIET)]
    found = judged(*kept, (sentence(kind, 999), heard, EAR), *better)

    assert not found.passed
    assert [(one.key, one.values["text"]) for one in found.blocked_because] == [(f"lost_{kind}", f"{kind} 999 in en")]
    assert [one.sentence.id for one in found.lost] == [f"{kind}-999-en"]


@pytest.mark.parametrize(("kind", "heard"), [("emergency", ALARM), ("crisis", CRISIS)])
def test_what_is_still_heard_does_not_block(kind, heard):
    assert judged((sentence(kind), heard, heard)).passed


def test_a_level_without_an_answer_is_no_alarm():
    # Only the second reader hears it, and the dialogue would go elsewhere: the patient would not be told.
    assert not judged((sentence("emergency"), ALARM, replace(ALARM, alarmed=False))).passed


def test_what_was_not_heard_before_either_is_told_and_does_not_block():
    found = judged((sentence("emergency"), EAR, EAR))

    assert found.passed and len(found.missed) == 1 and not found.lost


def test_without_anything_live_to_compare_with_what_is_not_heard_blocks():
    found = report([sentence("emergency")], None, {"emergency-1-en": EAR})

    assert not found.passed and len(found.lost) == 1


def test_too_many_look_alikes_that_alarm_block_in_their_language():
    most = int(MOST_LOOK_ALIKES * 100)
    cases = [(sentence("look_alike", number, language="de"), EAR, ALARM if number <= most else EAR) for number in range(100)]
    found = judged(*cases)

    assert [(one.key, one.values["language"], one.values["count"]) for one in found.blocked_because] == [
        ("look_alikes", "de", most + 1)
    ]
    assert len(found.alarmed) == most + 1


def test_a_few_look_alikes_that_alarm_are_told_and_do_not_block():
    found = judged(*[(sentence("look_alike", number), EAR, ALARM if number == 0 else EAR) for number in range(100)])

    assert found.passed and len(found.alarmed) == 1


def test_look_alikes_that_alarm_already_are_no_reason_against_a_candidate():
    assert judged(*[(sentence("look_alike", number), ALARM, ALARM) for number in range(10)]).passed


def test_a_saved_sentence_in_which_something_else_is_heard_blocks():
    found = judged((sentence("saved", 1, intent="report_symptom", department="ENT"), EAR, replace(EAR, department="GP")))

    assert [one.key for one in found.blocked_because] == ["saved"] and len(found.unmet) == 1


def test_a_saved_sentence_is_held_only_to_what_was_saved():
    assert judged((sentence("saved", 1, department="ENT"), EAR, replace(EAR, intent="ask_department"))).passed


def test_every_sentence_whose_outcome_changes_is_listed_and_no_other():
    surer = replace(EAR, confidence=0.99, margin=0.98)
    found = judged(
        (sentence("patient", 1), QUIET, EAR),
        (sentence("patient", 2), EAR, surer),
        (sentence("emergency"), ALARM, replace(ALARM, level="E2")),
    )

    assert [one.sentence.id for one in found.changed] == ["patient-1-en", "emergency-1-en"] and found.passed


def share(before: int, after: int, *, count: int = 100, language: str = "ar", intent: str = "") -> Share:
    return Share(intent, language, count, before, after)


def test_a_language_that_is_read_much_worse_blocks():
    found = judged(shares=[share(90, 80)])

    assert [(one.key, one.values["language"]) for one in found.blocked_because] == [("worse", "ar")]


@pytest.mark.parametrize(
    "harmless", [share(90, 86), share(10, 2, count=12), share(90, 60, intent="thank"), share(90, 60, language="")]
)
def test_little_worse_few_examples_and_single_intents_are_told_and_do_not_block(harmless):
    found = judged(shares=[harmless])

    assert found.passed and found.shares == (harmless,)


def test_a_report_is_plain_data_without_words_of_patients():
    found = judged((sentence("patient", 7), QUIET, EAR), (sentence("emergency"), ALARM, EAR))
    plain = json.loads(json.dumps(as_json(found)))

    assert plain["changed"][0]["id"] == "patient-7-en" and "patient 7" not in json.dumps(plain)
    assert plain["lost"][0]["text"] == "emergency 1 in en" and plain["blocked_because"][0]["key"] == "lost_emergency"
    assert Heard(**{**plain["lost"][0]["before"], "red_flags": ("RF014",)}) == ALARM
