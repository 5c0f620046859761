"""Killed again and again while many write and everything goes wrong: nothing is lost, order holds, and nothing is said twice."""

from __future__ import annotations

import pytest

from tests.wecom.storm import storm


@pytest.mark.slow
@pytest.mark.storm
async def test_a_storm_loses_nothing_and_doubles_nothing(tmp_path):
    outcome = await storm(tmp_path, patients=30, kill_every_s=6.0, within_s=240.0)

    assert outcome.finished == outcome.patients and outcome.kills > 0 and outcome.faults > 0, outcome
    assert (outcome.answers_missing, outcome.answers_doubled, outcome.out_of_order, outcome.run_twice) == (0, 0, 0, 0), outcome
    assert outcome.over_quota == 0 and not outcome.complaints and outcome.ack_max_ms < 5000, outcome


@pytest.mark.slow
@pytest.mark.storm
async def test_in_fair_weather_every_callback_is_acknowledged_at_once(tmp_path):
    outcome = await storm(tmp_path, patients=20, kill_every_s=0.0, within_s=90.0, bad=False)

    assert outcome.finished == outcome.patients, outcome
    assert (outcome.answers_missing, outcome.answers_doubled, outcome.over_quota) == (0, 0, 0), outcome
    assert outcome.ack_max_ms < 5000, outcome
