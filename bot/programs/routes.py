"""The routes of other programs. A key opens them, for its acts; no cookie does, so no page of a browser can be made to call them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem, Work
from bot.programs import enrolments, keys
from bot.programs.asked import Asked
from bot.programs.enrolments import Calling
from bot.programs.keys import ApiKey
from bot.programs.pace import Pace
from bot.programs.problems import NO_STORE, Refused, answer

PER_MINUTE = 240
# Of keys that are none: from one address, so that nobody tries them out.
TRIES_PER_MINUTE = 30
BUSY_S = 2

Answered = tuple[int, dict[str, Any]]
Call = Callable[[Request, ApiKey], Awaitable[Answered]]


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes over the services of one gateway."""
    return Programs(services).routes()


class Programs:
    """The calls, behind the door of keys."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pace, self._tries = Pace(PER_MINUTE), Pace(TRIES_PER_MINUTE)

    def routes(self) -> list[BaseRoute]:
        """Return one route for each call."""
        return [
            Route("/api/enrolments", self._behind(self._enrol, "enrol"), methods=["POST"]),
            Route("/api/enrolments/{client_key}", self._behind(self._state, "read"), methods=["GET"]),
            Route("/api/visits", self._behind(self._visit, "visit"), methods=["POST"]),
        ]

    async def _enrol(self, request: Request, key: ApiKey) -> Answered:
        asked = Asked(await request.body(), enrolments.ENROL_FIELDS)
        done = await self._services.write(lambda work: enrolments.enrol(work, self._calling(key), asked))
        self._services.feed.outgoing.set()  # the question leaves now
        return done

    async def _visit(self, request: Request, key: ApiKey) -> Answered:
        asked = Asked(await request.body(), enrolments.VISIT_FIELDS)
        return 200, await self._services.write(lambda work: enrolments.visit(work, self._calling(key), asked))

    async def _state(self, request: Request, key: ApiKey) -> Answered:
        client_key = str(request.path_params["client_key"])
        return 200, await self._services.read(lambda work: enrolments.state(work, self._calling(key), client_key))

    def _behind(self, call: Call, scope: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                status, data = await call(request, await self._let_in(request, scope))
            except Refused as refused:
                return answer(refused)
            except DatabaseProblem:
                return answer(Refused(503, "busy", retry_s=BUSY_S))
            return JSONResponse(data, status_code=status, headers=NO_STORE)

        return endpoint

    async def _let_in(self, request: Request, scope: str) -> ApiKey:
        """Return whose key a request carries. Raises Refused."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        key = await self._services.read(lambda work: keys.find(work, secret.strip())) if kind.lower() == "bearer" else None
        if key is None:
            self._keep_pace(self._tries, request.client.host if request.client else "")
            raise Refused(401, "key")
        self._keep_pace(self._pace, key.name)
        if scope not in key.scopes:
            raise Refused(403, "scope", scope=scope)
        await self._note_use(key)
        return key

    async def _note_use(self, key: ApiKey) -> None:
        now = self._services.clock()

        def touch(work: Work) -> None:
            keys.touch(work, key, now=now)

        if key.used_at is None or now - key.used_at >= keys.NOTED_EVERY:
            await self._services.write(touch)

    def _keep_pace(self, pace: Pace, name: str) -> None:
        seconds = pace.wait_s(name)
        if seconds:
            raise Refused(429, "slow_down", retry_s=seconds, seconds=seconds)

    def _calling(self, key: ApiKey) -> Calling:
        services = self._services
        return Calling(key, services.content.current(), services.clock(), services.settings.public_url.rstrip("/"))
