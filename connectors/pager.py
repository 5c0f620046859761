"""Sends what pages persons on one way: takes what is due, puts it into words, says it, and records what became of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem, Work
from bot.duty import notices
from bot.duty.letters import Letter, letter_of, try_instead
from bot.duty.notices import Notice
from bot.duty.paging import ways_of
from bot.inbox.mistakes import log_mistake
from bot.outbox.sender import SendError

logger = logging.getLogger(__name__)

LOOK_S = 1.0
MOST_AT_ONCE = 10


class Pager:
    """Pages persons at least once each, and gives up after an hour. `say` raises SendError; `wait`: seconds until it may be called."""

    def __init__(
        self,
        via: Literal["telegram", "email"],
        say: Callable[[Letter], Awaitable[None]],
        *,
        wait: Callable[[Letter], float] = lambda _: 0.0,
        look_s: float = LOOK_S,
    ) -> None:
        self._via, self._say, self._wait, self._look_s = via, say, wait, look_s
        self._task: asyncio.Task[None] | None = None
        self._ending = False

    def start(self, services: Services) -> None:
        """Begin. Must be called on the event loop."""
        self._task = asyncio.create_task(self._run(services))

    async def stop(self) -> None:
        """End. A page on its way may be sent twice."""
        self._ending = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def page_due(self, services: Services) -> int:
        """Say what is due; returns how many notices were taken up. Raises DatabaseProblem."""
        now = services.clock()
        if not await services.read(lambda work: notices.is_due(work, now=now, via=self._via)):
            return 0
        due = await services.write(lambda work: notices.take_due(work, now=now, limit=MOST_AT_ONCE, via=self._via))
        await asyncio.gather(*(self._page(services, notice) for notice in due))
        return len(due)

    async def _page(self, services: Services, notice: Notice) -> None:
        now, content, link = services.clock(), services.content.current(), services.settings.desk_url
        letter = await services.read(lambda work: letter_of(work, notice, content=content, link=link, now=now))
        if letter is None:
            await services.write(lambda work: notices.give_up(work, notice))
            return
        wait = self._wait(letter)
        if wait > 0:
            until = now + timedelta(seconds=wait)
            await services.write(lambda work: notices.put_back(work, notice, until=until))
            return
        try:
            await self._say(letter)
        except SendError as error:
            await self._failed(services, notice, error)
            return
        await services.write(lambda work: notices.sent(work, notice))

    async def _failed(self, services: Services, notice: Notice, error: SendError) -> None:
        logger.error("somebody of the staff was not paged", extra={"via": self._via, "error": type(error).__name__})
        now, ways = services.clock(), ways_of(services.settings)

        def note(work: Work) -> None:
            notices.failed(work, notice, now=now, for_good=not error.transient)
            if not error.transient:  # this way does not lead to them: another may
                try_instead(work, notice, self._via, ways=ways, now=now)

        await services.write(note)

    async def _run(self, services: Services) -> None:
        while not self._ending:
            try:
                await self.page_due(services)
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:
                log_mistake(logger, "a round of pages failed, it is tried again", error)
            await asyncio.sleep(self._look_s)
