"""A gateway with Telegram's door, and a simulated Telegram around it, in this process: people write, the bot answers.

    async with Town(tmp_path) as town:
        anna = town.person("Anna", "de")
        await anna.says("Guten Tag")
        anna.hears("Musterkrankenhaus")

After every step nothing may have been called that the Bot API does not know, and no mistake of ours may have been logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import uvicorn

from bot.bootstrap import build
from bot.database.tables import inbound, outbound
from bot.inbox import conversations
from bot.outbox.pacing import Pace
from bot.settings import Settings
from connectors.gateway import make_app
from connectors.right_to_left import plain
from connectors.telegram.api import Api
from connectors.telegram.connector import Telegram
from connectors.telegram.running import Way
from connectors.telegram.sender import EVERYTHING, GROUP, PERSON
from simulators.telegram.server import Simulator
from simulators.telegram.world import Chat, Person
from tests.conversations.bench import Bench
from tests.telegram.kit import SECRET, settings

SCALE = 20.0
WITHIN_S = 30.0


def free_socket() -> socket.socket:
    """Return a socket that listens on loopback."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(512)
    return listening


class Town(Bench):
    """Gateway and Telegram with one clock, faster than the wall's."""

    def __init__(self, folder: Path, *, mode: str = "webhook", scale: float = SCALE, **more: Any) -> None:
        self.telegram = Simulator(scale=scale, reads_all=more.pop("reads_all", False))
        self._mode: Any = mode
        self._changed: tuple[str, ...] = ()  # further settings in which this town differs
        self._socket = free_socket()
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._folder, self._more = folder, more
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Town:
        """Start both, and wait until updates can come."""
        await self.telegram.start()
        pace = Pace(everything=EVERYTHING, person=PERSON, group=GROUP, seconds=self.telegram.clock.now)
        way = Way(self._mode, self.address, SECRET, look_after_s=0.3, first_pause_s=0.05)
        self.api = Api(self.telegram.token, api_url=self.telegram.url, poll_s=20, timeout_s=1.0)
        mine = self.settings_of(self._folder, telegram_token=self.telegram.token, telegram_mode=self._mode)
        self.connector = Telegram(mine, api=self.api, way=way)
        self.connector.sender.pace = pace

        def with_telegram(built: Settings, **more: Any) -> Any:
            of_telegram = {
                name: value
                for name, value in mine.dict().items()
                if name.startswith(("telegram_", "desk_")) or name in self._changed
            }
            return build(built.copy(update=of_telegram), **more, senders={"telegram": self.connector.sender})

        super().__init__(self._folder, build_services=with_telegram, **self._more)
        logging.getLogger("bot").addHandler(self.mistakes)
        logging.getLogger("connectors").addHandler(self.mistakes)
        await self.open_gateway()
        return self

    def settings_of(self, folder: Path, **more: Any) -> Settings:
        """Return the settings of this town."""
        return settings(folder, **more)

    async def open_gateway(self) -> None:
        """Serve, with the background of the connector."""
        app = make_app(self.services, (self.connector,))
        config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        with contextlib.suppress(AttributeError):
            self._server.install_signal_handlers = lambda: None
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await until(lambda: self.connector.state() == "ok" and ("short_description", "ar") in self.telegram.methods.texts)

    async def __aexit__(self, *_: Any) -> None:
        """Stop both."""
        assert self._server is not None and self._serving is not None
        self._server.should_exit = True
        await self._serving
        await self.telegram.stop()
        for room in ("bot", "connectors"):
            logging.getLogger(room).removeHandler(self.mistakes)
        assert not self.telegram.violations, self.telegram.violations

    def now(self) -> datetime:
        """The simulated time, for all."""
        return datetime.fromtimestamp(self.telegram.clock.now(), timezone.utc) + self._later

    async def settled(self) -> None:
        """Wait until nothing waits any more: no update, no message of the inbox, none of the outbox."""
        end = time.monotonic() + WITHIN_S
        quiet = 0
        while quiet < 3:
            assert time.monotonic() < end, (
                f"{self.telegram.delivery.waiting()} updates, {self.states(outbound)} {self.states(inbound)}"
            )
            busy = self.telegram.delivery.waiting() > 0
            await self.services.lanes.idle()
            busy = busy or "pending" in self.states(outbound) or "sending" in self.states(outbound)
            quiet = 0 if busy else quiet + 1
            await asyncio.sleep(0.01)
        assert not self.mistakes.seen, self.mistakes.seen
        assert not self.telegram.violations, self.telegram.violations

    def states(self, table: Any) -> list[str]:
        """Return the states of all rows."""
        with self.database.read() as work:
            return [row.state for row in work.execute(table.select().order_by(table.c.id))]

    def stored(self) -> list[str]:
        """Return the words that are stored of all people."""
        with self.database.read() as work:
            rows = work.execute(inbound.select().order_by(inbound.c.id)).all()
            return [work.cipher.unseal(row.sealed)["text"] for row in rows if row.sealed is not None]

    def person(self, name: str = "Anna", language: str = "en") -> Someone:
        """Return somebody who has never written."""
        return Someone(self, self.telegram.world.person(name, language))

    def group(self, title: str, *admins: Someone, kind: str = "supergroup") -> Chat:
        """Return a group without the bot."""
        return self.telegram.world.group(title, *(admin.person for admin in admins), kind=kind)


