"""What follow-up does again and again, driven by APScheduler; the database holds the truth, the scheduler only ticks.

Each round says in `scheduled_round` when it ran, what came of it, and when it runs next: for `daozhen followup` and its page.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.content.load import Content, ContentSource
from bot.database.engine import Database, DatabaseProblem, Work
from bot.database.once import insert_once
from bot.database.tables import checkin, scheduled_round
from bot.followup import reminders
from bot.followup.expiry import expire
from bot.followup.sending import send_due
from bot.inbox.feed import Feed
from bot.inbox.mistakes import log_mistake

logger = logging.getLogger(__name__)

# One transaction sends at most so many, so that a patient who writes meanwhile waits for one of these at most.
MOST_AT_ONCE = 20
# Between two transactions of a morning with many, others may use the database.
BREATH_S = 0.05
# A round that finds nothing to do is noted this often.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Task:
    """One round: whether there is something to do (asked without holding up anybody), and doing it."""

    name: str
    every: timedelta
    is_due: Callable[[Work, datetime], bool]
    act: Callable[[Work, Content, datetime], int]


def _send(work: Work, content: Content, now: datetime) -> int:
    done = send_due(work, content, now=now, limit=MOST_AT_ONCE)
    return done.sent + done.put_off + done.given_up


def _is_expired(work: Work, now: datetime) -> bool:
    late = sa.and_(checkin.c.state == "open", checkin.c.expires_at <= now)
    return bool(work.execute(sa.select(sa.exists().where(late))).scalar())


TASKS = (
    Task("due", timedelta(seconds=5), lambda work, now: reminders.is_due(work, now=now), _send),
    Task("unanswered", timedelta(seconds=60), _is_expired, lambda work, content, now: expire(work, content, now=now)),
)


class Rounds:
    """Runs the tasks on a gateway. Several gateways may: what is claimed by one is not seen by the others."""

    def __init__(self, database: Database, *, content: ContentSource, feed: Feed, clock: Clock, executor: Executor) -> None:
        self._database, self._content, self._feed = database, content, feed
        self._clock, self._executor = clock, executor
        self._scheduler: Any = None
        self._noted: dict[str, datetime] = {}

    def start(self) -> None:
        """Begin to tick. Must be called on the event loop."""
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for task in TASKS:
            self._scheduler.add_job(self.run, "interval", args=[task], id=task.name, seconds=task.every.total_seconds())
        self._scheduler.start()

    async def stop(self) -> None:
        """End the ticking; a transaction that has begun is finished by its thread."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)

    async def run(self, task: Task) -> int:
        """Do one round and return how much was done. A round that fails is noted and tried again."""
        loop, did = asyncio.get_running_loop(), 0
        try:
            while (count := await loop.run_in_executor(self._executor, self._once, task)) > 0:
                did += count
                self._feed.outgoing.set()
                await asyncio.sleep(BREATH_S)
            await loop.run_in_executor(self._executor, self._note, task, did, "")
        except DatabaseProblem as problem:
            logger.error("follow-up waits: %s", problem)
        except Exception as error:  # one bad row must not stop the reminders of everybody
            log_mistake(logger, "a round of follow-up failed, it is tried again", error)
            with contextlib.suppress(DatabaseProblem):
                await loop.run_in_executor(self._executor, self._note, task, did, type(error).__name__)
        return did

    def _once(self, task: Task) -> int:
        now = self._clock()
        with self._database.read() as work:
            if not task.is_due(work, now):
                return 0
        with self._database.write() as work:
            return task.act(work, self._content.current(), now)

    def _note(self, task: Task, did: int, problem: str) -> None:
        now = self._clock()
        quiet = not did and not problem and now - self._noted.get(task.name, now - NOTED_EVERY) < NOTED_EVERY
        if quiet:
            return
        self._noted[task.name] = now
        with self._database.write() as work:
            note(work, task, did=did, problem=problem, now=now)


def note(work: Work, task: Task, *, did: int, problem: str, now: datetime) -> None:
    """Write down what came of a round."""
    insert_once(work, scheduled_round, {"name": task.name, "did": 0, "failed": 0})
    failed = scheduled_round.c.failed + 1 if problem else 0
    values = {"ran_at": now, "next_at": now + task.every, "did": did, "failed": failed, "problem": problem or None}
    work.execute(sa.update(scheduled_round).where(scheduled_round.c.name == task.name).values(**values))


def seen(work: Work) -> tuple[dict[str, Any], ...]:
    """Return what the rounds did last and when they run next."""
    columns = [scheduled_round.c[name] for name in ("name", "ran_at", "next_at", "did", "failed", "problem")]
    return tuple(dict(row._mapping) for row in work.execute(sa.select(*columns).order_by(scheduled_round.c.name)))
