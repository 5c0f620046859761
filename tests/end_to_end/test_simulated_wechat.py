"""A person at the page of the simulated WeChat: sees what the app would show, and nothing that the app would not."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from simulators.wechat import constants
from simulators.wechat.server import Simulator
from tests.simulators.wechat_bot import Bot, sealed_reply

pytestmark = pytest.mark.slow

MENU = [
    {"name": "智能导诊", "type": "click", "key": "GUIDE"},
    {"name": "更多", "sub_button": [{"name": "Deutsch", "type": "click", "key": "LANG_DE"}]},
]
ANSWER = (
    "请选择：\n"
    '<a href="weixin://bizmsgmenu?msgmenucontent=1&amp;msgmenuid=101">1. 头痛 & 头晕</a>\n'
    '<a href="javascript:alert(1)">2. 不是链接</a>\n'
    "<b>三</b> <img src=x onerror=alert(1)>\n"
    "https://example.org/department"
)
RIGHT_TO_LEFT = 'هذا ليس تشخيصًا\n<a href="weixin://bizmsgmenu?msgmenucontent=1&msgmenuid=1">1. موافق</a>'


class Place:
    """A simulated WeChat and a tiny bot, running beside the browser."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.wechat, self.bot = Simulator(), Bot()
        self.run(self.wechat.start())
        self.run(self.bot.__aenter__())
        for postman in (self.wechat.official.postman, self.wechat.corp.postman):
            assert self.run(postman.accepts(self.bot.url))

    def run(self, act: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(30)

    def do(self, act: Callable[[], object]) -> None:
        async def inside() -> None:
            act()

        self.run(inside())

    def call(self, path: str, body: dict[str, Any], **query: str) -> dict[str, Any]:
        query = query or {"access_token": self.token(corp=path.startswith("kf/"))}
        url = f"{self.wechat.url}/cgi-bin/{path}?" + "&".join(f"{name}={value}" for name, value in query.items())
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode())) as answer:
            return json.load(answer)

    def token(self, *, corp: bool) -> str:
        async def get() -> str:
            return (self.wechat.corp_tokens.same() if corp else self.wechat.tokens.stable(force=False))[0]

        return self.run(get())

    def stop(self) -> None:
        self.run(self.bot.__aexit__())
        self.run(self.wechat.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place()
    yield made
    made.stop()


@pytest.fixture(params=[(1000, 820), (375, 720)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, place: Place) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("dialog", lambda dialog: problems.append(dialog.message))
    opened.goto(place.wechat.url)
    yield opened
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    context.close()
    assert not problems and not place.wechat.complaints


def write(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def test_a_follower_reads_taps_scans_and_unfollows(page: Page, place: Place) -> None:
    messages = page.locator("#messages")
    place.call("menu/create", {"button": MENU})
    page.get_by_role("button", name="关注", exact=True).click()
    expect(messages).to_contain_text("关注了公众号")
    place.bot.answers = [sealed_reply(ANSWER)]
    write(page, "我不舒服")
    expect(messages).to_contain_text("<b>三</b> <img src=x onerror=alert(1)>")  # only <a> is a link, everything else is text
    expect(messages.locator("a")).to_have_count(3)
    assert messages.locator("a", has_text="不是链接").get_attribute("href") == "#"
    place.bot.answers = [sealed_reply("第一项")]
    messages.locator("a", has_text="头痛 & 头晕").click()
    expect(messages).to_contain_text("第一项")
    assert (place.bot.seen[-1]["Content"], place.bot.seen[-1]["bizmsgmenuid"]) == ("1", "101")
    page.locator("#menu").get_by_role("button", name="更多").click()
    page.locator("#menu").get_by_role("button", name="Deutsch").click()
    expect(messages).to_contain_text("菜单：LANG_DE")
    page.get_by_role("button", name="扫一扫").click()
    page.fill("#code", "ward_3")
    page.locator("#scan").get_by_role("button", name="扫码").click()
    expect(messages).to_contain_text("扫码：ward_3")
    page.get_by_role("button", name="取消关注").click()
    expect(page.get_by_role("button", name="关注", exact=True)).to_be_visible()
    kinds = [one.get("Event") or one["MsgType"] for one in place.bot.seen]
    assert kinds == ["subscribe", "text", "text", "CLICK", "SCAN", "unsubscribe"]


def test_an_outage_and_a_push_look_as_in_the_app(page: Page, place: Place) -> None:
    messages = page.locator("#messages")
    page.get_by_role("button", name="关注", exact=True).click()
    place.bot.answers = ["not xml"]
    write(page, "x")
    expect(messages.locator("li.outage")).to_contain_text("该公众号提供的服务出现故障")
    openid = next(iter(place.wechat.official.followers))
    place.call("message/custom/typing", {"touser": openid, "command": "Typing"})
    expect(page.locator("#title")).to_have_text("对方正在输入…")
    place.call("message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": RIGHT_TO_LEFT}})
    expect(page.locator("#title")).not_to_have_text("对方正在输入…")
    for line in messages.locator("li.account .line").all():
        assert line.evaluate("one => getComputedStyle(one).direction") == "rtl"


def test_two_people_see_their_own_chats_in_their_own_language(page: Page, place: Place) -> None:
    messages = page.locator("#messages")
    place.bot.answers = ["success"] * 9
    page.locator("#chips button").first.click()  # a sample text: the page follows first
    expect(messages.locator("li.me")).to_have_text("你好")
    page.locator("#who").select_option(label="ليلى (ar)")
    expect(messages.locator("li.me")).to_have_count(0)
    page.locator("#chips button").first.click()
    expect(messages.locator("li.me")).to_have_text("مرحبا")


def test_kf_and_the_staff_group(page: Page, place: Place) -> None:
    messages = page.locator("#messages")
    page.locator("#chats button", has_text="微信客服").click()
    page.get_by_role("button", name="扫一扫").click()
    page.fill("#code", "https://work.weixin.qq.com/kf/kfc1?enc_scene=ENCward_3")
    page.press("#code", "Enter")
    expect(messages).to_contain_text("进入会话：ward_3")
    write(page, "膝盖疼")
    expect(messages.locator("li.me")).to_have_count(1)
    who = next(iter(place.wechat.corp.customers))
    menu = {
        "head_content": "多久了？",
        "list": [{"type": "click", "click": {"id": "7", "content": "一天"}}],
        "tail_content": "不是诊断",
    }
    body = {"touser": who, "open_kfid": constants.OPEN_KFID, "msgtype": "msgmenu", "msgmenu": menu}
    assert place.call("kf/send_msg", body)["errcode"] == 0
    messages.locator("a", has_text="一天").click()
    expect(messages.locator("li.me").last).to_have_text("一天")
    page.get_by_role("button", name="护士接入").click()
    expect(messages).to_contain_text("重新接入")
    place.call("webhook/send", {"msgtype": "text", "text": {"content": "新的求助 #7"}}, key=constants.ROBOT_KEY)
    page.locator("#chats button", has_text="员工群").click()
    expect(messages).to_contain_text("新的求助 #7")
    expect(page.locator("#write")).to_be_hidden()
    assert place.wechat.kf.store[2][1]["text"] == {"content": "一天", "menu_id": "7"}
