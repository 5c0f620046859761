"""The one place where the gateway's services are put together, for the program and for tests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from bot.clock import Clock, utc_now
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem, Work, make_engine
from bot.database.threads import Threads, Urgency
from bot.duty.paging import ways_of
from bot.followup.rounds import Rounds
from bot.inbox.assistant import Assistant
from bot.inbox.conversations import Defaults
from bot.inbox.feed import Feed
from bot.inbox.inbox import Inbox
from bot.inbox.lanes import Lanes
from bot.inbox.metrics import Metrics
from bot.inbox.ownership import ownership_for
from bot.inbox.staff_rounds import StaffRounds
from bot.inbox.worker import Worker
from bot.outbox.sender import Sender
from bot.outbox.store import take_back
from bot.privacy.encryption import load_cipher
from bot.settings import Settings
from bot.utterances.gathering import Gathering

T = TypeVar("T")


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
    worker: Worker
    staff_rounds: StaffRounds
    followup: Rounds
    executors: tuple[Executor, Executor, Executor]  # of `read`, `write`, `write_first`
    _sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what a crash left behind, and begin the worker's rounds."""
        if self.senders and not self.database.has_company:
            now = self.clock()
            with contextlib.suppress(DatabaseProblem):  # then they end by themselves
                await self.write(lambda work: take_back(work, now=now))
        self._sweeping = asyncio.create_task(self.lanes.sweep_forever())
        self.worker.start()
        self.staff_rounds.start()
        self.followup.start()

    async def stop(self) -> None:
        """Finish the transactions at hand and end."""
        await self.lanes.stop()
        await self.worker.stop()
        await self.staff_rounds.stop()
        await self.followup.stop()
        if self._sweeping is not None:
            await asyncio.gather(self._sweeping, return_exceptions=True)
        for executor in self.executors:
            executor.shutdown()
        self.database.engine.dispose()

    async def read(self, act: Callable[[Work], T]) -> T:
        """Run `act` in a reading transaction, off the event loop."""

        def run() -> T:
            with self.database.read() as work:
                return act(work)

        return await asyncio.get_running_loop().run_in_executor(self.executors[0], run)

    async def write(self, act: Callable[[Work], T]) -> T:
        """Run `act` in a writing transaction, off the event loop."""
        return await self._write(act, self.executors[1], urgent=False)

    async def write_first(self, act: Callable[[Work], T]) -> T:
        """Like `write`, before all that waits: for what has to be stored before a platform's request is acknowledged."""
        return await self._write(act, self.executors[2], urgent=True)

    async def _write(self, act: Callable[[Work], T], executor: Executor, *, urgent: bool) -> T:
        def run() -> T:
            with self.database.write(urgent=urgent) as work:
                return act(work)

        return await asyncio.get_running_loop().run_in_executor(executor, run)


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
    content = content or ContentSource(settings.content_dir, keep_in=settings.kept_dir, beside=True)
    feed, metrics = Feed(), Metrics()
    # One thread where only one can write; more would only hold up each other, and what is urgent with them.
    threads = Threads(6 if database.has_company else 1, name="database")
    reading = ThreadPoolExecutor(2, thread_name_prefix="pages")
    lanes = Lanes(
        database,
        content=content,
        assistant=assistant,
        feed=feed,
        ownership=ownership_for(database.engine),
        clock=clock,
        executor=threads.of(Urgency.LANES),
        metrics=metrics,
        retention_days=settings.retention_days,
    )
    inbox = Inbox(
        database,
        content=content,
        lanes=lanes,
        feed=feed,
        clock=clock,
        executor=threads.of(Urgency.RECEIVING),
        metrics=metrics,
        defaults=Defaults(settings.language, settings.region),
    )
    worker = Worker(
        database,
        senders=senders or {},
        feed=feed,
        clock=clock,
        executor=threads.of(Urgency.ASKED),
        metrics=metrics,
        held_minutes=settings.held_minutes,
        retention_days=settings.retention_days,
        gathering=Gathering(database, content),
    )
    staff_rounds = StaffRounds(
        database,
        content=content,
        clock=clock,
        reading=reading,
        executor=threads.of(Urgency.ASKED),
        feed=feed,
        ways=ways_of(settings),
    )
    # Of all that works with the database a reminder can wait longest.
    waits = threads.of(Urgency.LANES)
    followup = Rounds(database, content=content, feed=feed, clock=clock, executor=waits, senders=senders or {})
    executors = (reading, threads.of(Urgency.ASKED), threads.of(Urgency.RECEIVING))
    return Services(
        settings,
        clock,
        content,
        database,
        assistant,
        feed,
        lanes,
        inbox,
        metrics,
        senders or {},
        worker,
        staff_rounds,
        followup,
        executors,
    )
