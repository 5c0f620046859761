"""What follow-up does again and again, driven by APScheduler; the database holds the truth, the scheduler only ticks.

Each round says in `scheduled_round` when it ran, what came of it, and when it runs next: for `daozhen followup` and its page.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem, Work
from bot.database.once import insert_once
from bot.database.tables import scheduled_round
from bot.followup import checkins, enrolments, reminders
from bot.followup.expiry import expire_in
from bot.followup.sending import Terms, claim, send_to
from bot.inbox.feed import Feed
from bot.inbox.mistakes import log_mistake
from bot.outbox import store
from bot.outbox.sender import Sender

logger = logging.getLogger(__name__)

T = TypeVar("T")

# So many are claimed at once; each is then seen to in a transaction of its own, so that a patient who writes waits for one.
MOST_AT_ONCE = 20
# Between two of them others may use the database.
BREATH_S = 0.002
# A reminder that was read back and not said yes to for so long is not wanted.
CONFIRMED_WITHIN = timedelta(days=1)
# A round that finds nothing to do is noted this often.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Task:
    """One round. `find`: what is to be done, looked up without holding up anybody unless it `claims`; `act`: one of these."""

    name: str
    every: timedelta
    is_due: Callable[[Work, datetime], bool]
    find: Callable[[Work, datetime], Sequence[Any]]
    act: Callable[[Work, Any, Terms], int]


def _send(work: Work, chat: str, terms: Terms) -> int:
    done = send_to(work, chat, terms)
    return done.sent + done.put_off + done.given_up


def _drop(work: Work, number: int, terms: Terms) -> int:
    """Give up a reminder that has not left in time: held back by the platform, or by its pace."""
    dropped = store.drop_expired(work, number)
    if dropped:
        reminders.undelivered(work, number, now=terms.now)
    return int(dropped)


def _not_wanted(work: Work, number: int, terms: Terms) -> int:
    return int(enrolments.stop(work, number, because="declined", who="bot", now=terms.now))


TASKS = (
    Task(
        "due",
        timedelta(seconds=5),
        lambda work, now: reminders.is_due(work, now=now),
        lambda work, now: claim(work, now=now, limit=MOST_AT_ONCE),
        _send,
    ),
    Task(
        "undelivered",
        timedelta(seconds=60),
        lambda work, now: bool(store.expired(work, now=now, limit=1)),
        lambda work, now: store.expired(work, now=now),
        _drop,
    ),
    Task(
        "unanswered",
        timedelta(seconds=60),
        lambda work, now: checkins.is_expired(work, now=now),
        lambda work, now: checkins.chats_of_expired(work, now=now),
        lambda work, chat, terms: expire_in(work, chat, terms.content, now=terms.now),
    ),
    Task(
        "unconfirmed",
        timedelta(minutes=10),
        lambda work, now: bool(enrolments.unanswered_before(work, now - CONFIRMED_WITHIN, limit=1)),
        lambda work, now: enrolments.unanswered_before(work, now - CONFIRMED_WITHIN, limit=MOST_AT_ONCE),
        _not_wanted,
    ),
)


class Rounds:
    """Runs the tasks on a gateway. Several gateways may: what is claimed by one is not seen by the others."""

    def __init__(
        self,
        database: Database,
        *,
        content: ContentSource,
        feed: Feed,
        clock: Clock,
        executor: Executor,
        senders: Mapping[str, Sender],
    ) -> None:
        self._database, self._content, self._feed = database, content, feed
        self._clock, self._executor, self._senders = clock, executor, senders
        self._scheduler: Any = None
        self._noted: dict[str, datetime] = {}
        self._busy: dict[str, asyncio.Task[int]] = {}
        self._ending = False

    def start(self) -> None:
        """Begin to tick. Must be called on the event loop."""
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for task in TASKS:
            self._scheduler.add_job(self._tick, "interval", args=[task], id=task.name, seconds=task.every.total_seconds())
        self._scheduler.start()

    async def stop(self) -> None:
        """End the ticking, and finish what has begun: of a morning with many the one that is seen to now."""
        self._ending = True
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _tick(self, task: Task) -> None:
        """Begin a round, unless the one before goes on: a morning with many takes longer than until the next tick."""
        running = self._busy.get(task.name)
        if running is None or running.done():
            self._busy[task.name] = asyncio.create_task(self.run(task))

    async def run(self, task: Task) -> int:
        """Do one round and return how much was done. A round that fails is noted and tried again."""
        did, problem = 0, ""
        try:
            did, whole = await self._all(task)
            problem = "" if whole else "Mistake"
        except DatabaseProblem as trouble:
            logger.error("follow-up waits: %s", trouble)
            return did
        except Exception as error:
            log_mistake(logger, "a round of follow-up failed, it is tried again", error)
            problem = type(error).__name__
        with contextlib.suppress(DatabaseProblem):
            await self._in_thread(self._note, task, did, problem)
        return did

    async def _all(self, task: Task) -> tuple[int, bool]:
        """See to all that is to be done, one after the other; returns how much was done, and whether nothing failed."""
        did, failed = 0, set[Hashable]()
        while found := [one for one in await self._in_thread(self._find, task) if one not in failed]:
            for one in found:
                if self._ending:
                    return did, not failed
                count = await self._in_thread(self._act, task, one)
                did += count or 0
                failed |= {one} if count is None else set()
                self._feed.outgoing.set()
                await asyncio.sleep(BREATH_S)
        return did, not failed

    def _in_thread(self, act: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._executor, act, *arguments)

    def _find(self, task: Task) -> Sequence[Any]:
        now = self._clock()
        with self._database.read() as work:
            if not task.is_due(work, now):
                return ()
        with self._database.write() as work:
            return task.find(work, now)

    def _act(self, task: Task, one: Any) -> int | None:
        """See to one; None: it failed, which must not stop the others' reminders. In this round it is not tried again."""
        try:
            with self._database.write() as work:
                return task.act(work, one, Terms(self._content.current(), self._clock(), self._senders))
        except DatabaseProblem:
            raise
        except Exception as error:
            log_mistake(logger, "one of a round of follow-up failed, it is tried again", error)
            return None

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
