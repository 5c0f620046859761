"""The stream of one open page: messages, "being worked on", heartbeats. What was missed is read by number first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from connectors.webchat.conversation import Seen, messages_after
from connectors.webchat.watch import Watch

# The page takes a line for dead that is silent for two heartbeats: some proxies keep an answer back without an error.
BEAT_S = 15.0


@dataclass(frozen=True)
class Listening:
    """What a page listens to: a conversation from a number on, as long as it is the person's `is_current` one."""

    conversation_id: str
    after: int
    is_current: Callable[[], Awaitable[bool]]


def stream(services: Services, watch: Watch, listening: Listening) -> Response:
    """Return the stream of a conversation."""
    # The pings of the library are comments, which a page cannot hear: we send our own beats.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_events(services, watch, listening), ping=3600, headers=headers)


def start_number(request: Request) -> int:
    """Return the number to go on from: what the browser heard last, else what the page asks for."""
    for value in (request.headers.get("last-event-id", ""), request.query_params.get("after", "")):
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
    return 0


async def _events(services: Services, watch: Watch, listening: Listening) -> AsyncIterator[ServerSentEvent]:
    seen = Seen(listening.after)
    async with services.feed.subscribe(listening.conversation_id) as hints:
        with watch.while_open():
            hint = "message"  # subscribed first, read then: nothing falls between
            while True:
                try:
                    events = await _events_of(hint, services, listening, seen)
                except (DatabaseProblem, Over):
                    return  # the page comes back, with growing pauses
                for event in events:
                    yield event
                hint = await _next_hint(hints)


class Over(Exception):
    """The conversation was erased, and the person has another one by now."""


async def _events_of(hint: str, services: Services, listening: Listening, seen: Seen) -> list[ServerSentEvent]:
    if hint == "message":
        return await _new_messages(services, listening.conversation_id, seen)
    if hint != "beat":
        return [ServerSentEvent(event="typing", data=json.dumps(hint == "typing_on"))]
    if not await listening.is_current():
        raise Over
    return [ServerSentEvent(event="beat", data="")]


async def _new_messages(services: Services, conversation_id: str, seen: Seen) -> list[ServerSentEvent]:
    events: list[ServerSentEvent] = []
    while True:
        page = await messages_after(services, conversation_id, seen.resume, known=seen.known)
        events += [
            ServerSentEvent(event="message", id=str(item["resume"]), data=json.dumps(item, ensure_ascii=False))
            for item in seen.new(page)
        ]
        if not page.is_full:
            return events


async def _next_hint(hints: asyncio.Queue) -> str:  # type: ignore[type-arg]
    try:
        return str(await asyncio.wait_for(hints.get(), BEAT_S))
    except asyncio.TimeoutError:
        return "beat"
