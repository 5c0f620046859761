"""All open pages of this process: one look at the database for all of them, a few times a second, none while none is open."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.database.engine import DatabaseProblem, Work
from bot.desk import rows
from bot.desk.listener import Listener, frame
from bot.desk.look import Looking, Missed, Pages, missed
from bot.desk.rights import broken_by
from bot.desk.rows import RowFacts
from bot.desk.store import Store
from bot.desk.telling import Board
from bot.staff.sessions import Session

logger = logging.getLogger(__name__)

EVERY_S = 0.3
# Whose the open cases are is read anew this often: so cases that vanished without a word leave the pages.
EVERYTHING_S = 30.0
# A page that missed more cases than this reads the queue anew: that is one call.
CATCH_UP = 200
# Of one session: tabs and windows of one browser.
MOST_PAGES = 8


class Live:
    """The open pages. `idle`: after so long without an act of its person a session counts as locked."""

    def __init__(self, store: Store, *, idle: timedelta) -> None:
        self._store, self._idle = store, idle
        self._listeners: dict[Listener, None] = {}  # in the order in which they came
        self._starting = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._begin()

    @property
    def count(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    @asynccontextmanager
    async def listen(self, session: Session) -> AsyncIterator[Listener]:
        """Yield a page that hears what happens from now on. Raises DatabaseProblem when nothing can be read."""
        now = self._store.clock()
        async with self._starting:
            if self._task is None or self._task.done():
                self._begin()
                await self._look()
            glass = await self._store.read(lambda work: broken_by(work, session.staff, now=now))
            listener = Listener(session.staff, session.number, glass)
            self._make_room(session.number)
            self._listeners[listener] = None
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._run())
        try:
            yield listener
        finally:
            self._listeners.pop(listener, None)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    async def catch_up(self, listener: Listener, after: int | None) -> list[bytes]:
        """Return who is here now, and what a page missed since the event `after`; None: it has just read everything."""
        board, now = self._board, self._store.clock()
        here = [board.here_frame(listener, case_id, seen) for case_id, seen in board.here.items()]
        began = [board.duty_frame(), *(one for one in here if one is not None)]
        found = await self._store.read(lambda work: _missed(work, after)) if after is not None else (Missed(), ())
        if found is None:
            listener.caught_up((), board.number)
            return [*began, frame("resync", {}, board.number)]
        what, rows_ = found
        listener.caught_up(what.known, board.number)
        gone, heard = set(what.cases), {case_id for number, case_id in what.heard.items() if number not in listener.heard}
        listener.heard.update(what.heard, what.known)
        for facts in rows_:
            if listener.may("list", facts.case):
                gone.discard(facts.case.id)
                began += board.frames_of(facts, listener, now, heard=facts.case.id in heard)
        return began + [frame("gone", {"id": case_id}, board.number) for case_id in sorted(gone)]

    def beat(self) -> bytes:
        """Return a sign that the line is alive."""
        return frame("beat", {"now": self._store.clock().isoformat(timespec="seconds")}, self._board.number)

    def _make_room(self, session: int) -> None:
        """End the oldest of very many pages of one session: lines that broke without a word, or a page gone wild."""
        theirs = [one for one in self._listeners if one.session == session and not one.ended]
        for one in theirs[: max(0, len(theirs) + 1 - MOST_PAGES)]:
            one.end("replaced", self._board.number)

    def _begin(self) -> None:
        self._board, self._looking, self._everything_at = Board(self._idle), Looking(), 0.0

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self._look()
            except DatabaseProblem:
                continue  # nothing was counted as seen: the next look finds it
            except Exception:
                logger.exception("the desk could not look")

    async def _look(self) -> None:
        now, ticks = self._store.clock(), asyncio.get_running_loop().time()
        everything = ticks >= self._everything_at
        pages = Pages(frozenset(one.session for one in self._listeners), frozenset(one.staff.id for one in self._listeners), now)
        looking, more = self._looking, self._board.wanted
        changes = await self._store.read(lambda work: looking.look(work, pages, more=more, everything=everything))
        if everything:
            self._everything_at = ticks + EVERYTHING_S
        self._board.tell(changes, self._listeners, now, asked=pages.sessions)


def _missed(work: Work, after: int) -> tuple[Missed, tuple[RowFacts, ...]] | None:
    found = missed(work, after, most=CATCH_UP)
    return None if found is None else (found, rows.of_ids(work, found.cases))


async def frames(live: Live, session: Session, after: int | None, *, beat_s: float) -> AsyncIterator[bytes]:
    """Yield what one page hears, until its session ends or nothing can be read: then the page comes back, with growing pauses."""
    try:
        async with live.listen(session) as listener:
            for one in await live.catch_up(listener, after):
                yield one
            while not (listener.ended and listener.frames.empty()):
                yield await _next(live, listener, beat_s)
    except DatabaseProblem:
        return


async def _next(live: Live, listener: Listener, beat_s: float) -> bytes:
    with contextlib.suppress(asyncio.TimeoutError):
        return await asyncio.wait_for(listener.frames.get(), beat_s)
    return live.beat()
