"""Emergencies and crises in voices of their own per language, first measured before anything was fitted to them: none is lost again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.packs import read_yaml
from bot.evaluation.engines import Engines
from bot.evaluation.safety import is_right, judged
from bot.evaluation.suite import Case
from bot.languages import LANGUAGES
from bot.settings import read_settings

VOICES = read_yaml(Path(__file__).parent / "voices.yml")
ENGINES = Engines(read_settings())


def test_every_language_has_as_many_voices():
    assert {(len(VOICES[language]["emergency"]), len(VOICES[language]["crisis"])) for language in LANGUAGES} == {(28, 12)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["emergency", "crisis"])
def test_no_voice_is_lost(kind, language):
    cases = [Case(f"{kind}{number}", kind, language, text) for number, text in enumerate(VOICES[language][kind])]

    lost = [case.text for case, said in judged(cases, ENGINES) if not is_right(case, said)]
    assert not lost, lost
