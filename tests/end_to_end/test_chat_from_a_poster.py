"""Somebody scans a poster: the page opens, greets by the name of the place, and a reload does not begin anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.privacy.encryption import load_cipher
from bot.scenes.codes import code_of
from tests.conversations.bench import content_source

pytestmark = pytest.mark.slow


def link(gateway, place: str = "CARD") -> str:
    return f"start={code_of(load_cipher(gateway.settings), content_source().current().scenes.by_id[place])}"


@pytest.mark.parametrize(("locale", "place"), [("en-GB", "Cardiology"), ("zh-TW", "心臟內科"), ("ar", "أمراض القلب")])
def test_the_page_greets_in_the_browser_s_language_by_the_name_of_the_place(open_page, gateway, locale, place):
    chat = open_page(f"/chat?{link(gateway)}", locale=locale)
    expect(chat.last).to_contain_text(place)
    expect(chat.page.locator("#log .own")).to_have_count(0)
    assert "start=" not in chat.page.url
    chat.page.reload()
    chat.wait_ready()
    expect(chat.theirs).to_have_count(1)


def test_the_language_of_the_address_stays_and_the_chat_goes_on(open_page, gateway):
    chat = open_page(f"/chat?lang=de&{link(gateway, 'W1')}")
    expect(chat.last).to_contain_text("Kinderstation")
    assert chat.page.url.endswith("/chat?lang=de")
    chat.page.locator(".choices button").first.click()
    expect(chat.last).to_contain_text("Gebäude D")
    chat.says("my ear hurts")
    chat.last.locator(".choices button").first.wait_for()


@pytest.mark.parametrize("start", ["s_aaaaaaaaaaaaaaaa", "s_<script>alert(1)</script>", "nonsense"])
def test_a_made_up_code_opens_a_chat_like_any_other(open_page, gateway, start):
    chat = open_page(f"/chat?lang=en&start={start}")
    chat.says("hello")
    expect(chat.theirs.last).to_contain_text("store what you write")
    assert "scanned" not in chat.page.locator("#log").inner_text()
