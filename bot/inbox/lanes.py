"""One lane per conversation: its messages are handled one at a time and in order, lanes run side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from bot.clock import Clock
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem
from bot.inbox import handle, rows
from bot.inbox.assistant import Assistant, AssistantUnavailable
from bot.inbox.feed import Feed
from bot.inbox.handle import Handling, Known, Rules
from bot.inbox.here import answer_here
from bot.inbox.metrics import Metrics
from bot.inbox.ownership import Ownership
from bot.messages import Answer

logger = logging.getLogger(__name__)

T = TypeVar("T")

# How often messages are looked for that nobody woke a lane for: after a crash, or left by another gateway.
SWEEP_S = 1.0
# Turns at the assistant at once; it works on one at a time, the rest is for its waiting on the action server.
TURNS_AT_ONCE = 8


class Lanes:
    """Runs the lanes of this process. What is to be done stands in the database; a lane that dies is taken up again."""

    def __init__(  # noqa: PLR0913 - put together in one place, bot.bootstrap
        self,
        database: Database,
        *,
        content: ContentSource,
        assistant: Assistant,
        feed: Feed,
        ownership: Ownership,
        clock: Clock,
        executor: Executor,
        metrics: Metrics,
        retention_days: int,
    ) -> None:
        self._database, self._content, self._assistant = database, content, assistant
        self._feed, self._ownership, self._clock = feed, ownership, clock
        self._executor, self._metrics, self._retention_days = executor, metrics, retention_days
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._stopping = asyncio.Event()

    def wake(self, conversation_id: str) -> None:
        """See to the waiting messages of a conversation. Must be called on the event loop."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
        elif not self._stopping.is_set():
            self._running[conversation_id] = asyncio.create_task(self._run(conversation_id))

    async def sweep(self) -> None:
        """Wake the lanes of all conversations with unhandled messages."""

        def waiting() -> list[str]:
            with self._database.read() as work:
                return rows.waiting_conversations(work)

        for conversation_id in await self._in_thread(waiting):
            if conversation_id not in self._running:
                self.wake(conversation_id)

    async def sweep_forever(self) -> None:
        """Sweep once a second until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.sweep()
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            try:
                await asyncio.wait_for(self._stopping.wait(), SWEEP_S)
            except asyncio.TimeoutError:
                continue

    async def idle(self) -> None:
        """Wait until no lane is running."""
        while self._running:
            await asyncio.wait(set(self._running.values()))

    async def stop(self) -> None:
        """Finish the messages at hand and start no new ones."""
        self._stopping.set()
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(self, conversation_id: str) -> None:
        try:
            if await self._in_thread(lambda: self._ownership.acquire(conversation_id)):
                try:
                    while not self._stopping.is_set() and await self._step(conversation_id):
                        self._again.discard(conversation_id)
                finally:
                    await asyncio.shield(self._in_thread(lambda: self._ownership.release(conversation_id)))
        except DatabaseProblem as error:
            logger.error("a lane stopped, it is taken up again: %s", error)
        except Exception as error:  # a mistake of ours must not stop the lane for ever, and may quote patient words
            logger.error("a lane failed, it is taken up again", extra={"error": type(error).__name__, "at": _place(error)})
        finally:
            del self._running[conversation_id]
            if conversation_id in self._again and not self._stopping.is_set():
                self._again.discard(conversation_id)
                self.wake(conversation_id)

    async def _step(self, conversation_id: str) -> bool:
        """Handle the next message; returns False when nothing waits."""
        known = await self._in_thread(lambda: self._take(conversation_id))
        if known is None:
            return False
        wait = 0.0 if known.row.not_before is None else (known.row.not_before - self._clock()).total_seconds()
        if wait > 0:
            await asyncio.sleep(min(wait, SWEEP_S))
            return True
        if handle.needs_assistant(known, self._clock()):
            await self._with_assistant(known)
        else:
            await self._in_transaction(known, answer_here)
            self._metrics.handled.labels("here").inc()
        self._feed.tell(conversation_id, "message")
        return True

    async def _with_assistant(self, known: Known) -> None:
        self._feed.tell(known.conversation.id, "typing_on")
        try:
            answer = await self._ask(known)
        finally:
            self._feed.tell(known.conversation.id, "typing_off")
        if answer is not None:
            await self._in_transaction(known, lambda handling: handle.answer_with(handling, answer))
            self._metrics.handled.labels("assistant").inc()
        elif handle.is_poison(known, assistant_ready=await self._assistant.ready(), now=self._clock()):
            await self._in_transaction(known, handle.give_to_person)
            self._metrics.handled.labels("person").inc()
        else:
            await self._in_transaction(known, handle.put_off)

    async def _ask(self, known: Known) -> Answer | None:
        async with self._turns:
            with self._metrics.assistant_seconds.time():
                try:
                    answer = await self._assistant.answer(handle.turn_of(known))
                except AssistantUnavailable:
                    self._metrics.assistant_up.set(0)
                    return None
        self._metrics.assistant_up.set(1)
        return answer

    def _take(self, conversation_id: str) -> Known | None:
        with self._database.read() as work:
            return handle.take(work, conversation_id)

    async def _in_transaction(self, known: Known, act: Callable[[Handling], T]) -> T:
        def run() -> T:
            rules = Rules(self._content.current(), self._retention_days, self._clock())
            with self._database.write() as work:
                return act(Handling(work, known, rules))

        # Shielded: a stop waits for a transaction that has begun.
        return await asyncio.shield(self._in_thread(run))

    async def _in_thread(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, act)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
