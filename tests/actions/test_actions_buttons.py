"""Every button does something, an old or unknown one too."""

from __future__ import annotations

import pytest
from stage import Stage, services

from actions.buttons import PressButton
from actions.triage import ValidateTriageForm


@pytest.mark.parametrize(
    "payload", ["a:age:child", "faq:gone:yes", "faq:x", "unheard:of", "mean:nonsense", "mean:ask_faq", "tell"]
)
def test_no_button_is_met_with_silence(payload):
    stage = Stage()
    stage.hears("x", "press_button", payload=payload)

    assert stage.acts(PressButton(services())).text


def test_the_nurse_button_opens_a_case():
    stage = Stage()
    stage.hears("x", "press_button", payload="nurse")

    assert stage.acts(PressButton(services())).effects[0].data["reason"] == "person_requested"


def test_press_button_without_a_button_counts_as_not_understood():
    stage = Stage()
    stage.hears("⏺", "press_button")

    assert "nurse" in [button.payload for button in stage.acts(PressButton(services())).buttons]


def test_what_was_meant_is_heard_in_the_earlier_words():
    stage = Stage()
    stage.hears("well my ear hurts u know", "nlu_fallback")
    stage.hears("Tell you what is wrong", "press_button", payload="mean:report_symptom")

    assert stage.acts(PressButton(services())).follows == ["triage_form"]


def test_a_complaint_without_a_readable_symptom_is_asked_for():
    stage = Stage()
    stage.hears("qwertz", "nlu_fallback")
    stage.hears("Tell you what is wrong", "press_button", payload="mean:report_symptom")

    played = stage.acts(PressButton(services()))

    assert played.follows == [] and played.text


def test_starting_over_closes_the_episode():
    stage = Stage()
    stage.hears("my ear hurts")
    stage.acts(ValidateTriageForm(services()))
    stage.hears("x", "press_button", payload="start_over")

    played = stage.acts(PressButton(services()))

    assert "episode_closed" in played.effect_names
    assert stage.slots["episode"] is None
