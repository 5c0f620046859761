"""Patients who write to a running system while something else happens to it, and how long each of their messages waited."""

from __future__ import annotations

import asyncio
import itertools
import random
import secrets
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from connectors.webchat.session import OWN_HEADER, cookie_name

SAID = ("where do I pay", "do you have wifi", "when are visiting hours", "thank you", "where can I park")
LOOK_EVERY_S = 0.2
# Longer than this a message counts as lost.
LOST_AFTER_S = 30.0
# What is said when the assistant does not answer in time: a wait, and no answer.
ONE_MOMENT = "I have your message. One moment"


@dataclass
class Watched:
    """What became of all messages: `waits` in seconds until the answer, `lost` without one, `moments`: told to wait."""

    waits: list[float] = field(default_factory=list)
    lost: int = 0
    moments: int = 0


class Crowd:
    """Some patients in a thread of their own, each with a pause for thought between two messages."""

    def __init__(self, url: str, *, count: int = 20) -> None:
        self.watched = Watched()
        self.talking = threading.Event()
        self._url, self._count = url, count
        self._ends = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._talk()), daemon=True)
        self._agreed = itertools.count(1)

    def __enter__(self) -> Crowd:
        """Begin; returns once everybody has agreed and talks."""
        self._thread.start()
        assert self.talking.wait(120), "the patients do not get to talk"
        return self

    def __exit__(self, *_: object) -> None:
        """Let everybody hear the answer to what they said last, and leave."""
        self._ends.set()
        self._thread.join(LOST_AFTER_S + 10)
        assert not self._thread.is_alive(), "the patients do not stop"

    async def _talk(self) -> None:
        await asyncio.gather(*(self._patient(number) for number in range(self._count)))

    async def _patient(self, number: int) -> None:
        pace = random.Random(number)
        http = httpx.AsyncClient(
            base_url=f"{self._url}/chat/api", timeout=10.0, trust_env=False, headers={OWN_HEADER: "1"},
            cookies={cookie_name(secure=False): secrets.token_urlsafe(32)},
        )  # fmt: skip
        async with http:
            guest = _Guest(http, self.watched)
            await guest.agrees()
            if next(self._agreed) == self._count:
                self.talking.set()
            for words in itertools.cycle(SAID):
                await asyncio.sleep(pace.uniform(3, 6))
                if self._ends.is_set():
                    return
                await guest.says(words)


class _Guest:
    """One patient's page."""

    def __init__(self, http: httpx.AsyncClient, watched: Watched) -> None:
        self._http, self._watched, self._heard = http, watched, 0

    async def agrees(self) -> None:
        """Write for the first time, and agree to be written down."""
        asked = await self._answer_to("Hello", "")
        assert asked is not None, "the first message was lost"
        consent = next(one for said in asked for one in said["buttons"] or () if one["payload"].startswith("consent:yes"))
        await self._answer_to(consent["title"], consent["payload"])

    async def says(self, words: str) -> None:
        """Write, and note how long the answer took."""
        began = time.monotonic()
        if await self._answer_to(words, "") is None:
            self._watched.lost += 1
        else:
            self._watched.waits.append(time.monotonic() - began)

    async def _answer_to(self, words: str, payload: str) -> list[dict[str, Any]] | None:
        """Send until it is acknowledged, as the page does, and return what is said to it; None: nothing."""
        await self._listen()
        until = time.monotonic() + LOST_AFTER_S
        message = {"id": uuid.uuid4().hex, "text": words, "payload": payload, "language": "en"}
        while not await self._is_stored(message):
            if time.monotonic() > until:
                return None
            await asyncio.sleep(LOOK_EVERY_S)
        while time.monotonic() < until:
            said = await self._listen()
            answers = [one for one in said if not one["text"].startswith(ONE_MOMENT)]
            self._watched.moments += len(said) - len(answers)
            if answers:
                return answers
            await asyncio.sleep(LOOK_EVERY_S)
        return None

    async def _is_stored(self, message: dict[str, Any]) -> bool:
        try:
            return (await self._http.post("/messages", json=message)).status_code == httpx.codes.ACCEPTED
        except httpx.HTTPError:
            return False

    async def _listen(self) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = (await self._http.get(f"/messages?after={self._heard}")).json()["messages"]
        except (httpx.HTTPError, ValueError, KeyError):
            return []
        self._heard = max([self._heard, *(one["number"] for one in found)])
        return found
