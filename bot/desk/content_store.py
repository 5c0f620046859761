"""The store with the reviewed content, for calls that show or send words of the hospital's."""

from __future__ import annotations

from typing import Protocol

from bot.content.load import ContentSource
from bot.desk.store import Store


class ContentStore(Store, Protocol):
    """`bot.bootstrap.Services` is one."""

    @property
    def content(self) -> ContentSource:
        """The reviewed content."""
        ...
