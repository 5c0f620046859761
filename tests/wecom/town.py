"""A gateway with WeCom's door, and a simulated WeCom around it, in this process: people write to 微信客服, the bot answers.

    async with WeComTown(tmp_path) as town:
        anna = town.person("Anna")
        await anna.says("Guten Tag")
        anna.hears("Musterkrankenhaus")

After every step nothing may have been called that WeCom does not know, and no mistake of ours may have been logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import uvicorn

from bot.bootstrap import build
from bot.database.tables import inbound, outbound
from bot.inbox import conversations
from bot.outbox.pacing import Pace, Rate
from connectors.gateway import make_app
from connectors.right_to_left import plain
from connectors.tencent.api import Line
from connectors.wecom import accounts
from connectors.wecom.connector import WeCom
from connectors.wecom.door import PATH
from connectors.wecom.robot import ALL, ROBOT, Robots
from simulators.wechat import constants
from simulators.wechat.corp import Customer, KfAccount, Talk
from simulators.wechat.faults import Fault
from simulators.wechat.official import Bubble
from simulators.wechat.server import Simulator
from tests.conversations.bench import Bench
from tests.telegram.town import free_socket
from tests.wecom.kit import settings

SCALE = 20.0
WITHIN_S = 25.0
NO_PACE = Rate(10_000.0, 10_000)


class WeComTown(Bench):
    """Gateway and WeCom with one clock, faster than the wall's."""

    def __init__(self, folder: Path, *, scale: float = SCALE, handover: str = "desk", robots: bool = False, **more: Any) -> None:
        self.wechat = Simulator(scale=scale, cut_after_s=5.0, stamps=lambda: self.now().timestamp())
        self.corp, self.account = self.wechat.corp, self.wechat.kf
        self._handover, self._robots = handover, robots
        self._socket = free_socket()
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._folder, self._more = folder, more
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> WeComTown:
        """Start both."""
        await self.wechat.start()
        mine = settings(
            self._folder,
            wecom_corp_id=constants.CORP_ID,
            wecom_token=constants.KF_TOKEN,
            wecom_aes_keys=",".join(constants.KF_AES_KEYS),
            wecom_kf_secret=constants.KF_SECRET,
            wecom_api_url=self.wechat.url,
            wecom_handover=self._handover,
            wecom_robot_keys=constants.ROBOT_KEY if self._robots else "",
        )
        line = Line(self.wechat.url, connect_s=1.0, read_s=1.0)
        self.connector = WeCom(mine, clock=self.now, line=line, look_s=0.05)
        self.connector.sender.pace = Pace(everything=NO_PACE, person=NO_PACE, group=NO_PACE, seconds=self.wechat.clock.now)
        pace = Pace(everything=ALL, person=ROBOT, group=ROBOT, seconds=self.wechat.clock.now)
        self.robots = Robots(mine, look_s=0.05, pace=pace) if self._robots else None

        def with_wecom(built: Any, **more: Any) -> Any:
            return build(built, **more, senders={"wecom": self.connector.sender})

        super().__init__(self._folder, build_services=with_wecom, **self._more)
        for room in ("bot", "connectors"):
            logging.getLogger(room).addHandler(self.mistakes)
        await self.open_gateway()
        self.corp.postman.address.url = f"{self.address}{PATH}"
        return self

    async def open_gateway(self) -> None:
        """Serve, with the background of the connector."""
        connectors = (self.connector, *([self.robots] if self.robots else []))
        app = make_app(self.services, connectors)
        config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        with contextlib.suppress(AttributeError):
            self._server.install_signal_handlers = lambda: None
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        end = time.monotonic() + WITHIN_S
        while not self._server.started:
            assert time.monotonic() < end
            await asyncio.sleep(0.01)

    async def __aexit__(self, *_: Any) -> None:
        """Stop both."""
        assert self._server is not None and self._serving is not None
        self._server.should_exit = True
        await self._serving
        await self.wechat.stop()
        for room in ("bot", "connectors"):
            logging.getLogger(room).removeHandler(self.mistakes)
        assert not self.wechat.complaints, self.wechat.complaints

    def now(self) -> datetime:
        """The simulated time, for all."""
        return datetime.fromtimestamp(self.wechat.clock.now(), timezone.utc)

    async def settled(self) -> None:
        """Wait until nothing waits any more: no push, nothing to fetch, no message of the inbox, none of the outbox."""
        end = time.monotonic() + WITHIN_S
        quiet = 0
        await self.wechat.corp.postman.idle(WITHIN_S)
        while quiet < 3:
            assert time.monotonic() < end, f"{self.states(outbound)} {self.states(inbound)}"
            with self.database.read() as work:
                busy = accounts.is_due(work, now=self.now())
            await self.services.lanes.idle()
            busy = busy or "pending" in self.states(outbound) or "sending" in self.states(outbound)
            quiet = 0 if busy else quiet + 1
            await asyncio.sleep(0.02)
        assert not self.mistakes.seen, self.mistakes.seen
        assert not self.wechat.complaints, self.wechat.complaints

    def states(self, table: Any) -> list[str]:
        """Return the states of all rows."""
        with self.database.read() as work:
            return [row.state for row in work.execute(table.select().order_by(table.c.id))]

    def stored(self) -> list[str]:
        """Return the words that are stored of all people."""
        with self.database.read() as work:
            rows = work.execute(inbound.select().order_by(inbound.c.id)).all()
            return [work.cipher.unseal(row.sealed)["text"] for row in rows if row.sealed is not None]

    def order(self, kind: Any, path: str = "send_msg", **more: Any) -> None:
        """Let something go wrong with the next calls."""
        self.wechat.faults.order(Fault(kind, path, **more))

    def person(self, name: str = "Anna") -> Someone:
        """Return somebody who has never written."""
        return Someone(self, self.corp.customer(name), self.account)


