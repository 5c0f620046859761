"""The rounds of a gateway beside its lanes: deliveries, retention, the search index, the studio's inbox, gauges. A round that fails is tried again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa

from bot.clock import Clock, Steadiness
from bot.database.engine import Database, DatabaseProblem
from bot.database.tables import outbound
from bot.inbox import rows
from bot.inbox.feed import Feed
from bot.inbox.metrics import Metrics
from bot.inbox.mistakes import log_mistake
from bot.linking.rows import tidy
from bot.outbox.deliver import LANDS_WITHIN_S, Deliveries
from bot.outbox.sender import Sender
from bot.privacy.erase import blank_held, erase_old
from bot.search.index import Indexer
from bot.utterances.gathering import Gathering

logger = logging.getLogger(__name__)

# New messages ring a bell; this is for what is due again after a failure, or was left by another gateway.
DELIVER_EVERY_S = 0.5
CLEAN_EVERY_S = 60.0
ERASES_AFTER = timedelta(hours=1)
# What was said is found by a search after this time; while much waits to be indexed the rounds follow each other.
INDEX_EVERY_S, INDEX_GOES_ON_S = 3.0, 0.2


class Worker:
    """Delivers what is due and enforces retention, until it is stopped."""

    def __init__(  # noqa: PLR0913 - put together in one place, bot.bootstrap
        self,
        database: Database,
        *,
        senders: Mapping[str, Sender],
        feed: Feed,
        clock: Clock,
        executor: Executor,
        metrics: Metrics,
        held_minutes: int,
        retention_days: int,
        gathering: Gathering,
    ) -> None:
        self._database, self._senders, self._feed, self._clock = database, senders, feed, clock
        self._executor, self._metrics = executor, metrics
        self._held_minutes, self._retention_days, self._gathering = held_minutes, retention_days, gathering
        self._deliveries = Deliveries(database, senders=senders, clock=clock, landed=feed.outgoing.set, executor=executor)
        self._indexer = Indexer(database)
        # Reading words is work for the processor: in a thread of its own, so that no message waits for it.
        self._indexing = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._indexed = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = False

    def start(self) -> None:
        """Begin the rounds. Must be called on the event loop."""
        steadiness = Steadiness(self._clock)
        self._tasks = [asyncio.create_task(self._rounds(lambda: self.clean_after(steadiness), self._pause))]
        self._tasks.append(asyncio.create_task(self._rounds(self.index, self._index_pause)))
        self._tasks.append(asyncio.create_task(self._rounds(self.gather, self._pause)))
        if self._senders:
            self._tasks.append(asyncio.create_task(self._rounds(self.deliver, self._bell)))

    async def stop(self) -> None:
        """End the rounds, and wait a moment for what is on its way: what is cut off may arrive twice."""
        # `wait_for` swallows a cancellation that comes with the bell: the rounds look here as well.
        self._ending = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._indexing.shutdown()
        await self._deliveries.land(LANDS_WITHIN_S)

    async def deliver(self) -> None:
        """Begin to send what is due, until nothing is or the platforms have enough for now."""
        while await self._deliveries.start_due():
            pass

    async def clean_after(self, steadiness: Steadiness) -> None:
        """Clean, and erase only once the clock has gone evenly for a while: a year ahead, it would make everybody old."""
        await self.clean(erasing=steadiness.lasts(ERASES_AFTER))

    async def clean(self, *, erasing: bool = True) -> None:
        """Blank what waited too long for consent and erase what is older than the retention."""
        blanked, erased = await asyncio.get_running_loop().run_in_executor(self._executor, self._clean, erasing)
        if blanked or erased:
            logger.info("cleaned", extra={"blanked": blanked, "erased": erased})

    async def index(self) -> None:
        """Make what was said since the last round searchable, as far as one round goes."""
        round_ = self._indexer.round
        self._indexed = await asyncio.get_running_loop().run_in_executor(self._indexing, round_, self._clock())

    async def gather(self) -> None:
        """Take what the bot did not serve well into the inbox of the studio."""
        await asyncio.get_running_loop().run_in_executor(self._indexing, self._gathering.round, self._clock())

    async def measure(self) -> None:
        """Set the gauges of what waits; with the database away they keep their last value."""
        with contextlib.suppress(DatabaseProblem):
            await asyncio.get_running_loop().run_in_executor(self._executor, self._measure)

    def _clean(self, erasing: bool) -> tuple[int, int]:
        now = self._clock()
        with self._database.write() as work:
            tidy(work, now=now)
            blanked = blank_held(work, now=now, minutes=self._held_minutes)
            return blanked, erase_old(work, now=now, days=self._retention_days) if erasing else 0

    def _measure(self) -> None:
        unsent = sa.select(sa.func.count()).where(outbound.c.state.in_(("pending", "sending")))
        with self._database.read() as work:
            self._metrics.waiting.set(rows.count_waiting(work))
            self._metrics.outbox.set(work.execute(unsent).scalar_one())

    async def _rounds(self, act: Callable[[], Awaitable[None]], pause: Callable[[], Awaitable[None]]) -> None:
        while not self._ending:
            try:
                await act()
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:  # one bad row or sender must not end deliveries or retention for ever
                log_mistake(logger, "a round failed, it is tried again", error)
            await pause()

    async def _pause(self) -> None:
        await asyncio.sleep(CLEAN_EVERY_S)

    async def _index_pause(self) -> None:
        await asyncio.sleep(INDEX_GOES_ON_S if self._indexed and self._indexer.waiting else INDEX_EVERY_S)

    async def _bell(self) -> None:
        pause = self._deliveries.pause_s(DELIVER_EVERY_S)
        if pause < DELIVER_EVERY_S:  # the platform has enough: a bell cannot shorten that
            await asyncio.sleep(pause)
            return
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._feed.outgoing.wait(), pause)
        self._feed.outgoing.clear()
