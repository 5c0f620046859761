"""Every promise of the inbox holds on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.conversations.bench import Bench


@pytest.fixture
async def bench(tmp_path, database_url):
    async with Bench(tmp_path, database_url=database_url) as running:
        yield running


@pytest.fixture
async def patient(bench):
    """A patient who has agreed."""
    return await bench.patient(language="en").who_agreed()


@pytest.fixture
def until():
    """Wait until something is true: `await until(lambda: …)`."""

    async def wait(true, *, seconds=20.0):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not become true in time"
            await asyncio.sleep(0.01)

    return wait