class Someone:
    """A person with WeChat who writes to an account of customer service."""

    def __init__(self, town: WeComTown, customer: Customer, account: KfAccount) -> None:
        self.town, self.customer, self.account, self.corp = town, customer, account, town.corp

    @property
    def talk(self) -> Talk:
        """What the platform knows of the conversation."""
        return self.corp.talk(self.customer, self.account)

    async def who_agreed(self, hello: str = "Hello") -> Someone:
        """Say hello and agree."""
        await self.says(hello)
        await self.says("1")
        return self

    async def says(self, text: str, **more: Any) -> None:
        """Write, and let the bot answer."""
        self.corp.says(self.customer, self.account, text, **more)
        await self.town.settled()

    async def sends(self, kind: str, **body: Any) -> None:
        """Send something else than words."""
        self.corp.sends(self.customer, self.account, kind, body)
        await self.town.settled()

    async def taps(self, index: int) -> None:
        """Tap a choice of the latest message with choices."""
        menu = next(bubble.more["menu"] for bubble in reversed(self.shown()) if bubble.more.get("menu"))
        click = menu["list"][index]["click"]
        await self.says(click["content"], menu_id=click["id"])

    def shown(self) -> list[Bubble]:
        """Return all that was shown to them of ours."""
        return [bubble for bubble in self.talk.chat if bubble.who == "account"]

    def heard(self) -> list[str]:
        """Return all that the bot ever said, without direction marks."""
        return [plain(bubble.text) for bubble in self.shown()]

    def hears(self, *parts: str) -> None:
        """All parts are in something that was said."""
        heard = "\n".join(self.heard())
        for part in parts:
            assert part in heard, f"{part!r} is not in:\n{heard}"

    def conversation(self) -> Any:
        """Return what is stored about the conversation, or None."""
        with self.town.database.read() as work:
            sender = f"{self.account.open_kfid}/{self.customer.external_userid}"
            return conversations.of_sender(work, "wecom", sender)
