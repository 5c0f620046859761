"""The live content for components that Rasa builds itself, from the same settings as the rest."""

from __future__ import annotations

from functools import lru_cache

from bot.content.load import ContentSource
from bot.settings import Settings, read_settings


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()


@lru_cache(maxsize=1)
def content_source() -> ContentSource:
    """Return the one content source of this process."""
    return ContentSource(settings().content_dir, keep_in=settings().kept_dir, for_staff=False, beside=True)
