"""The door to WeCom's customer service, as the gateway knows it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import Services
from bot.clock import Clock, utc_now
from bot.database.engine import Database, DatabaseProblem
from bot.outbox.sender import SendError
from bot.settings import Settings
from connectors.contract import Capabilities, Happening, Malformed, NotTheirs, Parsed, Request
from connectors.tencent.api import Api, Line
from connectors.tencent.envelope import Envelope, Opened
from connectors.tencent.errors import error_of
from connectors.tencent.xml import fields, text_of
from connectors.wecom import accounts, calls
from connectors.wecom.callbacks import Callbacks
from connectors.wecom.check import tokens_of
from connectors.wecom.door import OFFICIAL, PATH, aes_keys_of, check
from connectors.wecom.fetching import LOOK_S, Fetching
from connectors.wecom.intake import Intake
from connectors.wecom.messages import CHANNEL
from connectors.wecom.rendering import LIMIT
from connectors.wecom.sender import WeComSender
from connectors.wecom.sessions import Sessions
from connectors.wecom.windows import MOST, WINDOW

RETRY_AFTER_S = 2
CALLED = "kf_msg_or_event"
_ACCOUNT = re.compile(r"[!-.0-~]{1,64}")


class WeCom:
    """The connector of WeCom's customer service (微信客服)."""

    channel = CHANNEL
    capabilities = Capabilities(text_limit=LIMIT, text_unit="utf8", buttons=True, push_window=WINDOW, push_quota=MOST)

    def __init__(self, settings: Settings, *, clock: Clock = utc_now, line: Line | None = None, look_s: float = LOOK_S) -> None:
        check(settings)
        self._settings, self._look_s = settings, look_s
        self._envelope = Envelope(settings.wecom_token, aes_keys_of(settings), settings.wecom_corp_id, clock)
        self._line = line or Line(settings.wecom_api_url or OFFICIAL)
        self.sender = WeComSender()
        self._services: Services | None = None
        self._callbacks: Callbacks | None = None
        self._api: Api | None = None
        self._intake: Intake | None = None
        self._fetching: Fetching | None = None
        self._task: asyncio.Task[None] | None = None

    def verify(self, request: Request) -> None:
        """Raise NotTheirs unless WeCom sealed `request`, not long ago, for us."""
        self._open(request)

    def parse(self, request: Request) -> Parsed:
        """Return what a callback says: only that there is something in an account. Raises Malformed."""
        read = fields(self._open(request).plain)
        if text_of(read, "Event") != CALLED:
            return Parsed(ignored="callback")
        account, token = text_of(read, "OpenKfId"), text_of(read, "Token")
        if not _ACCOUNT.fullmatch(account) or len(token) > 256:
            raise Malformed("no account")
        return Parsed(happenings=(Happening(CALLED, {"account": account, "token": token}),))

    def error_of(self, failure: Any) -> SendError:
        """Return which of the four errors a failure is."""
        return error_of(failure)

    def routes(self, services: Services) -> Sequence[BaseRoute]:
        """Return the callback."""
        tokens = tokens_of(self._settings, services.database, self._line, services.clock)
        self._services, self._api, self._callbacks = services, Api(self._line, tokens), Callbacks(services)
        self.sender.attach(services, self._api)
        sessions = Sessions(services, self._api, handover=self._settings.wecom_handover)
        self._intake = Intake(services, self._api, sessions)
        self._fetching = Fetching(services, self._api, self._intake, sessions, look_s=self._look_s)
        return [Route(PATH, self._checked, methods=["GET"]), Route(PATH, self._called, methods=["POST"])]

    async def start(self, services: Services) -> None:
        """Begin to fetch."""
        assert self._fetching is not None, "routes are asked for first"
        if not services.database.has_company:
            now = services.clock()
            await services.write(lambda work: accounts.take_back(work, now=now))
        self._task = asyncio.create_task(self._fetching.run())

    async def stop(self) -> None:
        """End fetching."""
        if self._fetching is not None and self._task is not None:
            self._fetching.end()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._intake is not None:
            await self._intake.stop()

    async def close(self) -> None:
        """Close the lines, after the last delivery."""
        await self._line.close()

    def state(self) -> str:
        """Return "ok" or what is wrong. Before the first message there is nothing to ask for, and that is fine."""
        problem = "" if self._api is None else self._api.problem
        return "ok" if problem in ("", "not reached yet") else problem

    async def fetch_due(self) -> None:
        """Fetch what is there now. For tests; the background does it by itself."""
        assert self._fetching is not None
        await self._fetching.fetch_due()

    async def scene_link(self, code: str, database: Database) -> str:
        """Return what the QR code of this place must hold. Raises as a call does."""
        api = Api(self._line, tokens_of(self._settings, database, self._line, utc_now))
        return await calls.link_of(api, await self._account(api), code)

    async def _account(self, api: Api) -> str:
        if self._settings.wecom_kf_account:
            return self._settings.wecom_kf_account
        ours = [account.id for account in await calls.accounts_of(api) if account.managed]
        if not ours:
            raise Malformed("no account is ours")
        return ours[0]

    def _open(self, request: Request) -> Opened:
        return self._envelope.open(request.query, request.body)

    async def _checked(self, http: HttpRequest) -> Response:
        try:
            return PlainTextResponse(self._envelope.check_address(dict(http.query_params)))
        except NotTheirs as refused:
            return Response(status_code=refused.status)

    async def _called(self, http: HttpRequest) -> Response:
        assert self._services is not None and self._callbacks is not None and self._fetching is not None
        if "msg_signature" not in http.query_params:  # before the body: strangers are not listened to
            return Response(status_code=NotTheirs.status)
        try:
            said = self.parse(Request(http.method, http.url.path, query=dict(http.query_params), body=await http.body()))
            for happening in said.happenings:
                await self._callbacks.note(happening.data["account"], happening.data["token"])
                self._fetching.ring()
        except (NotTheirs, Malformed) as refused:
            self._services.metrics.ignored.labels(CHANNEL, "malformed" if isinstance(refused, Malformed) else "not_theirs").inc()
            return Response(status_code=refused.status)
        except DatabaseProblem:
            return PlainTextResponse("", status_code=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        if said.ignored:
            self._services.metrics.ignored.labels(CHANNEL, said.ignored).inc()
        return PlainTextResponse("success")
