"""A WeCom corp: 微信客服 accounts with their customers and staff, the store that sync_msg reads, and group robots."""

from __future__ import annotations

import random
import string
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulators.clock import ScaledClock
from simulators.wechat.errors import ApiError
from simulators.wechat.official import Bubble
from simulators.wechat.postman import Postman, Push

Json = dict[str, Any]

STORED_S, WINDOW_S, TOKEN_S = 3 * 24 * 3600.0, 48 * 3600.0, 600.0
WELCOME_S = 20.0  # assumed for every code of an event
QUOTA = 5
NEW, BOT, POOL, STAFF, ENDED = range(5)
# From which state the API may go to which (the table of document 94669; 4 is left by the customer's next message only). That
# a session may be ended from any state is assumed.
MOVES = {NEW: {BOT, POOL, STAFF, ENDED}, BOT: {POOL, STAFF, ENDED}, POOL: {STAFF, ENDED}, STAFF: {STAFF, ENDED}, ENDED: set()}
FAIL_REFUSED = 10
_LETTERS = string.ascii_letters + string.digits + "_-"


@dataclass
class Talk:
    """One customer with one kf account."""

    state: int = ENDED
    servicer: str = ""
    spoke_at: float = float("-inf")
    left: int = 0
    chat: list[Bubble] = field(default_factory=list)


@dataclass
class Customer:
    """Somebody with WeChat who writes to a kf account. `refuses`: what is sent is taken and fails afterwards."""

    external_userid: str
    name: str
    refuses: bool = False
    talks: dict[str, Talk] = field(default_factory=dict)

    def said(self, open_kfid: str) -> list[str]:
        """Return the texts that were sent to them by the account, in order."""
        return [bubble.text for bubble in self.talks[open_kfid].chat if bubble.who == "account"]


@dataclass
class KfAccount:
    """One 微信客服 account. `store`: arrival time and message, oldest first; a cursor counts from the first ever."""

    open_kfid: str
    name: str
    servicers: dict[str, bool] = field(default_factory=dict)  # userid → is receiving (正在接待)
    managed: bool = True  # ticked "通过API管理"
    store: list[tuple[float, Json]] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    msgids: set[str] = field(default_factory=set)


@dataclass
class Robot:
    """A robot of a staff group."""

    key: str
    group: str
    notices: list[Bubble] = field(default_factory=list)
    taken: deque[float] = field(default_factory=deque)


