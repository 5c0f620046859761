"""What the page of the simulated WeChat calls: only from itself, only for people who are there; and the program that serves it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

import httpx
import pytest

from simulators.wechat import constants
from simulators.wechat.server import Simulator
from tests.simulators.wechat_bot import Bot

FROM_THE_PAGE = {"X-Simulator": "1"}


@pytest.fixture
async def wechat():
    async with Simulator() as running:
        yield running


@pytest.fixture
async def web(wechat):
    async with httpx.AsyncClient(base_url=wechat.url, trust_env=False) as made:
        yield made


async def test_the_page_brings_everything_it_needs_and_nothing_from_elsewhere(web):
    for path in ("/", "/page.js", "/page.css", "/samples.js"):
        text = (await web.get(path)).text
        assert text and "http://" not in text.replace("https?://", "") and "cdn" not in text


async def test_the_first_look_furnishes_the_world(web, wechat):
    await web.get("/")
    state = (await web.get("/state")).json()
    assert [one["language"] for one in state["people"]] == ["zh_CN", "zh_TW", "en", "de", "ar"]
    assert not state["me"]["following"] and state["kf"]["chat"] == [] and state["group"]["chat"] == []


async def test_each_person_sees_their_own_chat(web, wechat):
    anna, ben = wechat.official.person("Anna"), wechat.official.person("Ben")
    for person, words in ((anna, "头痛"), (ben, "牙痛")):
        await web.post("/deed/say", json={"who": person.openid, "text": words}, headers=FROM_THE_PAGE)
        await web.post("/deed/kf_say", json={"who": person.openid, "text": words}, headers=FROM_THE_PAGE)
    state = (await web.get("/state", params={"who": ben.openid})).json()
    assert [one["text"] for one in state["me"]["chat"]] == [one["text"] for one in state["kf"]["chat"]] == ["牙痛"]


async def test_another_page_cannot_do_anything(web, wechat):
    anna = wechat.official.person("Anna")
    answer = await web.post("/deed/say", json={"who": anna.openid, "text": "x"})
    assert answer.status_code == 404 and anna.chat == []


@pytest.mark.parametrize(("deed", "data"), [("say", {"who": "nobody", "text": "x"}), ("say", {}), ("tap", {"who": "{anna}"})])
async def test_nonsense_is_refused_without_a_trace(web, wechat, deed, data):
    anna = wechat.official.person("Anna")
    answer = await web.post(f"/deed/{deed}", json={**data, **({"who": anna.openid} if data.get("who") == "{anna}" else {})},
                            headers=FROM_THE_PAGE)  # fmt: skip
    assert answer.status_code == 400 and anna.chat == []


async def test_a_scanned_address_is_read_as_its_scene(web, wechat):
    anna = wechat.official.person("Anna", follows=False)
    wechat.official.tickets["gQHabcdefghi00001"] = "ward_3"
    data = {"who": anna.openid, "code": "http://weixin.qq.com/q/" + "gQHabcdefghi00001"[-12:]}
    await web.post("/deed/scan", json=data, headers=FROM_THE_PAGE)
    assert wechat.official.postman.pushes[-1].fields["EventKey"] == "qrscene_ward_3"
    await web.post("/deed/kf_enter", json={"who": anna.openid, "code": "https://work.weixin.qq.com/kf/x?enc_scene=ENCward_4"},
                   headers=FROM_THE_PAGE)  # fmt: skip
    assert wechat.kf.store[-1][1]["event"]["scene"] == "ward_4"


async def test_news_wakes_who_waits_and_the_end_does_too(web, wechat):
    anna = wechat.official.person("Anna")
    state = (await web.get("/state")).json()
    waiting = asyncio.ensure_future(web.get("/state", params={"since": state["version"]}))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    wechat.official.account_says(anna, "kf", "news")
    assert (await waiting).json()["me"]["chat"][-1]["text"] == "news"
    last = asyncio.ensure_future(web.get("/state", params={"since": 10**9}))
    await asyncio.sleep(0.05)
    await wechat.stop()
    assert (await last).status_code == 200


@pytest.mark.slow
async def test_the_program_prints_the_settings_checks_the_address_and_ends(tmp_path):
    async with Bot() as bot:
        command = (
            sys.executable,
            "-m",
            "simulators.wechat",
            "--port",
            "0",
            "--wechat-callback",
            bot.url,
            "--wecom-callback",
            bot.url,
        )
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env={**os.environ})
        assert process.stdout is not None
        lines = []
        with contextlib.suppress(asyncio.TimeoutError):
            while len([one for one in lines if "in use" in one]) < 2:
                lines.append((await asyncio.wait_for(process.stdout.readline(), 30)).decode())
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert f"  DAOZHEN_WECHAT_APP_ID={constants.APP_ID}\n" in lines and "For people: http://127.0.0.1:" in lines[0]
    assert len([one for one in lines if "in use" in one]) == 2
