"""Questions for the hospital: what the search found is said, offered, or kept."""

from __future__ import annotations

import pytest
from stage import Stage, content, services

from actions.buttons import Affirm, Deny, PressButton
from actions.faq import AnswerFaq
from bot.languages import LANGUAGES


def hit(entry: str, *, answered: bool) -> dict[str, object]:
    return {"entity": "faq", "value": entry, "score": 0.8 if answered else 0.5, "answered": answered}


@pytest.fixture
def entries() -> list[str]:
    return sorted(content().knowledge.by_id)[:3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plain_hit_is_answered_and_counted(language, entries):
    stage = Stage(language)
    stage.hears("?", "ask_faq", entities=[hit(entries[0], answered=True), hit(entries[1], answered=False)])

    played = stage.acts(AnswerFaq(services()))

    assert [(effect.name, effect.data) for effect in played.effects] == [("faq_shown", {"entry": entries[0]})]
    assert content().knowledge.by_id[entries[0]].answers[language].strip().split("\n")[0] in played.text


def test_what_only_comes_near_is_offered_and_kept_for_the_admins(entries):
    stage = Stage()
    stage.hears("?", "ask_faq", entities=[hit(entry, answered=False) for entry in entries])

    played = stage.acts(AnswerFaq(services()))

    assert next(button.payload for button in played.buttons if button.payload.startswith("faq:")) == f"faq:{entries[0]}:show"
    assert played.effect_names == ["unanswered"]


def test_nothing_found_is_said_honestly_and_kept():
    stage = Stage()
    stage.hears("can I bring my parrot", "ask_faq")

    played = stage.acts(AnswerFaq(services()))

    assert played.effect_names == ["unanswered"]
    assert played.text


def test_an_entry_that_was_removed_since_is_not_said():
    stage = Stage()
    stage.hears("?", "ask_faq", entities=[hit("gone", answered=True)])

    assert stage.acts(AnswerFaq(services())).effect_names == ["unanswered"]


@pytest.mark.parametrize(("word", "helpful"), [("yes", True), ("no", False)])
def test_did_this_help_is_kept_by_button_and_by_word(word, helpful, entries):
    stage = Stage()
    stage.hears("?", "ask_faq", entities=[hit(entries[0], answered=True)])
    stage.acts(AnswerFaq(services()))
    typed, pressed = Stage(events=list(stage.events)), Stage(events=list(stage.events))
    typed.hears("mhm", "affirm" if helpful else "deny")
    pressed.hears("x", "press_button", payload=f"faq:{entries[0]}:{word}")

    effects = [
        typed.acts((Affirm if helpful else Deny)(services())).effects,
        pressed.acts(PressButton(services())).effects,
    ]

    assert [[(effect.name, effect.data) for effect in found] for found in effects] == [
        [("faq_feedback", {"entry": entries[0], "helpful": helpful})]
    ] * 2


def test_a_yes_to_nothing_is_not_feedback():
    stage = Stage()
    stage.hears("yes", "affirm")

    played = stage.acts(Affirm(services()))

    assert played.effects == [] and played.text
