"""Killed again and again while many write and everything goes wrong: nothing is lost, order holds, WeChat never waits too long."""

from __future__ import annotations

import pytest

from tests.wechat.storm import storm


@pytest.mark.slow
@pytest.mark.storm
async def test_a_storm_loses_nothing_and_wechat_never_waits_five_seconds_for_a_living_gateway(tmp_path):
    outcome = await storm(tmp_path, patients=30, kill_every_s=6.0, within_s=180.0, every_s=0.2)

    assert outcome.finished == outcome.patients and outcome.kills > 0, outcome
    assert (outcome.answers_missing, outcome.out_of_order, outcome.run_twice, outcome.cut) == (0, 0, 0, 0), outcome
    assert outcome.answers_doubled <= outcome.doubles_excused and not outcome.complaints, outcome
    assert outcome.answered_max_ms < 5000.0


@pytest.mark.slow
@pytest.mark.storm
async def test_in_fair_weather_everything_is_a_passive_reply_and_nothing_is_doubled(tmp_path):
    outcome = await storm(tmp_path, patients=20, kill_every_s=0.0, within_s=90.0, bad=False)

    assert outcome.finished == outcome.patients, outcome
    assert (outcome.answers_missing, outcome.answers_doubled, outcome.pushed, outcome.given_up) == (0, 0, 0, 0), outcome
