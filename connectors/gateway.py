"""The gateway's application: pages and connectors, health, metrics. Small, and without a model inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.bootstrap import Services, build
from bot.database.engine import DatabaseProblem
from bot.settings import Settings
from connectors.guard import SecurityHeaders, SizeLimit
from connectors.rasa.client import RasaAssistant
from connectors.webchat.routes import routes as webchat_routes

# A message of 4,000 characters is at most 16 kB, and platforms send no pictures in a webhook.
LARGEST_BODY = 64 * 1024


def make_app(services: Services) -> Starlette:
    """Return the application over `services`; it starts and stops them."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await services.start()
        try:
            yield
        finally:
            await services.stop()

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        database = await asyncio.to_thread(services.database.ready)
        assistant = await services.assistant.ready()
        # Without the assistant the safety net, commands and "one moment" still work. A load balancer that took this
        # gateway out would take the emergency answer away: degraded is 200, and says so.
        status = "down" if not database else "ok" if assistant else "degraded"
        state = {"status": status, "database": database, "assistant": assistant}
        state["content_version"] = services.content.current().version
        return JSONResponse(state, status_code=200 if database else 503)

    async def metrics(_: Request) -> Response:
        await services.worker.measure()
        return Response(generate_latest(services.metrics.registry), media_type="text/plain; version=0.0.4")

    return Starlette(
        routes=[Route("/health", health), Route("/ready", ready), Route("/metrics", metrics), *webchat_routes(services)],
        middleware=[Middleware(SecurityHeaders), Middleware(SizeLimit, limit=LARGEST_BODY)],
        exception_handlers={DatabaseProblem: _try_again},
        lifespan=lifespan,
    )


async def _try_again(_: Request, __: Exception) -> Response:
    # The message was not stored: the client keeps it and sends it again.
    return JSONResponse({"error": "not stored, send it again"}, status_code=503, headers={"Retry-After": "2"})


def gateway(settings: Settings) -> tuple[Starlette, Services]:
    """Return the application of this installation and its services."""
    assistant = RasaAssistant(settings.assistant_url, token=settings.assistant_token, timeout_s=settings.assistant_timeout_s)
    services = build(settings, assistant=assistant)
    return make_app(services), services
