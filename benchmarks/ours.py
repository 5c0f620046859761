"""The whole system as an operator starts it, on ports and a data folder of its own, and patients on its web chat."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.settings import ROOT

# An ordinary morning: questions for the hospital, some courtesy, a complaint with its answers until the result.
SENTENCES = ("hello", "where can I park?", "how do I cancel my appointment?", "my ear hurts since three days", "no", "35", "mild",
             "thank you", "is there wifi?", "when can I visit a patient?")  # fmt: skip
DAYS = ("today", "tomorrow", "on Monday", "at noon", "please")


def sentence(sender: int, turn: int) -> str:
    """Return what a patient writes. Questions differ each time, as patients' do: no answer may come from a memory."""
    text = SENTENCES[(sender + turn) % len(SENTENCES)]
    return text if len(text) < 5 else f"{text} {DAYS[turn % len(DAYS)]} {sender}-{turn}"


class Ours:
    """`daozhen up` in a process of its own."""

    def __init__(self, *, gateway: int, assistant: int, actions: int) -> None:
        self.port = gateway
        self.folder = Path(tempfile.mkdtemp(prefix="daozhen-bench-"))
        self._environment = {
            **os.environ,
            "DAOZHEN_DATA_DIR": str(self.folder),
            "DAOZHEN_PORT": str(gateway),
            "DAOZHEN_ASSISTANT_PORT": str(assistant),
            "DAOZHEN_ACTIONS_PORT": str(actions),
            "DAOZHEN_ASSISTANT_TOKEN": "bench",
            "DAOZHEN_WEBCHAT_PER_MINUTE": "1000000",
        }
        self.assistant_url = f"http://127.0.0.1:{assistant}/webhooks/daozhen"
        self.ready_urls = (
            f"http://127.0.0.1:{gateway}/chat",
            f"{self.assistant_url}/ready",
            f"http://127.0.0.1:{actions}/health",
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Start it."""
        with (self.folder / "up.log").open("wb") as log:
            command = [sys.executable, "-m", "bot", "up", "--demo"]
            return subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True)

    def remove(self) -> None:
        """Remove what it stored."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Patient:
    """One patient on the web chat, with a stream open as a page has it."""

    def __init__(self, http: httpx.AsyncClient, port: int) -> None:
        self._http, self._base = http, f"http://127.0.0.1:{port}/chat/api"
        self._headers = {"x-daozhen": "1"}
        self._cookie = ""
        self._seen = 0
        self._news: asyncio.Queue[int] = asyncio.Queue()

    @asynccontextmanager
    async def present(self) -> AsyncIterator[Patient]:
        """Open a session, agree, and listen."""
        session = await self._http.post(f"{self._base}/session", headers=self._headers)
        self._headers["cookie"] = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        # The client's own jar would make all patients one person.
        self._http.cookies.clear()
        await self._send("hello")
        await asyncio.sleep(0.3)
        await self._send("I agree")
        await asyncio.sleep(0.5)
        listening = asyncio.create_task(self._listen())
        await asyncio.sleep(0.3)
        while not self._news.empty():
            self._news.get_nowait()
        try:
            yield self
        finally:
            listening.cancel()

    async def asks(self, text: str) -> float:
        """Send `text` and return the seconds until the first answer is on the stream."""
        while not self._news.empty():
            self._news.get_nowait()
        began = time.monotonic()
        await self._send(text)
        await asyncio.wait_for(self._news.get(), 60)
        return time.monotonic() - began

    async def _send(self, text: str) -> None:
        body = {"id": uuid.uuid4().hex, "text": text, "payload": "", "language": "en"}
        (await self._http.post(f"{self._base}/messages", json=body, headers=self._headers)).raise_for_status()

    async def _listen(self) -> None:
        while True:
            async with self._http.stream(
                "GET", f"{self._base}/stream?after={self._seen}", headers=self._headers, timeout=None
            ) as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("data:") and '"number"' in line:
                        number = json.loads(line[5:])["number"]
                        if number > self._seen:
                            self._seen = number
                            self._news.put_nowait(number)
            await asyncio.sleep(0.1)
