"""Access tokens: one for all processes, in the database, fetched by one of them at a time. Sealed, and never logged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.clock import Clock
from bot.database.engine import Database, Work
from bot.database.once import insert_once
from bot.database.tables import access_token

# A token that ends sooner is renewed; Tencent keeps the old one for five minutes, so others may go on with it meanwhile.
RENEW_BEFORE = timedelta(seconds=300)
STILL_GOOD = timedelta(seconds=10)
# Longer than a fetch can take.
LEASE = timedelta(seconds=12)
# After a fetch that failed: who asks next would hear the same, and the secret is not to be tried in a loop.
REST = timedelta(seconds=2)
WAIT_S, LOOK_EVERY_S = 3.0, 0.05


@dataclass(frozen=True)
class Granted:
    """A token and for how many seconds it holds."""

    token: str
    seconds: int


Fetch = Callable[[], Awaitable[Granted]]


class NoToken(Exception):
    """Somebody else is fetching one, and it takes too long. Nothing was sent: try again."""


@dataclass(frozen=True)
class _Known:
    token: str
    expires_at: datetime


class AccessTokens:
    """The token of one account."""

    def __init__(self, database: Database, clock: Clock, fetch: Fetch, account: str) -> None:
        self._database, self._clock, self._fetch = database, clock, fetch
        self._lookup = database.cipher.lookup("access token", account)
        self._known: _Known | None = None  # as it was when this process last looked
        self._one = asyncio.Lock()

    async def get(self) -> str:
        """Return a token that holds for a while. Raises what the fetch raises, NoToken or DatabaseProblem."""
        known = self._known
        if known is not None and known.expires_at - self._clock() > RENEW_BEFORE:
            return known.token
        async with self._one:
            return await self._get()

    async def refresh(self, bad: str) -> str:
        """Return another token than `bad`, which was refused. Only the first who says so makes it be fetched anew."""
        self._known = None
        async with self._one:
            await asyncio.to_thread(self._forget, bad)
            return await self._get()

    async def _get(self) -> str:
        until = time.monotonic() + WAIT_S
        while True:
            known, is_mine = await asyncio.to_thread(self._look)
            if is_mine:
                return await self._renew(known)
            if known is not None and known.expires_at - self._clock() > STILL_GOOD:
                self._known = known
                return known.token
            if time.monotonic() >= until:
                raise NoToken
            await asyncio.sleep(LOOK_EVERY_S)

    async def _renew(self, old: _Known | None) -> str:
        try:
            granted = await self._fetch()
        except BaseException:
            # Shielded: whoever is cut off must not leave the others waiting for its lease.
            await asyncio.shield(asyncio.to_thread(self._rest))
            if old is not None and old.expires_at - self._clock() > STILL_GOOD:
                return old.token
            raise
        known = _Known(granted.token, self._clock() + timedelta(seconds=granted.seconds))
        await asyncio.shield(asyncio.to_thread(self._store, known))
        self._known = known
        return known.token

    def _look(self) -> tuple[_Known | None, bool]:
        """Return the stored token, and whether it is for the caller to fetch another: the lease is theirs then."""
        now = self._clock()
        with self._database.read() as work:
            known = self._stored(work)
        if known is not None and known.expires_at - now > RENEW_BEFORE:
            return known, False
        with self._database.write() as work:
            insert_once(work, access_token, {"lookup": self._lookup})
            free = sa.or_(access_token.c.lease_until.is_(None), access_token.c.lease_until < now)
            took = work.execute(self._mine().where(free).values(lease_until=now + LEASE)).rowcount == 1
            known = self._stored(work)  # somebody may have stored one in between
            if took and known is not None and known.expires_at - now > RENEW_BEFORE:
                work.execute(self._mine().values(lease_until=None))
                took = False
            return known, took

    def _store(self, known: _Known) -> None:
        sealed = {"token": known.token}
        with self._database.write() as work:
            values = {"expires_at": known.expires_at, "fetched_at": self._clock(), "lease_until": None}
            work.execute(self._mine().values(sealed=work.cipher.seal(sealed), **values))

    def _rest(self) -> None:
        with self._database.write() as work:
            work.execute(self._mine().values(lease_until=self._clock() + REST))

    def _forget(self, bad: str) -> None:
        with self._database.write() as work:
            known = self._stored(work)
            if known is not None and known.token == bad:
                work.execute(self._mine().values(sealed=None, expires_at=None))

    def _mine(self) -> sa.sql.Update:
        return sa.update(access_token).where(access_token.c.lookup == self._lookup)

    def _stored(self, work: Work) -> _Known | None:
        query = sa.select(access_token.c.sealed, access_token.c.expires_at).where(access_token.c.lookup == self._lookup)
        row = work.execute(query).first()
        return None if row is None or row.sealed is None else _Known(work.cipher.unseal(row.sealed)["token"], row.expires_at)
