"""A person at the simulator's page: two members of a group, each a patient of their own, and the group sees nothing of it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from simulators.telegram.server import Simulator
from tests.telegram.storm import FakeAssistant, Gateway

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


class Place:
    """A simulated Telegram and a gateway, running beside the browser."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.telegram, self.assistant = folder, Simulator(), FakeAssistant()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def start(self) -> None:
        self.thread.start()
        self.run(self.telegram.start())
        self.run(self.assistant.start())
        self.gateway = Gateway(self.folder, self.telegram, self.assistant)
        self.run(self.gateway.start())

    def stop(self) -> None:
        self.gateway.end()
        self.run(self.assistant.stop())
        self.run(self.telegram.stop())
        self.run(self.let_go())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    async def let_go(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run(self, act: object) -> None:
        asyncio.run_coroutine_threadsafe(act, self.loop).result(90)  # type: ignore[arg-type]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 860})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(place.telegram.url)
    yield opened
    context.close()
    assert not problems and not place.telegram.violations


def become(page: Page, name: str) -> None:
    option = page.locator("#who option", has_text=name)
    page.locator("#who").select_option(option.get_attribute("value"))


def write(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def test_two_members_of_a_group_are_two_patients(page: Page, place: Place) -> None:
    messages = page.locator("#messages")
    become(page, "Emma")  # the group speaks the language of who brings the bot
    page.locator("#chats button", has_text="Patients").click()
    page.get_by_role("button", name="Add the bot").click()
    expect(messages).to_contain_text("I store nothing of what is written here")
    for name, question in (("Emma", "/faq where do I pay?"), ("Anna", "/faq my stomach hurts")):
        become(page, name)
        page.locator("#chats button", has_text="Patients").click()
        write(page, question)
    expect(messages).to_contain_text("cashier")
    expect(messages).to_contain_text("only in private")
    if os.environ.get("DAOZHEN_PICTURES") == "1":
        page.screenshot(path=str(ROOT / "docs" / "pictures" / "telegram-group.png"))

    for name, words in (("Emma", "my ear hurts"), ("Anna", "my knee hurts")):
        become(page, name)
        page.locator("#chats button", has_text="Patients").click()
        page.get_by_role("button", name="Talk in private").last.click()
        expect(messages).to_contain_text("/start")
        expect(page.locator(".keys button")).to_have_count(2)
        page.locator(".keys button").first.click()  # I agree, in the language of each
        expect(messages).to_contain_text("(Hello)" if name == "Emma" else "(Guten Tag)")
        write(page, words)
        expect(messages).to_contain_text(f"({words})")
        expect(messages).not_to_contain_text("ear" if "knee" in words else "knee")
    if os.environ.get("DAOZHEN_PICTURES") == "1":
        page.screenshot(path=str(ROOT / "docs" / "pictures" / "telegram-private.png"))
    page.locator("#chats button", has_text="Patients").click()
    expect(messages).not_to_contain_text("ear hurts")
