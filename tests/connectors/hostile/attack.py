"""Sends shots at the real application over a real socket and watches: statuses, logs, memory."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import uvicorn

from bot.bootstrap import Services, build
from bot.messages import Answer, Reply, Turn
from bot.settings import Settings
from connectors.gateway import make_app
from connectors.logs import JsonLines, set_up
from tests.connectors.hostile.doors import CANARY, Door
from tests.connectors.hostile.shots import Shot, shot, signed
from tests.conversations.bench import Bench

ANSWERS_WITHIN_S = 30.0
NOISE_WITHIN_S = 3.0
# One in so many shots is one that was sent before.
REPLAY_EVERY = 12
SHRINK_TRIES = 200
MOST_FOUND = 10
LINES = 12
TELL_EVERY = 5000


@dataclass
class Outcome:
    """What came of an attack. `found`: what must not be, as (number of the shot, what, the smallest request that does it)."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    found: list[tuple[int, str, bytes]] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)  # after each fifth


class Quiet:
    """An assistant that remembers nothing."""

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn."""
        return Answer((Reply("(heard)"),))

    async def ready(self) -> bool:
        """Return that it is there."""
        return True


class Watching(logging.Handler):
    """Reads everything that is logged, as it would be written. What may not be there is kept in `seen`."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[str] = []
        self._secrets = (*secrets, CANARY)
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one record."""
        line = self.format(record)
        if record.exc_info:
            self.seen.append(f"a trace was logged: {line}")
        elif record.levelno >= logging.ERROR:
            self.seen.append(f"an error was logged: {line}")
        if any(secret in line for secret in self._secrets):
            self.seen.append(f"content was logged: {line}")


class Line:
    """One kept connection to the gateway."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, one: Shot) -> int:
        """Return the status, 0 when the line was closed without one, or nothing came to what is no HTTP."""
        kept, within = self._line is not None, ANSWERS_WITHIN_S if one.is_http else NOISE_WITHIN_S
        status = await self._send(one.raw, within)
        if status == 0 and kept:  # closed before it saw anything of this one
            status = await self._send(one.raw, within)
        return status

    def close(self) -> None:
        """Let go of the line."""
        if self._line is not None:
            self._line[1].close()
            self._line = None

    async def _send(self, raw: bytes, within: float) -> int:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._line
        writing = asyncio.create_task(_write(writer, raw))
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), within)).lower()
            if b" 100 " in head[:14]:  # "go on": the answer comes after it
                head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), within)).lower()
            whole = await _body(reader, head)
        except (OSError, EOFError, asyncio.TimeoutError):
            head, whole = b"http/1.1 0", False
        if not (whole and writing.done()) or b"connection: close" in head or not raw.startswith((b"POST", b"GET", b"DELETE")):
            writing.cancel()
            self.close()
        return int(head.split(b" ", 2)[1])


async def _write(writer: asyncio.StreamWriter, raw: bytes) -> None:
    with contextlib.suppress(OSError):  # refused before it was all said
        writer.write(raw)
        await writer.drain()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bool:
    """Read the rest of an answer; returns False for a stream, and for what has no length."""
    length = head.partition(b"content-length:")[2].partition(b"\r")[0].strip()
    if not length.isdigit():
        return b" 204 " in head[:20]
    await reader.readexactly(int(length))
    return True


