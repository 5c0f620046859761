"""The gateway's application: pages and connectors, health, metrics. Small, and without a model inside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.bootstrap import Services, build
from bot.settings import Settings
from connectors.guard import SecurityHeaders, SizeLimit
from connectors.rasa.client import RasaAssistant
from connectors.webchat.routes import routes as webchat_routes


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
        database = await services.read(lambda work: True) if services.database.ready() else False
        assistant = await services.assistant.ready()
        # Without the assistant the safety net, commands and "one moment" still work: degraded, not down.
        state = {"database": database, "assistant": assistant, "content_version": services.content.current().version}
        return JSONResponse(state, status_code=200 if database and assistant else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(services.metrics.registry), media_type="text/plain; version=0.0.4")

    return Starlette(
        routes=[Route("/health", health), Route("/ready", ready), Route("/metrics", metrics), *webchat_routes(services)],
        middleware=[Middleware(SizeLimit, limit=64 * 1024), Middleware(SecurityHeaders)],
        lifespan=lifespan,
    )


def gateway(settings: Settings) -> tuple[Starlette, Services]:
    """Return the application of this installation and its services."""
    http = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=32, max_keepalive_connections=32))
    assistant = RasaAssistant(
        settings.assistant_url, token=settings.assistant_token, timeout_s=settings.assistant_timeout_s, http=http
    )
    services = build(settings, assistant=assistant)
    return make_app(services), services
