"""From a request to an act and back: who asks, for what, and the answer as JSON. The door (bot.web.guard) has let them in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.desk.asked import Asked, Asking, asked, case_number
from bot.desk.content_store import ContentStore
from bot.desk.masking import Known, public_numbers
from bot.desk.problems import NO_STORE, Refused, answer
from bot.web.guard import Endpoint, signed_in

OnCase = Callable[[Asking, int, Asked], Awaitable[Any]]
WithBody = Callable[[Asking, Asked], Awaitable[Any]]
WithQuery = Callable[[Asking, Mapping[str, str]], Awaitable[Any]]


class Calls:
    """Wraps acts as endpoints."""

    def __init__(self, store: ContentStore) -> None:
        self._store, self._known = store, Known()

    def on_case(self, act: OnCase) -> Endpoint:
        """Return the endpoint of an act on the case in the address, with a body."""

        async def endpoint(request: Request, asking: Asking) -> Any:
            return await act(asking, case_number(request.path_params["case"]), await asked(request))

        return self._answering(endpoint)

    def with_body(self, act: WithBody) -> Endpoint:
        """Return the endpoint of an act with a body."""

        async def endpoint(request: Request, asking: Asking) -> Any:
            return await act(asking, await asked(request))

        return self._answering(endpoint)

    def with_query(self, act: WithQuery) -> Endpoint:
        """Return the endpoint of a reading."""

        async def endpoint(request: Request, asking: Asking) -> Any:
            return await act(asking, {**request.query_params, **{key: str(value) for key, value in request.path_params.items()}})

        return self._answering(endpoint)

    async def asking(self, request: Request) -> Asking:
        """Return who asks."""
        session = await signed_in(request)
        public = public_numbers(self._store.content.current().triage)
        return Asking(session.staff, self._store.clock(), session.number, session.csrf, public, self._known)

    def _answering(self, act: Callable[[Request, Asking], Awaitable[Any]]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            asking = await self.asking(request)
            try:
                done = await act(request, asking)
                return done if isinstance(done, Response) else JSONResponse(done, headers=NO_STORE)
            except Refused as refused:
                return answer(refused, asking.staff.language, self._store.content.current().phrases)

        return endpoint
