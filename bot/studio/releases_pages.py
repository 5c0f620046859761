"""The pages of releases: what waits, how far one is, what the gate found; published, and taken back, with one press."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.release import rows, start
from bot.release.answering import answering
from bot.release.patients import texts_of
from bot.release.publish import Published, Publisher
from bot.studio.frame import Studio
from bot.studio.release_shapes import as_listed, as_shown, as_waiting, ids_of_patients
from bot.studio.visit import Visit
from bot.training import changes
from bot.training.published import StudioChanges

LOOK_EVERY_S = 0.5


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    releases = Releases(studio)
    return [
        studio.page("/studio/releases", "see_studio", releases.show_all),
        studio.page("/studio/releases/{name}", "see_studio", releases.show),
        studio.read("releases", "see_studio", releases.listed),
        studio.read("releases/{name}", "see_studio", releases.read),
        studio.call("releases", "publish", releases.build),
        studio.call("releases/{name}/publish", "publish", partial(releases.serve, back=False)),
        studio.call("releases/{name}/back", "roll_back", partial(releases.serve, back=True)),
    ]


class Releases:
    """The pages and calls, and the processes that they started."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._services = studio, studio.services
        asked = partial(answering, self._services.settings)
        self._publisher = Publisher(self._services.database, self._services.settings, StudioChanges(), asked)
        self._watching: set[asyncio.Task[None]] = set()

    async def show_all(self, request: Request, visit: Visit) -> Response:
        """Show the list."""
        return self._studio.render(request, visit, "releases.html", room="releases", page={})

    async def show(self, request: Request, visit: Visit) -> Response:
        """Show one release."""
        name = str(request.path_params["name"])
        found = await self._services.read(lambda work: rows.read(work, name))
        if found is None:
            return self._studio.missing(request, visit)
        return self._studio.render(request, visit, "release.html", room="releases", release=found, page={"release": name})

    async def listed(self, visit: Visit, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the releases, the latest first, the changes that wait, and files that were edited by hand since the last."""
        await self._end_dead(visit)

        def look(work: Work) -> tuple[tuple[rows.Release, ...], tuple[changes.Change, ...]]:
            return rows.newest(work), changes.approved_changes(work)

        found, waiting = await self._services.read(look)
        return {
            "releases": [as_listed(one, visit) for one in found],
            "waiting": [as_waiting(one) for one in waiting],
            "edited": list(await asyncio.to_thread(self._publisher.edited_since)),
            "building": any(one.state in rows.UNFINISHED for one in found),
        }

    async def read(self, visit: Visit, query: Mapping[str, str]) -> dict[str, Any]:
        """Return one release with what the gate found. Words of patients: for those who may label them."""
        await self._end_dead(visit)

        def look(work: Work) -> dict[str, Any]:
            found = rows.need(work, query["name"])
            texts = texts_of(work, ids_of_patients(found)) if visit.may("label") else {}
            return as_shown(found, visit, texts)

        return await self._services.read(look)

    async def build(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Begin to build a release of all changes that were approved."""
        settings = self._services.settings

        def begin(work: Work) -> rows.Release:
            approved = StudioChanges().approved(work)
            return start.begin(work, settings, by=visit.handle, changes=approved, now=visit.now)

        release = await self._services.write(begin)
        child = await asyncio.to_thread(start.start, settings, release.name)
        watching = asyncio.create_task(self._watch(child, release.name))
        self._watching.add(watching)
        watching.add_done_callback(self._watching.discard)
        return as_listed(release, visit)

    async def serve(self, visit: Visit, asked: Asked, *, back: bool) -> dict[str, Any]:
        """Let a release be served: one that passed the gate, or an earlier one again."""
        run = self._publisher.roll_back if back else self._publisher.publish
        name = asked.text("name", 32)
        done: Published = await asyncio.to_thread(partial(run, name, by=visit.handle, now=visit.now))
        # Read anew beside the requests, before one of them does it.
        await asyncio.to_thread(self._services.content.current)
        return {**vars(done), "edited": list(done.edited)}

    async def _end_dead(self, visit: Visit) -> None:
        unfinished = await self._services.read(lambda work: rows.in_state(work, *rows.UNFINISHED))
        if unfinished:
            await self._services.write(lambda work: start.end_dead(work, self._services.settings, now=visit.now))

    async def _watch(self, child: subprocess.Popen[bytes], name: str) -> None:
        while child.poll() is None:
            await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.to_thread(start.end, self._services.database, name)
