"""What the staff's clocks set going, every second: leases and shifts that end, replies that were put off, pages.

One look that only reads asks all of them; who has something to do gets a transaction of its own, so that none holds up another.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem, Work
from bot.duty import paging, shifts
from bot.duty.paging import Desk
from bot.handoff import claims, moving, scheduled
from bot.inbox.feed import Feed
from bot.inbox.mistakes import log_mistake
from bot.outbox import held

logger = logging.getLogger(__name__)

EVERY_S = 1.0
# A job does a little in one transaction and is asked again while there is more.
MOST_TURNS = 50


@dataclass(frozen=True)
class Job:
    """One kind of work. `asks` reads whether there is any; `acts` does it and returns how much it was."""

    name: str
    asks: Callable[[Work, Desk, datetime], bool]
    acts: Callable[[Work, Desk, datetime], int]


JOBS: tuple[Job, ...] = (
    Job(
        "leases",
        lambda work, desk, now: claims.is_lease_over(work, now),
        lambda work, desk, now: claims.end_leases(work, now, desk.content.phrases),
    ),
    Job("held", lambda work, desk, now: held.is_over(work, now), lambda work, desk, now: len(held.let_go(work, now))),
    Job("shifts", shifts.is_due, shifts.settle),
    Job(
        "snoozed", lambda work, desk, now: moving.is_somebody_awake(work, now), lambda work, desk, now: moving.wake_due(work, now)
    ),
    Job(
        "scheduled",
        lambda work, desk, now: scheduled.is_due(work, now),
        lambda work, desk, now: scheduled.send_due(work, now, desk.content.phrases),
    ),
    Job("clocks", paging.is_untimed, paging.start_clocks),
    Job("pages", lambda work, desk, now: bool(paging.look(work, desk.content.teams, now)), paging.page_due),
)


class StaffRounds:
    """Does the jobs of one gateway until it is stopped. Several gateways may: each thing is done once."""

    def __init__(  # noqa: PLR0913 - put together in one place, bot.bootstrap
        self,
        database: Database,
        *,
        content: ContentSource,
        clock: Clock,
        reading: Executor,
        executor: Executor,
        feed: Feed,
        ways: frozenset[str],
        jobs: Sequence[Job] = JOBS,
        every_s: float = EVERY_S,
    ) -> None:
        self._database, self._content, self._clock = database, content, clock
        # Looking does not queue with what writes: most rounds find nothing.
        self._reading, self._executor = reading, executor
        self._feed, self._ways, self._jobs, self._every_s = feed, ways, jobs, every_s
        self._task: asyncio.Task[None] | None = None
        self._ending = False

    def start(self) -> None:
        """Begin. Must be called on the event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, with the transaction at hand."""
        self._ending = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def round(self) -> int:
        """Do once what is due; returns how much it was. Raises DatabaseProblem."""
        loop, now, desk = asyncio.get_running_loop(), self._clock(), Desk(self._content.current(), self._ways)
        done = 0
        for job in await loop.run_in_executor(self._reading, self._look, desk, now):
            for _ in range(MOST_TURNS):
                here = await loop.run_in_executor(self._executor, self._act, job, desk, now)
                done += here
                if not here:
                    break
        if done:
            self._feed.outgoing.set()  # patients may have been told something
        return done

    def _look(self, desk: Desk, now: datetime) -> list[Job]:
        with self._database.read() as work:
            return [job for job in self._jobs if self._wants(job, work, desk, now)]

    def _wants(self, job: Job, work: Work, desk: Desk, now: datetime) -> bool:
        try:
            return job.asks(work, desk, now)
        except DatabaseProblem:
            raise
        except Exception as error:  # one job with a mistake must not keep pages from leaving
            log_mistake(logger, f"the job {job.name} cannot look, it is tried again", error)
            return False

    def _act(self, job: Job, desk: Desk, now: datetime) -> int:
        try:
            with self._database.write() as work:
                return job.acts(work, desk, now)
        except DatabaseProblem:
            raise
        except Exception as error:
            log_mistake(logger, f"the job {job.name} failed, it is tried again", error)
            return 0

    async def _run(self) -> None:
        while not self._ending:
            try:
                await self.round()
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:
                log_mistake(logger, "a round of the staff's clocks failed, it is tried again", error)
            await asyncio.sleep(self._every_s)
