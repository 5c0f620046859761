"""The simulated API of official accounts is as strict as the real one: called with wechatpy's own client, which nobody here wrote."""

from __future__ import annotations

import asyncio
import io
import re

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from simulators.wechat import constants
from simulators.wechat.faults import ALWAYS, Fault
from simulators.wechat.server import Simulator

TEMPLATE, NOTICE = next(iter(constants.TEMPLATES)), next(iter(constants.NOTICES))
GOOD_NOTICE = {"thing1": {"value": "您有一条随访提醒"}, "time2": {"value": "2026-11-25 10:00"}}
HOUR = 3600.0


class Elsewhere(HTTPAdapter):
    """Sends what is meant for Tencent to the simulator: also the absolute addresses inside wechatpy."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request, **more):
        request.url = re.sub(r"^https://(api|mp)\.weixin\.qq\.com", self._url, request.url)
        return super().send(request, **{**more, "proxies": {}})


@pytest.fixture
async def wechat():
    async with Simulator() as running:
        yield running


@pytest.fixture
def client(wechat):
    made = WeChatClient(constants.APP_ID, constants.SECRET, timeout=3, auto_retry=False)
    made._http.mount("https://", Elsewhere(wechat.url))
    made._http.trust_env = False
    return made


@pytest.fixture
async def web(wechat):
    async with httpx.AsyncClient(base_url=wechat.url, trust_env=False) as made:
        yield made


@pytest.fixture
def anna(wechat):
    return wechat.official.person("Anna")


@pytest.fixture
def writes(wechat, anna):
    wechat.official.says(anna, "头痛")
    return anna


async def do(call):
    """Run a call of wechatpy's client, which blocks, beside the simulator."""
    return await asyncio.to_thread(call)


async def code_of(call) -> int:
    """Return the code that a call of wechatpy's client is refused with; 0: it is not."""
    try:
        await do(call)
    except WeChatClientException as error:
        return int(error.errcode)
    return 0


def code(scene: str) -> dict:
    return {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}


async def token_of(web, **more) -> dict:
    body = {"grant_type": "client_credential", "appid": constants.APP_ID, "secret": constants.SECRET, **more}
    return (await web.post("/cgi-bin/stable_token", json=body)).json()


async def test_a_push_within_the_window_is_shown(client, writes, wechat):
    assert await code_of(lambda: client.message.send_text(writes.openid, "你好 😀")) == 0
    assert writes.said() == ["你好 😀"] and wechat.complaints == []


async def test_five_in_48_hours_after_a_message_and_no_more(client, writes, wechat):
    codes = [await code_of(lambda: client.message.send_text(writes.openid, "x")) for _ in range(6)]
    assert codes == [0] * 5 + [45047]
    wechat.clock.skip(48 * HOUR + 1)
    wechat.tokens.lasts_s = 100 * HOUR
    await do(client.fetch_access_token)
    assert await code_of(lambda: client.message.send_text(writes.openid, "x")) == 45015
    wechat.official.says(writes, "again")
    assert await code_of(lambda: client.message.send_text(writes.openid, "x")) == 0


@pytest.mark.parametrize("deed", ["clicks", "follows", "scans", "taps"])
async def test_three_in_a_minute_after_a_click_a_follow_or_a_scan(client, anna, wechat, deed):
    more = {"clicks": ("K",), "scans": ("ward",), "follows": (), "taps": ("1", "101")}[deed]
    getattr(wechat.official, deed)(anna, *more)
    assert [await code_of(lambda: client.message.send_text(anna.openid, "x")) for _ in range(4)] == [0, 0, 0, 45047]
    wechat.clock.skip(61)
    assert await code_of(lambda: client.message.send_text(anna.openid, "x")) == 45015