@asynccontextmanager
async def gateway(door: Door, folder: Path) -> AsyncIterator[tuple[int, Watching]]:
    """Serve the door; yields the port and who reads the logs."""
    settings = door.settings(folder)
    connector = door.connector(settings) if door.connector else None
    watching = Watching(tuple(door.secrets))

    def with_door(_: Settings, **more: object) -> Services:
        senders = {connector.channel: connector.sender} if connector else {}
        return build(settings.copy(update={"webchat_per_minute": 10**9}), **more, senders=senders)  # type: ignore[arg-type]

    bench = Bench(folder, assistant=Quiet(), build_services=with_door)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = make_app(bench.services, (connector,) if connector else ())
    # As `python -m connectors` serves, but for the signals: this process has its own.
    config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, server_header=False, proxy_headers=False,
                            lifespan="on", timeout_graceful_shutdown=1)  # fmt: skip
    server = uvicorn.Server(config)
    with _logs(watching):
        serving = asyncio.create_task(server._serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield listening.getsockname()[1], watching
        finally:
            server.should_exit = True
            await serving


@contextlib.contextmanager
def _logs(watching: Watching) -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    set_up("debug")
    root.handlers = [watching]
    try:
        yield
    finally:
        root.handlers = before
        root.setLevel(level)


class Attack:
    """Shots from some lines at once, until all are sent or ten things are found."""

    def __init__(self, door: Door, watching: Watching, *, numbers: range, seed: int) -> None:
        self._door, self._watching, self._seed = door, watching, seed
        self._numbers, self._count = iter(numbers), len(numbers)
        self._chance, self._earlier = random.Random(seed), [shot(door, numbers.start, seed)]
        self._memory = psutil.Process().memory_info
        self.outcome = Outcome()

    async def from_line(self, port: int) -> None:
        """Send from one line."""
        line = Line(port)
        for number in self._numbers:
            await self._send(line, number)
            if len(self.outcome.found) >= MOST_FOUND:
                break
        line.close()

    async def _send(self, line: Line, number: int) -> None:
        one, outcome = self._next(number), self.outcome
        status, problem = await _judged(line, one, self._watching)
        outcome.statuses[status] += 1
        outcome.kinds[one.kind] += 1
        if problem:
            smallest = await _smallest(self._door, line, one, self._watching)
            outcome.found.append((number, f"{one.kind}: {problem}", smallest))
        if sum(outcome.statuses.values()) % max(self._count // 5, 1) == 0:
            outcome.memory_mb.append(round(self._memory().rss / 1e6, 1))
        if number % TELL_EVERY == 0:
            print(f"… {number}", file=sys.stderr, flush=True)

    def _next(self, number: int) -> Shot:
        if number % REPLAY_EVERY == 0:
            return self._chance.choice(self._earlier)
        one = shot(self._door, number, self._seed)
        if len(one.raw) < 100_000:
            self._earlier = [*self._earlier[-99:], one]
        return one


async def attack(door: Door, folder: Path, *, numbers: range, seed: int = 7, lines: int = LINES) -> Outcome:
    """Send the shots with these numbers."""
    async with gateway(door, folder) as (port, watching):
        attacking = Attack(door, watching, numbers=numbers, seed=seed)
        await asyncio.gather(*(attacking.from_line(port) for _ in range(lines)))
        await asyncio.sleep(0.5)
        attacking.outcome.found += [(-1, problem, b"") for problem in watching.seen]
    return attacking.outcome


async def _judged(line: Line, one: Shot, watching: Watching) -> tuple[int, str]:
    """Return the status and what is wrong with it, "" for nothing."""
    status = await line.send(one)
    problem = f"status {status or 'none'}" if status >= 500 or (one.is_http and status < 200) else ""
    if watching.seen:
        problem = "; ".join([problem, *watching.seen]).strip("; ")
        watching.seen.clear()
    return status, problem


async def _smallest(door: Door, line: Line, one: Shot, watching: Watching) -> bytes:
    """Return the smallest signed content, or request, that still does it: parts are left away as long as it does."""
    if one.content is None:
        return one.raw[:4000]
    content, size, tries = one.content, max(len(one.content) // 2, 1), 0
    while size and tries < SHRINK_TRIES:
        for start in range(0, len(content), size):
            shorter, tries = content[:start] + content[start + size :], tries + 1
            if (await _judged(line, signed(door, one.kind, shorter), watching))[1]:
                content = shorter
                break
        else:
            size //= 2
    return content
