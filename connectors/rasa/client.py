"""The gateway's side of the line to the assistant. It knows no Rasa, only the address and the token."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import aiohttp

from bot.inbox.assistant import AssistantUnavailable
from bot.messages import Answer, Turn, answer_from_json, to_json

_TROUBLE = (aiohttp.ClientError, asyncio.TimeoutError, ValueError, KeyError, TypeError, AttributeError)


class RasaAssistant:
    """Asks the assistant over HTTP on loopback.

    aiohttp, which Rasa brings anyway: httpx took two fifths of the gateway's event loop under load.
    """

    def __init__(self, url: str, *, token: str, timeout_s: float) -> None:
        self._turns, self._ready = f"{url}/webhooks/daozhen/turns", f"{url}/webhooks/daozhen/ready"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._http: aiohttp.ClientSession | None = None

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn. Raises AssistantUnavailable for whatever keeps an answer away; the turn is tried again."""
        body = json.dumps(to_json(turn)).encode()
        try:
            async with self._session().post(self._turns, data=body, headers=self._headers, timeout=self._timeout) as response:
                response.raise_for_status()
                return answer_from_json(await response.json())
        except _TROUBLE as error:
            # The cause may quote the request, that is the patient: only its class is told on.
            raise AssistantUnavailable(type(error).__name__) from None

    async def ready(self) -> bool:
        """Return whether a model is loaded."""
        try:
            async with self._session().get(self._ready, timeout=aiohttp.ClientTimeout(total=2.0)) as response:
                return response.status == HTTPStatus.OK
        except _TROUBLE:
            return False

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        # Made on first use: a session belongs to the event loop that uses it.
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=32))
        return self._http
