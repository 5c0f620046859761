"""Notes callbacks before they are acknowledged. Many come at once, and all for a few accounts: one transaction takes all that wait."""

from __future__ import annotations

import asyncio

from bot.bootstrap import Services
from bot.database.engine import Work
from connectors.wecom import accounts


class Callbacks:
    """The callbacks of this process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._latest: dict[str, str] = {}
        self._next: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()

    async def note(self, account: str, token: str) -> None:
        """Return once it is stored that there is something in `account`. Raises DatabaseProblem."""
        self._latest[account] = token
        if self._next is None:
            self._next = asyncio.create_task(self._write())
        await asyncio.shield(self._next)

    async def _write(self) -> None:
        async with self._one:
            # Who comes from here on has missed this one.
            latest, self._latest, self._next = self._latest, {}, None
            await self._services.write_first(lambda work: self._store(work, latest))

    def _store(self, work: Work, latest: dict[str, str]) -> None:
        now = self._services.clock()
        for account, token in sorted(latest.items()):  # in one order, so that two gateways do not wait for each other
            accounts.called(work, account, token, now=now)
