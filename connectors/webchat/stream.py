"""The stream of one open page: messages, "being worked on", heartbeats. What was missed is read by number first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from connectors.webchat.conversation import Seen, messages_after
from connectors.webchat.watch import Watch

# The page takes a line for dead that is silent for two heartbeats: some proxies keep an answer back without an error.
BEAT_S = 15.0


def stream(services: Services, watch: Watch, conversation_id: str, *, after: int) -> Response:
    """Return the stream of a conversation from number `after` on."""
    # The pings of the library are comments, which a page cannot hear: we send our own beats.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_events(services, watch, conversation_id, after=after), ping=3600, headers=headers)


def start_number(request: Request) -> int:
    """Return the number to go on from: what the browser heard last, else what the page asks for."""
    for value in (request.headers.get("last-event-id", ""), request.query_params.get("after", "")):
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
    return 0


async def _events(services: Services, watch: Watch, conversation_id: str, *, after: int) -> AsyncIterator[ServerSentEvent]:
    seen = Seen(after)
    async with services.feed.subscribe(conversation_id) as hints:
        with watch.while_open():
            hint = "message"  # subscribed first, read then: nothing falls between
            while True:
                if hint == "message":
                    try:
                        messages = await _new_messages(services, conversation_id, seen)
                    except DatabaseProblem:
                        return  # the page comes back, with growing pauses
                    for message in messages:
                        yield message
                elif hint == "beat":
                    yield ServerSentEvent(event="beat", data="")
                else:
                    yield ServerSentEvent(event="typing", data=json.dumps(hint == "typing_on"))
                hint = await _next_hint(hints)


async def _new_messages(services: Services, conversation_id: str, seen: Seen) -> list[ServerSentEvent]:
    events: list[ServerSentEvent] = []
    while items := seen.new(await messages_after(services, conversation_id, seen.resume)):
        events += [
            ServerSentEvent(event="message", id=str(item["resume"]), data=json.dumps(item, ensure_ascii=False)) for item in items
        ]
    return events


async def _next_hint(hints: asyncio.Queue) -> str:  # type: ignore[type-arg]
    try:
        return str(await asyncio.wait_for(hints.get(), BEAT_S))
    except asyncio.TimeoutError:
        return "beat"