async def test_the_shorter_window_is_used_up_first(client, writes, wechat):
    wechat.official.clicks(writes, "K")
    assert [await code_of(lambda: client.message.send_text(writes.openid, "x")) for _ in range(9)] == [0] * 8 + [45047]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda c, a: c.message.send_text("nobody", "x"), 40003),
        (lambda c, a: c.message.send_text(a, "很" * 683), 45002),
        (lambda c, a: c.message.send_text(a, "x" * 2049), 45002),
        (lambda c, a: c.message.send_text(a, ""), 44004),
        (lambda c, a: c.message.send_image(a, "nonsense"), 40007),
        (lambda c, a: c.message.send_template(a, "nonsense", {}), 40037),
        (lambda c, a: c.message.send_subscribe_message(a, "nonsense", {}), 40037),
        (lambda c, a: c.message.send_subscribe_message(a, NOTICE, GOOD_NOTICE), 43101),
        (lambda c, a: c.message.send_subscribe_message(a, NOTICE, {"thing1": {"value": "x"}}), 47003),
        (lambda c, a: c.message.send_subscribe_message(a, NOTICE, {**GOOD_NOTICE, "thing1": {"value": "x" * 21}}), 47003),
        (lambda c, a: c.message.send_subscribe_message(a, NOTICE, {**GOOD_NOTICE, "thing9": {"value": "x"}}), 47003),
        (lambda c, a: c.menu.create({"button": []}), 40016),
        (lambda c, a: c.menu.create({"button": [{"name": "x", "type": "click", "key": "k"}] * 4}), 40016),
        (lambda c, a: c.menu.create({"button": [{"name": "很" * 6, "type": "click", "key": "k"}]}), 40018),
        (lambda c, a: c.menu.create({"button": [{"name": "x", "type": "click", "key": "k" * 129}]}), 40019),
        (lambda c, a: c.menu.create({"button": [{"name": "x", "sub_button": [{"name": "y", "sub_button": [{"name": "z"}]}]}]}), 40022),
        (lambda c, a: c.media.upload("nonsense", io.BytesIO(b"x")), 40004),
        (lambda c, a: c.media.upload("image", io.BytesIO(b"")), 44004),
        (lambda c, a: c.qrcode.create(code("x" * 65)), 47003),
    ],
)  # fmt: skip
async def test_what_wechat_refuses_is_refused_with_its_number(client, writes, wechat, call, code):
    assert await code_of(lambda: call(client, writes.openid)) == code
    assert wechat.complaints == []


async def test_at_the_limit_it_is_taken(client, writes):
    for text in ("很" * 682, "x" * 2048):
        assert await code_of(lambda: client.message.send_text(writes.openid, text)) == 0  # noqa: B023


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "message/custom/telepathy", {}),
        ("GET", "message/custom/send", None),
        ("POST", "message/custom/send", {"touser": "x", "msgtype": "text", "text": {"content": "x"}, "colour": "red"}),
        ("POST", "message/custom/send", {"touser": "x", "msgtype": "text", "text": {"content": "x", "colour": "red"}}),
        ("POST", "message/custom/send", {"touser": 7, "msgtype": "text"}),
        ("POST", "message/custom/send", {"msgtype": "text"}),
        ("POST", "message/custom/send?colour=red", {"touser": "x", "msgtype": "text"}),
        ("POST", "menu/create", {"button": [{"name": "x", "sub_button": [{"name": "y", "shape": "round"}]}]}),
    ],
)
async def test_what_no_documentation_knows_fails_and_is_remembered(web, wechat, method, path, body):
    answer = await web.request(method, f"/cgi-bin/{path}", json=body)
    assert answer.status_code == 200 and answer.json()["errcode"] in (40066, 43002, 47001)
    assert len(wechat.complaints) == 1


async def test_an_error_ends_in_tencents_mark_and_success_has_none(web, wechat):
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", (await web.get("/cgi-bin/menu/get")).json()["errmsg"])
    assert set(await token_of(web)) == {"access_token", "expires_in"}


async def test_a_stable_token_stays_until_five_minutes_before_its_end_then_both_are_good(web, wechat):
    first, again = await token_of(web), await token_of(web)
    assert first["access_token"] == again["access_token"] and wechat.tokens.fetches == 1
    wechat.clock.skip(7200 - 299)
    second = await token_of(web)
    assert second["access_token"] != first["access_token"] and second["expires_in"] == 7200
    for one in (first, second):
        assert (await web.get("/cgi-bin/getcallbackip", params={"access_token": one["access_token"]})).json()["ip_list"]
    wechat.clock.skip(300)
    assert await status(web, first["access_token"]) == 42001 and await status(web, second["access_token"]) == 0


async def status(web, token: str) -> int:
    return (await web.get("/cgi-bin/getcallbackip", params={"access_token": token})).json().get("errcode", 0)


async def test_a_forced_token_ends_the_one_before_and_is_rare(web, wechat):
    first = await token_of(web)
    assert (await token_of(web, force_refresh=True))["access_token"] != first["access_token"]
    assert await status(web, first["access_token"]) == 42001
    assert (await token_of(web, force_refresh=True))["errcode"] == 45011
    codes = []
    for _ in range(20):
        wechat.clock.skip(31)
        codes.append((await token_of(web, force_refresh=True)).get("errcode", 0))
    assert codes == [0] * 19 + [45009]


