"""The doors that are attacked. Each brings genuine contents, and a way to sign anything as the platform would."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.settings import Settings
from connectors.contract import Connector, Request
from connectors.webchat.session import OWN_HEADER, cookie_name
from tests.telegram import kit as telegram
from tests.wechat import kit as wechat
from tests.wecom import kit as wecom

# Stands in everything that is sent, and may stand in no log.
CANARY = "zebramarker"
SENDERS = 40


@dataclass(frozen=True)
class Door:
    """One channel's door. `signed` makes a genuine request of any content; `secrets` are what no log may show."""

    channel: str
    settings: Callable[[Any], Settings]
    connector: Callable[[Settings], Connector] | None
    signed: Callable[[bytes], Request]
    contents: Callable[[str, int], Sequence[bytes]]  # (words, sender)
    secrets: Sequence[str]
    forged: Callable[[Request], Sequence[Request]]
    others: Sequence[Request] = field(default=())  # other requests the door knows


def _telegram() -> Door:
    kit = telegram.TelegramKit()

    def contents(words: str, sender: int) -> Sequence[bytes]:
        photo = [{"file_id": words[:9], "file_unique_id": "y", "width": 1, "height": 1}]
        private = telegram.message(telegram.private(sender), telegram.user(sender), sender, photo=photo, caption=words)
        return [
            json.dumps(one).encode()
            for one in (
                telegram.update("message", telegram.message(telegram.private(sender), telegram.user(sender), text=words)),
                telegram.update("edited_message", {**private, "edit_date": telegram.DATE}),
                telegram.update("message", private),
                telegram.in_group(f"/faq {words}", sender),
                telegram.in_group(f"@daozhen_test_bot {words}", sender),
                telegram.press(words[:64], sender),
                telegram.press(words[:64], sender, telegram.group()),
                telegram.standing(telegram.group(), "left", "member", sender),
                telegram.standing(telegram.private(sender), "member", "kicked", sender),
                telegram.update("thought_of_tomorrow", {"text": words}),
            )
        ]

    return Door(
        "telegram", telegram.settings, kit.connector, telegram.request, contents, (telegram.TOKEN, telegram.SECRET),
        lambda request: (kit.unsigned(request), kit.forged(request)),
    )  # fmt: skip


def _wechat() -> Door:
    kit = wechat.WeChatKit()

    def contents(words: str, sender: int) -> Sequence[bytes]:
        return [
            one.encode("utf-8", "surrogatepass")
            for one in (
                wechat.said(words, next(_numbers), sender),
                wechat.message("image", next(_numbers), sender, PicUrl=words, MediaId="m"),
                wechat.message("voice", next(_numbers), sender, MediaId="m", Format="amr", Recognition=words),
                wechat.event("subscribe", sender, EventKey=f"qrscene_{words[:20]}"),
                wechat.event("SCAN", sender, EventKey=words[:20], Ticket="t"),
                wechat.event("CLICK", sender, EventKey=words[:20]),
                wechat.event("unsubscribe", sender),
                wechat.event("subscribe_msg_popup_event", sender, SubscribeMsgPopupEvent={"List": {"TemplateId": words[:20]}}),
            )
        ]

    check = wechat.request("")
    return Door(
        "wechat", wechat.settings, wechat.WeChat, wechat.request, contents,
        (wechat.TOKEN, wechat.AES_KEY, wechat.SECRET, wechat.openid()[:13]),
        lambda request: (kit.unsigned(request), kit.forged(request)),
        (Request("GET", check.path, {**check.query, "echostr": CANARY}), wechat.plain_request(wechat.said(CANARY))),
    )  # fmt: skip


def _wecom() -> Door:
    kit = wecom.WeComKit()

    def contents(words: str, sender: int) -> Sequence[bytes]:
        known = f"<Event><![CDATA[kf_msg_or_event]]></Event><Token>{sender}</Token><OpenKfId>{wecom.ACCOUNT}</OpenKfId>"
        strange = f"<Event><![CDATA[{words}]]></Event><OpenKfId><![CDATA[{words}]]></OpenKfId>"
        head = f"<ToUserName>{wecom.CORP_ID}</ToUserName><CreateTime>1</CreateTime><MsgType>event</MsgType>"
        return [f"<xml>{head}{inner}</xml>".encode("utf-8", "surrogatepass") for inner in (known, strange)]

    def signed(content: bytes) -> Request:
        return wecom.callback(content)  # type: ignore[arg-type]

    check = wecom.callback()
    return Door(
        "wecom", wecom.settings, kit.connector, signed, contents,
        (wecom.TOKEN, wecom.AES_KEY, wecom.SECRET, wecom.ACCOUNT),
        lambda request: (kit.unsigned(request), kit.forged(request)),
        (Request("GET", check.path, {**check.query, "echostr": CANARY}),),
    )  # fmt: skip


def _webchat() -> Door:
    def session(number: int) -> dict[str, str]:
        token = f"{CANARY}{number:032d}"
        return {"cookie": f"{cookie_name(secure=False)}={token}", OWN_HEADER: "1", "content-type": "application/json"}

    def signed(content: bytes) -> Request:
        return Request("POST", "/chat/api/messages", headers=session(len(content) % SENDERS), body=content)

    def contents(words: str, sender: int) -> Sequence[bytes]:
        whole = {"id": f"message-{next(_numbers)}", "text": words, "payload": "", "language": "en", "region": "CN"}
        more: tuple[dict[str, Any], ...] = ({}, {"payload": words[:400]}, {"language": words}, {"text": "", "scene": words[:20]})
        return [json.dumps({**whole, **change}).encode() for change in more]

    def forged(request: Request) -> Sequence[Request]:
        return [
            Request(request.method, request.path, headers={**request.headers, **change}, body=request.body)
            for change in ({"cookie": ""}, {OWN_HEADER: ""}, {"sec-fetch-site": "cross-site"}, {"cookie": f"{CANARY}=x"})
        ]

    others = (
        Request("POST", "/chat/api/session", headers=session(1)),
        Request("DELETE", "/chat/api/session", headers=session(1)),
        Request("GET", "/chat/api/messages", {"after": "0"}, session(1)),
        Request("GET", "/chat/api/texts", {"lang": "ar"}),
        Request("GET", "/chat"),
        Request("GET", "/static/webchat/chat.js"),
    )
    return Door("webchat", Settings, None, signed, contents, (f"{CANARY}0",), forged, others)


def _counting() -> Any:
    number = 0
    while True:
        number += 1
        yield number


_numbers = _counting()
DOORS: dict[str, Callable[[], Door]] = {"telegram": _telegram, "wechat": _wechat, "wecom": _wecom, "webchat": _webchat}
