"""A complaint about the hospital: an apology and an offer; who accepts it or goes on complaining gets a person for it."""

from __future__ import annotations

import pytest
from stage import Stage, services

from actions.buttons import Affirm, PressButton
from actions.handoff import COMPLAINT, Complain
from bot.languages import LANGUAGES


def complains(language: str = "en") -> Stage:
    stage = Stage(language)
    stage.hears("your staff was rude", "complain")
    return stage


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_alone_opens_no_case_and_offers_a_person(language):
    played = complains(language).acts(Complain(services()))

    assert played.text and not played.effects and [button.payload for button in played.buttons] == [COMPLAINT]


def test_who_presses_the_offered_button_gets_a_case_for_the_complaint():
    stage = complains()
    stage.acts(Complain(services()))
    stage.hears("Talk to a person", "press_button", payload=COMPLAINT)

    assert [effect.data["reason"] for effect in stage.acts(PressButton(services())).effects] == ["complaint"]


def test_a_plain_yes_to_the_offer_counts_as_well():
    stage = complains()
    stage.acts(Complain(services()))
    stage.hears("yes", "affirm")

    assert [effect.data["reason"] for effect in stage.acts(Affirm(services())).effects] == ["complaint"]


def test_a_plain_yes_to_something_else_opens_no_case():
    stage = Stage()
    stage.hears("yes", "affirm")

    assert not stage.acts(Affirm(services())).effects


def test_who_insists_gets_a_case_without_pressing_anything():
    stage = complains()
    stage.acts(Complain(services()))
    stage.hears("nobody cares in your hospital", "complain")

    assert [effect.data["reason"] for effect in stage.acts(Complain(services())).effects] == ["complaint"]


def test_who_says_something_else_in_between_does_not_insist():
    stage = complains()
    stage.acts(Complain(services()))
    stage.hears("thanks", "thank")
    stage.hears("and the parking is too expensive", "complain")

    assert not stage.acts(Complain(services())).effects
