"""The routes of the studio: the slices' pages and calls, and their files. All behind the door of the staff's pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from bot.bootstrap import Services
from bot.studio import (
    changes_pages,
    exchange_pages,
    inbox_pages,
    numbers_pages,
    packs_pages,
    releases_pages,
    start_pages,
    texts_pages,
    training_pages,
    try_pages,
)
from bot.studio.frame import FOLDER, Studio
from bot.web.files import OwnFiles

SLICES = (
    start_pages,
    inbox_pages,
    training_pages,
    texts_pages,
    packs_pages,
    numbers_pages,
    changes_pages,
    exchange_pages,
    releases_pages,
    try_pages,
)
# Addresses that take more than a message, and how many bytes.
LARGER = exchange_pages.LARGER


def routes(services: Services) -> list[BaseRoute]:
    """Return the studio's routes over the services of one gateway."""
    studio = Studio(services)
    pages = [route for slice_ in SLICES for route in slice_.routes(studio)]
    return [*pages, Mount("/static/studio", OwnFiles(directory=FOLDER / "static"), name="studio")]
