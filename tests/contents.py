"""The content of this repository, read once in a test run: it takes seconds, and a dozen files of tests want it."""

from __future__ import annotations

from functools import cache

from bot.content.load import Content, ContentSource
from bot.settings import ROOT


@cache
def content_source() -> ContentSource:
    """Return the source that gateways of tests share."""
    return ContentSource(ROOT / "content", keep_in=ROOT / "models" / "kept")


def the_content() -> Content:
    """Return the content as it is."""
    return content_source().current()
