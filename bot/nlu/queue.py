"""Where turns wait for each other; what waits is read together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bot.nlu.ahead import Waiting

# Enough to use the time in which a turn waits for an action; what is beyond waits here and is read with its neighbours.
AT_ONCE = 2
# Half of what readers keep: nothing is forgotten before its turn comes.
MOST_TOGETHER = 64

Together = Callable[[Sequence[Waiting]], None]


class Queue:
    """Lets some turns run at once. The process has one thread, so more at once would not be faster."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._waiting: list[Waiting] = []

    @asynccontextmanager
    async def place(self, mine: Waiting, together: Together) -> AsyncIterator[None]:
        """Wait for a place. When it is free, `together` gets the message, with all that still wait; none without words."""
        has_words = any(character.isalnum() for character in mine.text)
        if has_words:
            self._waiting.append(mine)
        async with self._places:
            if has_words and mine in self._waiting:
                now, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                together(now)
            yield
