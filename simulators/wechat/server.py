"""The simulator as a server: api.weixin.qq.com, mp.weixin.qq.com and qyapi.weixin.qq.com on one port, and a page under /."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from aiohttp import web

from simulators.clock import ScaledClock
from simulators.wechat import constants
from simulators.wechat.calls import Call, Endpoint, File
from simulators.wechat.corp import Corp
from simulators.wechat.corp_api import CorpApi
from simulators.wechat.envelope import Address, Mode
from simulators.wechat.errors import ApiError, answer
from simulators.wechat.faults import Fault, Faults
from simulators.wechat.media import Media
from simulators.wechat.official import Official, Settings
from simulators.wechat.official_api import OfficialApi
from simulators.wechat.page import Page
from simulators.wechat.postman import ANSWER_WITHIN_S, Postman
from simulators.wechat.shapes import strange
from simulators.wechat.tokens import Tokens

Json = dict[str, Any]
# Who waits for news at the end waits in vain.
ENDS_WITHIN_S = 0.5


class Simulator:
    """A Tencent of its own, with one official account and one corp.

        async with Simulator() as wechat:
            wechat.official.postman.address.url = "http://127.0.0.1:5005/callbacks/wechat"
            anna = wechat.official.person("Anna")
            push = await wechat.official.says(anna, "Guten Tag").settled()

    `scale`: simulated seconds in one of ours. `cut_after_s`: real seconds of patience with an answer (None: five simulated ones).
    `stamps`: the clock of what the bot is told (timestamps, CreateTime, send_time), the wall's by default: the bot checks them.
    `complaints` are calls that no documentation knows: a test asserts that there are none.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        scale: float = 1.0,
        mode: Mode = "safe",
        verified: bool = True,
        cut_after_s: float | None = None,
        stamps: Callable[[], float] = time.time,
        seed: int = 7,
    ) -> None:
        self._port, self._chance = port, random.Random(seed)
        self.clock, self.faults = ScaledClock(scale), Faults()
        patience = ANSWER_WITHIN_S / scale if cut_after_s is None else cut_after_s
        keys = list(constants.AES_KEYS)
        home = Address(constants.APP_ID, constants.TOKEN, keys, mode)
        office = Address(constants.CORP_ID, constants.KF_TOKEN, list(constants.KF_AES_KEYS), is_wecom=True)
        postmen = [Postman(one, self.clock, chance=self._chance, stamps=stamps, cut_after_s=patience) for one in (home, office)]
        settings = Settings(constants.APP_ID, constants.SECRET, constants.ORIGINAL_ID, verified=verified)
        settings.templates = dict(constants.TEMPLATES)
        settings.notices = dict(constants.NOTICES)
        self.official = Official(settings, postmen[0], self.clock, stamps=stamps)
        self.corp = Corp(constants.CORP_ID, constants.KF_SECRET, postmen[1], self.clock, stamps=stamps)
        self.kf = self.corp.account("导诊客服", "zhangsan", "lisi", open_kfid=constants.OPEN_KFID)
        self.robot = self.corp.robot("导诊护士群", constants.ROBOT_KEY)
        self.media = Media(self.clock)
        self.tokens, self.corp_tokens = Tokens(self.clock, self._chance), Tokens(self.clock, self._chance)
        self._official_paths = OfficialApi(self.official, self.tokens, self.media, self.clock).all
        self._corp_paths = CorpApi(self.corp, self.corp_tokens, self.media, self.clock).all
        self.complaints: list[str] = []
        self.refused: list[tuple[str, int]] = []  # path and code of every error that was answered
        self.calls: list[tuple[str, Json]] = []
        self._hung: set[asyncio.Event] = set()
        self._page = Page(self)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return the address, for DAOZHEN_WECHAT_API_URL and DAOZHEN_WECOM_API_URL."""
        return f"http://127.0.0.1:{self._port}"

    def called(self, path: str) -> list[Json]:
        """Return the bodies of all calls whose path ends so."""
        return [body for known, body in self.calls if known.endswith(path)]

    async def idle(self, within_s: float = 60.0) -> None:
        """Wait (wall seconds) until no push is on its way."""
        for postman in (self.official.postman, self.corp.postman):
            await postman.idle(within_s)

    async def start(self) -> None:
        """Listen on loopback."""
        app = web.Application(client_max_size=32 * 1024 * 1024)
        for prefix in (
            "/cgi-bin/{rest:.*}",
            "/cityservice/{rest:.*}",
            "/wxaapi/{rest:.*}",
            "/customservice/{rest:.*}",
            "/wxa/{rest:.*}",
        ):
            app.router.add_route("*", prefix, self._call)
        self._page.add_to(app)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, shutdown_timeout=ENDS_WITHIN_S)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End everything."""
        self._page.closed = True
        for hung in self._hung:
            hung.set()
        await asyncio.gather(self.official.postman.stop(), self.corp.postman.stop())
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Simulator:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        await self.stop()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path, of_wecom = request.path, False
        try:
            of_wecom, endpoint = self._endpoint(request)
            call = await self._read(request, endpoint)
            self.calls.append((path, call.body))
            return await self._with_faults(request, call, endpoint, of_wecom)
        except ConnectionError:  # the caller died in the middle of a word
            return web.Response(status=400)
        except ApiError as error:
            self.refused.append((path, error.code))
            return web.json_response(answer(error, self._chance, of_wecom=of_wecom))

    def _endpoint(self, request: web.Request) -> tuple[bool, Endpoint]:
        """Return whose path it is and what it takes; where both have the path, the token says whose it is."""
        path, token = request.path, request.query.get("access_token", "")
        mine, theirs = self._official_paths.get(path), self._corp_paths.get(path)
        of_wecom = mine is None or (theirs is not None and self.corp_tokens.knows(token))
        known = theirs if of_wecom else mine
        if known is None:
            self._complain(f"unknown path {path}")
            raise ApiError(40066)
        endpoint = next((one for one in known if one.verb == request.method), None)
        if endpoint is None:
            self._complain(f"{path} with {request.method}")
            raise ApiError(43002)
        return of_wecom, endpoint

    async def _read(self, request: web.Request, endpoint: Endpoint) -> Call:
        body = await _body(request, endpoint)
        query = dict(request.query)
        shape = {**endpoint.query, **({"access_token?": str} if endpoint.token else {})}
        found = strange(query, shape, "query") + ([] if endpoint.upload else strange(body, endpoint.body, "body"))
        if found:
            for one in found:
                self._complain(f"{request.path}: {one}")
            raise ApiError(47001, "; ".join(found))
        return Call(request.path, query, body, request.headers.get("X-Simulated-Ip", "127.0.0.1"))

    def _check(self, call: Call, endpoint: Endpoint, of_wecom: bool) -> None:
        if not endpoint.token:
            return
        (self.corp_tokens if of_wecom else self.tokens).check(call.query.get("access_token", ""))
        if endpoint.verified and not self.official.settings.verified:
            raise ApiError(48001)

    def _complain(self, what: str) -> None:
        self.complaints.append(what)

    async def _with_faults(self, request: web.Request, call: Call, endpoint: Endpoint, of_wecom: bool) -> web.StreamResponse:
        fault = self.faults.meet(call.path, call.person)
        if fault is None:
            return self._answer(call, endpoint, of_wecom)
        return await self._badly(fault, request, lambda: self._answer(call, endpoint, of_wecom))

    async def _badly(self, fault: Fault, request: web.Request, run: Callable[[], web.Response]) -> web.StreamResponse:
        if fault.kind == "error":
            raise ApiError(fault.code)
        if fault.kind in ("gateway", "html"):
            page = "<html><body>502 Bad Gateway</body></html>"
            return web.Response(status=502 if fault.kind == "gateway" else 200, text=page, content_type="text/html")
        if fault.kind == "slow":
            await self.clock.sleep(fault.seconds)
            return run()
        if fault.kind == "hang":
            run()
            await self._hang(fault.seconds)
        elif fault.kind == "unanswered":
            run()
        with contextlib.suppress(Exception):  # the line is cut, without a word
            assert request.transport is not None
            request.transport.abort()
        await asyncio.sleep(0)
        return web.Response(status=500)

    async def _hang(self, seconds: float) -> None:
        ended = asyncio.Event()
        self._hung.add(ended)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds / self.clock.scale)
        self._hung.discard(ended)

    def _answer(self, call: Call, endpoint: Endpoint, of_wecom: bool) -> web.Response:
        self._check(call, endpoint, of_wecom)
        result = endpoint.run(call)
        if isinstance(result, File):
            named = {"Content-Disposition": f'attachment; filename="{result.name}"'} if result.name else {}
            return web.Response(body=result.data, content_type=result.content_type, headers=named)
        return web.json_response(result, dumps=lambda data: json.dumps(data, ensure_ascii=False))


async def _body(request: web.Request, endpoint: Endpoint) -> Json:
    """Return JSON, or the files of a form. Raises 47001 for anything else."""
    if endpoint.upload:
        form = await request.post()
        return {
            name: File(part.file.read(), part.content_type, part.filename)
            for name, part in form.items()
            if isinstance(part, web.FileField)
        }
    raw = await request.read()
    if request.method == "GET" or not raw:
        return {}
    try:
        body = json.loads(raw.decode("utf-8"))
    except ValueError:
        raise ApiError(47001, "no JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise ApiError(47001)
    return body