class Someone:
    """A person with Telegram."""

    def __init__(self, town: Town, person: Person) -> None:
        self.town, self.person, self.world = town, person, town.telegram.world
        self.chat: Chat = self.world.chats[person.id]
        self._seen: dict[int, int] = {}

    async def who_agreed(self) -> Someone:
        """Say hello and agree."""
        await self.starts()
        await self.presses(0)
        return self

    async def starts(self, payload: str = "") -> None:
        """Open the bot."""
        self.world.starts(self.person, payload)
        await self.town.settled()

    async def says(self, text: str, chat: Chat | None = None, **more: Any) -> dict[str, Any]:
        """Write, and let the bot answer; returns the own message."""
        message = self.world.says(self.person, text, chat, **more)
        await self.town.settled()
        return message

    async def presses(self, index: int | str, chat: Chat | None = None) -> str:
        """Press a button of the latest message with buttons, by its place or a part of its title; returns the toast."""
        where = chat or self.chat
        # A poll that is under way keeps its updates, so `settled` cannot see that one is still to come.
        await until(lambda: any("reply_markup" in message for message in where.messages))
        message = next(message for message in reversed(where.messages) if "reply_markup" in message)
        keys = [key for row in message["reply_markup"]["inline_keyboard"] for key in row]
        key = keys[index] if isinstance(index, int) else next(key for key in keys if index in key["text"])
        if "url" in key:
            await self.starts(key["url"].partition("start=")[2])
            return ""
        query = self.world.presses(self.person, where, message["message_id"], key["callback_data"])
        await self.town.settled()
        await until(lambda: self.world.queries[query].answered)
        return self.world.queries[query].text

    def latest(self, chat: Chat | None = None) -> list[str]:
        """Return what the bot has said in a chat since the last time that somebody else spoke there, without direction marks."""
        texts: list[str] = []
        for message in reversed((chat or self.chat).messages):
            if message["from"]["id"] != self.world.bot["id"]:
                break
            texts.insert(0, plain(message.get("text", "")))
        return texts

    def heard(self, chat: Chat | None = None) -> list[str]:
        """Return all that the bot ever said in a chat."""
        return [plain(text) for text in self.town.telegram.said((chat or self.chat).id)]

    def hears(self, *parts: str, chat: Chat | None = None) -> None:
        """All parts are in something that the bot has said in a chat."""
        heard = "\n".join(self.heard(chat))
        for part in parts:
            assert part in heard, f"{part!r} is not in:\n{heard}"

    def buttons(self, chat: Chat | None = None) -> list[str]:
        """Return the titles of the buttons that are there now."""
        messages = (chat or self.chat).messages
        return [
            key["text"] for m in messages if "reply_markup" in m for row in m["reply_markup"]["inline_keyboard"] for key in row
        ]

    def conversation(self) -> Any:
        """Return what is stored about the conversation, or None."""
        with self.town.database.read() as work:
            return conversations.of_sender(work, "telegram", str(self.person.id))


async def until(true: Any, *, seconds: float = WITHIN_S) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true in time"
        await asyncio.sleep(0.01)
