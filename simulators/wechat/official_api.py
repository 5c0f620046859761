"""The API of official accounts, with the checks and numbers of its documentation. What is not here is refused and remembered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from simulators.clock import ScaledClock
from simulators.wechat.calls import Call, Endpoint, File
from simulators.wechat.errors import ApiError
from simulators.wechat.media import Media, png
from simulators.wechat.official import Follower, Official
from simulators.wechat.tokens import DAY_S, Tokens

Json = dict[str, Any]

OK: Json = {"errcode": 0, "errmsg": "ok"}
LONGEST_TEXT, TEMPLATES_A_DAY, LONGEST_SCENE = 2048, 100_000, 64
TEXT = {"content": str}
CHOICES = {"head_content": str, "list": [{"id": str, "content": str}], "tail_content?": str}
VALUES = {"*": {"value": (str, int, float), "color?": str}}
PAGE = {"appid": str, "pagepath?": str}
BUTTON: Json = {"name": str, "type?": str, "key?": str, "url?": str, "media_id?": str, "appid?": str, "pagepath?": str}
BUTTON["sub_button?"] = [{**BUTTON, "sub_button?": list}]


class OfficialApi:
    """What the bot can call of an official account. `all` maps paths to endpoints."""

    def __init__(self, world: Official, tokens: Tokens, media: Media, clock: ScaledClock) -> None:
        self._world, self._tokens, self._media, self._clock = world, tokens, media, clock
        self._templates_sent: list[float] = []
        send = {"touser": str, "msgtype": str, "text?": TEXT, "msgmenu?": CHOICES, "customservice?": {"kf_account": str}}
        send |= {"image?": {"media_id": str}, "voice?": {"media_id": str}}
        template = {"touser": str, "template_id": str, "url?": str, "miniprogram?": PAGE, "data": VALUES, "client_msg_id?": str}
        once = {"touser": str, "template_id": str, "url?": str, "miniprogram?": PAGE, "scene": str, "title": str, "data": VALUES}
        bizsend = {"touser": str, "template_id": str, "page?": str, "miniprogram?": PAGE, "data": VALUES}
        bizsend |= {"miniprogram_state?": str, "lang?": str}
        code = {"expire_seconds?": int, "action_name": str, "action_info": {"scene": {"scene_str?": str, "scene_id?": int}}}
        stable = {"grant_type": str, "appid": str, "secret": str, "force_refresh?": bool}
        self.all: dict[str, list[Endpoint]] = {
            "/cgi-bin/token": [
                Endpoint("GET", self.token, query={"grant_type": str, "appid": str, "secret": str}, token=False),
            ],
            "/cgi-bin/stable_token": [Endpoint("POST", self.stable_token, body=stable, token=False)],
            "/cgi-bin/getcallbackip": [Endpoint("GET", _addresses)],
            "/cgi-bin/get_api_domain_ip": [Endpoint("GET", _addresses)],
            "/cgi-bin/message/custom/send": [Endpoint("POST", self.custom_send, body=send, verified=True)],
            "/cgi-bin/message/custom/typing": [
                Endpoint("POST", self.typing, body={"touser": str, "command": str}, verified=True),
            ],
            "/cgi-bin/message/template/send": [Endpoint("POST", self.template_send, body=template, verified=True)],
            "/cgi-bin/message/template/subscribe": [Endpoint("POST", self.subscribe_once, body=once, verified=True)],
            "/cgi-bin/message/subscribe/bizsend": [Endpoint("POST", self.bizsend, body=bizsend, verified=True)],
            "/cgi-bin/template/get_all_private_template": [Endpoint("GET", self.templates, verified=True)],
            "/wxaapi/newtmpl/gettemplate": [Endpoint("GET", self.notices, verified=True)],
            "/cgi-bin/menu/create": [Endpoint("POST", self.menu_create, body={"button": [BUTTON]}, verified=True)],
            "/cgi-bin/menu/get": [Endpoint("GET", self.menu_get, verified=True)],
            "/cgi-bin/menu/delete": [Endpoint("GET", self.menu_delete, verified=True)],
            "/cgi-bin/media/upload": [
                Endpoint("POST", media.upload, query={"type": str}, verified=True, upload=True),
            ],
            "/cgi-bin/media/get": [Endpoint("GET", media.get, query={"media_id": str}, verified=True)],
            "/cgi-bin/customservice/getkflist": [Endpoint("GET", self.desk, verified=True)],
            "/cgi-bin/customservice/getonlinekflist": [Endpoint("GET", self.desk_online, verified=True)],
            "/cgi-bin/qrcode/create": [Endpoint("POST", self.qrcode, body=code, verified=True)],
            "/cgi-bin/showqrcode": [Endpoint("GET", self.show_qrcode, query={"ticket": str}, token=False)],
            "/cgi-bin/user/info": [
                Endpoint("GET", self.user, query={"openid": str, "lang?": str}, verified=True),
            ],
        }

    def token(self, call: Call) -> Json:
        """Return the classic token."""
        self._known(call.query, call.ip)
        token, seconds = self._tokens.classic()
        return {"access_token": token, "expires_in": seconds}

    def stable_token(self, call: Call) -> Json:
        """Return the stable token."""
        self._known(call.body, call.ip)
        token, seconds = self._tokens.stable(force=bool(call.body.get("force_refresh", False)))
        return {"access_token": token, "expires_in": seconds}

    def custom_send(self, call: Call) -> Json:
        """Send within the window."""
        kind = call.body["msgtype"]
        if kind not in ("text", "msgmenu", "image", "voice"):
            raise ApiError(40008)
        part = call.body.get(kind)
        if part is None:
            raise ApiError(44004)
        text, more = _words(kind, part, self._media)
        person = self._follower(call.body["touser"])
        person.ledger.take(self._clock.now())
        self._world.account_says(person, "kf", text, **more)
        return OK

    def typing(self, call: Call) -> Json:
        """Show that somebody types; only within the window."""
        if call.body["command"] not in ("Typing", "CancelTyping"):
            raise ApiError(45072)
        person = self._follower(call.body["touser"])
        if person.ledger.left(self._clock.now()) == 0:
            raise ApiError(45080)
        on = call.body["command"] == "Typing"
        if on and person.typing:
            raise ApiError(45081)
        person.typing = on
        self._world.changed()
        return OK

    def template_send(self, call: Call) -> Json:
        """Send a template message: at any time to a follower; whether they take it is told by an event."""
        now, template = self._clock.now(), call.body["template_id"]
        if template not in self._world.settings.templates:
            raise ApiError(40037)
        self._templates_sent = [at for at in self._templates_sent if at > now - DAY_S]
        if len(self._templates_sent) >= TEMPLATES_A_DAY:
            raise ApiError(45009)
        person = self._follower(call.body["touser"], 43004)
        self._templates_sent.append(now)
        job = self._world.job()
        if person.refuses_templates:
            self._world.job_finished(person, job, "failed:user block")
        else:
            title = self._world.settings.templates[template]
            self._world.account_says(person, "template", _card(title, call.body["data"]), url=call.body.get("url", ""))
            self._world.job_finished(person, job, "success")
        return {**OK, "msgid": job}

    def subscribe_once(self, call: Call) -> Json:
        """Send by a one-time consent, which is used up. The person need not follow."""
        person = self._world.followers.get(call.body["touser"])
        if person is None:
            raise ApiError(40003)
        if not call.body["scene"].isdigit() or int(call.body["scene"]) > 10_000:
            raise ApiError(47003, "scene")
        if len(call.body["title"]) > 15 or set(call.body["data"]) != {"content"}:
            raise ApiError(47003, "title, data")
        grant = (call.body["template_id"], int(call.body["scene"]))
        if grant not in person.once:
            raise ApiError(43101)
        person.once.discard(grant)
        self._world.account_says(person, "once", _card(call.body["title"], call.body["data"]), url=call.body.get("url", ""))
        return OK

    def bizsend(self, call: Call) -> Json:
        """Send a subscription notice by a consent."""
        template, person = call.body["template_id"], self._world.followers.get(call.body["touser"])
        fields = self._world.settings.notices.get(template)
        if fields is None:
            raise ApiError(40037)
        if person is None:
            raise ApiError(40003)
        _check_notice(call.body["data"], fields)
        left = person.consents.get(template, 0)
        if left == 0:
            raise ApiError(43101)
        person.consents[template] = left if left < 0 else left - 1
        job = self._world.job()
        self._world.account_says(person, "notice", _card("订阅通知", call.body["data"]), url=call.body.get("page", ""))
        self._world.notice_sent(person, template, job)
        return {**OK, "msgid": job}

    def templates(self, _: Call) -> Json:
        """List the templates of template messages."""
        known = self._world.settings.templates.items()
        return {"template_list": [{"template_id": one, "title": title, "content": "{{keyword1.DATA}}"} for one, title in known]}

    def notices(self, _: Call) -> Json:
        """List the templates of subscription notices."""
        known = self._world.settings.notices.items()
        lines = {one: "\n".join(f"{name}:{{{{{name}.DATA}}}}" for name in fields) for one, fields in known}
        return {
            **OK,
            "data": [{"priTmplId": one, "title": "订阅通知", "content": text, "type": 2} for one, text in lines.items()],
        }

    def menu_create(self, call: Call) -> Json:
        """Publish the menu: at most three buttons with at most five below."""
        buttons = call.body["button"]
        if not 1 <= len(buttons) <= 3 or any(len(one.get("sub_button", ())) > 5 for one in buttons):
            raise ApiError(40016)
        for button in buttons:
            _check_button(button, 16)
            for below in button.get("sub_button", ()):
                if below.get("sub_button"):
                    raise ApiError(40022)
                _check_button(below, 60)
        self._world.settings.menu = {"button": buttons}
        self._world.changed()
        return OK

    def menu_get(self, _: Call) -> Json:
        """Return the menu; there every button has a list of those below it."""
        if self._world.settings.menu is None:
            raise ApiError(46003)
        return {"menu": {"button": [{"sub_button": [], **one} for one in self._world.settings.menu["button"]]}}

    def menu_delete(self, _: Call) -> Json:
        """Remove the menu."""
        self._world.settings.menu = None
        self._world.changed()
        return OK

    def desk(self, _: Call) -> Json:
        """List who may sit at Tencent's own desk."""
        names = ("kf_account", "kf_id", "kf_nick", "kf_headimgurl")
        return {"kf_list": [{name: one.get(name, "") for name in names} for one in self._world.settings.desk]}

    def desk_online(self, _: Call) -> Json:
        """List who sits there now."""
        names = ("kf_account", "status", "kf_id", "accepted_case")
        return {"kf_online_list": [{name: one.get(name, 1) for name in names} for one in self._world.settings.desk]}

    def qrcode(self, call: Call) -> Json:
        """Make a code with a scene: a text of 1 to 64 characters, or a number."""
        action, scene = call.body["action_name"], call.body["action_info"]["scene"]
        by_text = action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE")
        if not by_text and action not in ("QR_SCENE", "QR_LIMIT_SCENE"):
            raise ApiError(40008, "action_name")
        value = str(scene.get("scene_str" if by_text else "scene_id", ""))
        if not 1 <= len(value) <= LONGEST_SCENE or call.body.get("expire_seconds", 60) > 30 * 24 * 3600:
            raise ApiError(47003)
        ticket = f"gQH{json.dumps(value).encode().hex()[:40]}{len(self._world.tickets):05d}"
        self._world.tickets[ticket] = value
        lasts = {} if "LIMIT" in action else {"expire_seconds": call.body.get("expire_seconds", 60)}
        return {"ticket": ticket, **lasts, "url": f"http://weixin.qq.com/q/{ticket[-12:]}"}

    def show_qrcode(self, call: Call) -> File:
        """Return the picture of a code (of mp.weixin.qq.com)."""
        if call.query["ticket"] not in self._world.tickets:
            raise ApiError(40066, "ticket")
        return File(png(f"http://weixin.qq.com/q/{call.query['ticket'][-12:]}"), "image/png")

    def user(self, call: Call) -> Json:
        """Return what an account still gets to know of a follower: no name, no picture."""
        person = self._world.followers.get(call.query["openid"])
        if person is None:
            raise ApiError(40003)
        if not person.following:
            return {"subscribe": 0, "openid": person.openid}
        known = {"subscribe": 1, "openid": person.openid, "language": person.language, "subscribe_time": 1434093047}
        return {**known, "remark": "", "groupid": 0, "tagid_list": [], "subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 0,
                "qr_scene_str": ""}  # fmt: skip

    def _known(self, values: Any, ip: str) -> None:
        settings = self._world.settings
        if values["grant_type"] != "client_credential":
            raise ApiError(40002)
        if values["appid"] != settings.appid:
            raise ApiError(40013)
        if values["secret"] != settings.secret:
            raise ApiError(40125)
        if settings.allowed_ips and ip not in settings.allowed_ips:
            raise ApiError(40164, ip=ip)

    def _follower(self, openid: str, unless: int = 45015) -> Follower:
        person = self._world.followers.get(openid)
        if person is None:
            raise ApiError(40003)
        if not person.following:
            raise ApiError(unless)
        return person


