"""Tells open pages that something happened in a conversation: a new message, or that one is being worked on."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

Event = Literal["message", "typing_on", "typing_off"]


class Feed:
    """Subscriptions of this process. It carries no content: who hears "message" reads the history."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)
        self._typing: set[str] = set()
        self.outgoing = asyncio.Event()  # rings when there may be something to deliver
        self.on_typing: list[Callable[[str], None]] = []  # told of each conversation in which work takes a moment

    def tell(self, conversation_id: str, event: Event) -> None:
        """Tell all subscribers of a conversation. Must be called on the event loop."""
        if event == "message":
            self.outgoing.set()
        elif event == "typing_on":
            self._typing.add(conversation_id)
            for told in self.on_typing:
                told(conversation_id)
        else:
            self._typing.discard(conversation_id)
        for queue in self._queues.get(conversation_id, ()):
            if queue.full():
                queue.get_nowait()  # a page that does not listen loses old hints, never messages
            queue.put_nowait(event)

    def is_typing(self, conversation_id: str) -> bool:
        """Return whether a turn of this conversation is being worked on right now, for a page that has just opened."""
        return conversation_id in self._typing

    @asynccontextmanager
    async def subscribe(self, conversation_id: str) -> AsyncIterator[asyncio.Queue[Event]]:
        """Yield a queue of events that happen from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue(maxsize=32)
        self._queues[conversation_id].add(queue)
        try:
            yield queue
        finally:
            self._queues[conversation_id].discard(queue)
            if not self._queues[conversation_id]:
                del self._queues[conversation_id]
