"""Readings and reminders count from when they were written, however late the platform brings them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import reading
from tests.conversations.bench import Bench
from tests.followup.own_orders import waiting_at
from tests.followup.test_checkins import asked

TWO_HOURS = timedelta(hours=2)


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


@pytest.mark.parametrize("ago", [timedelta(0), TWO_HOURS])
async def test_a_reading_is_of_the_time_at_which_it_was_written(bench, ago):
    patient = await bench.patient(language="en").who_agreed()
    await asked(bench, patient, "hypertension")

    await patient.says("128/82", written_ago=ago)

    with bench.database.read() as work:
        at = work.execute(sa.select(reading.c.at)).scalar_one()
    assert abs(bench.now() - ago - at) < timedelta(minutes=1)


async def test_in_three_hours_counts_from_when_it_was_written(bench):
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("remind me in 3 hours to use my drops", written_ago=TWO_HOURS)
    await patient.presses(patient.phrase("followup.chat_ask_yes"))

    (due,) = waiting_at(bench)
    assert abs(bench.now() + timedelta(hours=1) - due) < timedelta(minutes=2)


async def test_a_time_that_has_passed_meanwhile_is_asked_for(bench):
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("remind me in 30 minutes to use my drops", written_ago=TWO_HOURS)

    patient.hears("about 2 hours ago", patient.phrase("followup.chat_when"))
    assert waiting_at(bench) == []
