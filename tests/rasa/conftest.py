"""A loopback server that plays the assistant, real enough to break in every way it can."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from connectors.rasa.client import RasaAssistant

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def assistant_that() -> AsyncIterator[Callable[[Handler], Awaitable[RasaAssistant]]]:
    """Give a client of a server that answers turns with `handler`."""
    runners: list[web.AppRunner] = []
    clients: list[RasaAssistant] = []

    async def make(handler: Handler) -> RasaAssistant:
        app = web.Application()
        app.router.add_post("/webhooks/daozhen/turns", handler)
        app.router.add_get("/webhooks/daozhen/ready", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        runners.append(runner)
        clients.append(RasaAssistant(f"http://127.0.0.1:{port}", token="t0ken", timeout_s=0.5))
        return clients[-1]

    yield make
    for client in clients:
        await client.close()
    await asyncio.gather(*(runner.cleanup() for runner in runners))


def answers(data: object, status: int = 200) -> Handler:
    """Return a handler that answers with JSON."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(text=json.dumps(data), status=status, content_type="application/json")

    return handler
