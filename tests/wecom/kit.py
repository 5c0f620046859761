"""WeCom's kit for the shared table: callbacks sealed by wechatpy, and a platform that lists all messages at every call."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.outbox.sender import Closed, Permanent, Transient, Unknown
from bot.settings import Settings
from connectors.contract import Request
from connectors.tencent.access import NoToken
from connectors.tencent.api import ApiError, HttpError, Line, NoAnswer
from connectors.wecom.connector import WeCom
from connectors.wecom.door import PATH

CORP_ID = "ww0123456789abcdef"
TOKEN = "TokenOfTheTests0123456789"
AES_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
OLD_KEY = "A" * 43
SECRET = "secretofthetests0123456789abcdef"
ACCOUNT = "wkZebramarkerAccount0123456789ab"
NOWHERE = "http://127.0.0.1:9"

_numbers = itertools.count(1000)

Json = dict[str, Any]


def settings(folder: Any, **more: Any) -> Settings:
    """Return settings with WeCom on."""
    values = {"wecom_corp_id": CORP_ID, "wecom_token": TOKEN, "wecom_aes_keys": AES_KEY, "wecom_kf_secret": SECRET}
    return Settings(data_dir=folder, **{**values, "wecom_api_url": NOWHERE, **more})


def user(number: int = 1) -> str:
    return f"wmZebramarker_{number:015d}"


def item(kind: str, body: Any, number: int = 1, sender: int = 1, **more: Any) -> Json:
    """Return one entry of the list; the same numbers give the same message."""
    head = {"msgid": f"{sender}_{number}", "open_kfid": ACCOUNT, "external_userid": user(sender), "origin": 3}
    return {**head, "send_time": int(time.time()), "msgtype": kind, kind: body, **more}


def event(what: str, sender: int = 1, **more: Any) -> Json:
    """Return an event of the list."""
    who = {"open_kfid": ACCOUNT, "external_userid": user(sender)}
    head = {"msgid": f"e{next(_numbers)}", "send_time": int(time.time()), "origin": 4, "msgtype": "event"}
    return {**head, "event": {"event_type": what, **who, **more}}


def callback(xml: str | None = None, *, key: str = AES_KEY, token: str = TOKEN, corp: str = CORP_ID) -> Request:
    """Return what WeCom posts, sealed by wechatpy."""
    if xml is None:
        inner = f"<Event><![CDATA[kf_msg_or_event]]></Event><Token>ENCx</Token><OpenKfId>{ACCOUNT}</OpenKfId>"
        xml = f"<xml><ToUserName>{corp}</ToUserName><CreateTime>1</CreateTime><MsgType>event</MsgType>{inner}</xml>"
    stamp, nonce = str(int(time.time())), str(next(_numbers))
    body = WeChatCrypto(token, key, corp).encrypt_message(xml, nonce, stamp)
    signature = body.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    return Request("POST", PATH, {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}, body=body.encode())


class Listing(Line):
    """A platform that has lost all cursors: whatever it is asked for, it lists everything it has."""

    def __init__(self) -> None:
        super().__init__(NOWHERE)
        self.listed: list[Any] = []
        self.asked: list[tuple[str, Any]] = []

    async def call(self, path: str, payload: Mapping[str, Any] | None, query: Mapping[str, str] | None = None) -> Json:
        """Answer at once."""
        self.asked.append((path, payload))
        if path.endswith("gettoken"):
            return {"access_token": "T", "expires_in": 7200}
        if path.endswith("sync_msg"):
            return {"errcode": 0, "next_cursor": f"c{len(self.listed)}", "has_more": 0, "msg_list": list(self.listed)}
        return {"errcode": 0, "errmsg": "ok", "service_state": 0}


class WeComKit:
    """See `tests.connectors.cases.Kit`."""

    channel = "wecom"

    def __init__(self) -> None:
        self._line = Listing()

    def settings(self, folder: Any) -> Settings:
        return settings(folder)

    def connector(self, settings: Settings) -> WeCom:
        self._line = Listing()
        return WeCom(settings, line=self._line)

    async def settled(self, connector: WeCom) -> None:
        """Fetch what a callback has announced, as the background does; twice: the second time nothing is new."""
        for _ in range(2):
            await connector.fetch_due()

    def text(self, text: str, *, number: int = 1, sender: int = 1) -> Request:
        return self._with(item("text", {"content": text}, number, sender))

    def media(self, *, number: int = 1) -> Request:
        return self._with(item("image", {"media_id": "x"}, number))

    def unknown_event(self) -> Request:
        return self._with(event("thought_of_tomorrow"))

    def malformed(self) -> Sequence[Request]:
        whole = item("text", {"content": "hi"})
        wrong: list[Any] = [None, 7, "x", [], {}, {"msgtype": "event"}, {"msgtype": "event", "event": []}]
        for name in ("msgid", "open_kfid", "external_userid", "send_time", "msgtype", "text"):
            wrong += [
                {**whole, name: value}
                for value in (None, 7.5, [], "" if name != "text" else {}, "x" * 5000, "a/b" if name != "msgid" else 1)
            ]
        wrong = [one for one in wrong if not (isinstance(one, dict) and _is_whole(one))]
        self._line.listed += wrong
        bodies = ["", "x", "<xml/>", "<a><b/></a>", "{}", "[]", "<xml><Event>kf_msg_or_event</Event></xml>",
                  "<xml><Event>kf_msg_or_event</Event><OpenKfId>a b</OpenKfId></xml>", "<xml><Event><a/></Event></xml>",
                  "<xml><Event>a</Event><Event>b</Event></xml>", "<xml>" * 5000]  # fmt: skip
        return [*(callback(body) for body in bodies if body), callback(), callback("<xml><Event>else</Event></xml>")]

    def unsigned(self, request: Request) -> Request:
        return replace(request, query={name: value for name, value in request.query.items() if name != "msg_signature"})

    def forged(self, request: Request) -> Request:
        return replace(request, query={**request.query, "msg_signature": "0" * 40})

    def failures(self) -> Mapping[str, Any]:
        return {
            "busy": (ApiError(-1), Transient),
            "too many in a minute": (ApiError(45011), Transient),
            "the quota of the day": (ApiError(45009), Transient),
            "down": (HttpError(503), Transient),
            "a proxy's 502": (HttpError(502), Unknown),
            "a page with 200": (NoAnswer(), Unknown),
            "no answer in time": (httpx.ReadTimeout(""), Unknown),
            "nobody listens": (httpx.ConnectError(""), Transient),
            "nobody has a token": (NoToken(), Transient),
            "token refused": (ApiError(42001), Transient),
            "five messages": (ApiError(95001), Closed),
            "48 hours": (ApiError(95002), Closed),
            "the session is over": (ApiError(95013), Closed),
            "no such person": (ApiError(40096), Permanent),
            "too long": (ApiError(40058), Permanent),
            "address not on the list": (ApiError(60020), Permanent),
            "not allowed": (ApiError(48001), Permanent),
            "a mistake of ours": (ValueError(), Unknown),
        }

    def _with(self, entry: Json) -> Request:
        self._line.listed.append(entry)
        return callback()


def _is_whole(entry: Json) -> bool:
    # A kind that is invented later, with no words of its own, is a message all the same.
    return entry.get("msgtype") == "x" * 5000 or entry.get("msgtype") == "a/b" or entry.get("msgtype") == ""
