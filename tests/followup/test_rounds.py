"""What the gateway does again and again: one chat after the other, none stops the others, and it is written down what came of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import outbound, reminder
from bot.followup import rounds
from bot.followup.rounds import TASKS, Rounds, Task, seen
from bot.followup.sending import claim, send_to
from bot.inbox.feed import Feed
from tests.contents import content_source
from tests.followup.years import START, enrol, person

DUE = TASKS[0]
MORNING = START + timedelta(days=1, hours=3, minutes=20)


@pytest.fixture
def make(database):
    """Make the rounds of a gateway at a time of our choice."""
    executor = ThreadPoolExecutor(1)
    yield lambda now=MORNING: Rounds(
        database, content=content_source(), feed=Feed(), clock=lambda: now, executor=executor, senders={}
    )
    executor.shutdown()


@pytest.fixture
def people(database, content):
    with database.write() as work:
        for number in range(1, 31):
            person(work, number)
            enrol(work, content, "after_operation", number)


def sent(database):
    with database.read() as work:
        return sorted(work.execute(sa.select(outbound.c.conversation_id)).scalars())


def chats(count):
    return sorted(f"c{number}" for number in range(1, count + 1))


async def test_one_round_sees_to_all_that_is_due_and_says_what_it_did(database, people, make):
    assert await make().run(DUE) == 30
    assert sent(database) == chats(30)
    with database.read() as work:
        (noted,) = seen(work)
    assert (noted["name"], noted["did"], noted["failed"], noted["problem"]) == ("due", 30, 0, None)
    assert noted["next_at"] - noted["ran_at"] == DUE.every


async def test_what_is_not_due_is_left(database, people, make):
    assert await make(START).run(DUE) == 0 and sent(database) == []


async def test_a_chat_that_fails_does_not_stop_the_others_and_is_tried_again(database, people, make, monkeypatch):
    def fails_on_one(work, chat, terms):
        if chat == "c7":
            raise ZeroDivisionError
        return send_to(work, chat, terms).sent

    task = Task(DUE.name, DUE.every, DUE.is_due, DUE.find, fails_on_one)
    assert await make().run(task) == 29 and "c7" not in sent(database)
    with database.read() as work:
        assert [(one["failed"], one["problem"]) for one in seen(work)] == [(1, "Mistake")]
    later = MORNING + timedelta(minutes=2)  # the lease is over
    assert await make(later).run(DUE) == 1 and sent(database) == chats(30)


async def test_while_a_round_goes_on_no_second_one_begins_and_an_end_finishes_what_has_begun(database, people, make, monkeypatch):
    monkeypatch.setattr(rounds, "BREATH_S", 0.001)
    begun, going = [], make()
    task = Task(DUE.name, DUE.every, DUE.is_due, lambda work, now: begun.append(now) or claim(work, now=now, limit=100), DUE.act)
    await going._tick(task)
    while not sent(database):
        await asyncio.sleep(0.001)
    await going._tick(task)
    await going.stop()
    assert len(begun) == 1 and 1 <= len(sent(database)) < 30
    with database.read() as work:
        # Whoever was claimed and not seen to is due again after the lease.
        assert set(work.execute(sa.select(reminder.c.state).where(reminder.c.lease_until.isnot(None))).scalars()) == {"waiting"}
