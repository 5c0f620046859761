"""A patient's browser on the page of the real system: an emergency, and ear pain to the result."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.browsers import ARGUMENTS, path_or_skip

pytestmark = pytest.mark.slow

MOST_QUESTIONS = 8


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Return a Chromium."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path_or_skip(), args=ARGUMENTS)
        yield chromium
        await chromium.close()


class Chat:
    """The page as one patient sees it."""

    def __init__(self, page: Page, *, errors: list[str]) -> None:
        self.page, self.errors = page, errors

    async def says(self, text: str) -> None:
        """Write and send with Enter."""
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")

    @property
    def theirs(self) -> Locator:
        """The messages of the bot."""
        return self.page.locator("#log .message:not(.own)")

    @property
    def card(self) -> Locator:
        """The result."""
        return self.page.locator("#log .card")

    def choice(self, *titles: str) -> Locator:
        """The open button with one of these titles, numbered or not."""
        exactly = re.compile(r"^\d?\s*({})$".format("|".join(titles)))
        return self.theirs.locator(".choices button:enabled").filter(has_text=exactly).first


@pytest.fixture
async def open_chat(system, browser):
    """Return a function that opens the chat as a new patient; afterwards no script may have failed."""
    opened: list[Chat] = []

    async def open_page(language: str, locale: str) -> Chat:
        page = await (await browser.new_context(locale=locale)).new_page()
        page.set_default_timeout(10_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((system.url, "data:")) else errors.append(asked.url))
        await page.goto(f"{system.url}/chat?lang={language}")
        await page.wait_for_selector("html[data-ready]", state="attached")
        opened.append(Chat(page, errors=errors))
        return opened[-1]

    yield open_page
    for chat in opened:
        assert chat.errors == []


async def test_an_emergency_in_chinese_is_answered_before_consent_and_ends_in_the_card(open_chat):
    chat = await open_chat("zh-Hans", "zh-CN")
    await chat.says("我胸口闷，左胳膊发麻")
    await expect(chat.theirs.first).to_contain_text("120", timeout=2_000)
    await chat.choice("同意").click()
    await expect(chat.card.last).to_contain_text("急诊科")


async def test_ear_pain_in_german_is_asked_about_and_ends_in_the_department(open_chat):
    chat = await open_chat("de", "de-DE")
    await chat.says("Ich habe seit zwei Tagen Ohrenschmerzen")
    await chat.choice("Einverstanden").click()
    no_or_skip = chat.choice("Nein", "Überspringen")
    for _ in range(MOST_QUESTIONS):
        await expect(no_or_skip.or_(chat.card).first).to_be_visible()
        if await chat.card.count():
            break
        await no_or_skip.click()
    await expect(chat.card.last).to_contain_text("Hals-Nasen-Ohren-Heilkunde")
    await expect(chat.theirs.last).to_contain_text("Das ist keine Diagnose.")
    assert await chat.page.evaluate("document.documentElement.lang") == "de"
