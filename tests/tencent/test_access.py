"""Access tokens: one fetch for all who ask at once, one renewal for all who were refused, and no trace of them outside."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database.tables import access_token
from connectors.tencent.access import AccessTokens, Granted, NoToken


class Tencent:
    """Gives tokens. `fails`: the next fetches do."""

    def __init__(self, seconds: int = 7200) -> None:
        self.seconds, self.fetches, self.fails, self.slow = seconds, 0, 0, 0.0
        self.hangs = asyncio.Event()
        self.hangs.set()

    async def __call__(self) -> Granted:
        self.fetches += 1
        await self.hangs.wait()
        await asyncio.sleep(0.02)
        if self.fails:
            self.fails -= 1
            raise ConnectionError("secret=zebra")
        return Granted(f"token-{self.fetches}", self.seconds)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tencent():
    return Tencent()


@pytest.fixture
def process(database, clock, tencent):
    """Return how another process looks at the same account."""
    return lambda account="wx1": AccessTokens(database, clock, tencent, account)


async def test_ten_processes_with_nothing_fetch_once(process, tencent):
    assert await asyncio.gather(*(process().get() for _ in range(10))) == ["token-1"] * 10
    assert tencent.fetches == 1


async def test_ten_callers_of_one_process_fetch_once(process, tencent):
    tokens = process()
    assert await asyncio.gather(*(tokens.get() for _ in range(10))) == ["token-1"] * 10
    assert tencent.fetches == 1


async def test_a_token_that_holds_is_not_fetched_again(process, tencent, clock):
    await process().get()
    clock.passes(7200 - 301)
    assert await process().get() == "token-1" and tencent.fetches == 1


async def test_a_token_that_ends_soon_is_renewed_and_the_others_go_on_with_the_old_one(process, tencent, clock):
    await process().get()
    clock.passes(7200 - 200)
    tencent.hangs.clear()
    renewing = asyncio.create_task(process().get())
    while tencent.fetches < 2:
        await asyncio.sleep(0.005)
    assert await process().get() == "token-1"
    tencent.hangs.set()
    assert await renewing == "token-2" and await process().get() == "token-2" and tencent.fetches == 2


async def test_ten_that_were_refused_make_one_fetch(process, tencent):
    callers = [process() for _ in range(10)]
    await asyncio.gather(*(caller.get() for caller in callers))
    assert await asyncio.gather(*(caller.refresh("token-1") for caller in callers)) == ["token-2"] * 10
    assert tencent.fetches == 2


async def test_who_was_refused_with_an_older_token_gets_the_newer_one_without_a_fetch(process, tencent):
    late = process()
    await late.get()
    await process().refresh("token-1")
    assert await late.get() == "token-1"  # it has not heard yet
    assert await late.refresh("token-1") == "token-2" and tencent.fetches == 2


async def test_a_failed_fetch_is_told_and_not_repeated_at_once(process, tencent, clock, monkeypatch):
    monkeypatch.setattr("connectors.tencent.access.WAIT_S", 0.1)
    tencent.fails = 1
    with pytest.raises(ConnectionError):
        await process().get()
    with pytest.raises(NoToken):
        await process().get()
    clock.passes(3)
    assert await process().get() == "token-2" and tencent.fetches == 2


async def test_a_failed_renewal_leaves_the_old_token_in_use(process, tencent, clock):
    await process().get()
    clock.passes(7200 - 200)
    tencent.fails = 1
    assert await process().get() == "token-1"


async def test_who_died_while_fetching_is_followed_by_another_after_the_lease(process, tencent, clock, monkeypatch):
    monkeypatch.setattr("connectors.tencent.access.WAIT_S", 0.1)
    tencent.hangs.clear()
    dead = asyncio.create_task(process().get())
    while not tencent.fetches:
        await asyncio.sleep(0.005)
    with pytest.raises(NoToken):
        await process().get()
    clock.passes(13)
    tencent.hangs.set()
    assert await process().get()
    await dead


async def test_who_is_cut_off_while_fetching_gives_the_lease_back(process, tencent, clock):
    tencent.hangs.clear()
    cut = asyncio.create_task(process().get())
    while not tencent.fetches:
        await asyncio.sleep(0.005)
    cut.cancel()
    await asyncio.gather(cut, return_exceptions=True)
    tencent.hangs.set()
    clock.passes(3)
    assert await process().get() == "token-2"


async def test_two_accounts_have_two_tokens(process):
    assert await process("wx1").get() != await process("wx2").get()


async def test_a_token_is_sealed_at_rest_and_its_account_is_not_readable(process, database, caplog):
    caplog.set_level(logging.DEBUG)
    await process("wx-zebra").get()
    with database.read() as work:
        row = work.execute(sa.select(access_token)).one()
        assert work.cipher.unseal(row.sealed)["token"] == "token-1"
    assert "token-1" not in str(row) and "zebra" not in str(row)
    assert "token-1" not in caplog.text and "zebra" not in caplog.text
