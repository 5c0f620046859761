"""Notices messages that another process wrote (a nurse's command line, a second gateway) and tells the open pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import sqlalchemy as sa

from bot.database.engine import DatabaseProblem, Work
from bot.database.tables import outbound
from bot.inbox.feed import Event

EVERY_S = 1.0
# Numbers are given before they are committed: look again at a few that may have become visible late.
LOOK_BACK = 50


class Announcer(Protocol):
    """The feed, as far as it is needed here."""

    def tell(self, conversation_id: str, event: Event) -> None:
        """Tell all subscribers of a conversation."""


class Watch:
    """One look a second for all open pages together, and none while no page is open."""

    def __init__(self, read: Callable[[Callable[[Work], Any]], Awaitable[Any]], *, feed: Announcer) -> None:
        self._read, self._feed = read, feed
        self._open = 0
        self._last = 0
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def while_open(self) -> Iterator[None]:
        """Watch at least as long as this block runs. Must be entered on the event loop."""
        self._open += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._open -= 1

    async def look(self) -> None:
        """Tell the feed of every conversation that got a message since the last look."""
        last = self._last
        newest, touched = await self._read(lambda work: _news(work, last))
        self._last = newest
        for conversation_id in touched:
            self._feed.tell(conversation_id, "message")

    async def _run(self) -> None:
        self._last = 0
        while self._open:
            with contextlib.suppress(DatabaseProblem):
                await self.look()
            await asyncio.sleep(EVERY_S)


def _news(work: Work, last: int) -> tuple[int, tuple[str, ...]]:
    newest = int(work.execute(sa.select(sa.func.max(outbound.c.id))).scalar() or 0)
    if newest == last or last == 0:
        return newest, ()
    rows = work.execute(sa.select(outbound.c.conversation_id).where(outbound.c.id > last - LOOK_BACK).distinct())
    return newest, tuple(rows.scalars())
