"""The first page of the studio: what this person may do here, and what the keys are."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.desk.asked import Asked
from bot.release.folders import live_folder
from bot.staff import own
from bot.studio.frame import Studio
from bot.studio.visit import Visit
from bot.studio.waiting import waiting
from bot.studio.warming import Warming


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    warming = Warming(live_folder(studio.services.settings))
    return [
        studio.page("/studio", "see_studio", partial(show, studio, warming)),
        studio.call("shortcuts", "see_studio", partial(set_shortcuts, studio), method="PUT"),
    ]


async def show(studio: Studio, warming: Warming, request: Request, visit: Visit) -> Response:
    """Show the rooms that are theirs, with what waits there, and begin to read what they will ask for."""
    warming.begin(visit)
    found = await studio.services.read(lambda work: waiting(work, visit))
    return studio.render(request, visit, "start.html", room="start", waiting=found)


async def set_shortcuts(studio: Studio, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Switch keys without Ctrl on or off, for all pages of this person."""
    chosen = asked.flag("shortcuts")
    await studio.services.write(lambda work: own.set_preferences(work, visit.staff.id, {"shortcuts": chosen}))
    return {"shortcuts": chosen}
