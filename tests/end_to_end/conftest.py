"""A gateway and a page for tests that drive the web chat as a patient does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_page import ChatPage
from playwright.sync_api import Browser
from running import Gateway

from tests.contents import content_source

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
DOCUMENTED = {
    "desktop-en-light-result",
    "landing-desktop-en-light",
    "phone-ar-dark-result",
    "phone-ar-light-chart",
    "phone-de-dark-chart",
    "phone-de-light-question",
    "phone-en-light-chart",
    "phone-zh-Hans-light-chart",
    "phone-zh-Hans-light-emergency",
    "phone-zh-Hans-light-result",
    "phone-zh-Hant-dark-chart",
    "phone-zh-Hant-light-start",
}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """Return a running gateway with an empty store and a scripted assistant."""
    running = Gateway(tmp_path, content=content_source())
    running.start()
    yield running
    running.stop()


OpenPage = Callable[..., ChatPage]


@pytest.fixture
def open_page(browser: Browser, gateway: Gateway) -> Iterator[OpenPage]:
    """Return a function that opens the chat as one patient; afterwards no page may have broken a rule."""
    opened: list[ChatPage] = []

    def open_chat(path: str = "/chat?lang=en", **context: object) -> ChatPage:
        chat = ChatPage(browser, gateway.url, path, context)
        opened.append(chat)
        return chat

    yield open_chat
    for chat in opened:
        chat.page.context.close()
        assert not chat.broken_rules, chat.broken_rules


@pytest.fixture
def page(open_page: OpenPage) -> ChatPage:
    """Return the chat in English, opened by a new patient."""
    return open_page()


@pytest.fixture
def picture() -> Callable[[ChatPage, str], None]:
    """Return a function that saves a screenshot: DAOZHEN_PICTURES=1 renews those of the documents, a folder gets all."""
    asked = os.environ.get("DAOZHEN_PICTURES", "")
    folder = PICTURES if asked == "1" else Path(asked)

    def save(chat: ChatPage, name: str) -> None:
        if asked and (asked != "1" or name in DOCUMENTED):
            folder.mkdir(parents=True, exist_ok=True)
            chat.page.mouse.move(0, 0)
            chat.page.screenshot(path=folder / f"{name}.png")

    return save
