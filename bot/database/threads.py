"""The threads that work with the database. What is more urgent goes first; what has begun is finished.

Python runs one thread at a time: with several busy ones each waits for the others at every statement, and an acknowledgement with
them. SQLite has one writer anyway, so one thread does it all and a message that comes waits for one transaction at most.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from enum import IntEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Urgency(IntEnum):
    """Who waits for it: a platform for its acknowledgement, a person at a page or a message to be sent, or nobody at once."""

    RECEIVING = 0
    ASKED = 1
    LANES = 2
    ENDING = 3


class Threads:
    """Some threads with one queue. `of` gives the executor for one urgency."""

    def __init__(self, count: int, *, name: str) -> None:
        # The number keeps the order within an urgency, and jobs from being compared.
        self._jobs: queue.PriorityQueue[tuple[Urgency, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._ended = False
        self._threads = [threading.Thread(target=self._work, name=f"{name}_{number}", daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def of(self, urgency: Urgency) -> Executor:
        """Return an executor whose jobs have this urgency."""
        return _Queue(self, urgency)

    def shutdown(self, *, wait: bool = True) -> None:
        """Finish what waits, and take nothing more."""
        self._ended = True
        for _ in self._threads:
            self._jobs.put((Urgency.ENDING, next(self._numbers), None))
        for thread in self._threads if wait else ():
            thread.join()

    def put(self, urgency: Urgency, job: Callable[[], None]) -> None:
        """Let `job` be done when its turn comes. Raises RuntimeError after `shutdown`."""
        if self._ended:
            raise RuntimeError("the threads of the database have ended")
        self._jobs.put((urgency, next(self._numbers), job))

    def _work(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()
            del job  # else the last message stays in memory until the next comes


class _Queue(Executor):
    def __init__(self, threads: Threads, urgency: Urgency) -> None:
        self._threads, self._urgency = threads, urgency

    def submit(self, act: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = act(*arguments, **named)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._threads.put(self._urgency, run)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._threads.shutdown(wait=wait)
