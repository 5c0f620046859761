"""A chart in the chat: seen, read out, opened large and taken along, on a phone, in the dark and from right to left."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit import overflows, problems
from playwright.sync_api import expect

from tests.looks import in_each_look

pytestmark = pytest.mark.slow

PHONE = {"width": 360, "height": 1300}
AXE = Path(__file__).parents[1] / "desk_pages" / "vendor" / "axe.min.js"
LOADED = "(image) => image.complete && image.naturalWidth > 0"


def to_chart(chat):
    """Agree and ask for the chart."""
    chat.agrees()
    chat.says("CHART")
    image = chat.page.locator("img.picture")
    image.wait_for()
    chat.page.wait_for_function(LOADED, arg=image.element_handle())
    return image


@in_each_look
def test_a_phone_shows_chart_and_table(open_page, picture, language, scheme):
    chat = open_page(f"/chat?lang={language}", viewport=PHONE, color_scheme=scheme)
    image = to_chart(chat)

    assert image.bounding_box()["width"] > 250
    assert len(image.get_attribute("alt")) > 40
    expect(chat.last).to_contain_text("126/79")
    assert overflows(chat.page) == []
    assert problems(chat.page) == []
    picture(chat, f"phone-{language}-{scheme}-chart")


def test_axe_finds_nothing_about_it(open_page):
    chat = open_page("/chat?lang=en", bypass_csp=True)
    to_chart(chat)
    chat.page.add_script_tag(path=str(AXE))

    assert chat.value("axe.run('.message').then((found) => found.violations.map((one) => `${one.id}: ${one.help}`))") == []


def test_a_picture_that_does_not_load_leaves_the_words(open_page):
    chat = open_page("/chat?lang=en")
    chat.page.route("**/chat/api/pictures/*", lambda route: route.abort())
    chat.agrees()
    chat.says("CHART")

    expect(chat.last).to_contain_text("126/79")
    expect(chat.page.locator("img.picture")).to_have_count(0)


def test_after_a_reload_the_picture_is_there_again(open_page):
    chat = open_page("/chat?lang=en")
    to_chart(chat)
    chat.page.reload()
    chat.wait_ready()

    image = chat.page.locator("img.picture")
    image.wait_for()
    chat.page.wait_for_function(LOADED, arg=image.element_handle())
