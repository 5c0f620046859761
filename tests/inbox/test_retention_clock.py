"""Erasing waits until the clock has shown that it goes evenly: what a wrong one takes away nobody brings back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.clock import Steadiness
from bot.inbox.worker import ERASES_AFTER
from tests.conversations.bench import Bench

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)


class Machine:
    """A clock on the wall, and the seconds since it was switched on."""

    def __init__(self, now: datetime) -> None:
        self.now, self.seconds = now, 0.0

    def passes(self, span: timedelta) -> None:
        self.now += span
        self.seconds += span.total_seconds()

    def steadiness(self) -> Steadiness:
        return Steadiness(lambda: self.now, elapsed_s=lambda: self.seconds)


def test_a_clock_is_steady_after_it_went_evenly_for_so_long():
    machine = Machine(NOW)
    steadiness = machine.steadiness()
    assert not steadiness.lasts(MINUTE)

    machine.passes(MINUTE)

    assert steadiness.lasts(MINUTE) and not steadiness.lasts(2 * MINUTE)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400), timedelta(minutes=5)])
def test_a_jump_begins_it_anew(jump):
    machine = Machine(NOW)
    steadiness = machine.steadiness()
    machine.passes(MINUTE)
    machine.now += jump
    assert not steadiness.lasts(MINUTE)

    machine.passes(MINUTE)

    assert steadiness.lasts(MINUTE)


async def test_a_machine_that_starts_years_ahead_erases_nobody_before_it_is_put_right(tmp_path, monkeypatch):
    erased: list[datetime] = []
    monkeypatch.setattr("bot.inbox.worker.erase_old", lambda work, *, now, days: erased.append(now) or 0)
    machine = Machine(NOW)
    steadiness = machine.steadiness()
    async with Bench(tmp_path) as bench:
        await bench.services.worker.clean_after(steadiness)
        assert erased == []

        machine.passes(ERASES_AFTER)
        await bench.services.worker.clean_after(steadiness)
        assert len(erased) == 1
