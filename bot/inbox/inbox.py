"""Where connectors put messages: stored before `receive` returns."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Executor

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.content.load import ContentSource
from bot.database.engine import Database, DatabaseProblem
from bot.inbox.conversations import Defaults
from bot.inbox.feed import Feed
from bot.inbox.lanes import Lanes
from bot.inbox.metrics import Metrics
from bot.inbox.receive import Receipt, receive
from bot.languages import detect
from bot.messages import Inbound

# Two first messages of one person at once: one makes the conversation, the other tries again and finds it.
TRIES = 3


class Inbox:
    """Stores messages, answers alarms at once and wakes the lane."""

    def __init__(  # noqa: PLR0913 - put together in one place, bot.bootstrap
        self,
        database: Database,
        *,
        content: ContentSource,
        lanes: Lanes,
        feed: Feed,
        clock: Clock,
        executor: Executor,
        metrics: Metrics,
        defaults: Defaults,
    ) -> None:
        self._database, self._content, self._lanes, self._feed = database, content, lanes, feed
        self._clock, self._executor, self._metrics, self._defaults = clock, executor, metrics, defaults

    async def receive(self, message: Inbound) -> Receipt:
        """Store `message` and return its receipt; only then may it be acknowledged.

        An alarm is answered in the same transaction. Raises DatabaseProblem: the channel must try again.
        """
        began = time.monotonic()
        receipt = await asyncio.get_running_loop().run_in_executor(self._executor, self._store, message)
        if not receipt.duplicate:
            self._metrics.received.labels(message.channel).inc()
        if receipt.alarm:
            self._metrics.alarms.inc()
            self._metrics.safety_seconds.observe(time.monotonic() - began)
            self._feed.tell(receipt.conversation_id, "message")
        self._lanes.wake(receipt.conversation_id, received=None if receipt.duplicate else receipt.message_id)
        return receipt

    def _store(self, message: Inbound) -> Receipt:
        content = self._content.current()
        for _ in range(TRIES):
            try:
                with self._database.write(urgent=True) as work:
                    return receive(work, message, content=content, defaults=self._defaults, detect=detect, now=self._clock())
            except IntegrityError:
                continue
        raise DatabaseProblem("The message could not be stored now. Send it again.")
