"""The stream of one open page over HTTP."""

from __future__ import annotations

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response

from bot.desk.live import Live, frames
from bot.web.guard import signed_in

# The page takes a line for dead that is silent for two beats: some proxies keep an answer back without an error.
BEAT_S = 15.0


class Streaming:
    """Gives each page its stream."""

    def __init__(self, live: Live, *, beat_s: float = BEAT_S) -> None:
        self._live, self._beat_s = live, beat_s

    async def listen(self, request: Request) -> Response:
        """Return the stream, from the event on that the page heard last."""
        session = await signed_in(request)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        # The pings of the library are comments, which a page cannot hear: we send our own beats.
        heard = frames(self._live, session, start_number(request), beat_s=self._beat_s)
        return EventSourceResponse(heard, ping=0, headers=headers)


def start_number(request: Request) -> int | None:
    """Return the event to go on from: what the browser heard last, else what the page asks for, else None."""
    for value in (request.headers.get("last-event-id", ""), request.query_params.get("after", "")):
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
    return None
