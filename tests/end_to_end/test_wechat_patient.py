"""A patient at the page of the simulated WeChat, with the real gateway behind it: the official account, 微信客服, the staff group."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.settings import PREFIX, ROOT
from simulators.wechat.__main__ import settings
from simulators.wechat.server import Simulator
from tests.telegram.storm import FakeAssistant, free_port

pytestmark = pytest.mark.slow


class Place:
    """Simulated platforms, a fake assistant that says what it heard, and the gateway as a process."""

    def __init__(self, folder: Path) -> None:
        self.wechat, self.assistant, self.port = Simulator(), FakeAssistant(), free_port()
        self.log = folder / "gateway.log"
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.run(self.wechat.start())
        self.run(self.assistant.start())
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        own = {"PORT": self.port, "DATA_DIR": folder, "ASSISTANT_PORT": self.assistant.port, "ASSISTANT_TOKEN": "x"}
        told = dict(line.split("=", 1) for line in settings(self.wechat.url))
        environment = {**kept, **told, **{f"{PREFIX}{name}": str(value) for name, value in own.items()}, "OMP_NUM_THREADS": "1"}
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "connectors"]
            self.gateway = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self.run(self.connect())

    async def connect(self) -> None:
        address = f"http://127.0.0.1:{self.port}"
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(300):
                try:
                    await client.get(f"{address}/health")
                    break
                except httpx.HTTPError:
                    assert self.gateway.poll() is None, self.log.read_text()[-2000:]
                    await asyncio.sleep(0.1)
        for postman, path in ((self.wechat.official.postman, "wechat"), (self.wechat.corp.postman, "wecom")):
            assert await postman.accepts(f"{address}/{path}/callback"), f"the {path} callback does not prove itself"

    def run(self, act: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(60)

    def stop(self) -> None:
        self.gateway.send_signal(signal.SIGTERM)
        self.gateway.wait(20)
        self.run(self.assistant.stop())
        self.run(self.wechat.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("wechat"))
    yield made
    made.stop()
    assert not made.wechat.complaints
    assert [push.reason for push in made.wechat.official.postman.pushes if push.verdict == "outage"] == []


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(place.wechat.url)
    yield opened
    context.close()
    assert not problems


def picture(page: Page, name: str) -> None:
    if os.environ.get("DAOZHEN_PICTURES") == "1":
        page.screenshot(path=str(ROOT / "docs" / "pictures" / f"{name}.png"))


def become(page: Page, name: str) -> None:
    option = page.locator("#who option", has_text=name)
    page.locator("#who").select_option(option.get_attribute("value"))


def write(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("王芳", "我膝盖疼"),
        ("林怡君", "我膝蓋痛"),
        ("Emma", "my knee hurts"),
        ("Anna", "mein Knie tut weh"),
        ("ليلى", "ركبتي تؤلمني"),
    ],
)
def test_a_patient_follows_agrees_by_a_tap_and_is_answered(page: Page, name: str, words: str) -> None:
    messages = page.locator("#messages")
    become(page, name)
    page.get_by_role("button", name="关注", exact=True).click()
    expect(messages.locator("li.account")).to_have_count(1)  # a welcome, as the answer to the following
    write(page, words)
    expect(messages.locator("li.account")).to_have_count(2)
    messages.locator("li.account").last.locator("a").first.click()
    expect(messages.locator("li.account").last).to_contain_text(f"({words})")
    expect(messages.locator("li.outage")).to_have_count(0)
    if name == "王芳":
        picture(page, "wechat-official")


def test_a_patient_of_kf_is_answered_and_an_emergency_reaches_the_staff_group(page: Page, place: Place) -> None:
    messages = page.locator("#messages")
    page.locator("#chats button", has_text="微信客服").click()
    page.get_by_role("button", name="进入会话").click()
    expect(messages.locator("li.account")).not_to_have_count(0)
    write(page, "我膝盖疼")
    expect(messages.locator("li.account a").first).to_be_visible()
    messages.locator("li.account a").first.click()
    expect(messages).to_contain_text("(我膝盖疼)")
    write(page, "胸口剧痛，喘不上气")
    # The card of the assistant may follow at once: the alarm need not be the last.
    expect(messages.locator("li.account").filter(has_text="120").first).to_be_visible()
    picture(page, "wechat-kf")
    page.locator("#chats button", has_text="员工群").click()
    expect(messages.locator("li")).not_to_have_count(0)
    expect(messages).not_to_contain_text("胸口")
    picture(page, "wechat-staff")
