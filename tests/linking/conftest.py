"""Two people and two chats of one, on each of the two databases."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
import sqlalchemy as sa

from tests.conversations.bench import Bench

CODE = re.compile(r"\d{4}-\d{4}-\d{4}")


@pytest.fixture
async def bench(tmp_path, database_url):
    async with Bench(tmp_path, database_url=database_url) as running:
        yield running


@pytest.fixture
async def phone(bench):
    """Somebody's chat on Telegram, agreed."""
    return await bench.patient(language="en", channel="telegram").who_agreed()


@pytest.fixture
async def page(bench):
    """The same person's web chat, agreed."""
    return await bench.patient(language="en").who_agreed()


async def code_of(patient) -> str:
    """Ask for a code."""
    await patient.says("link")
    return CODE.search(patient.transcript())[0]


async def link(one, other) -> None:
    """Make one person of two chats."""
    code = await code_of(one)
    await other.says(code)
    await other.presses(other.phrase("linking.yes"))
    other.hears("now belong to one person")


def count(bench, table, *where) -> int:
    """Return how many rows there are."""
    with bench.database.read() as work:
        return work.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()


def owner(patient) -> str:
    """Return whose chat it is."""
    return patient.conversation().patient_id


@pytest.fixture
def until():
    """Wait until something is true: `await until(lambda: …)`."""

    async def wait(true, *, seconds=20.0):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not become true in time"
            await asyncio.sleep(0.01)

    return wait
