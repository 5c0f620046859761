"""One lane per conversation: its messages are handled one at a time and in order, lanes run side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from bot.clock import Clock
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem
from bot.inbox import handle, rows
from bot.inbox.answered import answer_with
from bot.inbox.assistant import Assistant, AssistantUnavailable
from bot.inbox.feed import Feed
from bot.inbox.followup import answer_checkin, may_answer
from bot.inbox.handle import Handling, Known, Rules
from bot.inbox.here import answer_here
from bot.inbox.metrics import Metrics
from bot.inbox.mistakes import log_mistake
from bot.inbox.offers import answer_offer
from bot.inbox.own import may_order, obey_order
from bot.inbox.ownership import Ownership
from bot.inbox.trouble import Trouble
from bot.messages import Answer
from bot.privacy.erase import forget_leftovers

logger = logging.getLogger(__name__)

T = TypeVar("T")

# How often messages are looked for that nobody woke a lane for: after a crash, or left by another gateway.
SWEEP_S = 1.0
# Younger messages are left to the gateway that received them.
SWEEP_OLDER_THAN = timedelta(seconds=2)
# Turns at the assistant at once; it works on few at a time, and encodes together what waits there.
TURNS_AT_ONCE = 16
# An answer that takes longer than this lets words that always work overtake.
PATIENCE_S = 1.0
# Most answers are there sooner: a sign that only flashes up helps nobody.
TYPING_AFTER_S = 0.3


@dataclass
class _Lane:
    """A lane that runs. `woken`: look at the database again. `resting`: it waits for the assistant to come back."""

    conversation_id: str
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    resting: bool = False
    hurry: bool = False  # the assistant is back: do not sit out the pause
    task: asyncio.Task[None] | None = None


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
        self._trouble = Trouble(assistant, on_back=self._hurry)
        self._running: dict[str, _Lane] = {}
        # Messages that this process received and that nobody can have asked the assistant about.
        self._fresh: set[int] = set()
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._stopping = asyncio.Event()

    def wake(self, conversation_id: str, *, received: int | None = None) -> None:
        """See to the waiting messages of a conversation. Must be called on the event loop."""
        if received is not None:
            self._fresh.add(received)
        lane = self._running.get(conversation_id)
        if lane is not None:
            lane.woken.set()
        elif not self._stopping.is_set():
            lane = self._running[conversation_id] = _Lane(conversation_id)
            lane.task = asyncio.create_task(self._run(lane))

    async def sweep(self) -> None:
        """Wake the lanes of all conversations whose messages nobody sees to; after an outage, wake all."""
        older = self._clock() - SWEEP_OLDER_THAN

        def waiting() -> list[str]:
            with self._database.read() as work:
                return rows.waiting_conversations(work, since_before=older)

        for conversation_id in await self._in_thread(waiting):
            if conversation_id not in self._running:
                self.wake(conversation_id)
        self._metrics.degraded.set(await self._trouble.is_down())

    def _hurry(self) -> None:
        for lane in self._running.values():
            lane.hurry = lane.resting
            lane.woken.set()

    async def sweep_forever(self) -> None:
        """Sweep once a second until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.sweep()
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:
                log_mistake(logger, "a sweep failed", error)
            try:
                await asyncio.wait_for(self._stopping.wait(), SWEEP_S)
            except asyncio.TimeoutError:
                continue

    async def idle(self) -> None:
        """Wait until no lane is working; one that waits for the assistant to come back does not count."""
        while any(lane.woken.is_set() or not lane.resting for lane in self._running.values()):
            await asyncio.sleep(0.002)

    async def idle_in(self, conversation_id: str) -> None:
        """Wait until the lane of one conversation has ended, if it runs."""
        while (lane := self._running.get(conversation_id)) is not None and lane.task is not None:
            await asyncio.wait({lane.task})

    async def stop(self) -> None:
        """Finish the transactions at hand and start no new ones."""
        self._stopping.set()
        tasks = [lane.task for lane in self._running.values() if lane.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, lane: _Lane) -> None:
        try:
            if await self._acquire(lane.conversation_id):
                try:
                    while not self._stopping.is_set() and await self._step(lane):
                        continue
                finally:
                    await self._release(lane.conversation_id)
            else:
                self._fresh.clear()  # another gateway works on it, and may ask about any message from now on
        except DatabaseProblem as error:
            lane.woken.clear()  # the sweep takes it up again, not faster than once a second
            logger.error("a lane stopped, it is taken up again: %s", error)
        except Exception as error:  # a mistake of ours must not stop the lane for ever, and may quote patient words
            lane.woken.clear()
            log_mistake(logger, "a lane failed, it is taken up again", error)
        finally:
            del self._running[lane.conversation_id]
            if lane.woken.is_set():
                self.wake(lane.conversation_id)

    async def _acquire(self, conversation_id: str) -> bool:
        if self._ownership.alone:
            return True
        return await self._in_thread(lambda: self._ownership.acquire(conversation_id))

    async def _release(self, conversation_id: str) -> None:
        if not self._ownership.alone:
            await asyncio.shield(self._in_thread(lambda: self._ownership.release(conversation_id)))

    async def _step(self, lane: _Lane) -> bool:
        """Handle the next message; returns False when nothing waits."""
        lane.woken.clear()
        known = await self._in_thread(lambda: self._take(lane.conversation_id))
        if known is None:
            return False
        if not handle.needs_assistant(known, self._clock()):
            await self._here(known)
            return True
        if (may_answer(known) or may_order(known)) and await self._answers_followup(known):
            return True
        wait = 0.0 if known.row.not_before is None else (known.row.not_before - self._clock()).total_seconds()
        if wait > 0 and not lane.hurry:
            await _rest(lane, wait)
            return True
        lane.hurry = False
        if not await self._trouble.is_down():
            return not await self._with_assistant(lane, known) or self._may_have_more(lane, known)
        if known.conversation.told_waiting:
            # Many may be waiting: until it is back nothing is written and the database is left in peace.
            await _rest(lane, handle.RETRY_LONGEST.total_seconds())
        else:
            await self._in_transaction(known, handle.put_off)
        return True

    def _may_have_more(self, lane: _Lane, known: Known) -> bool:
        # Whatever came since has woken the lane; only from another gateway it may have come in silence. One look at the
        # database less for each message.
        return not known.is_last or lane.woken.is_set() or not self._ownership.alone

    async def _here(self, known: Known) -> None:
        answered = False

        def act(handling: Handling) -> None:
            nonlocal answered
            # A nurse may have gone since: then nobody is there to read it, and it is looked at again.
            answered = not handle.needs_assistant(handling.known, handling.rules.now)
            if answered:
                answer_here(handling)

        if await self._in_transaction(known, act) and answered:
            self._metrics.handled.labels("here").inc()

    async def _answers_followup(self, known: Known) -> bool:
        """Take the message as an answer to a question of follow-up; False when it is none."""
        answered = False

        def act(handling: Handling) -> None:
            nonlocal answered
            answered = answer_offer(handling) or (may_order(known) and obey_order(handling)) or answer_checkin(handling)

        done = await self._in_transaction(known, act)
        if done and answered:
            self._metrics.handled.labels("followup").inc()
        return not done or answered

    async def _with_assistant(self, lane: _Lane, known: Known) -> bool:
        """Answer with the assistant; returns False when the message still waits, or somebody else answered it."""
        answer = await self._ask_and_let_overtake(lane, known)
        if answer is not None:
            self._trouble.answered(known.row.id)
            since = known.conversation.nurse_since
            done = await self._in_transaction(known, lambda handling: answer_with(handling, answer, handed_back=since))
            if done:
                self._metrics.handled.labels("assistant").inc()
            else:
                await self._in_thread(lambda: self._forget_leftovers(known.conversation.id))
            return done
        if await self._trouble.is_poison(known.row.id):
            done = await self._in_transaction(known, handle.give_to_person)
            if done:
                self._metrics.handled.labels("person").inc()
            return done
        await self._in_transaction(known, handle.put_off)
        return False

    async def _ask_and_let_overtake(self, lane: _Lane, known: Known) -> Answer | None:
        asking = asyncio.ensure_future(self._ask(known))
        try:
            await asyncio.wait({asking}, timeout=PATIENCE_S)
            while not asking.done():
                lane.woken.clear()
                overtaking = await self._in_thread(lambda: self._take_overtaking(lane.conversation_id))
                if overtaking is not None:
                    await self._here(overtaking)
                    continue
                waking = asyncio.ensure_future(lane.woken.wait())
                await asyncio.wait({asking, waking}, return_when=asyncio.FIRST_COMPLETED)
                waking.cancel()
            return asking.result()
        finally:
            asking.cancel()

    async def _ask(self, known: Known) -> Answer | None:
        conversation_id = known.conversation.id
        async with self._turns:
            fresh = known.row.id in self._fresh
            self._fresh.discard(known.row.id)
            typing = asyncio.get_running_loop().call_later(TYPING_AFTER_S, self._feed.tell, conversation_id, "typing_on")
            try:
                with self._metrics.assistant_seconds.time():
                    return await self._assistant.answer(handle.turn_of(known, asked_before=not fresh))
            except AssistantUnavailable:
                return None
            except Exception as error:  # an answer that is none must not stop the lane
                log_mistake(logger, "the assistant gave no answer", error)
                return None
            finally:
                typing.cancel()
                # Asked of the feed, not of a clock: a timer that has just fired may be ahead of one's own count.
                if self._feed.is_typing(conversation_id):
                    self._feed.tell(conversation_id, "typing_off")

    def _take(self, conversation_id: str) -> Known | None:
        with self._database.read() as work:
            return handle.take(work, conversation_id, now=self._clock())

    def _forget_leftovers(self, conversation_id: str) -> None:
        with self._database.write() as work:
            forget_leftovers(work, conversation_id)

    def _take_overtaking(self, conversation_id: str) -> Known | None:
        with self._database.read() as work:
            return handle.take_overtaking(work, conversation_id, while_asking=True)

    async def _in_transaction(self, known: Known, act: Callable[[Handling], object]) -> bool:
        """Run `act` in one transaction; False when the message was handled or erased meanwhile."""

        def run() -> bool:
            rules = Rules(self._content.current(), self._retention_days, self._clock())
            with self._database.write() as work:
                now_known = handle.again(work, known)
                if now_known is None:
                    return False
                act(Handling(work, now_known, rules))
                return True

        self._fresh.discard(known.row.id)
        # Shielded: a stop waits for a transaction that has begun.
        done = await asyncio.shield(self._in_thread(run))
        self._feed.tell(known.conversation.id, "message")
        return done

    def _in_thread(self, act: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._executor, act)


async def _rest(lane: _Lane, seconds: float) -> None:
    lane.resting = True
    try:
        await asyncio.wait_for(lane.woken.wait(), seconds)
    except asyncio.TimeoutError:
        pass
    finally:
        lane.resting = False
