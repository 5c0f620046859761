"""What the calls need of the gateway: transactions and the time. So small that a note has no way to a channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.clock import Clock
from bot.database.engine import Work

T = TypeVar("T")


class Store(Protocol):
    """`bot.bootstrap.Services` is one."""

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    async def read(self, act: Callable[[Work], T]) -> T:
        """Run `act` in a reading transaction, off the event loop."""
        ...

    async def write(self, act: Callable[[Work], T]) -> T:
        """Run `act` in a writing transaction, off the event loop."""
        ...
