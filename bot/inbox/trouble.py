"""Whose fault it is that a turn failed: the assistant's, so that everybody waits, or this one message's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.inbox.assistant import Assistant

# A message that fails this often and this long, while the assistant answers others, goes to a person.
POISON_ATTEMPTS = 6
POISON_AFTER_S = 60.0
# Without other messages to compare with, "ready" alone is believed only after this time.
ALONE_AFTER_S = 300.0
# How often an assistant that is down is asked whether it is back.
PROBE_EVERY_S = 0.5

Seconds = Callable[[], float]


@dataclass
class _Failures:
    first_at: float
    times: int = 0


class Trouble:
    """Keeps an outage apart from a message that cannot be answered. In memory: after a restart it is learned again."""

    def __init__(
        self, assistant: Assistant, *, seconds: Seconds = time.monotonic, on_back: Callable[[], None] = lambda: None
    ) -> None:
        self._assistant, self._seconds, self._on_back = assistant, seconds, on_back
        self._down = False
        self._probed_at = 0.0
        self._answered_at = float("-inf")
        self._failures: dict[int, _Failures] = {}
        self._probing = asyncio.Lock()

    async def is_down(self) -> bool:
        """Whether the assistant is known to be down; asks it now and then whether it is back."""
        if not self._down:
            return False
        async with self._probing:
            if self._down and self._seconds() - self._probed_at >= PROBE_EVERY_S:
                await self._probe()
        return self._down

    def answered(self, message_id: int) -> None:
        """Note that a turn was answered."""
        self._set_down(down=False)
        self._answered_at = self._seconds()
        self._failures.pop(message_id, None)

    async def is_poison(self, message_id: int) -> bool:
        """Note that a turn failed, and return whether the trouble is this message and not the assistant."""
        await self._probe()
        if self._down:
            return False  # an outage: it counts against no message
        failures = self._failures.setdefault(message_id, _Failures(self._seconds()))
        failures.times += 1
        since = self._seconds() - failures.first_at
        others_work = self._answered_at > failures.first_at
        if failures.times < POISON_ATTEMPTS or since < (POISON_AFTER_S if others_work else ALONE_AFTER_S):
            return False
        del self._failures[message_id]
        return True

    async def _probe(self) -> None:
        self._set_down(down=not await self._assistant.ready())
        self._probed_at = self._seconds()

    def _set_down(self, *, down: bool) -> None:
        was_down, self._down = self._down, down
        if was_down and not down:
            self._on_back()
