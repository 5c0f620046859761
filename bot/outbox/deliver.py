"""Sends what is due, as fast as the platforms let us. A slow or broken message holds up nobody else's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from bot.database.engine import Database
from bot.followup import reminders
from bot.handoff.cases import note_unreachable
from bot.inbox.mistakes import log_mistake
from bot.outbox.sender import Closed, OutboundMessage, Parked, Sender, SendError, Transient, pace_of
from bot.outbox.store import ANSWER, EMERGENCY, REMINDER, claim_due, drop_waiting, mark_failed, mark_sent, put_back

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Messages on their way at once; a platform that hangs takes its time-out for each.
MOST_FLYING = 64
# So many of these are kept for what somebody waits for: reminders to a platform that hangs must not hold up an emergency.
KEPT_FREE = 8
LANDS_WITHIN_S = 3.0


class Deliveries:
    """What is on its way. `landed` is called after each, since the next of that person may be due then."""

    def __init__(
        self,
        database: Database,
        *,
        senders: Mapping[str, Sender],
        clock: Clock,
        landed: Callable[[], None] = lambda: None,
        executor: Executor | None = None,
    ) -> None:
        self._database, self._senders, self._clock, self._landed = database, senders, clock, landed
        self._executor = executor
        self._flying: set[asyncio.Task[None]] = set()

    async def start_due(self) -> int:
        """Begin to send what is due, as far as there is room; returns how many were begun or found too early.

        A crash at any moment loses nothing (see `claim_due`).
        """
        begun = 0
        for channel, sender in self._senders.items():
            room = MOST_FLYING - len(self._flying)
            pace = pace_of(sender)
            paced = room if pace is None else min(room, pace.room())
            # What is more urgent is claimed first in either case.
            for least, free in ((REMINDER, room - KEPT_FREE), (ANSWER, room)):
                if min(free, paced) > 0:
                    begun += await self._start(channel, min(free, paced), least)
                    break
        return begun

    def pause_s(self, longest: float) -> float:
        """Return the seconds until looking again is worth it, when nothing rings before."""
        paces = [pace for pace in map(pace_of, self._senders.values()) if pace is not None]
        return min([longest, *(max(pace.soonest(), 0.01) for pace in paces if not pace.room())])

    async def land(self, within_s: float | None = None) -> None:
        """Wait until all that is on its way has arrived or failed."""
        if self._flying:
            _, late = await asyncio.wait(set(self._flying), timeout=within_s)
            for task in late:  # due again after its lease
                task.cancel()

    async def _start(self, channel: str, room: int, least: int) -> int:
        def claim() -> tuple[OutboundMessage, ...]:
            with self._database.write() as work:
                return claim_due(work, channels=frozenset({channel}), now=self._clock(), limit=room, least=least)

        claimed = await self._in_thread(claim)
        for message in claimed:
            pace = pace_of(self._senders[channel])
            rest = 0.0 if pace is None else pace.wait(message.lane, urgent=message.priority == EMERGENCY)
            if rest > 0:
                await self._in_thread(self._put_back, message, rest)
                continue
            if pace is not None:
                pace.took(message.lane)
            task = asyncio.create_task(self._fly(message))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return len(claimed)

    async def _fly(self, message: OutboundMessage) -> None:
        try:
            await self._send(message)
        except Exception as error:  # a mistake of ours in one message must not end deliveries for ever
            log_mistake(logger, "a round failed, it is tried again", error)
        finally:
            self._landed()

    async def _send(self, message: OutboundMessage) -> None:
        try:
            platform_id = await self._senders[message.channel].send(message)
        except SendError as error:
            pace = pace_of(self._senders[message.channel])
            if pace is not None and isinstance(error, Transient) and error.retry_after is not None:
                pace.throttled(message.lane, error.retry_after.total_seconds())
            await self._in_thread(self._failed, message, error)
            return

        def sent() -> None:
            with self._database.write() as work:
                mark_sent(work, message.id, platform_id=platform_id, now=self._clock())

        await self._in_thread(sent)

    def _in_thread(self, act: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._executor, act, *arguments)

    def _put_back(self, message: OutboundMessage, seconds: float) -> None:
        with self._database.write() as work:
            put_back(work, message.id, until=self._clock() + timedelta(seconds=seconds))

    def _failed(self, message: OutboundMessage, error: SendError) -> None:
        now = self._clock()
        with self._database.write() as work:
            kept = mark_failed(work, message.id, error, now=now)
            if isinstance(error, Closed):
                drop_waiting(work, conversation_id=message.conversation_id, group_id=message.group_id)
                reminders.nobody_there(work, message.conversation_id, now=now)
            elif message.priority == REMINDER and not kept and not error.unknown:
                reminders.undelivered(work, message.id, now=now)
            if isinstance(error, Closed) or (isinstance(error, Parked) and error.unreachable):
                note_unreachable(work, message.conversation_id, message.id, now=now)
        if isinstance(error, Parked) and not error.unreachable:
            return
        logger.warning("delivery failed", extra={"outbound_id": message.id, "error": type(error).__name__, "tried_again": kept})


async def deliver_due(database: Database, *, senders: Mapping[str, Sender], clock: Clock) -> int:
    """Send what is due now, wait for the end, and return how many were tried."""
    deliveries = Deliveries(database, senders=senders, clock=clock)
    begun = await deliveries.start_due()
    await deliveries.land()
    return begun
