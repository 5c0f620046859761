"""The one place where the gateway's services are put together, for the program and for tests."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from bot.clock import Clock, utc_now
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem, Work, make_engine
from bot.inbox.assistant import Assistant
from bot.inbox.conversations import Defaults
from bot.inbox.feed import Feed
from bot.inbox.inbox import Inbox
from bot.inbox.lanes import Lanes
from bot.inbox.metrics import Metrics
from bot.inbox.ownership import ownership_for
from bot.outbox.deliver import deliver_due
from bot.outbox.sender import Sender
from bot.privacy.encryption import load_cipher
from bot.privacy.erase import blank_held, erase_old
from bot.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")

DELIVER_EVERY_S = 0.5
CLEAN_EVERY_S = 60.0


@dataclass
class Services:
    """Everything the pages and connectors of one gateway need."""

    settings: Settings
    clock: Clock
    content: ContentSource
    database: Database
    assistant: Assistant
    feed: Feed
    lanes: Lanes
    inbox: Inbox
    metrics: Metrics
    senders: Mapping[str, Sender]
    executors: tuple[ThreadPoolExecutor, ...]
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Take up what a crash left behind, and begin the worker's rounds."""
        self._tasks = [
            asyncio.create_task(self.lanes.sweep_forever()),
            asyncio.create_task(self._round(CLEAN_EVERY_S, self.clean)),
        ]
        if self.senders:
            self._tasks.append(asyncio.create_task(self._round(DELIVER_EVERY_S, self.deliver)))

    async def stop(self) -> None:
        """Finish the messages at hand and end."""
        await self.lanes.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for executor in self.executors:
            executor.shutdown()
        self.database.engine.dispose()

    async def deliver(self) -> None:
        """Send what is due, until nothing is."""
        while await deliver_due(self.database, senders=self.senders, clock=self.clock):
            pass

    async def clean(self) -> None:
        """Blank what waited too long for consent and erase what is older than the retention."""

        def act(work: Work) -> tuple[int, int]:
            now = self.clock()
            return blank_held(work, now=now, minutes=self.settings.held_minutes), erase_old(
                work, now=now, days=self.settings.retention_days
            )

        blanked, erased = await self.write(act)
        if blanked or erased:
            logger.info("cleaned", extra={"blanked": blanked, "erased": erased})

    async def read(self, act: Callable[[Work], T]) -> T:
        """Run `act` in a reading transaction, off the event loop."""

        def run() -> T:
            with self.database.read() as work:
                return act(work)

        return await asyncio.get_running_loop().run_in_executor(self.executors[0], run)

    async def write(self, act: Callable[[Work], T]) -> T:
        """Run `act` in a writing transaction, off the event loop."""

        def run() -> T:
            with self.database.write() as work:
                return act(work)

        return await asyncio.get_running_loop().run_in_executor(self.executors[1], run)

    async def _round(self, every_s: float, act: Callable[[], object]) -> None:
        while True:
            with contextlib.suppress(DatabaseProblem):
                await act()  # type: ignore[misc]
            await asyncio.sleep(every_s)


def build(
    settings: Settings,
    *,
    assistant: Assistant,
    clock: Clock = utc_now,
    database: Database | None = None,
    content: ContentSource | None = None,
    senders: Mapping[str, Sender] | None = None,
) -> Services:
    """Return the services for `settings`. The tables must be there already (`bot.database.migrate`)."""
    database = database or Database(make_engine(settings.database_url), load_cipher(settings))
    content = content or ContentSource(settings.content_dir)
    feed, metrics = Feed(), Metrics()
    # Receiving has threads of its own: the safety net must not stand in a queue behind the lanes.
    receiving = ThreadPoolExecutor(2, thread_name_prefix="receive")
    working = ThreadPoolExecutor(4, thread_name_prefix="lanes")
    lanes = Lanes(
        database,
        content=content,
        assistant=assistant,
        feed=feed,
        ownership=ownership_for(database.engine),
        clock=clock,
        executor=working,
        metrics=metrics,
        retention_days=settings.retention_days,
    )
    inbox = Inbox(
        database,
        content=content,
        lanes=lanes,
        feed=feed,
        clock=clock,
        executor=receiving,
        metrics=metrics,
        defaults=Defaults(settings.language, settings.region),
    )
    return Services(
        settings, clock, content, database, assistant, feed, lanes, inbox, metrics, senders or {}, (receiving, working)
    )  # fmt: skip
