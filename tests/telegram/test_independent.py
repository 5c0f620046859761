"""A Bot API that nobody here wrote (the npm package telegram-test-api) hears the same story. Skipped where node or the package
is not to be had, in CI as well: it is a second opinion, and the simulator's own tests carry the promise.

The package answers in ways that no library understands (dates in milliseconds, users without `is_bot`, errors of its own form for
methods it lacks), so its answers are mended on the way; what we send reaches it untouched.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.bootstrap import build
from connectors.gateway import make_app
from connectors.telegram.api import Api
from connectors.telegram.connector import Telegram
from connectors.telegram.running import Way
from tests.conversations.bench import Bench
from tests.telegram.kit import TOKEN, settings, user
from tests.telegram.town import until

pytestmark = pytest.mark.slow

START = "new (require('telegram-test-api').TelegramServer || require('telegram-test-api'))({{port: {port}, host: '127.0.0.1', storeTimeout: 600}}).start()"
PACKAGE = "telegram-test-api@4.2.1"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Install the package in a folder of its own and start it."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("No node on this machine, so the independent Bot API is not asked.")
    folder: Path = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text("{}")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", PACKAGE], cwd=folder, capture_output=True, check=False, timeout=180
    )
    if done.returncode:
        pytest.skip("The npm registry does not answer, so the independent Bot API is not asked.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(["node", "-e", START.format(port=port)], cwd=folder)
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait()


def mended(call: Callable[..., Awaitable[tuple[int, bytes]]]) -> Callable[..., Awaitable[tuple[int, bytes]]]:
    """Return `call` with answers as Telegram would give them."""

    async def mend(*, url: str, **more: Any) -> tuple[int, bytes]:
        method = url.partition("?")[0].rpartition("/")[2]
        _, body = await call(url=url, **more)
        answer = json.loads(body)
        result = answer.get("result")
        if method == "getUpdates" and not result:
            await asyncio.sleep(0.05)  # it does not wait by itself
        if method == "getMe":
            result = {**result, "is_bot": True}
        elif method == "sendMessage":
            bot = {"id": 1, "is_bot": True, "first_name": "x"}
            result = {"message_id": result["message_id"], "date": result["date"] // 1000, "chat": result["chat"], "from": bot}
        elif method == "getWebhookInfo":
            result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        elif not isinstance(result, list):
            result = True  # a method that it lacks, or answers with null
        return 200, json.dumps({"ok": True, "result": result}).encode()

    return mend


@pytest.fixture
async def gateway(address: str, tmp_path: Path) -> AsyncIterator[Bench]:
    """A gateway that polls it."""
    api = Api(TOKEN, api_url=address, poll_s=1)
    for line in (api._request, api._polling):
        line.do_request = mended(line.do_request)  # type: ignore[method-assign]
    mine = settings(tmp_path, telegram_mode="polling", telegram_api_url=address)
    connector = Telegram(mine, api=api, way=Way("polling", "", "", first_pause_s=0.05))

    def with_sender(*arguments: Any, **more: Any) -> Any:
        return build(*arguments, **more, senders={"telegram": connector.sender})

    bench = Bench(tmp_path, build_services=with_sender)
    app = make_app(bench.services, (connector,))
    async with app.router.lifespan_context(app):
        await until(lambda: connector.state() == "ok")
        yield bench


class Client:
    """A person as that package has them."""

    def __init__(self, address: str) -> None:
        self._http, self._me = httpx.AsyncClient(base_url=address, trust_env=False), user(7)
        self.heard: list[dict[str, Any]] = []

    async def says(self, text: str) -> None:
        chat = {"id": self._me["id"], "type": "private", "first_name": "A"}
        message = {"botToken": TOKEN, "from": self._me, "chat": chat, "date": int(time.time()), "text": text}
        await self._http.post("/sendMessage", json=message)

    async def presses(self, data: str) -> None:
        chat = {"id": self._me["id"], "type": "private"}
        under = {"message_id": 1, "date": int(time.time()), "chat": chat}
        await self._http.post("/sendCallback", json={"botToken": TOKEN, "from": self._me, "message": under, "data": data})

    async def hears(self, part: str) -> dict[str, Any]:
        for _ in range(200):
            new = (await self._http.post("/getUpdates", json={"token": TOKEN, "chatId": self._me["id"]})).json()["result"]
            self.heard += [update["message"] for update in new]
            for message in self.heard:
                if part in message["text"]:
                    return message
            await asyncio.sleep(0.05)
        raise AssertionError(f"{part!r} was not said: {[message['text'] for message in self.heard]}")


async def test_the_same_story_with_a_bot_api_that_nobody_here_wrote(gateway, address):
    anna = Client(address)
    await anna.says("/start")
    asked = await anna.hears("Is that all right?")
    (agree,), (_,) = asked["reply_markup"]["inline_keyboard"]
    assert asked["entities"][0]["type"] == "italic" and "parse_mode" not in asked
    await anna.presses(agree["callback_data"])
    await anna.hears("(Hello)")
    await anna.says("my ear hurts")
    await anna.hears("(my ear hurts)")
    await anna.says("crushing chest pain and my left arm is numb")
    await anna.hears("could be an emergency")
