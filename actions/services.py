"""What actions need of the program. rasa_sdk builds actions with no arguments, so the default is found here, once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from bot.content.load import Content, ContentSource
from bot.settings import read_settings


class CurrentContent(Protocol):
    """Gives the reviewed content as it is now."""

    def current(self) -> Content:
        """Return the content; a changed file is live at once."""


@dataclass(frozen=True)
class Services:
    """Handed to every action; tests hand in their own."""

    content: CurrentContent


@lru_cache(maxsize=1)
def default_services() -> Services:
    """Return the services of this process, from the settings."""
    settings = read_settings()
    return Services(content=ContentSource(settings.content_dir, keep_in=settings.kept_dir, for_staff=False, beside=True))
