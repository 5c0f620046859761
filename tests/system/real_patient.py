"""A patient of the running system: the calls of the web chat page, and what stands in the database about it."""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from types import TracebackType
from typing import Any

import httpx
import sqlalchemy as sa

from bot.database.tables import inbound
from bot.languages import Language
from bot.outbox.compose import carries_disclaimer
from connectors.webchat.session import OWN_HEADER, cookie_name
from tests.system.real_system import System

Said = dict[str, Any]

HEARD_WITHIN_S = 45.0


class Patient:
    """One browser session. `heard` is everything the bot ever said to it, each with the disclaimer in its language."""

    def __init__(
        self, system: System, phrases: Any, *, language: Language | None = None, region: str = "", chooses: bool = True
    ) -> None:
        """`language` is what the bot has to speak; unless the patient `chooses` it on the page it is read from the words."""
        self.system, self.phrases, self.language = system, phrases, language
        self.token = secrets.token_urlsafe(32)
        self.number = 0  # of the latest message
        self.heard: list[Said] = []
        self.buttons: list[dict[str, str]] = []
        self._more = {name: value for name, value in (("language", language if chooses else ""), ("region", region)) if value}
        self._http = httpx.AsyncClient(
            base_url=f"{system.url}/chat/api", timeout=5.0, trust_env=False, headers={OWN_HEADER: "1"},
            cookies={cookie_name(secure=False): self.token},
        )  # fmt: skip

    async def __aenter__(self) -> Patient:
        """Open the page."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        await self._http.aclose()

    async def says(self, text: str, payload: str = "") -> list[Said]:
        """Write, and return all that is said until the message is seen to."""
        number = await self.sends(text, payload)
        await self.is_seen_to(number)
        return await self.listens()

    async def presses(self, position: int = 0) -> list[Said]:
        """Press a button of the latest question."""
        button = self.buttons[position]
        return await self.says(button["title"], button["payload"])

    def speaks(self, language: Language) -> None:
        """Choose another language on the page."""
        self.language = self._more["language"] = language

    async def agrees(self) -> list[Said]:
        """Press "I agree" under the consent question."""
        assert self.buttons[0]["payload"].startswith("consent:yes"), "consent was not asked"
        return await self.presses()

    async def sends(self, text: str, payload: str = "", *, message_id: str = "") -> int:
        """Post one message, the same again until it is acknowledged; returns its number."""
        message = {"id": message_id or uuid.uuid4().hex, "text": text, "payload": payload, **self._more}
        until = time.monotonic() + HEARD_WITHIN_S
        while True:
            try:
                answer = await self._http.post("/messages", json=message)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == httpx.codes.ACCEPTED:
                self.number = int(answer.json()["message"])
                return self.number
            assert answer is None or answer.status_code >= 500, f"refused with {answer.status_code}"
            assert time.monotonic() < until, "no acknowledgement"
            await asyncio.sleep(0.05)

    async def posts(self, data: Any) -> httpx.Response:
        """Post anything."""
        return await self._http.post("/messages", json=data)

    async def own_words(self) -> list[Said]:
        """Return what the page shows of the own words."""
        words: list[Said] = (await self._http.get("/messages?after=0")).json()["own"]
        return words

    async def is_seen_to(self, number: int, *, within_s: float = HEARD_WITHIN_S) -> None:
        """Wait until this message and all that was held before it are handled or held for consent."""
        until = time.monotonic() + within_s
        while waits(self.system, number):
            assert time.monotonic() < until, f"message {number} is not handled"
            await asyncio.sleep(0.02)

    async def listens(self) -> list[Said]:
        """Return what was said since the last time; every message of the bot carries the disclaimer."""
        seen = self.heard[-1]["number"] if self.heard else 0
        answer = await self._http.get(f"/messages?after={seen}")
        new: list[Said] = answer.json()["messages"]
        for said in new:
            assert carries_disclaimer(said["text"], said["language"], phrases=self.phrases), said["text"]
            assert self.language is None or said["language"] == self.language, said
            assert said["author"] == "bot"
            self.buttons = said["buttons"] or self.buttons
        self.heard += new
        return new

    async def hears(self, kind: str, *, within_s: float) -> Said:
        """Return the first new message of this kind, which comes within this time."""
        until = time.monotonic() + within_s
        while True:
            for said in await self.listens():
                if said["kind"] == kind:
                    return said
            assert time.monotonic() < until, f"no {kind} within {within_s} s"
            await asyncio.sleep(0.02)


def waits(system: System, number: int) -> bool:
    """Return whether a message of the same conversation, up to this one or released by it, is to be handled."""
    mine = sa.select(inbound.c.conversation_id).where(inbound.c.id == number).scalar_subquery()
    query = sa.select(sa.func.count()).where(inbound.c.conversation_id == mine, inbound.c.state == "received")
    with system.database.read() as work:
        return bool(work.execute(query).scalar_one())


def kinds(said: list[Said]) -> list[str]:
    """Return what kinds of messages these are."""
    return [message["kind"] for message in said]


def texts(said: list[Said]) -> str:
    """Return all texts as one."""
    return "\n".join(message["text"] for message in said)
