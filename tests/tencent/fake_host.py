"""A host of Tencent's in this process: answers what it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any
from urllib.parse import parse_qsl, urlsplit

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


class Host:
    """Raw HTTP on loopback, so that it can be broken in every way. `answers`: the next ones; else `usual`."""

    def __init__(self) -> None:
        self.answers: deque[Any] = deque()
        self.usual: Any = OK
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self._server: asyncio.AbstractServer | None = None

    async def __aenter__(self) -> Host:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def says(self, *answers: Any) -> None:
        """Answer so next: a dict, an errcode, bytes as the body, ("status", n), "hang up" or "hang"."""
        self.answers.extend(answers)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                continue
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length")), 0)
        body = await reader.readexactly(length)
        address = urlsplit(lines[0].split()[1])
        self.asked.append((address.path, dict(parse_qsl(address.query)), json.loads(body) if body else None))
        answer = self.answers.popleft() if self.answers else self.usual
        if answer == "hang up":
            return False
        if answer == "hang":
            await asyncio.sleep(60)
        writer.write(_bytes_of(answer))
        await writer.drain()
        return True


def refused(code: int, text: str = "no") -> dict[str, Any]:
    """Return what Tencent answers with an error."""
    return {"errcode": code, "errmsg": f"{text} rid: 5f3ded7d-22929d02-4ba1f5f6"}


def _bytes_of(answer: Any) -> bytes:
    status = 200
    if isinstance(answer, tuple):
        status, answer = answer[1], b"<html>gone</html>"
    if isinstance(answer, int):
        answer = refused(answer)
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
