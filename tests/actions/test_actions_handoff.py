"""A person, please."""

from __future__ import annotations

import pytest
from stage import Stage, services

from actions.handoff import RequestNurse
from bot.languages import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_asking_for_a_person_opens_a_case_and_says_so(language):
    stage = Stage(language, level_floor="U")
    stage.hears("nurse", "request_nurse")

    played = stage.acts(RequestNurse(services()))

    assert [(effect.name, effect.data) for effect in played.effects] == [
        ("open_case", {"reason": "person_requested", "level": "U"})
    ]
    assert played.text
