"""A gateway with an official account, and a simulated WeChat around it, in this process: people write, the account answers.

    async with Town(tmp_path) as town:
        anna = town.person("Anna")
        await anna.says("Guten Tag")
        anna.hears("Musterkrankenhaus")

WeChat's five seconds are one and a half here. After every step nothing may have been called that WeChat does not know, no answer may
have been an outage to the person, and no mistake of ours may have been logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from bot.bootstrap import build
from bot.database.tables import inbound, outbound
from bot.inbox import conversations
from bot.outbox.pacing import Pace, Rate
from bot.settings import Settings
from connectors.gateway import make_app
from connectors.right_to_left import plain
from connectors.wechat.answering import Timing
from connectors.wechat.connector import PATH, WeChat
from simulators.wechat import constants
from simulators.wechat.official import Follower
from simulators.wechat.postman import Push
from simulators.wechat.server import Simulator
from tests.conversations.bench import Bench
from tests.telegram.town import free_socket, until

# Seconds after which WeChat hangs up; a busy machine needs them.
CUT_S = 2.0
SCALE = 5.0 / CUT_S
TIMING = Timing(patience_s=0.72 * CUT_S)
WITHIN_S = 8.0
# The first of a list of choices, tapped or typed, as it stands in the text.
LINK = "weixin://bizmsgmenu?"


def account_settings(folder: Path, wechat: Simulator, **more: Any) -> Settings:
    """Return settings for the simulated account."""
    values: dict[str, Any] = {
        "wechat_app_id": constants.APP_ID,
        "wechat_secret": constants.SECRET,
        "wechat_token": constants.TOKEN,
        "wechat_aes_keys": ",".join(constants.AES_KEYS),
        "wechat_api_url": wechat.url,
    }
    return Settings(data_dir=folder, **{**values, **more})


class Town(Bench):
    """Gateway and WeChat. `verified`: the account may push. `settings`: more settings of ours."""

    def __init__(self, folder: Path, *, verified: bool = True, settings: dict[str, Any] | None = None, **more: Any) -> None:
        self.wechat = Simulator(scale=SCALE, verified=verified, cut_after_s=CUT_S)
        self.official = self.wechat.official
        self._verified, self._own = verified, settings or {}
        self._folder, self._more = folder, more
        self._socket = free_socket()
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.outages = 0  # a test that wants one says so

    async def __aenter__(self) -> Town:
        """Start both, and wait until the account knows what it may."""
        await self.wechat.start()
        self.official.postman.address.url = self.address + PATH
        self.connector = WeChat(account_settings(self._folder, self.wechat, **self._own), clock=self.now, timing=TIMING)
        self.connector.sender.pace = Pace(everything=Rate(1000, 1000), person=Rate(25, 1), group=Rate(1, 1))

        def with_wechat(built: Settings, **more: Any) -> Any:
            return build(built, **more, senders={"wechat": self.connector.sender})

        super().__init__(self._folder, build_services=with_wechat, **self._more)
        for room in ("bot", "connectors"):
            logging.getLogger(room).addHandler(self.mistakes)
        await self.open_gateway()
        return self

    async def open_gateway(self) -> None:
        """Serve, with the background of the connector."""
        app = make_app(self.services, (self.connector,))
        config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        with contextlib.suppress(AttributeError):
            self._server.install_signal_handlers = lambda: None
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await until(lambda: self._server is not None and self._server.started)
        await until(lambda: self.connector.sender.may_push is not None)

    async def __aexit__(self, *_: Any) -> None:
        """Stop both."""
        assert self._server is not None and self._serving is not None
        self._server.should_exit = True
        await self._serving
        await self.wechat.stop()
        for room in ("bot", "connectors"):
            logging.getLogger(room).removeHandler(self.mistakes)
        assert not self.wechat.complaints, self.wechat.complaints

    def now(self) -> Any:
        """The time, for the connector before there is a bench."""
        return super().now() if hasattr(self, "_later") else _wall()

    def later(self, **time: float) -> None:
        """Let time pass for both sides, without the rounds of the gateway."""
        self._later += timedelta(**time)
        self.wechat.clock.skip(timedelta(**time).total_seconds())
        self.official.postman.faults.skew_s = self._later.total_seconds()

    async def settled(self) -> None:
        """Wait until nothing is on its way: no callback, no message of the inbox, none of the outbox but what is parked."""
        end, quiet = time.monotonic() + WITHIN_S, 0
        while quiet < 3:
            assert time.monotonic() < end, f"{self.states(outbound)} {self.states(inbound)}"
            await self.wechat.idle(WITHIN_S)
            await self.services.lanes.idle()
            states = self.states(outbound)
            quiet = 0 if "pending" in states or "sending" in states else quiet + 1
            await asyncio.sleep(0.01)
        self.look()

    def look(self) -> None:
        """Nothing went wrong that nobody ordered."""
        assert not self.mistakes.seen, self.mistakes.seen
        assert not self.wechat.complaints, self.wechat.complaints
        outages = [push.reason for push in self.official.postman.pushes if push.verdict == "outage"]
        assert len(outages) == self.outages, outages

    def runs(self, text: str) -> int:
        """Return how many times the assistant worked on this message."""
        return sum(turn.message_id in self.assistant.ran for turn in self.assistant.turns if turn.text == text)

    def rows(self, table: Any) -> list[Any]:
        """Return all rows."""
        with self.database.read() as work:
            return list(work.execute(table.select().order_by(table.c.id)))

    def states(self, table: Any) -> list[str]:
        """Return the states of all rows."""
        return [row.state for row in self.rows(table)]

    def person(self, name: str = "Anna") -> Someone:
        """Return somebody who has followed long ago and never written."""
        return Someone(self, self.official.person(name))


class Someone:
    """A follower."""

    def __init__(self, town: Town, follower: Follower) -> None:
        self.town, self.follower, self.official = town, follower, town.official

    async def who_agreed(self, hello: str = "Hello") -> Someone:
        """Say hello and agree."""
        await self.says(hello)
        await self.says("1")
        return self

    async def says(self, text: str) -> Push:
        """Write, and wait for all that is said."""
        return await self._after(self.official.says(self.follower, text))

    async def taps(self, index: int = 0) -> Push:
        """Tap one of the links that were shown last."""
        text = next(text for text in reversed(self.follower.said()) if LINK in text)
        query = text.split(LINK)[index + 1].partition('"')[0].replace("&amp;", "&")
        values = dict(one.split("=") for one in query.split("&"))
        return await self._after(self.official.taps(self.follower, values["msgmenucontent"], values["msgmenuid"]))

    async def does(self, deed: Callable[..., Push], *arguments: Any, **more: Any) -> Push:
        """Do anything of `Official`, and wait for all that is said."""
        return await self._after(deed(self.follower, *arguments, **more))

    async def _after(self, push: Push) -> Push:
        await push.settled()
        await self.town.settled()
        return push

    def heard(self) -> list[str]:
        """Return all that the account ever showed, without direction marks."""
        return [plain(text) for text in self.follower.said()]

    def latest(self) -> list[str]:
        """Return what the account has shown since the person last did something."""
        texts: list[str] = []
        for bubble in reversed(self.follower.chat):
            if bubble.who == "me" or (bubble.who == "system" and bubble.kind == "event"):
                break
            if bubble.who == "account":
                texts.insert(0, plain(bubble.text))
        return texts

    def hears(self, *parts: str) -> None:
        """All parts are in what the account has shown since the person last did something."""
        said = "\n".join(self.latest())
        for part in parts:
            assert part in said, f"{part!r} is not in:\n{said}"

    def hears_not(self, *parts: str) -> None:
        """None of the parts is."""
        said = "\n".join(self.latest())
        for part in parts:
            assert part not in said, f"{part!r} is in:\n{said}"

    def ways(self) -> list[str]:
        """Return how what was shown since then came: passive, text (pushed), notice…"""
        ways: list[str] = []
        for bubble in reversed(self.follower.chat):
            if bubble.who == "me" or (bubble.who == "system" and bubble.kind == "event"):
                break
            if bubble.who == "account":
                ways.insert(0, bubble.kind)
        return ways

    def conversation(self) -> Any:
        """Return what is stored about the conversation, or None."""
        with self.town.database.read() as work:
            return conversations.of_sender(work, "wechat", self.follower.openid)


def _wall() -> Any:
    from bot.clock import utc_now

    return utc_now()
