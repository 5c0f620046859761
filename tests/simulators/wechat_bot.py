"""A tiny bot on loopback for the tests of the simulator: it answers what the test says, sealed by wechatpy."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

import xmltodict
from aiohttp import web
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from simulators.wechat import constants

CRYPTO = WeChatCrypto(constants.TOKEN, constants.AES_KEYS[0], constants.APP_ID)
WECOM = WeComCrypto(constants.KF_TOKEN, constants.KF_AES_KEYS[0], constants.CORP_ID)


class Bot:
    """`answers`: what the first, second, … request gets: a body, a status, or seconds to be silent before "success"."""

    def __init__(self) -> None:
        self.answers: list[str | int | float | Callable[[dict[str, str]], str]] = []
        self.queries: list[dict[str, str]] = []
        self.seen: list[dict[str, str]] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Bot:
        app = web.Application()
        app.router.add_post("/wechat", self._take)
        app.router.add_get("/wechat", self._prove)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/wechat"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _prove(self, request: web.Request) -> web.Response:
        query = request.query
        if "msg_signature" not in query:
            return web.Response(text=query["echostr"])
        echo = WECOM.check_signature(query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"])
        return web.Response(text=echo)

    async def _take(self, request: web.Request) -> web.Response:
        query, body = dict(request.query), await request.text()
        fields = opened(query, body)
        self.queries.append(query)
        self.seen.append(fields)
        answer = self.answers.pop(0) if self.answers else "success"
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.Response(text="success")
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.Response(text=answer if isinstance(answer, str) else answer(fields))


def opened(query: dict[str, str], body: str) -> dict[str, str]:
    fields = json.loads(body) if body.startswith("{") else xmltodict.parse(body)["xml"]
    if "msg_signature" not in query:
        return fields
    crypto = CRYPTO if "encrypt_type" in query else WECOM
    plain = crypto.decrypt_message(fields, query["msg_signature"], query["timestamp"], query["nonce"])
    return json.loads(plain) if plain.startswith("{") else xmltodict.parse(plain)["xml"]


def plain_reply(text: str, *, swap: bool = True, kind: str = "text", more: str = "") -> Callable[[dict[str, str]], str]:
    def write(sent: dict[str, str]) -> str:
        to, by = (sent["FromUserName"], sent["ToUserName"]) if swap else (sent["ToUserName"], sent["FromUserName"])
        content = f"<Content><![CDATA[{text}]]></Content>" if kind == "text" else ""
        return (
            f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{by}]]></FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{content}{more}</xml>"
        )

    return write


def sealed_reply(text: str, crypto: WeChatCrypto = CRYPTO, **more: object) -> Callable[[dict[str, str]], str]:
    write = plain_reply(text, **more)  # type: ignore[arg-type]
    return lambda sent: crypto.encrypt_message(write(sent), "n0nce")
