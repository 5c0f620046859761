"""WeChat's kit for the shared table, and callbacks as WeChat posts them: built here, sealed by wechatpy."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import httpx
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.outbox.sender import Closed, Permanent, Transient, Unknown
from bot.settings import Settings
from connectors.contract import Request
from connectors.readable import readable
from connectors.tencent.access import NoToken
from connectors.tencent.api import ApiError, HttpError, NoAnswer
from connectors.wechat.answering import Timing
from connectors.wechat.connector import PATH, WeChat

APP_ID = "wx0123456789abcdef"
TOKEN = "TokenOfTheTests0123456789"
AES_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
OLD_KEY = "A" * 43
SECRET = "secretofthetests0123456789abcdef"
ACCOUNT = "gh_0123456789ab"
# Nobody listens on this port: what would be sent fails at once.
NOWHERE = "http://127.0.0.1:9"
# What comes in is the same on a machine that is busy: WeChat's five seconds have tests of their own.
UNHURRIED = Timing(patience_s=60.0)

_nonces = itertools.count(1000)


def settings(folder: Any, **more: Any) -> Settings:
    """Return settings with WeChat on."""
    values = {"wechat_app_id": APP_ID, "wechat_token": TOKEN, "wechat_aes_keys": AES_KEY, "wechat_push": "off"}
    return Settings(data_dir=folder, **{**values, "wechat_secret": SECRET, "wechat_api_url": NOWHERE, **more})


def openid(number: int = 1) -> str:
    return f"oZebramarker_{number:015d}"


def xml(**fields: Any) -> str:
    """Return fields as WeChat writes them."""
    return "<xml>" + "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items()) + "</xml>"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return xml(**value)[5:-6]
    return str(value) if isinstance(value, int) else f"<![CDATA[{value}]]>"


def said(text: str, number: int = 1, sender: int = 1, **more: Any) -> str:
    """Return the XML of a text; the same numbers give the same message."""
    # WeChat cannot carry what XML cannot: the person's own phone has dropped it.
    return message("text", number, sender, Content=readable(text) if text.strip() else text.translate(_NONE), **more)


_NONE = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))


def message(kind: str, number: int = 1, sender: int = 1, **more: Any) -> str:
    fields = {"ToUserName": ACCOUNT, "FromUserName": openid(sender), "CreateTime": int(time.time()), "MsgType": kind}
    return xml(**fields, **more, MsgId=24_000_000_000_000_000 + number)


def event(name: str, sender: int = 1, at: int | None = None, **more: Any) -> str:
    fields = {"ToUserName": ACCOUNT, "FromUserName": openid(sender), "CreateTime": at or int(time.time())}
    return xml(**fields, MsgType="event", Event=name, **more)


def request(plain: str | bytes, *, key: str = AES_KEY, token: str = TOKEN, stamp: int | None = None) -> Request:
    """Return `plain` as WeChat posts it in safe mode, sealed by wechatpy."""
    nonce, at = str(next(_nonces)), str(stamp or int(time.time()))
    body = WeChatCrypto(token, key, APP_ID).encrypt_message(plain, nonce, at)
    sealed = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    query = {"timestamp": at, "nonce": nonce, "encrypt_type": "aes", "openid": openid()}
    query |= {"signature": signed(token, at, nonce), "msg_signature": signed(token, at, nonce, sealed)}
    whole = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Request("POST", PATH, query=query, headers={"content-type": "text/xml"}, body=whole.encode())


def plain_request(plain: str, *, token: str = TOKEN, stamp: int | None = None) -> Request:
    """Return `plain` as WeChat posts it in plain mode."""
    nonce, at = str(next(_nonces)), str(stamp or int(time.time()))
    query = {"timestamp": at, "nonce": nonce, "signature": signed(token, at, nonce)}
    return Request("POST", PATH, query=query, headers={"content-type": "text/xml"}, body=plain.encode())


def signed(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def read_reply(body: str, query: Mapping[str, str], *, key: str = AES_KEY) -> dict[str, Any]:
    """Return what an answer says to the person, opened by wechatpy as WeChat would; {} for "success"."""
    import xmltodict

    if body in ("", "success"):
        return {}
    outer = xmltodict.parse(body)["xml"]
    crypto = WeChatCrypto(TOKEN, key, APP_ID)
    plain = crypto.decrypt_message(body, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    assert outer["Nonce"] == query["nonce"]
    return dict(xmltodict.parse(plain)["xml"])


class WeChatKit:
    """See `tests.connectors.cases.Kit`."""

    channel = "wechat"

    def settings(self, folder: Any) -> Settings:
        return settings(folder)

    def connector(self, settings: Settings) -> WeChat:
        return WeChat(settings, timing=UNHURRIED)

    def text(self, text: str, *, number: int = 1, sender: int = 1) -> Request:
        return request(said(text, number, sender))

    def media(self, *, number: int = 1) -> Request:
        return request(message("image", number, PicUrl="http://mmbiz.example/0", MediaId="m"))

    def unknown_event(self) -> Request:
        return request(event("thought_of_tomorrow", Thing="x"))

    def malformed(self) -> Sequence[Request]:
        whole = said("hi")
        bodies: list[str | bytes] = ["", "{", "<xml>", "<xml/>", "<a>b</a>", '{"MsgType": "text"}', "[]", b"\xff\xfe"]
        bodies += [
            whole.replace(one, other)
            for one in ("FromUserName", "CreateTime", "MsgType", "MsgId")
            for other in ("Nobody", "Content")
        ]
        bodies += [message("text", Content={"List": 1}), message("text", Content=f"<b>{escape('x')}</b>" * 3)[:-9]]
        bodies += [
            event(""),
            event("CLICK", EventKey={"x": 1}),
            "<!DOCTYPE x [<!ENTITY a 'b'>]><xml><MsgType>&a;</MsgType></xml>",
        ]
        return [request(body) for body in bodies]

    def unsigned(self, request: Request) -> Request:
        query = {name: value for name, value in request.query.items() if not name.endswith("signature")}
        return replace(request, query=query)

    def forged(self, request: Request) -> Request:
        return replace(request, query={**request.query, "msg_signature": "0" * 40, "signature": "0" * 40})

    def failures(self) -> Mapping[str, tuple[Any, type]]:
        sent = httpx.Request("POST", NOWHERE)
        return {
            "busy": (ApiError(-1), Transient),
            "too often": (ApiError(45011), Transient),
            "token ended": (ApiError(42001), Transient),
            "daily quota": (ApiError(45009), Transient),
            "window over": (ApiError(45015), Closed),
            "window used up": (ApiError(45047), Closed),
            "not a follower": (ApiError(43004), Closed),
            "refused notices": (ApiError(43101), Closed),
            "bad person": (ApiError(40003), Permanent),
            "too long": (ApiError(45002), Permanent),
            "no permission": (ApiError(48001), Permanent),
            "no line": (httpx.ConnectError("x", request=sent), Transient),
            "cut after sending": (httpx.ReadTimeout("x", request=sent), Unknown),
            "a proxy's page": (NoAnswer(), Unknown),
            "a proxy's 502": (HttpError(502), Unknown),
            "overloaded": (HttpError(503), Transient),
            "somebody else fetches the token": (NoToken(), Transient),
        }
