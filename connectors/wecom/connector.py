"""The door to WeCom's customer service, as the gateway knows it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.bootstrap import Services
from bot.clock import Clock, utc_now
from bot.database.engine import DatabaseProblem
from bot.errors import OperatorError
from bot.outbox.sender import SendError
from bot.settings import PREFIX, Settings
from connectors.contract import Capabilities, Happening, Malformed, NotTheirs, Parsed, Request
from connectors.tencent.access import AccessTokens
from connectors.tencent.api import Api, Line
from connectors.tencent.envelope import Envelope, Opened
from connectors.tencent.errors import error_of
from connectors.tencent.granting import of_corporation
from connectors.tencent.xml import fields, text_of
from connectors.wecom import accounts
from connectors.wecom.fetching import LOOK_S, Fetching
from connectors.wecom.intake import Intake
from connectors.wecom.messages import CHANNEL
from connectors.wecom.rendering import LIMIT
from connectors.wecom.sender import WeComSender
from connectors.wecom.sessions import Sessions
from connectors.wecom.windows import MOST, WINDOW

OFFICIAL = "https://qyapi.weixin.qq.com"
PATH = "/wecom/callback"
RETRY_AFTER_S = 2
CALLED = "kf_msg_or_event"
_CORP_ID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_ACCOUNT = re.compile(r"[!-.0-~]{1,64}")


class WeComProblem(OperatorError):
    """WeCom is only half set up. The message names the setting and the fix."""


class WeCom:
    """The connector of WeCom's customer service (微信客服)."""

    channel = CHANNEL
    capabilities = Capabilities(text_limit=LIMIT, text_unit="utf8", buttons=True, push_window=WINDOW, push_quota=MOST)

    def __init__(self, settings: Settings, *, clock: Clock = utc_now, line: Line | None = None, look_s: float = LOOK_S) -> None:
        check(settings)
        self._settings, self._look_s = settings, look_s
        keys = [key.strip() for key in settings.wecom_aes_keys.split(",") if key.strip()]
        self._envelope = Envelope(settings.wecom_token, keys, settings.wecom_corp_id, clock)
        self._line = line or Line(settings.wecom_api_url or OFFICIAL)
        self.sender = WeComSender()
        self._services: Services | None = None
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
        settings = self._settings
        fetch = of_corporation(self._line, settings.wecom_corp_id, settings.wecom_kf_secret)
        tokens = AccessTokens(services.database, services.clock, fetch, f"{settings.wecom_corp_id}:kf")
        self._services, self._api = services, Api(self._line, tokens)
        self.sender.attach(services, self._api)
        sessions = Sessions(services, self._api, handover=settings.wecom_handover)
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

    def _open(self, request: Request) -> Opened:
        return self._envelope.open(request.query, request.body)

    async def _checked(self, http: HttpRequest) -> Response:
        try:
            return PlainTextResponse(self._envelope.check_address(dict(http.query_params)))
        except NotTheirs as refused:
            return Response(status_code=refused.status)

    async def _called(self, http: HttpRequest) -> Response:
        assert self._services is not None
        try:
            said = self.parse(Request(http.method, http.url.path, query=dict(http.query_params), body=await http.body()))
            for happening in said.happenings:
                await self._note(happening)
        except (NotTheirs, Malformed) as refused:
            return Response(status_code=refused.status)
        except DatabaseProblem:
            return PlainTextResponse("", status_code=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        if said.ignored:
            self._services.metrics.ignored.labels(CHANNEL, said.ignored).inc()
        return PlainTextResponse("success")

    async def _note(self, happening: Happening) -> None:
        assert self._services is not None and self._fetching is not None
        account, token, now = happening.data["account"], happening.data["token"], self._services.clock()
        await self._services.write(lambda work: accounts.called(work, account, token, now=now))
        self._fetching.ring()


def check(settings: Settings) -> None:
    """Raise WeComProblem when a setting is missing or cannot work. No message holds a secret."""
    if not _CORP_ID.fullmatch(settings.wecom_corp_id):
        raise WeComProblem(f"{PREFIX}WECOM_CORP_ID is no corp id. Copy it from WeCom's admin page, 我的企业: it begins with ww.")
    if not settings.wecom_kf_secret:
        raise WeComProblem(
            f"{PREFIX}WECOM_KF_SECRET is missing: the secret of the app that is allowed to use 微信客服. Copy it from the app's page."
        )
    if not _TOKEN.fullmatch(settings.wecom_token):
        raise WeComProblem(
            f"{PREFIX}WECOM_TOKEN is missing or not 3 to 32 letters and digits. Without it anybody could write as a patient. "
            "Copy it from the page where the callback is set."
        )
    keys = [key.strip() for key in settings.wecom_aes_keys.split(",") if key.strip()]
    if not 1 <= len(keys) <= 2 or not all(map(_AES_KEY.fullmatch, keys)):
        raise WeComProblem(
            f"{PREFIX}WECOM_AES_KEYS must hold one EncodingAESKey of 43 characters or, while it is changed, the new and the old one "
            "with a comma. Copy it from the page where the callback is set."
        )
    if settings.wecom_api_url and urlsplit(settings.wecom_api_url).scheme not in ("http", "https"):
        raise WeComProblem(f"{PREFIX}WECOM_API_URL is no address. Write it as https://qyapi.weixin.qq.com, or leave it empty.")
