"""The door to a WeChat official account, as the gateway knows it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import Services
from bot.clock import Clock, utc_now
from bot.database.engine import Database, DatabaseProblem
from bot.inbox.mistakes import log_mistake
from bot.outbox.sender import SendError
from bot.settings import Settings
from connectors.contract import Capabilities, Happening, Malformed, NotTheirs, Parsed, Request
from connectors.tencent.access import AccessTokens
from connectors.tencent.api import Api, Line
from connectors.tencent.errors import error_of
from connectors.tencent.granting import of_official_account
from connectors.wechat import trouble
from connectors.wechat.answering import Answered, Answering, LeftOpen, Timing
from connectors.wechat.desk import Desk
from connectors.wechat.door import Door, Heard
from connectors.wechat.incoming import CHANNEL, Event, Followed, Ignored, Said, Tapped, inbound_of, read
from connectors.wechat.ledger import MOST, WINDOW
from connectors.wechat.posters import scene_link
from connectors.wechat.relations import Relations
from connectors.wechat.rendering import LIMIT, Look
from connectors.wechat.running import Kept, Running
from connectors.wechat.sender import WeChatSender

logger = logging.getLogger(__name__)

PATH = "/wechat/callback"
OFFICIAL = "https://api.weixin.qq.com"
SILENCE = "success"


class WeChat:
    """The connector of an official account."""

    channel = CHANNEL
    capabilities = Capabilities(text_limit=LIMIT, text_unit="utf8", buttons=False, push_window=WINDOW, push_quota=MOST)

    def __init__(self, settings: Settings, *, clock: Clock = utc_now, timing: Timing | None = None) -> None:
        self._door = Door(settings, clock)
        self._settings = settings
        self._timing = timing or Timing(settings.wechat_deadline_s)
        self._look = Look(links=settings.wechat_links)
        self._tokens = LateTokens()
        self._line = Line(settings.wechat_api_url or OFFICIAL)
        self.api = Api(self._line, self._tokens)  # type: ignore[arg-type]
        self._desk = Desk(self.api, on=settings.wechat_desk == "transfer")
        self.sender = WeChatSender(self.api, settings, look=self._look)
        self._services: Services | None = None
        self._answering: Answering | None = None
        self._relations: Relations | None = None
        self._task: asyncio.Task[None] | None = None
        self._at_work: set[asyncio.Future[Any]] = set()

    def verify(self, request: Request) -> None:
        """Raise NotTheirs unless WeChat sent `request`."""
        if request.method == "GET":
            self._door.check_address(request.query)
            return
        try:
            self._door.open(request)
        except Malformed:
            return

    def parse(self, request: Request) -> Parsed:
        """Return what a request says. Raises Malformed."""
        event = read(self._door.open(request).fields)
        if isinstance(event, Ignored):
            return Parsed(ignored=event.kind)
        message = inbound_of(event) if isinstance(event, Said) else None
        if message is not None:
            return Parsed(messages=(message,))
        return Parsed(happenings=(Happening(type(event).__name__, {"event": event}),))

    def error_of(self, failure: Any) -> SendError:
        """Return which of the four errors a failure is."""
        return error_of(failure)

    def routes(self, services: Services) -> Sequence[BaseRoute]:
        """Return the callback."""
        self._services = services
        self._tokens.begin(services.database, services.clock, self._settings, self._line)
        self.sender.attach(services)
        self._answering = Answering(
            services,
            desk=self._desk,
            may_push=self._may_push,
            pace=lambda: self.sender.pace,
            look=self._look,
            timing=self._timing,
        )
        self._relations = Relations(services, self._settings)
        return [Route(PATH, self._callback, methods=["GET", "POST"])]

    async def start(self, services: Services) -> None:
        """Begin to look for WeChat."""
        has_secret = bool(self._settings.wechat_secret)
        if not has_secret and self.sender.may_push is None:
            self.sender.may_push = False  # without a secret there is only answering
        ask, kept = has_secret and self._settings.wechat_push == "auto", Kept(self._settings)
        if ask:
            self.sender.may_push = await asyncio.to_thread(kept.read)
        self._task = asyncio.create_task(Running(self.api, self.sender, services, kept=kept, ask=ask).run())

    async def stop(self) -> None:
        """End the background; requests at hand are answered."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def close(self) -> None:
        """Close the lines, after the last delivery."""
        await self.api.close()

    async def scene_link(self, code: str, database: Database) -> str:
        """Return what the QR code of a place must hold. Raises as `Api.call`: an account that is not verified has none."""
        self._tokens.begin(database, utc_now, self._settings, self._line)
        return await scene_link(self.api, code)

    def state(self) -> str:
        """Return "ok" or what is wrong."""
        if self.sender.may_push is None:
            return self.api.problem or "not reached yet"
        if self.sender.may_push is False:
            return "answers only: the account may not push"
        return self.api.problem or "ok"

    def _may_push(self) -> bool:
        return bool(self.sender.may_push)

    async def _callback(self, http: HttpRequest) -> Response:
        began = time.monotonic()
        query = dict(http.query_params)
        try:
            if http.method == "GET":
                return PlainTextResponse(self._door.check_address(query))
            heard = self._door.open(Request("POST", PATH, query, dict(http.headers), await http.body()))
            event = read(heard.fields)
        except NotTheirs as refused:
            self._count("refused")
            return Response(status_code=refused.status)
        except Malformed:
            self._count("malformed")
            return PlainTextResponse(SILENCE)  # signed: said again it would be no better
        if isinstance(event, Ignored):
            self._count(event.kind)
            return PlainTextResponse(SILENCE)
        # A task of its own: whatever the server does when WeChat hangs up, the message is seen to.
        task = asyncio.ensure_future(self._answer(event, began))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        return await self._respond(http, heard, event, await asyncio.shield(task))

    async def _answer(self, event: Event, began: float) -> Answered | None:
        """Return the answer to an event; None: leave this request open, WeChat asks again."""
        assert self._answering is not None and self._services is not None
        try:
            return await self._answered(event, began)
        except LeftOpen:
            return None
        except DatabaseProblem:
            return trouble.without_database(event, self._services, last_try=self._timing.last_try)
        except Exception as error:
            log_mistake(logger, "a message of WeChat was not answered by a mistake of ours", error)
            self._count("mistake")
            return trouble.without_database(event, self._services, last_try=self._timing.last_try)

    async def _answered(self, event: Event, began: float) -> Answered:
        assert self._answering is not None and self._relations is not None
        if isinstance(event, Said):
            return await self._answering.said(event, began=began)
        if isinstance(event, Followed):
            return await self._answering.followed(event, began=began)
        if isinstance(event, Tapped):
            tapped = await self._answering.tapped(event, began=began)
            if tapped is None:
                self._count("menu")
            return tapped or Answered(event.external_id)
        await self._relations.changed(event)
        return Answered(event.external_id)

    async def _respond(self, http: HttpRequest, heard: Heard, event: Event, answered: Answered | None) -> Response:
        assert self._answering is not None
        if answered is None or await http.is_disconnected():
            # Nobody reads this: WeChat has hung up. What was to be said stays where the next request finds it.
            return Response(status_code=503)
        body = SILENCE
        if answered.to_desk:
            body = self._door.transfer(heard, to=event.person, account=event.account)
        elif answered.reply:
            body = self._door.answer(heard, answered.reply, to=event.person, account=event.account)
        media_type = "text/plain" if body == SILENCE else "application/xml"
        assert self._services is not None
        after = BackgroundTask(self._after, answered, self._services.clock()) if answered.conversation_id else None
        return Response(body, media_type=media_type, background=after)

    async def _after(self, answered: Answered, at: datetime) -> None:
        assert self._answering is not None
        try:
            await self._answering.has_left(answered, at)
        except DatabaseProblem as error:
            # It is said again after a while: better twice than not at all.
            logger.error("the database does not answer: %s", error)

    def _count(self, kind: str) -> None:
        if self._services is not None:
            self._services.metrics.ignored.labels(CHANNEL, kind).inc()


def tokens_of(settings: Settings, database: Database, line: Line, clock: Clock) -> AccessTokens:
    """Return the access tokens of the account of the settings: the stable one, shared by all processes."""
    fetch = of_official_account(line, settings.wechat_app_id, settings.wechat_secret)
    return AccessTokens(database, clock, fetch, f"{CHANNEL}:{settings.wechat_app_id}")


class LateTokens:
    """Access tokens that begin once there is a database."""

    def __init__(self) -> None:
        self._tokens: AccessTokens | None = None

    def begin(self, database: Database, clock: Clock, settings: Settings, line: Line) -> None:
        """Use this database, and this line to fetch tokens."""
        self._tokens = tokens_of(settings, database, line, clock)

    async def get(self) -> str:
        """Return a token."""
        assert self._tokens is not None, "routes are asked for first"
        return await self._tokens.get()

    async def refresh(self, bad: str) -> str:
        """Return another token than `bad`."""
        assert self._tokens is not None, "routes are asked for first"
        return await self._tokens.refresh(bad)
