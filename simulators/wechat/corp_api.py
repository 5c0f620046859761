"""The API of WeCom, as far as 微信客服 and group robots go. What is not here is refused and remembered."""

from __future__ import annotations

import re
from typing import Any

from simulators.clock import ScaledClock
from simulators.wechat.calls import Call, Endpoint, File
from simulators.wechat.corp import STORED_S, Corp, Customer, KfAccount
from simulators.wechat.errors import ApiError
from simulators.wechat.media import Media
from simulators.wechat.tokens import Tokens

Json = dict[str, Any]

OK: Json = {"errcode": 0, "errmsg": "ok"}
LONGEST_TEXT, LONGEST_MARKDOWN, ROBOT_A_MINUTE = 2048, 4096, 20
WITHOUT_TOKEN_A_MINUTE = 10  # assumed: the page only says that the limit is strict
MOST_CHOICES, LONGEST_HEAD, LONGEST_CHOICE = 10, 1024, 128
LINE = {"type": str, "click?": {"id?": str, "content": str}, "view?": {"url": str, "content": str}}
LINE |= {"miniprogram?": dict, "text?": {"content": str, "no_newline?": int}}
CHOICES = {"head_content?": str, "list": [LINE], "tail_content?": str}


class CorpApi:
    """What the bot can call of WeCom. `all` maps paths to endpoints."""

    def __init__(self, world: Corp, tokens: Tokens, media: Media, clock: ScaledClock) -> None:
        self._world, self._tokens, self._clock = world, tokens, clock
        self._without_token: list[float] = []
        message = {"msgtype": str, "text?": {"content": str}, "msgmenu?": CHOICES}
        picture = {"image?": {"media_id": str}}
        self._media = media
        both = {"open_kfid": str, "external_userid": str}
        sync = {"cursor?": str, "token?": str, "limit?": int, "voice_format?": int, "open_kfid": str}
        text = {"content": str, "mentioned_list?": [str], "mentioned_mobile_list?": [str]}
        notice = {"msgtype": str, "text?": text, "markdown?": {"content": str}}
        page = {"offset?": int, "limit?": int}
        self.all: dict[str, list[Endpoint]] = {
            "/cgi-bin/gettoken": [Endpoint("GET", self.token, query={"corpid": str, "corpsecret": str}, token=False)],
            "/cgi-bin/getcallbackip": [Endpoint("GET", _addresses)],
            "/cgi-bin/get_api_domain_ip": [Endpoint("GET", _addresses)],
            "/cgi-bin/kf/sync_msg": [Endpoint("POST", self.sync, body=sync)],
            "/cgi-bin/kf/send_msg": [
                Endpoint("POST", self.send, body={"touser": str, "open_kfid": str, "msgid?": str, **message, **picture}),
            ],
            "/cgi-bin/kf/send_msg_on_event": [
                Endpoint("POST", self.send_on_event, body={"code": str, "msgid?": str, **message}),
            ],
            "/cgi-bin/kf/service_state/get": [Endpoint("POST", self.state, body=both)],
            "/cgi-bin/kf/service_state/trans": [
                Endpoint("POST", self.move, body={**both, "service_state": int, "servicer_userid?": str}),
            ],
            "/cgi-bin/kf/account/list": [Endpoint("GET", self.accounts), Endpoint("POST", self.accounts, body=page)],
            "/cgi-bin/kf/servicer/list": [Endpoint("GET", self.servicers, query={"open_kfid": str})],
            "/cgi-bin/kf/add_contact_way": [
                Endpoint("POST", self.contact_way, body={"open_kfid": str, "scene?": str}),
            ],
            "/cgi-bin/webhook/send": [Endpoint("POST", self.robot, query={"key": str}, body=notice, token=False)],
            "/cgi-bin/media/upload": [Endpoint("POST", media.upload, query={"type": str}, upload=True)],
            "/cgi-bin/media/get": [Endpoint("GET", media.get, query={"media_id": str})],
        }

    def token(self, call: Call) -> Json:
        """Return the token: the same one as long as it is good."""
        if call.query["corpid"] != self._world.corp_id:
            raise ApiError(40013, "corpid")
        if call.query["corpsecret"] != self._world.secret:
            raise ApiError(40001, "secret")
        if self._world.allowed_ips and call.ip not in self._world.allowed_ips:
            raise ApiError(60020)
        token, seconds = self._tokens.same()
        return {**OK, "access_token": token, "expires_in": seconds}

    def sync(self, call: Call) -> Json:
        """Return what was stored since a cursor: three days of it, maybe less than asked for at once."""
        account, limit = self._account(call), call.body.get("limit", 1000)
        if not 1 <= limit <= 1000:
            raise ApiError(40058, "limit")
        self._check_token(account, call.body.get("token", ""))
        since = self._clock.now() - STORED_S
        expired = sum(1 for at, _ in account.store if at <= since)
        begin = max(_position(call.body.get("cursor", ""), account), expired)
        found = account.store[begin : begin + min(limit, self._world.page_most)]
        end = begin + len(found)
        more = int(end < len(account.store))
        return {**OK, "next_cursor": f"4gw7{end:012d}", "has_more": more, "msg_list": [message for _, message in found]}

    def send(self, call: Call) -> Json:
        """Send to a customer."""
        account, customer = self._account(call), self._customer(call.body["touser"])
        kind, text, more = _picture(call.body, self._media) or _message(call.body)
        msgid = call.body.get("msgid") or self._world.id("", 32)
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,32}", msgid):
            raise ApiError(40058, "msgid")
        if msgid in account.msgids:
            raise ApiError(self._world.code_of_used_msgid)
        self._world.send(customer, account, kind, text, msgid=msgid, **more)
        account.msgids.add(msgid)
        return {**OK, "msgid": msgid}

    def send_on_event(self, call: Call) -> Json:
        """Send the one message that an event allows."""
        kind, text, more = _message(call.body)
        self._world.answer_event(call.body["code"], kind, text, **more)
        return {**OK, "msgid": call.body.get("msgid") or self._world.id("", 32)}

    def state(self, call: Call) -> Json:
        """Return who has the session."""
        talk = self._world.talk(self._customer(call.body["external_userid"]), self._account(call))
        servicer = {"servicer_userid": talk.servicer} if talk.servicer else {}
        return {**OK, "service_state": talk.state, **servicer}

    def move(self, call: Call) -> Json:
        """Give the session to somebody else."""
        account, customer = self._account(call), self._customer(call.body["external_userid"])
        code = self._world.move(customer, account, call.body["service_state"], call.body.get("servicer_userid", ""))
        return {**OK, **({"msg_code": code} if code else {})}

    def accounts(self, call: Call) -> Json:
        """List the kf accounts that this app may manage."""
        offset, limit = call.body.get("offset", 0), call.body.get("limit", 100)
        known = list(self._world.accounts.values())[offset : offset + limit]
        shown = [{"open_kfid": one.open_kfid, "name": one.name, "avatar": "", "manage_privilege": one.managed} for one in known]
        return {**OK, "account_list": shown}

    def servicers(self, call: Call) -> Json:
        """List the staff of an account. status 0: receiving."""
        account = self._world.accounts.get(call.query["open_kfid"])
        if account is None:
            raise ApiError(95000)
        return {**OK, "servicer_list": [{"userid": one, "status": int(not on)} for one, on in account.servicers.items()]}

    def contact_way(self, call: Call) -> Json:
        """Return the link that opens a chat."""
        account, scene = self._account(call), call.body.get("scene", "")
        if not re.fullmatch(r"[0-9a-zA-Z_-]{0,32}", scene):
            raise ApiError(40058, "scene")
        more = f"?enc_scene=ENC{scene}" if scene else ""
        return {**OK, "url": f"https://work.weixin.qq.com/kf/kfc{account.open_kfid[2:18]}{more}"}

    def robot(self, call: Call) -> Json:
        """Post a notice in a staff group: twenty a minute."""
        robot, kind = self._world.robots.get(call.query["key"]), call.body["msgtype"]
        if robot is None:
            raise ApiError(93000)
        if kind not in ("text", "markdown") or kind not in call.body:
            raise ApiError(40008)
        text, now = call.body[kind]["content"], self._clock.now()
        if not text:
            raise ApiError(44004)
        if len(text.encode("utf-8", "surrogatepass")) > (LONGEST_TEXT if kind == "text" else LONGEST_MARKDOWN):
            raise ApiError(40058)
        while robot.taken and robot.taken[0] <= now - 60.0:
            robot.taken.popleft()
        if len(robot.taken) >= ROBOT_A_MINUTE:
            raise ApiError(45009)
        robot.taken.append(now)
        self._world.notice(robot, kind, text)
        return OK

    def _account(self, call: Call) -> KfAccount:
        account = self._world.accounts.get(call.body["open_kfid"])
        if account is None:
            raise ApiError(95000)
        if not account.managed:
            raise ApiError(48002, "not managed by API")
        return account

    def _customer(self, external_userid: str) -> Customer:
        customer = self._world.customers.get(external_userid)
        if customer is None:
            raise ApiError(40096)
        return customer

    def _check_token(self, account: KfAccount, token: str) -> None:
        """Refuse a token that is not of this account or too old; without one only few calls are allowed."""
        now = self._clock.now()
        if token:
            if account.tokens.get(token, 0.0) <= now:
                raise ApiError(95007)
            return
        self._without_token = [at for at in self._without_token if at > now - 60.0]
        if len(self._without_token) >= WITHOUT_TOKEN_A_MINUTE:
            raise ApiError(45009)
        self._without_token.append(now)


