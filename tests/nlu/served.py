"""The assistant as it is served: real model, rules, actions, store and HTTP; only the hop to the action server is left out."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from bot.database import Database
from bot.messages import Answer, Turn, answer_from_json, to_json
from bot.nlu.tracker_store import EncryptedTrackerStore
from connectors.rasa.channel import DaozhenInput

TOKEN = b"t0ken"


class Actions(EndpointConfig):
    """Takes the place of the HTTP call to the action server. `trouble` is raised instead of an answer."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1/webhook", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self.trouble: Exception | None = None
        self.silent = False
        self.takes_s = 0.0
        self.fails_from = 0  # number of the call from which on all fail
        self.calls = self.said = 0

    async def request(self, method: str = "post", json: Any = None, **_: Any) -> Any:
        """Run the action."""
        self.calls += 1
        await asyncio.sleep(self.takes_s)
        if self.trouble is not None or 0 < self.fails_from <= self.calls:
            raise self.trouble or ConnectionError("the actions went away")
        answer = await self._executor.run(json)
        self.said += len(answer["responses"])
        return {**answer, "responses": []} if self.silent else answer


class Assistant:
    """One served assistant; `crashed()` leaves what kill -9 leaves: the database."""

    def __init__(self, agent: Agent, database: Database) -> None:
        self.actions = Actions()
        self._agent, self._database = agent, database
        self.store = EncryptedTrackerStore(agent.domain, database=database)
        agent.tracker_store = agent._create_tracker_store(self.store, agent.domain)
        agent.processor.tracker_store = agent.tracker_store
        agent.action_endpoint = agent.processor.action_endpoint = self.actions
        self._http: httpx.AsyncClient | None = None
        self._server: Any = None

    async def start(self) -> Assistant:
        """Serve on a free port."""
        Sanic.test_mode = True  # the name of an app may come again
        app = Sanic("assistant", configure_logging=False)
        app.ctx.agent = self._agent
        channel = DaozhenInput.from_credentials(None)
        app.blueprint(channel.blueprint(self._agent.handle_message), url_prefix="/webhooks/daozhen")
        door = socket.create_server(("127.0.0.1", 0))
        self._server = await app.create_server(sock=door, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.start_serving()
        address = f"http://127.0.0.1:{door.getsockname()[1]}/webhooks/daozhen"
        self._http = httpx.AsyncClient(base_url=address, trust_env=False, timeout=20)
        return self

    async def stop(self) -> None:
        """End it."""
        assert self._http is not None
        await self._http.aclose()
        self._server.close()
        await self._server.wait_closed()

    def crashed(self) -> None:
        """Forget everything that is not in the database."""
        self.store._live.clear()

    async def post(self, body: Any, token: bytes = TOKEN) -> httpx.Response:
        """Send one request to the route."""
        assert self._http is not None
        return await self._http.post("/turns", json=body, headers={b"Authorization": b"Bearer " + token})

    async def hears(self, turn: Turn) -> Answer | int:
        """Return the answer, or the status when there is none."""
        response = await self.post(to_json(turn))
        return answer_from_json(response.json()) if response.status_code == httpx.codes.OK else response.status_code

    async def texts_kept(self, conversation: str) -> list[str]:
        """Return what the patient is stored to have said."""
        tracker = await EncryptedTrackerStore(self._agent.domain, database=self._database).retrieve(conversation)
        return [event.text for event in tracker.events if event.type_name == "user"] if tracker else []
