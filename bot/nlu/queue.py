"""Where turns wait for each other; what waits is encoded together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.knowledge.encoder import best_encoder, for_meaning

# Enough to use the time in which a turn waits for an action; what is beyond waits here and is encoded with its neighbours.
AT_ONCE = 2
# Half of what the encoder keeps: nothing is forgotten before its turn comes.
MOST_TOGETHER = 64


class Queue:
    """Lets some turns run at once. The process has one thread, so more at once would not be faster."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._waiting: list[str] = []

    @asynccontextmanager
    async def place(self, text: str) -> AsyncIterator[None]:
        """Wait for a place. When it is free, `text` is encoded, together with the texts of all who still wait."""
        text = for_meaning(text.strip())
        has_words = any(character.isalnum() for character in text)
        if has_words:
            self._waiting.append(text)
        async with self._places:
            if has_words and text in self._waiting:
                together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                best_encoder().prepare(together)
            yield
