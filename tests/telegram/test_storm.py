"""Killed again and again while many write and everything goes wrong: nothing is lost, order holds, doubles only where nobody can know."""

from __future__ import annotations

import pytest

from tests.telegram.storm import storm


@pytest.mark.slow
async def test_a_storm_loses_nothing(tmp_path):
    outcome = await storm(tmp_path, patients=30, kill_every_s=6.0, within_s=180.0)

    assert outcome.finished == outcome.patients and outcome.kills > 0, outcome
    assert (outcome.answers_missing, outcome.expired, outcome.out_of_order, outcome.run_twice) == (0, 0, 0, 0), outcome
    assert outcome.answers_doubled <= outcome.doubles_excused and not outcome.violations, outcome


@pytest.mark.slow
async def test_in_fair_weather_nothing_is_doubled_and_telegram_never_has_to_slow_us_down(tmp_path):
    outcome = await storm(tmp_path, patients=20, kill_every_s=0.0, within_s=90.0, bad=False)

    assert outcome.finished == outcome.patients, outcome
    assert (outcome.answers_missing, outcome.answers_doubled, outcome.throttled) == (0, 0, 0), outcome
