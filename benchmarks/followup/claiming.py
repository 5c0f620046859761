"""How long it takes to find and claim what is due, with a thousand and with a million reminders that wait."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from benchmarks.followup.filling import Crowd, fill
from bot.database.engine import Database
from bot.database.tables import reminder
from bot.followup import reminders

DUE, ROUNDS = 20, 300
# A person has so many reminders in the largest database.
MOST_PEOPLE = 50_000


@dataclass(frozen=True)
class Times:
    """Milliseconds of each round: nothing is due; `DUE` are found and claimed; the same while a twentieth of all is due."""

    idle: list[float]
    claim: list[float]
    backlog: list[float]


def measure(database: Database, pending: int, *, now: datetime) -> Times:
    """Fill the database with `pending` reminders that wait for a later day, and measure."""
    people = min(pending, MOST_PEOPLE)
    fill(database, Crowd(tuple(range(1, people + 1)), each=pending // people), due=now + timedelta(days=30), now=now)
    gc.collect()
    chance = random.Random(7)
    idle = [_ms(lambda: _is_due(database, now)) for _ in range(ROUNDS)]
    claim = [_claimed(database, chance.sample(range(1, pending + 1), DUE), now) for _ in range(ROUNDS)]
    with database.write() as work:
        share = reminder.c.id % 20 == 0
        work.execute(sa.update(reminder).where(share).values(due_at=now - timedelta(hours=1)))
    backlog = [_ms(lambda: _claim(database, now)) for _ in range(min(ROUNDS, pending // 20 // DUE))]
    return Times(idle, claim, backlog)


def _claimed(database: Database, numbers: list[int], now: datetime) -> float:
    """Let these be due, measure how long it takes to claim them, and settle them until another day."""
    mine = reminder.c.id.in_(numbers)
    with database.write() as work:
        work.execute(sa.update(reminder).where(mine).values(due_at=now, lease_until=None))
    took = _ms(lambda: _claim(database, now))
    with database.write() as work:
        work.execute(sa.update(reminder).where(mine).values(due_at=now + timedelta(days=30), lease_until=None))
    return took


def _claim(database: Database, now: datetime) -> None:
    with database.write() as work:
        found = reminders.claim_due(work, now=now, limit=DUE)
    if len(found) != DUE:
        raise RuntimeError(f"{len(found)} were found instead of {DUE}")


def _is_due(database: Database, now: datetime) -> None:
    with database.read() as work:
        if reminders.is_due(work, now=now):
            raise RuntimeError("nothing was due")


def _ms(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)
