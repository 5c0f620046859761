"""How an answer was judged is a share only where enough people judged it; a patient's words are for those who may label them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.packs.helpful import FEWEST, Judged, judged
from bot.packs.impact import Effect, Impact, Outcome
from bot.release.heard import Sentence
from bot.studio.packs_shapes import effects
from tests.utterances import people_heard

NOW = datetime(2026, 11, 26, tzinfo=timezone.utc)


def test_a_share_needs_enough_judgements():
    assert Judged(20, FEWEST - 1, 0).share is None
    assert Judged(20, FEWEST - 1, 1).share == (FEWEST - 1) / FEWEST


def test_what_patients_pressed_is_counted_for_each_entry(database):
    with database.write() as work:
        chat = people_heard.chat(work, NOW)
        for number, helpful in enumerate((True, True, False), 1):
            people_heard.judged(work, chat, number, helpful=helpful)
    with database.read() as work:
        assert judged(work) == {"parking": Judged(shown=3, yes=2, no=1)}


@pytest.mark.parametrize(("may", "text"), [(True, "my ear hurts"), (False, "…")])
def test_the_words_of_a_patient_are_shown_to_who_may_read_them(may, text):
    sentence = Sentence("patient 1", "my ear hurts", "en", "patient", {})
    changed = Effect(sentence, Outcome("R", False, "ENT", False), Outcome("R", False, "GP", False))
    shown = effects(Impact((changed,), 1, 0, 5), patients=may)
    assert shown["effects"][0]["text"] == text and (shown["count"], shown["lost"]) == (1, 0)


@pytest.mark.parametrize(("kind", "after", "lost", "alarm"), [
    ("emergency", "R", True, False), ("emergency", "E2", False, False), ("look_alike", "R", False, False), ("saved", "R", False, False),
])  # fmt: skip
def test_only_an_emergency_that_is_none_any_more_is_lost(kind, after, lost, alarm):
    one = Effect(Sentence("a", "a", "en", kind, {}), Outcome("E1", False, "ED", True), Outcome(after, False, "GP", after == "E2"))
    assert (one.is_lost, one.is_alarm) == (lost, alarm)


def test_a_look_alike_that_would_alarm_is_an_alarm_and_a_crisis_is_as_good_as_an_ambulance():
    quiet, loud, crisis = Outcome("R", False, "", False), Outcome("E2", False, "", True), Outcome("R", True, "", True)
    assert Effect(Sentence("a", "a", "en", "look_alike", {}), quiet, loud).is_alarm
    assert not Effect(Sentence("a", "a", "en", "crisis", {}), loud, crisis).is_lost