def _addresses(_: Call) -> Json:
    return {"ip_list": ["127.0.0.1", "127.0.0.2/31"]}


def _words(kind: str, part: Json, media: Media) -> tuple[str, Json]:
    if kind == "text":
        text = part["content"]
        if not text:
            raise ApiError(44004)
        more: Json = {}
    elif kind == "msgmenu":
        text = "\n".join([part["head_content"], *[one["content"] for one in part["list"]], part.get("tail_content", "")])
        more = {"menu": part}
    else:
        media.must_know(part["media_id"])
        text, more = f"[{kind}]", {"media_id": part["media_id"]}
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_TEXT:
        raise ApiError(45002)
    return text, more


def _card(title: str, data: Json) -> str:
    return "\n".join([title, *[f"{name}：{one['value']}" for name, one in data.items()]])


def _check_button(button: Json, longest: int) -> None:
    if not button["name"] or len(button["name"].encode()) > longest:
        raise ApiError(40018)
    if not button.get("sub_button") and button.get("type") == "click" and not 0 < len(button.get("key", "").encode()) <= 128:
        raise ApiError(40019)


_LIMITS: dict[str, Callable[[str], bool]] = {
    "thing": lambda text: len(text) <= 20,
    "phrase": lambda text: len(text) <= 5 and re.fullmatch(r"[\u4e00-\u9fff]+", text) is not None,
    "name": lambda text: len(text) <= 20,
    "number": lambda text: re.fullmatch(r"\d{1,32}(\.\d+)?", text) is not None,
    "character_string": lambda text: len(text) <= 32 and text.isascii(),
    "const": lambda text: len(text) <= 20,
}


def _short(text: str) -> bool:
    return len(text) <= 32


def _check_notice(data: Json, fields: tuple[str, ...]) -> None:
    """Raise 47003: another field than the template has, a missing one, or a value that its kind does not allow."""
    for name in fields:
        if name not in data:
            raise ApiError(47003, f"data.{name} is empty")
    for name, one in data.items():
        allows, value = _LIMITS.get(re.sub(r"\d+$", "", name), _short), str(one["value"])
        if name not in fields or not value or not allows(value):
            raise ApiError(47003, f"data.{name}.value invalid")
