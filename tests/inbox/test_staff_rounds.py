"""The rounds of the staff's clocks: one job with a mistake holds up no other, and much work is done in short transactions."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from bot.inbox.feed import Feed
from bot.inbox.staff_rounds import JOBS, Job, StaffRounds
from tests.contents import content_source

NOW = datetime(2026, 11, 25, 3, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def source():
    return content_source()


def rounds(database, source, *jobs: Job, every_s: float = 0.01) -> StaffRounds:
    threads = ThreadPoolExecutor(2)
    return StaffRounds(
        database, content=source, clock=lambda: NOW, reading=threads, executor=threads, feed=Feed(), ways=frozenset(), jobs=jobs, every_s=every_s
    )  # fmt: skip


def job(acts, asks=lambda work, desk, now: True, name: str = "job") -> Job:
    return Job(name, asks, acts)


def broken(*_: object) -> int:
    raise LookupError("zebra")


async def test_a_job_with_a_mistake_does_not_keep_the_next_from_its_work(database, source, caplog):
    done = []
    left = iter((1, 0))

    def works(work, desk, now):
        done.append(now)
        return next(left)

    assert await rounds(database, source, job(broken), job(works, name="next")).round() == 1
    assert done == [NOW, NOW]
    assert "job failed" in caplog.text and "zebra" not in caplog.text


async def test_a_job_that_cannot_look_does_not_keep_the_next_from_its_work(database, source):
    left = iter((1, 0))
    found = rounds(database, source, job(broken, asks=broken), job(lambda *_: next(left)))
    assert await found.round() == 1


async def test_much_is_done_in_turns_and_the_bell_for_deliveries_rings(database, source):
    left = iter((20, 20, 3, 0))
    running = rounds(database, source, job(lambda *_: next(left)))
    assert await running.round() == 43
    assert running._feed.outgoing.is_set()


async def test_nothing_to_do_writes_nothing_and_rings_no_bell(database, source):
    running = rounds(database, source, job(broken, asks=lambda *_: False), *JOBS)
    assert await running.round() == 0
    assert not running._feed.outgoing.is_set()


async def test_it_goes_on_after_a_round_that_failed_and_ends_when_it_is_told(database, source):
    seen = asyncio.Event()
    loop = asyncio.get_running_loop()

    def works(*_: object) -> int:
        loop.call_soon_threadsafe(seen.set)
        return 0

    running = rounds(database, source, job(broken), job(works))
    running.start()
    await asyncio.wait_for(seen.wait(), 10)
    seen.clear()
    await asyncio.wait_for(seen.wait(), 10)
    await running.stop()
    assert running._task is not None and running._task.done()
