"""The gateway's application: pages and connectors, health, metrics. Small, and without a model inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.bootstrap import Services, build
from bot.database.engine import DatabaseProblem
from bot.desk.routes import routes as desk_routes
from bot.programs.routes import routes as program_routes
from bot.settings import Settings
from bot.studio.routes import LARGER as LARGER_IN_STUDIO
from bot.studio.routes import routes as studio_routes
from bot.web.routes import routes as staff_routes
from connectors.contract import Connector
from connectors.guard import SecurityHeaders, SizeLimit
from connectors.installed import installed
from connectors.rasa.client import RasaAssistant
from connectors.webchat.routes import routes as webchat_routes

# A message of 4,000 characters is at most 16 kB, and platforms send no pictures in a webhook.
LARGEST_BODY = 64 * 1024
# Platforms write \u4e2d for a character, and quote the message that is answered: several times as much.
LARGEST_WEBHOOK = 1024 * 1024


def make_app(services: Services, connectors: Sequence[Connector] = ()) -> Starlette:
    """Return the application over `services`; it starts and stops them, and the `connectors`."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await services.start()
        for connector in connectors:
            await connector.start(services)
        try:
            yield
        finally:
            for connector in connectors:
                await connector.stop()
            await services.stop()
            for connector in connectors:
                await connector.close()

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
        # A platform that is away makes nobody's message late but its own: it is told, and does not count.
        state["channels"] = {connector.channel: connector.state() for connector in connectors}
        return JSONResponse(state, status_code=200 if database else 503)

    async def metrics(_: Request) -> Response:
        await services.worker.measure()
        return Response(generate_latest(services.metrics.registry), media_type="text/plain; version=0.0.4")

    platforms = [route for connector in connectors for route in connector.routes(services)]
    larger = {**LARGER_IN_STUDIO, **{route.path: LARGEST_WEBHOOK for route in platforms if isinstance(route, Route)}}
    return Starlette(
        routes=[
            Route("/health", health),
            Route("/ready", ready),
            Route("/metrics", metrics),
            *webchat_routes(services),
            *staff_routes(services),
            *desk_routes(services),
            *studio_routes(services),
            *program_routes(services),
            *platforms,
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(SizeLimit, limit=LARGEST_BODY, larger=larger)],
        exception_handlers={DatabaseProblem: _try_again, ClientDisconnect: _nobody_there},
        lifespan=lifespan,
    )


async def _try_again(_: Request, __: Exception) -> Response:
    # The message was not stored: the client keeps it and sends it again.
    return JSONResponse({"error": "not stored, send it again"}, status_code=503, headers={"Retry-After": "2"})


async def _nobody_there(_: Request, __: Exception) -> Response:
    # A page that was closed in the middle of a call: no mistake of ours, and nobody reads the answer.
    return Response(status_code=400)


def gateway(settings: Settings) -> tuple[Starlette, Services]:
    """Return the application of this installation and its services."""
    assistant = RasaAssistant(settings.assistant_url, token=settings.assistant_token, timeout_s=settings.assistant_timeout_s)
    connectors = installed(settings)
    senders = {connector.channel: connector.sender for connector in connectors if connector.capabilities.people}
    services = build(settings, assistant=assistant, senders=senders)
    return make_app(services, connectors), services
