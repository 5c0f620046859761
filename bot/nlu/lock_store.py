"""Locks of conversations inside one process. Rasa's own waits a full second between two looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig


class AsyncioLockStore(LockStore):
    """One asyncio lock for each conversation that is in use.

    The gateway keeps one message of a conversation in flight, so this only guards against a mistake there.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 60, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the lock of `conversation_id`; whoever waits is woken at once and in order."""
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield TicketLock(conversation_id)
        finally:
            lock, users = self._locks[conversation_id]
            if users == 1:
                del self._locks[conversation_id]
            else:
                self._locks[conversation_id] = (lock, users - 1)

    def get_lock(self, conversation_id: str) -> Any:
        """There are no tickets here."""
        return None

    def delete_lock(self, conversation_id: str) -> None:
        """Nothing is kept."""

    def save_lock(self, lock: TicketLock) -> None:
        """Nothing is kept."""