def _addresses(_: Call) -> Json | File:
    return {**OK, "ip_list": ["127.0.0.1", "127.0.0.2/31"]}


def _position(cursor: str, account: KfAccount) -> int:
    if not cursor:
        return 0
    if not re.fullmatch(r"4gw7\d{12}", cursor) or int(cursor[4:]) > len(account.store):
        raise ApiError(40058, "cursor")
    return int(cursor[4:])


def _picture(body: Json, media: Media) -> tuple[str, str, Json] | None:
    if body["msgtype"] != "image" or "image" not in body:
        return None
    media.must_know(body["image"]["media_id"])
    return "image", "[image]", {"media_id": body["image"]["media_id"]}


def _message(body: Json) -> tuple[str, str, Json]:
    kind = body["msgtype"]
    if kind not in ("text", "msgmenu") or kind not in body:
        raise ApiError(40008)
    part = body[kind]
    if kind == "text":
        text, more = part["content"], {}
        if not text:
            raise ApiError(44004)
    else:
        text, more = _menu_text(part), {"menu": part}
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_TEXT:
        raise ApiError(40058, "content")
    return kind, text, more


def _menu_text(menu: Json) -> str:
    """Return a menu message as one text. Raises 40058 over one of the limits of document 94677."""
    head, tail, lines = menu.get("head_content", ""), menu.get("tail_content", ""), menu["list"]
    if not 1 <= len(lines) <= MOST_CHOICES or max(_bytes(head), _bytes(tail)) > LONGEST_HEAD:
        raise ApiError(40058, "msgmenu")
    contents = []
    for line in lines:
        part = line.get(line["type"])
        content = part.get("content", "") if isinstance(part, dict) else ""
        if not 1 <= _bytes(content) <= LONGEST_CHOICE or _bytes(part.get("id", "")) > LONGEST_CHOICE:
            raise ApiError(40058, "msgmenu.list")
        contents.append(content)
    return "\n".join(one for one in (head, *contents, tail) if one)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
