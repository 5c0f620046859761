"""The picture of a message, for platforms that take a PNG. The text says the same, so a picture never costs the message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from bot.pictures import png
from bot.pictures.drawing import drawing_from
from bot.posters.fonts import NoFont

logger = logging.getLogger(__name__)

FILE_NAME = "chart.png"


def has_picture(content: Mapping[str, Any]) -> bool:
    """Return whether a composed message shows a picture."""
    return bool(content.get("picture"))


async def png_of(content: Mapping[str, Any]) -> bytes | None:
    """Return the picture of a message, or None: it has none, or no font of this machine has its letters."""
    if not has_picture(content):
        return None
    try:
        return await asyncio.to_thread(png.draw, drawing_from(content["picture"]["drawing"]))
    except NoFont as problem:
        logger.warning("a picture could not be drawn, its text is sent alone: %s", problem)
        return None
