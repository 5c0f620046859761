"""The platform's half, a process of its own: posts updates at a fixed rate whatever comes back, over Telegram's forty lines.

A request's time counts from the moment it was due: when all lines are taken, waiting for one counts too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from connectors.telegram.connector import SECRET_HEADER
from connectors.telegram.running import PATH

LINES = 40
TEXTS = ("my ear hurts since three days", "where can I park?", "no fever, only a cough", "I feel dizzy when I stand up",
         "Bauchweh seit gestern, mir ist übel", "我头疼，昨天开始的", "أشعر بألم في الظهر", "thank you")  # fmt: skip
DANGER = "crushing chest pain and I am sweating"
# One message in fifty is an emergency: far more than on any day, and they must not be slower.
DANGER_EVERY = 50


@dataclass(frozen=True)
class Posted:
    """What one run measured: the times of ordinary messages and of emergencies in ms, and how many were not acknowledged."""

    ordinary_ms: list[float]
    danger_ms: list[float]
    refused: int


class Line:
    """One kept connection."""

    def __init__(self, host: str, port: int, secret: str) -> None:
        self._host, self._port = host, port
        self._head = f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{SECRET_HEADER}: {secret}\r\n"
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> int:
        """Return the status. A kept line that was closed meanwhile is opened anew. Raises OSError or EOFError."""
        if self._line is not None:
            with contextlib.suppress(OSError, EOFError):
                return await self._post(self._line, body)
        self._line = await asyncio.open_connection(self._host, self._port)
        return await self._post(self._line, body)

    async def _post(self, line: tuple[asyncio.StreamReader, asyncio.StreamWriter], body: bytes) -> int:
        reader, writer = line
        try:
            writer.write(f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r")[0].strip()
            await reader.readexactly(int(length or b"0"))
            return int(head.split(b" ", 2)[1])
        except (OSError, EOFError):
            writer.close()
            self._line = None
            raise


def bodies(*, count: int, people: int, first: int, seed: int = 7) -> list[tuple[bool, bytes]]:
    """Return updates and whether each is an emergency; `people` write in turn. The same numbers give the same updates."""
    chance = random.Random(seed + first)
    made = []
    for number in range(first, first + count):
        danger = number % DANGER_EVERY == DANGER_EVERY - 1
        text = DANGER if danger else f"{chance.choice(TEXTS)} {number}"
        made.append((danger, body(number, 1000 + chance.randrange(people), text)))
    return made


def body(number: int, person: int, text: str) -> bytes:
    """Return the update of a text in a private chat."""
    sender = {"id": person, "is_bot": False, "first_name": "Load", "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": "Load"}
    message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": sender, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


async def post_all(address: str, secret: str, updates: list[tuple[bool, bytes]], *, rate: float) -> Posted:
    """Post all, `rate` of them a second."""
    parts = urlsplit(address)
    free: asyncio.LifoQueue[Line] = asyncio.LifoQueue()
    for _ in range(LINES):
        free.put_nowait(Line(str(parts.hostname), int(parts.port or 80), secret))
    posted = Posted([], [], 0)
    refused = itertools.count()

    async def one(danger: bool, data: bytes, due: float) -> None:
        line = await free.get()
        status = 0
        with contextlib.suppress(OSError, EOFError):
            status = await line.post(data)
        free.put_nowait(line)
        if status != 200:
            next(refused)
            return
        (posted.danger_ms if danger else posted.ordinary_ms).append(1000 * (time.monotonic() - due))

    began, tasks = time.monotonic(), []
    for number, (danger, data) in enumerate(updates):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.create_task(one(danger, data, due)))
    await asyncio.gather(*tasks)
    return Posted(posted.ordinary_ms, posted.danger_ms, next(refused))


def main() -> None:
    """Post what was asked for, and print the times as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("secret")
    for name, number in (("rate", 200), ("count", 4000), ("people", 500), ("first", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    updates = bodies(count=asked.count, people=asked.people, first=asked.first)
    print(json.dumps(asdict(asyncio.run(post_all(asked.address, asked.secret, updates, rate=asked.rate)))))


if __name__ == "__main__":
    main()
