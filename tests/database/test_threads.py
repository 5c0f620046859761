"""The threads of the database: what is urgent goes first, nothing is lost, and an error is the caller's."""

from __future__ import annotations

import threading

import pytest

from bot.database.threads import Threads, Urgency


@pytest.fixture
def busy():
    """One thread that is busy until the event is set, so that a queue forms behind it."""
    threads, gate, begun = Threads(1, name="test"), threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        gate.wait(5)

    threads.of(Urgency.LANES).submit(wait)
    assert begun.wait(5)
    yield threads, gate
    gate.set()
    threads.shutdown()


def test_what_is_urgent_goes_first_and_within_an_urgency_the_order_holds(busy):
    threads, gate = busy
    done: list[str] = []
    for urgency in (Urgency.LANES, Urgency.ASKED, Urgency.RECEIVING):
        for number in (1, 2):
            threads.of(urgency).submit(done.append, f"{urgency.name} {number}")
    gate.set()
    threads.shutdown()
    assert done == ["RECEIVING 1", "RECEIVING 2", "ASKED 1", "ASKED 2", "LANES 1", "LANES 2"]


def test_what_waits_at_the_end_is_finished_and_nothing_more_is_taken(busy):
    threads, gate = busy
    late = threads.of(Urgency.LANES).submit(lambda: "done")
    gate.set()
    threads.shutdown()
    assert late.result(timeout=0) == "done"
    with pytest.raises(RuntimeError):
        threads.of(Urgency.RECEIVING).submit(print)


def test_what_was_called_off_in_time_is_not_done(busy):
    threads, gate = busy
    done: list[int] = []
    threads.of(Urgency.LANES).submit(done.append, 1).cancel()
    threads.of(Urgency.LANES).submit(done.append, 2)
    gate.set()
    threads.shutdown()
    assert done == [2]


def test_an_error_is_the_callers_and_the_thread_goes_on():
    threads = Threads(1, name="test")
    failing = threads.of(Urgency.ASKED).submit(lambda: 1 / 0)
    working = threads.of(Urgency.ASKED).submit(lambda: 7)
    assert working.result(timeout=5) == 7 and isinstance(failing.exception(timeout=5), ZeroDivisionError)
    threads.shutdown()
