"""The gateway's side of the line to the assistant. It knows no Rasa, only the address and the token."""

from __future__ import annotations

import httpx

from bot.inbox.assistant import AssistantUnavailable
from bot.messages import Answer, Turn, answer_from_json, to_json


class RasaAssistant:
    """Asks the assistant over HTTP on loopback."""

    def __init__(self, url: str, *, token: str, timeout_s: float, http: httpx.AsyncClient) -> None:
        self._turns, self._ready = f"{url}/webhooks/daozhen/turns", f"{url}/webhooks/daozhen/ready"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout_s, self._http = timeout_s, http

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn. Raises AssistantUnavailable for whatever keeps an answer away; the turn is tried again."""
        try:
            response = await self._http.post(self._turns, json=to_json(turn), headers=self._headers, timeout=self._timeout_s)
            response.raise_for_status()
            return answer_from_json(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            # The cause may quote the request, that is the patient: only its class is told on.
            raise AssistantUnavailable(type(error).__name__) from None

    async def ready(self) -> bool:
        """Return whether a model is loaded."""
        try:
            return (await self._http.get(self._ready, timeout=2.0)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False