class Corp:
    """The corp's world. `page_most`: so many messages of one sync_msg at most, maybe fewer than asked for."""

    def __init__(self, corp_id: str, secret: str, postman: Postman, clock: ScaledClock, *, stamps: Callable[[], float]) -> None:
        self.corp_id, self.secret, self.postman = corp_id, secret, postman
        self.accounts: dict[str, KfAccount] = {}
        self.customers: dict[str, Customer] = {}
        self.robots: dict[str, Robot] = {}
        self.codes: dict[str, tuple[float, str, str]] = {}  # code of an event → until, open_kfid, customer
        self.allowed_ips: tuple[str, ...] = ()
        self.page_most = 1000
        self.code_of_used_msgid = 95030  # assumed: no page names the number
        self.version = 0
        self._clock, self._stamps = clock, stamps
        self._names = random.Random(corp_id)

    def began_at(self, seconds: int) -> None:
        """Give people and messages names of this run alone: a bot that remembers another run takes nothing for a repetition."""
        self._names = random.Random(f"{seconds} userid")

    # What an admin sets up.

    def account(self, name: str, *servicers: str, open_kfid: str = "") -> KfAccount:
        """Return a new kf account with staff who are receiving."""
        account = KfAccount(open_kfid or self.id("wk", 30), name, dict.fromkeys(servicers, True))
        self.accounts[account.open_kfid] = account
        return account

    def robot(self, group: str, key: str = "") -> Robot:
        """Return a new robot."""
        robot = Robot(key or self.id("", 36), group)
        self.robots[robot.key] = robot
        return robot

    # What customers and staff do. Each deed becomes a stored message and a push.

    def customer(self, name: str) -> Customer:
        """Return a new customer."""
        customer = Customer(self.id("wm", 30), name)
        self.customers[customer.external_userid] = customer
        self.version += 1
        return customer

    def enters(self, customer: Customer, account: KfAccount, scene: str = "", scene_param: str = "") -> Push:
        """Let `customer` open the chat; with a code for a welcome when they have not talked for 48 hours."""
        talk = self.talk(customer, account)
        event: Json = {"event_type": "enter_session", "scene": scene, "scene_param": scene_param}
        if self._clock.now() - talk.spoke_at > WINDOW_S:
            event["welcome_code"] = self.code(customer, account, WELCOME_S)
        self._bubble(talk, "system", "event", "进入会话" + (f"：{scene}" if scene else ""))
        return self.event(customer, account, event)

    def says(self, customer: Customer, account: KfAccount, text: str, *, menu_id: str = "") -> Push:
        """Let `customer` write, or choose from a menu message."""
        return self.sends(customer, account, "text", {"content": text, **({"menu_id": menu_id} if menu_id else {})}, text)

    def sends(self, customer: Customer, account: KfAccount, kind: str, body: Json, shown: str = "") -> Push:
        """Let `customer` send a message of any kind: image, voice, video, file, location, link, …"""
        talk = self.talk(customer, account)
        if talk.state == ENDED:
            talk.state, talk.servicer = NEW, ""
        talk.spoke_at, talk.left = self._clock.now(), QUOTA
        self._bubble(talk, "me", kind, shown or f"[{kind}]")
        return self._store(account, {**self._head(customer, account, 3), "msgtype": kind, kind: body})

    def staff_takes(self, customer: Customer, account: KfAccount, servicer: str) -> Push:
        """Let somebody of the staff take a waiting customer from the pool, or somebody whose session has ended."""
        talk = self.talk(customer, account)
        change, old = (1 if talk.state == POOL else 4), talk.servicer
        talk.state, talk.servicer = STAFF, servicer
        return self._changed(customer, account, change, old, servicer)

    def staff_says(self, customer: Customer, account: KfAccount, text: str) -> Push:
        """Let the servicer write in the WeCom app."""
        talk = self.talk(customer, account)
        self._bubble(talk, "account", "staff", text)
        head = {**self._head(customer, account, 5), "servicer_userid": talk.servicer}
        return self._store(account, {**head, "msgtype": "text", "text": {"content": text}})

    def staff_ends(self, customer: Customer, account: KfAccount) -> Push:
        """Let the servicer end the session."""
        talk = self.talk(customer, account)
        old, talk.state, talk.servicer = talk.servicer, ENDED, ""
        return self._changed(customer, account, 3, old, "")

    def refuses(self, customer: Customer, *, on: bool = True) -> None:
        """Let `customer` switch messages of the corp off, or on again."""
        customer.refuses = on
        self.version += 1

    def recalls(self, customer: Customer, account: KfAccount, msgid: str) -> Push:
        """Let `customer` take a message back."""
        return self.event(customer, account, {"event_type": "user_recall_msg", "recall_msgid": msgid})

    def talk(self, customer: Customer, account: KfAccount) -> Talk:
        """Return the talk of both; one that is 48 hours old has ended."""
        talk = customer.talks.setdefault(account.open_kfid, Talk())
        if talk.state != ENDED and self._clock.now() - talk.spoke_at > WINDOW_S:
            talk.state, talk.servicer = ENDED, ""
        return talk

    def event(self, customer: Customer, account: KfAccount, event: Json) -> Push:
        """Store an event and push."""
        who = {"open_kfid": account.open_kfid, "external_userid": customer.external_userid}
        head: Json = {"msgid": self.id("ev", 40), "send_time": int(self._stamps()), "origin": 4, "msgtype": "event"}
        return self._store(account, {**head, "event": {**event, **who}})

    def push(self, account: KfAccount) -> Push:
        """Tell the bot that there is something: a token and which account, nothing else."""
        token = "ENC" + self.id("", 60)
        account.tokens[token] = self._clock.now() + TOKEN_S
        head = {"ToUserName": self.corp_id, "CreateTime": int(self._stamps()), "MsgType": "event"}
        fields = {**head, "Event": "kf_msg_or_event", "Token": token, "OpenKfId": account.open_kfid}
        return self.postman.post(fields, lambda *_: None)

    # What the API does.

    def send(self, customer: Customer, account: KfAccount, kind: str, text: str, **more: Any) -> None:
        """Take one message of the bot. Raises 95018 in a wrong state, 95001 over the quota."""
        talk = self.talk(customer, account)
        if talk.state not in (NEW, BOT):
            raise ApiError(95018)
        if talk.left <= 0:
            raise ApiError(95001)
        talk.left -= 1
        if customer.refuses:
            fail = {"event_type": "msg_send_fail", "fail_msgid": more.get("msgid", ""), "fail_type": FAIL_REFUSED}
            self.event(customer, account, fail)
            return
        self._bubble(talk, "account", kind, text, **more)

    def answer_event(self, code: str, kind: str, text: str, **more: Any) -> None:
        """Show a message that belongs to an event. Raises 95007: unknown, used or late code."""
        until, open_kfid, external_userid = self.codes.pop(code, (0.0, "", ""))
        if until <= self._clock.now():
            raise ApiError(95007, "invalid code")
        talk = self.talk(self.customers[external_userid], self.accounts[open_kfid])
        self._bubble(talk, "account", kind, text, **more)

    def move(self, customer: Customer, account: KfAccount, state: int, servicer: str) -> str:
        """Change the state of a session; returns the code for one last message, when there is one."""
        talk = self.talk(customer, account)
        if state not in MOVES[talk.state]:
            raise ApiError(95013 if talk.state == ENDED else 95016)
        if state == STAFF and not account.servicers.get(servicer, False):
            raise ApiError(95014)
        talk.state, talk.servicer = state, servicer if state == STAFF else ""
        words = {BOT: "智能助手接待", POOL: "正在等待人工接待", STAFF: "人工客服已接入", ENDED: "会话已结束"}[state]
        self._bubble(talk, "system", "event", words)
        return self.code(customer, account, WELCOME_S) if state in (POOL, ENDED) else ""

    def code(self, customer: Customer, account: KfAccount, lasts_s: float) -> str:
        """Return a code that is good for one message."""
        code = self.id("", 32)
        self.codes[code] = (self._clock.now() + lasts_s, account.open_kfid, customer.external_userid)
        return code

    def id(self, prefix: str, length: int) -> str:
        """Return something that is there once."""
        return prefix + "".join(self._names.choices(_LETTERS, k=length))

    def notice(self, robot: Robot, kind: str, text: str) -> None:
        """Show a robot's notice in its group."""
        robot.notices.append(Bubble("account", kind, text, self._clock.now()))
        self.version += 1

    def changed(self) -> None:
        """Let the page look again."""
        self.version += 1

    def _head(self, customer: Customer, account: KfAccount, origin: int) -> Json:
        who: Json = {"open_kfid": account.open_kfid, "external_userid": customer.external_userid}
        return {"msgid": self.id("", 44), **who, "send_time": int(self._stamps()), "origin": origin}

    def _changed(self, customer: Customer, account: KfAccount, change: int, old: str, new: str) -> Push:
        words = {1: f"客服 {new} 已接入", 3: "会话已结束", 4: f"客服 {new} 重新接入"}[change]
        self._bubble(self.talk(customer, account), "system", "event", words)
        event: Json = {"event_type": "session_status_change", "change_type": change}
        event |= {"old_servicer_userid": old} if old else {}
        event |= {"new_servicer_userid": new} if new else {}
        event |= {"msg_code": self.code(customer, account, WELCOME_S)} if change == 3 else {}
        return self.event(customer, account, event)

    def _store(self, account: KfAccount, message: Json) -> Push:
        account.store.append((self._clock.now(), message))
        return self.push(account)

    def _bubble(self, talk: Talk, who: str, kind: str, text: str, **more: Any) -> None:
        talk.chat.append(Bubble(who, kind, text, self._clock.now(), more))
        self.version += 1
