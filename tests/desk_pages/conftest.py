"""A ward, and nurses at the desk. What a gateway and a patient's page are stands in tests/end_to_end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import contents

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "end_to_end"))

from chat_page import ChatPage  # noqa: E402
from desk_page import DeskPage  # noqa: E402
from ward import Ward  # noqa: E402

from bot.content.load import ContentSource  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DOCUMENTED = {"desk-desktop-en", "desk-phone-zh", "desk-arabic", "desk-dark", "staff-login"}


@pytest.fixture(scope="session")
def content_source() -> ContentSource:
    """Return the content of this repository, read once for all gateways."""
    return contents.content_source()


@pytest.fixture
def ward(tmp_path: Path, content_source: ContentSource) -> Iterator[Ward]:
    """Return a running gateway with an empty store."""
    made = Ward(tmp_path, content=content_source)
    made.gateway.start()
    yield made
    made.gateway.stop()


OpenDesk = Callable[..., DeskPage]


@pytest.fixture
def desk_of(browser: Browser, ward: Ward) -> Iterator[OpenDesk]:
    """Return a function that opens the desk as somebody of the staff; afterwards no page may have broken a rule."""
    opened: list[DeskPage] = []

    def open_desk(handle: str = "ana", path: str = "/desk", **context: object) -> DeskPage:
        if handle not in ward.ids:
            ward.hire(handle)
        desk = DeskPage(browser, ward, handle, path, **context)
        opened.append(desk)
        return desk

    yield open_desk
    for desk in opened:
        desk.context.close()
        assert not desk.broken_rules, desk.broken_rules


@pytest.fixture
def chat_of(browser: Browser, ward: Ward) -> Iterator[Callable[..., ChatPage]]:
    """Return a function that opens the web chat as a patient does."""
    opened: list[ChatPage] = []

    def open_chat(path: str = "/chat?lang=en", **context: object) -> ChatPage:
        chat = ChatPage(browser, ward.url, path, context)
        opened.append(chat)
        return chat

    yield open_chat
    for chat in opened:
        chat.page.context.close()


@pytest.fixture
def picture() -> Callable[[DeskPage, str], None]:
    """Return a function that saves a screenshot: DAOZHEN_PICTURES=1 renews those of the documents, a folder gets all."""
    asked = os.environ.get("DAOZHEN_PICTURES", "")
    folder = PICTURES if asked == "1" else Path(asked)

    def save(desk: DeskPage, name: str) -> None:
        if asked and (asked != "1" or name in DOCUMENTED):
            folder.mkdir(parents=True, exist_ok=True)
            desk.page.mouse.move(0, 0)
            desk.page.screenshot(path=folder / f"{name}.png")

    return save
