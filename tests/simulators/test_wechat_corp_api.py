"""The simulated WeCom: cursors, tokens of events, session states, quotas, robots. Called by HTTP and by wechatpy's own client."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from wechatpy.enterprise import WeChatClient as WeComClient

from simulators.wechat import constants
from simulators.wechat.server import Simulator

KF = constants.OPEN_KFID
DAY = 24 * 3600.0


@pytest.fixture
async def wechat():
    async with Simulator() as running:
        yield running


@pytest.fixture
async def api(wechat):
    """Return `await api(path, **body)`: the JSON answer, with a token in the query."""
    async with httpx.AsyncClient(base_url=wechat.url, trust_env=False) as http:
        query = {"corpid": constants.CORP_ID, "corpsecret": constants.KF_SECRET}

        async def call(path: str, **body):
            token = (await http.get("/cgi-bin/gettoken", params=query)).json()["access_token"]
            if path == "webhook/send":
                return (await http.post("/cgi-bin/webhook/send", params={"key": body.pop("key")}, json=body)).json()
            return (await http.post(f"/cgi-bin/{path}", params={"access_token": token}, json=body)).json()

        yield call


@pytest.fixture
def anna(wechat):
    return wechat.corp.customer("Anna")


def text(content: str) -> dict:
    return {"msgtype": "text", "text": {"content": content}}


async def sends(api, anna, content: str = "x", **more):
    return await api("kf/send_msg", touser=anna.external_userid, open_kfid=KF, **text(content), **more)


async def test_wechatpys_own_client_gets_its_token_here(wechat, anna):
    client = WeComClient(constants.CORP_ID, constants.KF_SECRET, timeout=3, auto_retry=False)
    client.API_BASE_URL = f"{wechat.url}/cgi-bin/"
    query = {"corpid": constants.CORP_ID, "corpsecret": constants.KF_SECRET}
    await asyncio.to_thread(lambda: client._fetch_access_token(f"{wechat.url}/cgi-bin/gettoken", query))
    wechat.corp.says(anna, wechat.kf, "头痛")
    found = await asyncio.to_thread(lambda: client.post("kf/sync_msg", data={"open_kfid": KF, "limit": 10}))
    assert [one["text"]["content"] for one in found["msg_list"]] == ["头痛"] and wechat.complaints == []


async def test_the_same_token_as_long_as_it_is_good(wechat, api, anna):
    for _ in range(3):
        await api("kf/account/list")
    assert wechat.corp_tokens.fetches == 1
    wechat.clock.skip(7201)
    await api("kf/account/list")
    assert wechat.corp_tokens.fetches == 2


async def test_pages_follow_the_cursor_and_lose_nothing(wechat, api, anna):
    wechat.corp.page_most = 3
    for number in range(8):
        wechat.corp.says(anna, wechat.kf, str(number))
    cursor, found, more = "", [], 1
    while more:
        page = await api("kf/sync_msg", open_kfid=KF, cursor=cursor, limit=1000)
        found += [one["text"]["content"] for one in page["msg_list"]]
        cursor, more = page["next_cursor"], page["has_more"]
    assert found == [str(number) for number in range(8)]
    assert (await api("kf/sync_msg", open_kfid=KF, cursor=cursor))["msg_list"] == []


async def test_without_a_cursor_the_last_three_days_come_again(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "old")
    wechat.clock.skip(3 * DAY + 1)
    wechat.corp.says(anna, wechat.kf, "new")
    for _ in range(2):
        page = await api("kf/sync_msg", open_kfid=KF)
        assert [one["text"]["content"] for one in page["msg_list"]] == ["new"]


async def test_a_token_of_an_event_is_good_for_ten_minutes_and_its_account(wechat, api, anna):
    other = wechat.corp.account("other")
    token = wechat.corp.says(anna, wechat.kf, "x").fields["Token"]
    assert (await api("kf/sync_msg", open_kfid=KF, token=token))["errcode"] == 0
    assert (await api("kf/sync_msg", open_kfid=other.open_kfid, token=token))["errcode"] == 95007
    wechat.clock.skip(601)
    assert (await api("kf/sync_msg", open_kfid=KF, token=token))["errcode"] == 95007


async def test_without_a_token_only_few_calls_are_allowed(wechat, api, anna):
    codes = [(await api("kf/sync_msg", open_kfid=KF))["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [45009]


async def test_what_the_bot_sends_is_not_returned_but_what_staff_say_is(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "x")
    await sends(api, anna, "bot")
    wechat.corp.staff_takes(anna, wechat.kf, "lisi")
    wechat.corp.staff_says(anna, wechat.kf, "nurse")
    page = await api("kf/sync_msg", open_kfid=KF)
    assert [(one["origin"], one.get("servicer_userid")) for one in page["msg_list"]] == [(3, None), (4, None), (5, "lisi")]
    assert anna.said(KF) == ["bot", "nurse"]


async def test_five_messages_after_one_of_theirs(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "x")
    assert [(await sends(api, anna))["errcode"] for _ in range(6)] == [0] * 5 + [95001]
    wechat.corp.says(anna, wechat.kf, "again")
    assert (await sends(api, anna))["errcode"] == 0


async def test_an_own_msgid_is_taken_once(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "x")
    assert (await sends(api, anna, msgid="out-1"))["msgid"] == "out-1"
    assert (await sends(api, anna, msgid="out-1"))["errcode"] == 95030 and len(anna.said(KF)) == 1
    for wrong in ("x" * 33, "a b", "ä"):
        assert (await sends(api, anna, msgid=wrong))["errcode"] == 40058


@pytest.mark.parametrize(("state", "code"), [(0, 0), (1, 0), (2, 95018), (3, 95018), (4, 95018)])
async def test_only_a_session_of_the_bot_takes_its_messages(wechat, api, anna, state, code):
    wechat.corp.says(anna, wechat.kf, "x")
    wechat.corp.talk(anna, wechat.kf).state = state
    assert (await sends(api, anna))["errcode"] == code


async def test_before_the_first_message_and_after_48_hours_there_is_no_session(wechat, api, anna):
    wechat.corp.enters(anna, wechat.kf)
    assert (await sends(api, anna))["errcode"] == 95018
    wechat.corp.says(anna, wechat.kf, "x")
    wechat.clock.skip(2 * DAY + 1)
    assert (await sends(api, anna))["errcode"] == 95018


async def test_a_session_goes_to_the_staff_and_comes_back(wechat, api, anna):
    who = {"open_kfid": KF, "external_userid": anna.external_userid}
    wechat.corp.says(anna, wechat.kf, "x")

    async def move(state: int, **more):
        return (await api("kf/service_state/trans", **who, service_state=state, **more))["errcode"]

    assert await move(1) == 0 and await move(1) == 95016
    assert await move(3) == 95014 and await move(3, servicer_userid="nobody") == 95014
    wechat.kf.servicers["lisi"] = False
    assert await move(3, servicer_userid="lisi") == 95014
    assert await move(3, servicer_userid="zhangsan") == 0
    state = await api("kf/service_state/get", **who)
    assert (state["service_state"], state["servicer_userid"]) == (3, "zhangsan")
    wechat.corp.staff_ends(anna, wechat.kf)
    assert await move(1) == 95013
    page = await api("kf/sync_msg", open_kfid=KF)
    ended = page["msg_list"][-1]["event"]
    assert (ended["event_type"], ended["change_type"], ended["old_servicer_userid"]) == ("session_status_change", 3, "zhangsan")
    wechat.corp.says(anna, wechat.kf, "again")
    assert (await api("kf/service_state/get", **who))["service_state"] == 0


async def test_from_the_pool_somebody_takes_over(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "x")
    moved = await api("kf/service_state/trans", open_kfid=KF, external_userid=anna.external_userid, service_state=2)
    assert (await api("kf/send_msg_on_event", code=moved["msg_code"], **text("wait")))["errcode"] == 0
    wechat.corp.staff_takes(anna, wechat.kf, "lisi")
    event = (await api("kf/sync_msg", open_kfid=KF))["msg_list"][-1]["event"]
    assert (event["change_type"], event["new_servicer_userid"]) == (1, "lisi") and anna.said(KF) == ["wait"]


async def test_a_welcome_is_good_once_for_twenty_seconds_and_not_after_a_talk(wechat, api, anna):
    async def entered() -> dict:
        wechat.corp.enters(anna, wechat.kf, scene="ward_3", scene_param="a=1")
        return (await api("kf/sync_msg", open_kfid=KF))["msg_list"][-1]["event"]

    event = await entered()
    assert (event["scene"], event["scene_param"]) == ("ward_3", "a=1")
    code = event["welcome_code"]
    assert [(await api("kf/send_msg_on_event", code=code, **text("hi")))["errcode"] for _ in range(2)] == [0, 95007]
    late = (await entered())["welcome_code"]
    wechat.clock.skip(21)
    assert (await api("kf/send_msg_on_event", code=late, **text("hi")))["errcode"] == 95007
    wechat.corp.says(anna, wechat.kf, "x")
    assert "welcome_code" not in await entered() and anna.said(KF) == ["hi"]


async def test_who_refuses_is_told_by_an_event(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "x")
    anna.refuses = True
    assert (await sends(api, anna, msgid="out-1"))["errcode"] == 0
    event = (await api("kf/sync_msg", open_kfid=KF))["msg_list"][-1]["event"]
    assert (event["event_type"], event["fail_msgid"], event["fail_type"]) == ("msg_send_fail", "out-1", 10)
    assert anna.said(KF) == []


async def test_a_menu_is_shown_and_its_choice_carries_the_id(wechat, api, anna):
    wechat.corp.says(anna, wechat.kf, "x")
    lines = [
        {"type": "click", "click": {"id": "1", "content": "是"}},
        {"type": "view", "view": {"url": "https://e.org", "content": "看"}},
    ]
    menu = {"head_content": "?", "list": lines}
    body = {"touser": anna.external_userid, "open_kfid": KF, "msgtype": "msgmenu", "msgmenu": menu}
    assert (await api("kf/send_msg", **body))["errcode"] == 0 and anna.said(KF)[0].startswith("?\n是\n看")
    wechat.corp.says(anna, wechat.kf, "是", menu_id="1")
    assert (await api("kf/sync_msg", open_kfid=KF))["msg_list"][-1]["text"] == {"content": "是", "menu_id": "1"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("kf/send_msg", {"touser": "wmnobody", "open_kfid": KF, **text("x")}, 40096),
        ("kf/send_msg", {"touser": "{anna}", "open_kfid": "wknone", **text("x")}, 95000),
        ("kf/send_msg", {"touser": "{anna}", "open_kfid": KF, **text("很" * 683)}, 40058),
        ("kf/send_msg", {"touser": "{anna}", "open_kfid": KF, **text("")}, 44004),
        ("kf/send_msg", {"touser": "{anna}", "open_kfid": KF, "msgtype": "image"}, 40008),
        ("kf/sync_msg", {"open_kfid": KF, "cursor": "nonsense"}, 40058),
        ("kf/sync_msg", {"open_kfid": KF, "limit": 1001}, 40058),
        ("kf/sync_msg", {"open_kfid": KF, "token": "nonsense"}, 95007),
        ("webhook/send", {"key": "nonsense", **text("x")}, 93000),
        ("webhook/send", {"key": constants.ROBOT_KEY, **text("很" * 683)}, 40058),
        ("webhook/send", {"key": constants.ROBOT_KEY, "msgtype": "markdown"}, 40008),
    ],
)  # fmt: skip
async def test_what_wecom_refuses_is_refused_with_its_number(wechat, api, anna, path, body, code):
    wechat.corp.says(anna, wechat.kf, "x")
    body = {name: anna.external_userid if value == "{anna}" else value for name, value in body.items()}
    answer = await api(path, **body)
    assert answer["errcode"] == code and f"devtool/query?e={code}" in answer["errmsg"] and wechat.complaints == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("kf/telepathy", {}),
        ("kf/sync_msg", {"open_kfid": KF, "since": 1}),
        ("kf/sync_msg", {"open_kfid": KF, "limit": "10"}),
        ("kf/sync_msg", {}),
    ],
)
async def test_what_no_documentation_knows_fails_and_is_remembered(wechat, api, path, body):
    assert (await api(path, **body))["errcode"] in (40066, 47001) and len(wechat.complaints) == 1


async def test_an_account_that_is_not_managed_by_the_api_is_closed(wechat, api):
    wechat.kf.managed = False
    assert (await api("kf/sync_msg", open_kfid=KF))["errcode"] == 48002
    assert [one["manage_privilege"] for one in (await api("kf/account/list"))["account_list"]] == [False]


async def test_a_robot_posts_twenty_a_minute(wechat, api):
    codes = [(await api("webhook/send", key=constants.ROBOT_KEY, **text("新的求助")))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009] and len(wechat.robot.notices) == 20
    wechat.clock.skip(61)
    assert (await api("webhook/send", key=constants.ROBOT_KEY, **text("x")))["errcode"] == 0


async def test_a_link_to_an_account_carries_its_scene(wechat, api):
    assert "enc_scene=ENCward_3" in (await api("kf/add_contact_way", open_kfid=KF, scene="ward_3"))["url"]
    assert (await api("kf/add_contact_way", open_kfid=KF, scene="x" * 33))["errcode"] == 40058


async def test_a_token_of_the_official_account_opens_nothing_here(wechat):
    body = {"grant_type": "client_credential", "appid": constants.APP_ID, "secret": constants.SECRET}
    async with httpx.AsyncClient(base_url=wechat.url, trust_env=False) as http:
        token = (await http.post("/cgi-bin/stable_token", json=body)).json()["access_token"]
        answer = await http.post("/cgi-bin/kf/sync_msg", params={"access_token": token}, json={"open_kfid": KF})
        assert answer.json()["errcode"] == 40001
