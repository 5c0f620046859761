"""Two gateways on one PostgreSQL: whichever of them WeChat asks, a message is answered once and its retry hears the same."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from bot.bootstrap import build
from bot.database.tables import inbound, outbound
from connectors.gateway import make_app
from connectors.wechat.connector import PATH, WeChat
from tests.conversations.bench import Bench
from tests.telegram.town import free_socket, until
from tests.wechat.town import CUT_S, TIMING, Town, account_settings


class Second(Bench):
    """Another gateway of the same installation, for the account of a town."""

    def __init__(self, folder: Path, town: Town, database_url: str) -> None:
        self.town = town
        self.connector = WeChat(account_settings(folder, town.wechat), clock=town.now, timing=TIMING)

        def with_wechat(settings: Any, **more: Any) -> Any:
            more["database"].cipher = town.database.cipher
            return build(settings, **more, senders={"wechat": self.connector.sender})

        super().__init__(folder, database_url=database_url, assistant=town.assistant, build_services=with_wechat)
        self.database.cipher = town.database.cipher
        self._socket = free_socket()

    async def __aenter__(self) -> Second:
        app = make_app(self.services, (self.connector,))
        self._server = uvicorn.Server(uvicorn.Config(app, ws="none", log_config=None, access_log=False, lifespan="on"))
        with contextlib.suppress(AttributeError):
            self._server.install_signal_handlers = lambda: None
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await until(lambda: self._server.started and self.connector.sender.may_push is not None)
        self.town.official.postman.address.others = [f"http://127.0.0.1:{self._socket.getsockname()[1]}{PATH}"]
        return self

    async def __aexit__(self, *_: Any) -> None:
        self._server.should_exit = True
        await self._serving


@pytest.fixture(params=["may push", "may only answer"])
async def town(request, tmp_path, postgres):
    address = postgres.database()
    async with (
        Town(tmp_path, verified=request.param == "may push", database_url=address) as running,
        Second(tmp_path, running, address),
    ):
        yield running


async def test_a_message_that_reaches_both_at_once_is_answered_once(town):
    anna = await town.person().who_agreed()
    for number in range(5):
        town.official.postman.faults.twice = 1
        push = await anna.says(f"ear {number}")
        assert len(anna.latest()) == 1 and push.verdict in ("shown", "silent"), anna.latest()

    assert [town.runs(f"ear {number}") for number in range(5)] == [1] * 5
    assert set(town.states(outbound)) == {"sent"} and set(town.states(inbound)) == {"handled"}


async def test_an_answer_that_got_lost_is_given_again_whichever_gateway_is_asked(town):
    anna = await town.person().who_agreed()
    town.official.postman.faults.answers_lost = 1
    push = await anna.says("my ear hurts")

    await town.settled()
    assert len(push.tries) == 2 and len(anna.ways()) == 1 and town.runs("my ear hurts") == 1
    anna.hears("(my ear hurts)")


async def test_a_late_answer_is_given_once_whoever_was_asked(town):
    anna = await town.person().who_agreed()
    town.assistant.replies("ear", "Since when?")
    town.assistant.holds()
    push = town.official.says(anna.follower, "my ear hurts")
    await asyncio.sleep(1.2 * CUT_S)
    town.assistant.lets_go()
    await push.settled()
    await town.settled()

    assert sum("Since when?" in text for text in anna.heard()) == 1