async def test_a_classic_token_replaces_the_one_before_after_five_minutes(client, web, wechat):
    first = (await do(client.fetch_access_token))["access_token"]
    second = (await do(client.fetch_access_token))["access_token"]
    assert first != second and await status(web, first) == await status(web, second) == 0
    wechat.clock.skip(301)
    assert (await status(web, first), await status(web, second)) == (42001, 0)
    assert (await token_of(web))["access_token"] not in (first, second)  # the two kinds know nothing of each other


async def test_tokens_can_end_and_be_forgotten(web, wechat):
    token = (await token_of(web))["access_token"]
    assert await status(web, "") == 41001 and await status(web, "x") == 40001
    wechat.tokens.expire()
    assert await status(web, token) == 42001
    wechat.tokens.forget()
    assert await status(web, token) == 40001
    assert await status(web, (await token_of(web))["access_token"]) == 0


@pytest.mark.parametrize(
    ("wrong", "code"), [({"appid": "wxother"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)]
)
async def test_a_wrong_setting_has_its_own_number(web, wrong, code):
    assert (await token_of(web, **wrong))["errcode"] == code


async def test_an_address_that_is_not_on_the_list_is_named(web, wechat):
    wechat.official.settings.allowed_ips = ("10.1.1.1",)
    refused = await token_of(web)
    assert refused["errcode"] == 40164 and "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist" in refused["errmsg"]
    wechat.official.settings.allowed_ips = ("127.0.0.1",)
    assert "access_token" in await token_of(web)


async def test_an_unverified_account_may_not_push_but_gets_a_token(client, writes, wechat):
    wechat.official.settings.verified = False
    for call in (
        lambda: client.message.send_text(writes.openid, "x"),
        lambda: client.menu.create({"button": [{"name": "x", "type": "click", "key": "k"}]}),
        lambda: client.media.download("x"),
    ):
        assert await code_of(call) == 48001
    assert writes.said() == []


async def test_a_consent_is_used_up_and_a_lasting_one_is_not(client, anna, wechat):
    def send():
        return client.message.send_subscribe_message(anna.openid, NOTICE, GOOD_NOTICE)

    wechat.official.consents(anna, NOTICE)
    assert [await code_of(send), await code_of(send)] == [0, 43101]
    wechat.official.consents(anna, NOTICE, accept=False)
    assert await code_of(send) == 43101
    wechat.official.consents(anna, NOTICE, forever=True)
    assert [await code_of(send), await code_of(send)] == [0, 0]
    wechat.official.revokes(anna, NOTICE)
    assert await code_of(send) == 43101 and len(anna.said()) == 3


async def test_a_template_message_needs_no_window_but_a_follower(client, anna, wechat):
    def send():
        return client.message.send_template(anna.openid, TEMPLATE, {"thing1": {"value": "x"}}, url="https://example.org/")

    assert await code_of(send) == 0 and "随访提醒" in anna.said()[0]
    assert wechat.official.postman.pushes[-1].fields["Status"] == "success"
    anna.refuses_templates = True
    assert await code_of(send) == 0 and wechat.official.postman.pushes[-1].fields["Status"] == "failed:user block"
    wechat.official.unfollows(anna)
    assert await code_of(send) == 43004 and len(anna.said()) == 1


async def test_a_one_time_subscription_is_good_once_in_its_scene(client, anna, wechat):
    body = {"touser": anna.openid, "template_id": "ONCE", "scene": "7", "title": "随访", "data": {"content": {"value": "x"}}}

    def send():
        return client.post("message/template/subscribe", data=body)

    assert await code_of(send) == 43101
    for _ in range(2):
        wechat.official.consents_once(anna, "ONCE", 7)
    assert [await code_of(send), await code_of(send)] == [0, 43101]


async def test_somebody_who_unfollowed_or_was_never_there_cannot_be_reached(client, writes, wechat):
    wechat.official.unfollows(writes)
    assert await code_of(lambda: client.message.send_text(writes.openid, "x")) == 45015


async def test_typing_is_shown_until_a_message_comes(client, writes):
    def type_(command):
        return lambda: client.post("message/custom/typing", data={"touser": writes.openid, "command": command})

    assert await code_of(type_("Typing")) == 0 and writes.typing
    assert await code_of(type_("Typing")) == 45081 and await code_of(type_("Shouting")) == 45072
    await code_of(lambda: client.message.send_text(writes.openid, "x"))
    assert not writes.typing


async def test_menu_media_codes_and_lists_come_back_as_the_library_knows_them(client, anna, wechat):
    menu = {"button": [{"name": "导诊", "type": "click", "key": "START"}, {"name": "更多", "sub_button": [
        {"name": "官网", "type": "view", "url": "https://example.org/"}]}]}  # fmt: skip
    assert await do(client.menu.get) is None
    await do(lambda: client.menu.create(menu))
    menu["button"][0]["sub_button"] = []
    assert await do(client.menu.get) == {"menu": menu}
    picture = ("x.png", io.BytesIO(b"picture"), "image/png")
    media_id = (await do(lambda: client.media.upload("image", picture)))["media_id"]
    assert (await do(lambda: client.media.download(media_id))).content == b"picture"
    ticket = await do(lambda: client.qrcode.create(code("ward_3")))
    with requests.Session() as line:
        line.mount("https://", Elsewhere(wechat.url))
        assert (await do(lambda: line.get(client.qrcode.get_url(ticket)))).content.startswith(b"\x89PNG")
    wechat.official.settings.desk = [{"kf_account": "a@b", "status": 1, "kf_id": "1", "accepted_case": 2}]
    assert await do(client.customservice.get_online_accounts) == wechat.official.settings.desk
    assert await do(client.misc.get_wechat_ips)
    assert (await do(lambda: client.user.get(anna.openid)))["language"] == "zh_CN"
    wechat.clock.skip(73 * HOUR)
    await do(client.fetch_access_token)
    assert await code_of(lambda: client.media.download(media_id)) == 40007
    assert wechat.complaints == []


async def test_a_follower_by_a_code_carries_its_ticket(client, wechat):
    ticket = (await do(lambda: client.qrcode.create(code("ward_3"))))["ticket"]
    ben = wechat.official.person("Ben", follows=False)
    push = wechat.official.scans(ben, "ward_3")
    assert (push.fields["EventKey"], push.fields["Ticket"]) == ("qrscene_ward_3", ticket)


@pytest.mark.parametrize(("kind", "done"), [("lost", 0), ("unanswered", 1)])
async def test_a_cut_line_before_or_after_the_effect(client, writes, wechat, kind, done):
    await do(client.fetch_access_token)
    wechat.faults.order(Fault(kind, "custom/send"))
    with pytest.raises(requests.ConnectionError):
        await asyncio.to_thread(client.message.send_text, writes.openid, "x")
    assert len(writes.said()) == done and (wechat.faults.met, wechat.faults.unseen) == (1, done)


async def test_faults_have_a_number_of_times_a_path_and_a_person(client, writes, wechat):
    wechat.faults.order(Fault("error", "custom/send", times=2, code=45009))
    wechat.faults.order(Fault("error", "custom/send", times=ALWAYS, code=-1, person="somebody else"))

    def send():
        return client.message.send_text(writes.openid, "x")

    assert [await code_of(send) for _ in range(3)] == [45009, 45009, 0]
    assert await code_of(lambda: client.message.send_text("somebody else", "x")) == -1


async def test_a_proxys_page_comes_with_502_or_with_200(web, wechat):
    wechat.faults.order(Fault("gateway"))
    wechat.faults.order(Fault("html"))
    first, second = await web.get("/cgi-bin/menu/get"), await web.get("/cgi-bin/menu/get")
    assert (first.status_code, second.status_code) == (502, 200) and "<html>" in first.text and "<html>" in second.text


async def test_a_hanging_call_was_done_and_ends_with_the_simulator(client, web, writes, wechat):
    token = (await token_of(web))["access_token"]
    wechat.faults.order(Fault("hang", "custom/send", seconds=HOUR))
    wechat.faults.order(Fault("slow", "custom/send", seconds=0.05))
    body = {"touser": writes.openid, "msgtype": "text", "text": {"content": "x"}}
    with pytest.raises(httpx.ReadTimeout):
        await web.post("/cgi-bin/message/custom/send", params={"access_token": token}, json=body, timeout=0.3)
    assert writes.said() == ["x"]
    assert (await web.post("/cgi-bin/message/custom/send", params={"access_token": token}, json=body)).json()["errcode"] == 0
