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
from bot.outbox.store import NURSE

EVERY_S = 1.0
# Numbers are given before they are committed: look again at a few that may have become visible late.
LOOK_BACK = 50
# Of what nurses and notices say, which may have been held for some seconds.
OF_NURSES = 200


_OF_NURSES = (
    sa.select(outbound.c.id, outbound.c.conversation_id, outbound.c.state)
    .where(outbound.c.state == sa.literal("sent"), outbound.c.priority == NURSE)
    .order_by(outbound.c.id.desc())
    .limit(OF_NURSES)
)


class Announcer(Protocol):
    """The feed, as far as it is needed here."""

    def tell(self, conversation_id: str, event: Event) -> None:
        """Tell all subscribers of a conversation."""


class Watch:
    """One look a second for all open pages together, and none while no page is open."""

    def __init__(self, read: Callable[[Callable[[Work], Any]], Awaitable[Any]], *, feed: Announcer) -> None:
        self._read, self._feed = read, feed
        self._open = 0
        self._known: set[int] = set()
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
        rows = await self._read(lambda work: _latest(work, max(self._known, default=None)))
        for conversation_id in {conversation_id for number, conversation_id in rows if number not in self._known}:
            self._feed.tell(conversation_id, "message")
        self._known = {number for number, _ in rows}

    async def _run(self) -> None:
        self._known = set()
        while self._open:
            with contextlib.suppress(DatabaseProblem):
                await self.look()
            await asyncio.sleep(EVERY_S)


def _latest(work: Work, last: int | None) -> list[tuple[int, str]]:
    if last is None:
        last = int(work.execute(sa.select(sa.func.max(outbound.c.id))).scalar() or 0)
    rows = work.execute(
        sa.select(outbound.c.id, outbound.c.conversation_id, outbound.c.state).where(outbound.c.id > last - LOOK_BACK)
    ).all()
    # A nurse's words are seen when they are not held any more: then many messages may have higher numbers.
    return [(row.id, row.conversation_id) for row in (*rows, *work.execute(_OF_NURSES)) if row.state == "sent"]
