"""The frame of the studio: each slice makes its pages and calls with it, behind the door and the table of who may do what.

A slice is a file `<slice>_pages.py` with `routes(studio) -> list[BaseRoute]`, a template that extends `studio.html`, and a script:

    def routes(studio: Studio) -> list[BaseRoute]:
        return [
            studio.page("/studio/inbox", "label", partial(show, studio)),
            studio.read("inbox/list", "label", partial(listed, studio)),           # GET  /studio/api/inbox/list
            studio.call("inbox/{number:int}/label", "label", partial(label, studio)),  # POST, a body of JSON
        ]
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.bootstrap import Services
from bot.desk.asked import Asked, asked
from bot.desk.problems import Refused, answer
from bot.errors import KeyedProblem, OperatorError
from bot.languages import Language
from bot.studio.access import StudioAct, may
from bot.studio.page_data import page_data
from bot.studio.rooms import rooms_of
from bot.studio.visit import Visit, visit_of
from bot.web.frame import Frame
from bot.web.guard import NO_STORE, Guarded

FOLDER = Path(__file__).parent
API = "/studio/api"

Show = Callable[[Request, Visit], Awaitable[Response]]
Read = Callable[[Visit, Mapping[str, str]], Awaitable[Any]]
Call = Callable[[Visit, Asked], Awaitable[Any]]


class Studio:
    """What the slices are made with, over the services of one gateway."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._frame = Frame(services, [FOLDER / "templates"])
        self._door = Guarded(services, self._frame)

    def page(self, path: str, act: StudioAct, show: Show) -> Route:
        """Return the route of a page: `show` is called for who may do `act`, with who it is."""

        async def endpoint(request: Request) -> Response:
            return await show(request, await visit_of(request, self.services.clock))

        return Route(path, self._door.page(endpoint, allowed=partial(_may, act)))

    def read(self, path: str, act: StudioAct, run: Read) -> Route:
        """Return the route of a reading under /studio/api: `run` gets the query with the parts of the address, its answer is sent as JSON."""

        async def reading(request: Request, visit: Visit) -> Any:
            return await run(visit, {**request.query_params, **_parts(request)})

        return self._api(path, act, reading, "GET")

    def call(self, path: str, act: StudioAct, run: Call, *, method: str = "POST") -> Route:
        """Return the route of a call under /studio/api: `run` gets its body, with the parts of the address, its answer is sent as JSON."""

        async def calling(request: Request, visit: Visit) -> Any:
            return await run(visit, Asked({**(await asked(request)).data, **_parts(request)}))

        return self._api(path, act, calling, method)

    def file(self, path: str, act: StudioAct, give: Show) -> Route:
        """Return the route of a download under /studio/api; what cannot be done is said as JSON."""
        return self._api(path, act, give, "GET")

    def upload(self, path: str, act: StudioAct, take: Show) -> Route:
        """Return the route of an upload: `take` reads the raw body. Its size has to be allowed in `LARGER`."""
        return self._api(path, act, take, "POST")

    def render(self, request: Request, visit: Visit, template: str, *, room: str, **values: Any) -> Response:
        """Return a page in the frame. `room`: its key in `rooms.ROOMS`; its script finds the texts `<room>_…` and `shared_…`.

        `values` are the template's; `page`, a mapping among them, is what the script finds beside the texts.
        """
        content = self.services.content.current()
        data = page_data(content, visit, room=room, more=values.pop("page", {}))
        rooms = [(one, self.text(f"room_{one.key}", visit.language)) for one in rooms_of(visit.staff)]
        packed = json.dumps(data, ensure_ascii=False)
        return self._frame.page(
            request, template, session=visit.session, data=packed, room=room, rooms=rooms, visit=visit, **values
        )

    def text(self, key: str, language: Language, **values: object) -> str:
        """Return a phrase of content/phrases/studio.yml."""
        return self._frame.text(f"studio.{key}", language, **values)

    def missing(self, request: Request, visit: Visit) -> Response:
        """Return the page that says that there is no such thing (any more)."""
        return self.render(request, visit, "missing.html", room="start", status=404)

    def _api(self, path: str, act: StudioAct, run: Callable[[Request, Visit], Awaitable[Any]], method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            visit = await visit_of(request, self.services.clock)
            try:
                done = await run(request, visit)
            except (Refused, OperatorError) as problem:
                return self._refuse(problem, visit.language)
            return done if isinstance(done, Response) else JSONResponse(done, headers=NO_STORE)

        return Route(f"{API}/{path}", self._door.api(endpoint, allowed=partial(_may, act)), methods=[method])

    def _refuse(self, problem: Refused | OperatorError, language: Language) -> Response:
        phrases = self.services.content.current().phrases
        if isinstance(problem, Refused):
            return answer(problem, language, phrases, pack="studio")
        key = problem.key if isinstance(problem, KeyedProblem) else "failed"
        values = problem.values if isinstance(problem, KeyedProblem) else {}
        # What is said to operators is said in English: better than nothing where nobody wrote a phrase.
        known = f"studio.problem_{key}" in phrases.texts
        sentence = phrases.get(f"studio.problem_{key}", language, **values) if known else str(problem)
        return JSONResponse({"error": key, "sentence": sentence, "values": _plain(values)}, status_code=409, headers=NO_STORE)


def _may(act: StudioAct, staff: Any) -> bool:
    return may(staff, act)


def _parts(request: Request) -> dict[str, Any]:
    return dict(request.path_params)


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float | str | list | dict) else str(value) for name, value in values.items()}
