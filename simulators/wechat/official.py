"""An official account and its followers: what they do becomes pushes, what the account says becomes bubbles."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulators.clock import ScaledClock
from simulators.wechat.ledger import Ledger, Trigger
from simulators.wechat.postman import Postman, Push, Verdict

Json = dict[str, Any]

OUTAGE = "该公众号提供的服务出现故障，请稍后再试"  # the newer wording, from memory: assumed


@dataclass
class Bubble:
    """What stands in a chat. `who`: me, account (or its desk), system."""

    who: str
    kind: str
    text: str
    at: float
    more: Json = field(default_factory=dict)


@dataclass
class Follower:
    """Somebody with WeChat, as the account knows them."""

    openid: str
    name: str
    language: str = "zh_CN"
    following: bool = False
    chat: list[Bubble] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    consents: dict[str, int] = field(default_factory=dict)  # template → how many notices are allowed; -1: any number
    once: set[tuple[str, int]] = field(default_factory=set)  # one-time subscription: template and scene
    refuses_templates: bool = False
    typing: bool = False
    at_desk: bool = False

    def said(self) -> list[str]:
        """Return the texts of the account, in order."""
        return [bubble.text for bubble in self.chat if bubble.who == "account"]


@dataclass
class Settings:
    """What an admin sets at mp.weixin.qq.com. `verified`: may push, has a menu and so on (§ who may call what)."""

    appid: str
    secret: str
    original_id: str
    name: str = "导诊演示医院"
    verified: bool = True
    allowed_ips: tuple[str, ...] = ()  # empty: any
    templates: dict[str, str] = field(default_factory=dict)  # 模板消息: id → title
    notices: dict[str, tuple[str, ...]] = field(default_factory=dict)  # 订阅通知: id → names of the fields
    desk: list[Json] = field(default_factory=list)  # who sits at Tencent's own desk
    menu: Json | None = None


class Official:
    """The account's world."""

    def __init__(self, settings: Settings, postman: Postman, clock: ScaledClock, *, stamps: Callable[[], float]) -> None:
        self.settings, self.postman = settings, postman
        self.followers: dict[str, Follower] = {}
        self.tickets: dict[str, str] = {}  # ticket → scene
        self.version = 0
        self.sent: list[tuple[str, str, Json]] = []  # every accepted message: route, openid, what
        self._clock, self._stamps = clock, stamps
        self._names, self._messages = random.Random(settings.appid), itertools.count(24_000_000_000_000_001)
        self._jobs = itertools.count(200_228_332)

    def began_at(self, seconds: int) -> None:
        """Give people and messages numbers of this run alone: a bot that remembers another run takes nothing for a repetition."""
        self._names, self._messages = random.Random(f"{seconds} openid"), itertools.count(24_000_000_000_000_001 + 1000 * seconds)

    # What people are and do. Each deed returns the push that it became.

    def person(self, name: str, language: str = "zh_CN", *, follows: bool = True) -> Follower:
        """Return a new person, by default somebody who has followed long ago."""
        letters = string.ascii_letters + string.digits + "_-"
        follower = Follower("o" + "".join(self._names.choices(letters, k=27)), name, language, following=follows)
        self.followers[follower.openid] = follower
        self.version += 1
        return follower

    def follows(self, person: Follower, scene: str = "") -> Push:
        """Let `person` follow, maybe by scanning a code with a scene."""
        person.following = True
        self._bubble(person, "system", "event", "关注了公众号")
        ticket = next((ticket for ticket, known in self.tickets.items() if known == scene), "TICKET")
        key = {"EventKey": f"qrscene_{scene}", "Ticket": ticket} if scene else {"EventKey": ""}
        return self._event(person, "subscribe", key, opens="follow")

    def unfollows(self, person: Follower) -> Push:
        """Let `person` unfollow: nothing can be pushed any more."""
        person.following, person.at_desk = False, False
        person.ledger.close()
        self._bubble(person, "system", "event", "取消了关注")
        return self._event(person, "unsubscribe", {"EventKey": ""})

    def scans(self, person: Follower, scene: str) -> Push:
        """Let `person` scan a code with a scene; who does not follow yet follows by it."""
        if not person.following:
            return self.follows(person, scene)
        ticket = next((ticket for ticket, known in self.tickets.items() if known == scene), "TICKET")
        self._bubble(person, "system", "event", f"扫码：{scene}")
        return self._event(person, "SCAN", {"EventKey": scene, "Ticket": ticket}, opens="scan")

    def says(self, person: Follower, text: str) -> Push:
        """Let `person` write."""
        return self._message(person, "text", {"Content": text}, text)

    def taps(self, person: Follower, content: str, menu_id: str) -> Push:
        """Let `person` tap a link weixin://bizmsgmenu: a text comes that opens the window of a click only."""
        return self._message(person, "text", {"Content": content, "bizmsgmenuid": menu_id}, content, opens="click")

    def sends_image(self, person: Follower) -> Push:
        """Let `person` send a picture."""
        return self._message(person, "image", {"PicUrl": "http://mmbiz.qpic.cn/x/0", "MediaId": self._media()}, "[图片]")

    def sends_voice(self, person: Follower, recognition: str | None = None) -> Push:
        """Let `person` speak; `recognition`: what an account with voice-to-text gets, maybe nothing."""
        heard = {} if recognition is None else {"Recognition": recognition}
        return self._message(person, "voice", {"MediaId": self._media(), "Format": "amr", **heard}, "[语音]")

    def sends_video(self, person: Follower, *, short: bool = False) -> Push:
        """Let `person` send a video."""
        kind = "shortvideo" if short else "video"
        return self._message(person, kind, {"MediaId": self._media(), "ThumbMediaId": self._media()}, "[视频]")

    def sends_location(self, person: Follower, label: str = "广州市海珠区客村艺苑路 12 号") -> Push:
        """Let `person` send a place."""
        where = {"Location_X": 23.134521, "Location_Y": 113.358803, "Scale": 20, "Label": label}
        return self._message(person, "location", where, f"[位置] {label}")

    def sends_link(self, person: Follower, title: str, url: str = "https://mp.weixin.qq.com/s/x") -> Push:
        """Let `person` share an article."""
        return self._message(person, "link", {"Title": title, "Description": title, "Url": url}, f"[链接] {title}")

    def sends_unknown(self, person: Follower, kind: str = "file") -> Push:
        """Let `person` send something that has no page in the documentation."""
        return self._message(person, kind, {"Title": "x.pdf"}, f"[{kind}]")

    def clicks(self, person: Follower, key: str) -> Push:
        """Let `person` choose from the menu."""
        self._bubble(person, "system", "event", f"菜单：{key}")
        return self._event(person, "CLICK", {"EventKey": key}, opens="click")

    def views(self, person: Follower, url: str) -> Push:
        """Let `person` open a link of the menu."""
        return self._event(person, "VIEW", {"EventKey": url})

    def location_event(self, person: Follower) -> Push:
        """Report where `person` is, as an account gets it that asked for it."""
        return self._event(person, "LOCATION", {"Latitude": 23.137466, "Longitude": 113.352425, "Precision": 119.385040})

    def happens(self, person: Follower, event: str, **more: Any) -> Push:
        """Push any other event, known or not."""
        return self._event(person, event, more)

    def consents(self, person: Follower, *templates: str, accept: bool = True, forever: bool = False) -> Push:
        """Let `person` answer the question whether notices may come: one each, or `forever` (long-term templates)."""
        for template in templates:
            before = person.consents.get(template, 0)
            if accept:
                person.consents[template] = -1 if forever or before < 0 else before + 1
        status = "accept" if accept else "reject"
        asked: list[Json] = [{"TemplateId": one, "SubscribeStatusString": status, "PopupScene": 1} for one in templates]
        return self._event(person, "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": asked}})

    def consents_once(self, person: Follower, template: str, scene: int) -> None:
        """Let `person` agree to one message at the page of a one-time subscription; twice in one scene is still once."""
        person.once.add((template, scene))

    def revokes(self, person: Follower, *templates: str) -> Push:
        """Let `person` switch notices off in the settings."""
        for template in templates:
            person.consents.pop(template, None)
        changed: list[Json] = [{"TemplateId": one, "SubscribeStatusString": "reject"} for one in templates]
        return self._event(person, "subscribe_msg_change_event", {"SubscribeMsgChangeEvent": {"List": changed}})

    # What the account does.

    def account_says(self, person: Follower, route: str, text: str, **more: Any) -> None:
        """Show something of the account."""
        self.sent.append((route, person.openid, {"text": text, **more}))
        person.typing = False
        self._bubble(person, "account", route, text, **more)

    def desk_says(self, person: Follower, text: str) -> None:
        """Let somebody at Tencent's own desk write."""
        self._bubble(person, "account", "desk", text)

    def desk_closes(self, person: Follower) -> Push:
        """End the talk at the desk: messages come to the bot again."""
        person.at_desk = False
        account = self.settings.desk[0]["kf_account"] if self.settings.desk else "test1@test"
        return self._event(person, "kf_close_session", {"KfAccount": account})

    def job_finished(self, person: Follower, job: int, status: str) -> Push:
        """Tell how a template message went."""
        return self._event(person, "TEMPLATESENDJOBFINISH", {"MsgID": job, "Status": status})

    def notice_sent(self, person: Follower, template: str, job: int, *, error: int = 0) -> Push:
        """Tell how a subscription notice went."""
        words = "success" if not error else "failed"
        one = {"TemplateId": template, "MsgID": str(job), "ErrorCode": error, "ErrorStatus": words}
        return self._event(person, "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": one}})

    def scene_of(self, code: str) -> str:
        """Return the scene of a scanned code: of its address, or the scene itself."""
        known = {ticket[-12:]: scene for ticket, scene in self.tickets.items()}
        return known.get(code.rpartition("/q/")[2], code)

    def job(self) -> int:
        """Return the number of a new job."""
        return next(self._jobs)

    def changed(self) -> None:
        """Let the page look again."""
        self.version += 1

    def _message(self, person: Follower, kind: str, fields: Json, shown: str, *, opens: Trigger = "message") -> Push:
        self._bubble(person, "me", kind, shown)
        person.ledger.open(opens, self._clock.now())
        if person.at_desk:  # the bot is blind until the desk ends the talk
            push = Push(fields)
            push.settle("silent", {}, "at the desk")
            push.end()
            return push
        head = {"ToUserName": self.settings.original_id, "FromUserName": person.openid, "CreateTime": int(self._stamps())}
        return self._post(person, {**head, "MsgType": kind, **fields, "MsgId": next(self._messages)})

    def _event(self, person: Follower, event: str, fields: Json, *, opens: Trigger | None = None) -> Push:
        if opens is not None:
            person.ledger.open(opens, self._clock.now())
        self.version += 1
        head = {"ToUserName": self.settings.original_id, "FromUserName": person.openid, "CreateTime": int(self._stamps())}
        return self._post(person, {**head, "MsgType": "event", "Event": event, **fields})

    def _post(self, person: Follower, fields: Json) -> Push:
        def judged(push: Push, verdict: Verdict, reply: Json) -> None:
            self._judged(person, push, verdict, reply)

        return self.postman.post(fields, judged)

    def _judged(self, person: Follower, push: Push, verdict: Verdict, reply: Json) -> None:
        if not person.following:
            return
        if verdict == "shown":
            self.account_says(person, "passive", str(reply["Content"]))
        elif verdict == "desk":
            person.at_desk = bool(self.settings.desk)
            self._bubble(person, "system", "desk", "正在接入人工客服")
        elif verdict == "outage":
            self._bubble(person, "system", "outage", OUTAGE, reason=push.reason)

    def _bubble(self, person: Follower, who: str, kind: str, text: str, **more: Any) -> None:
        person.chat.append(Bubble(who, kind, text, self._clock.now(), more))
        self.version += 1

    def _media(self) -> str:
        return "".join(self._names.choices(string.ascii_letters + string.digits + "_-", k=64))
