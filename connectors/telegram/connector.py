"""The door to Telegram, as the gateway knows it."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import Services
from bot.database.engine import Database, DatabaseProblem
from bot.errors import OperatorError
from bot.outbox.sender import SendError
from bot.settings import PREFIX, Settings
from connectors.contract import Capabilities, Happening, Malformed, NotTheirs, Parsed, Request
from connectors.telegram.api import Api
from connectors.telegram.desk.places import places_of
from connectors.telegram.errors import error_of
from connectors.telegram.group_rows import CHANNEL
from connectors.telegram.intake import Intake
from connectors.telegram.pages import pager
from connectors.telegram.private import command_of, inbound_of
from connectors.telegram.running import PATH, Running, Way
from connectors.telegram.sender import TelegramSender
from connectors.telegram.updates import Ignored, Message, read

SECRET_HEADER = "x-telegram-bot-api-secret-token"
RETRY_AFTER_S = 5
_TOKEN = re.compile(r"\d{1,15}:[A-Za-z0-9_-]{3,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramProblem(OperatorError):
    """Telegram is only half set up. The message names the setting and the fix."""


class Telegram:
    """Telegram's connector."""

    channel = CHANNEL
    capabilities = Capabilities(text_limit=4096, text_unit="utf16", buttons=True, button_data_bytes=64, edits=True, typing=True)

    def __init__(self, settings: Settings, *, api: Api | None = None, way: Way | None = None) -> None:
        check(settings)
        self._way = way or Way(settings.telegram_mode, settings.telegram_public_url, settings.telegram_secret)
        self._api = api or Api(settings.telegram_token, api_url=settings.telegram_api_url)
        self.sender = TelegramSender(self._api)
        self._intake: Intake | None = None
        self._running: Running | None = None
        self._task: asyncio.Task[None] | None = None
        self.pager = pager(self._api, self.sender.pace)

    def verify(self, request: Request) -> None:
        """Raise NotTheirs unless the secret is ours; without one of our own nobody's is."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not self._way.secret or not hmac.compare_digest(given, self._way.secret.encode()):
            raise NotTheirs

    def parse(self, request: Request) -> Parsed:
        """Return what an update says. Raises Malformed."""
        event = read(_json(request.body), self._api.me)
        if isinstance(event, Ignored):
            return Parsed(ignored=event.kind)
        if isinstance(event, Message) and command_of(event) is None:
            return Parsed(messages=(inbound_of(event),))
        return Parsed(happenings=(Happening(type(event).__name__, {"event": event}),))

    def error_of(self, failure: Any) -> SendError:
        """Return which of the four errors a failure is."""
        return error_of(failure)

    def routes(self, services: Services) -> Sequence[BaseRoute]:
        """Return the webhook; with polling nothing is open."""
        self.sender.attach(services)
        self._intake = Intake(self._api, services, pace=self.sender.pace)
        services.feed.on_typing.append(self._intake.typing)
        return [Route(PATH, self._webhook, methods=["POST"])] if self._way.mode == "webhook" else []

    async def start(self, services: Services) -> None:
        """Begin to look for Telegram."""
        assert self._intake is not None, "routes are asked for first"
        self._running = Running(self._api, self._way, services, self._intake)
        self._task = asyncio.create_task(self._running.run())
        self._intake.desk.start()
        self.pager.start(services)

    async def stop(self) -> None:
        """End polling, and close the lines."""
        await self.pager.stop()
        if self._running is not None and self._task is not None:
            self._running.end()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._intake is not None:
            await self._intake.stop()

    async def close(self) -> None:
        """Close the lines, after the last delivery."""
        await self._api.close()

    async def scene_link(self, code: str, database: Database) -> str:
        """Return the address that opens the chat of a place. Asks Telegram once what the bot is called. Raises TelegramError."""
        return f"https://t.me/{(await self._api.know_me()).username}?start={code}"

    def state(self) -> str:
        """Return "ok" or what is wrong, with Telegram or with the staff's group."""
        desk = self._intake.desk.state() if self._intake is not None else ""
        coming = self._running.problem if self._running is not None else ""
        return self._api.problem or coming or desk or "ok"

    async def _webhook(self, http: HttpRequest) -> Response:
        assert self._intake is not None
        request = Request(http.method, http.url.path, headers=dict(http.headers))
        try:
            self.verify(request)  # before the body: strangers are not listened to
            await self._intake.take(_json(await http.body()))
        except (NotTheirs, Malformed) as refused:
            return Response(status_code=refused.status)
        except DatabaseProblem:
            return PlainTextResponse("", status_code=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        # Telegram would run a method named in the answer: it is always empty.
        return Response(status_code=200)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None


def check(settings: Settings) -> None:
    """Raise TelegramProblem when a setting is missing or cannot work. No message holds the token or the secret."""
    if not _TOKEN.fullmatch(settings.telegram_token):
        raise TelegramProblem(f"{PREFIX}TELEGRAM_TOKEN is no token of a bot. Copy it from @BotFather: digits, a colon, letters.")
    for name, address in (("API", settings.telegram_api_url), ("PUBLIC", settings.telegram_public_url)):
        if address and urlsplit(address).scheme not in ("http", "https"):
            raise TelegramProblem(f"{PREFIX}TELEGRAM_{name}_URL is no address. Write it as https://chat.example.org.")
    places_of(settings)
    if settings.telegram_mode == "polling":
        return
    if not _SECRET.fullmatch(settings.telegram_secret):
        raise TelegramProblem(
            f"{PREFIX}TELEGRAM_SECRET is missing or not 16 to 256 letters, digits, - and _. Without it anybody could write as a "
            f"patient. Make one with `openssl rand -hex 32`, or set {PREFIX}TELEGRAM_MODE=polling."
        )
    if not settings.telegram_public_url:
        raise TelegramProblem(
            f"{PREFIX}TELEGRAM_PUBLIC_URL is missing: the https address under which Telegram reaches this gateway. "
            f"Set it, or set {PREFIX}TELEGRAM_MODE=polling."
        )
