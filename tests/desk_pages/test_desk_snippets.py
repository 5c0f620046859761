"""Texts by "/": at the cursor, as many as one likes, in the patient's language, and with what belongs into them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(ward, desk_of):
    ward.hire("ana", name="Ana Neri")
    case = ward.case(["Hello?"])
    opened = desk_of("ana")
    opened.enter(case)
    opened.page.click("#reply-text")
    return opened


def box(desk) -> str:
    return desk.at("#reply-text").input_value()


def test_a_slash_opens_the_texts_and_typing_filters_them(desk):
    desk.page.keyboard.type("/")
    expect(desk.at("#snippets")).to_be_visible()
    assert desk.at("#snippets [role=option]").count() > 3
    desk.page.keyboard.type("hello")

    expect(desk.at("#snippets [role=option] strong").first).to_have_text("/hello")
    assert desk.at("#reply-text").get_attribute("aria-activedescendant") == "snippet-0"


def test_it_is_put_in_at_the_cursor_and_another_one_after_it(desk):
    desk.page.keyboard.type("Before  after")
    for _ in range(6):
        desk.press("ArrowLeft")
    desk.page.keyboard.type("/moment")
    expect(desk.at("#snippets [role=option]").first).to_contain_text("/moment")
    desk.press("Enter")
    first = box(desk)
    assert first.startswith("Before Please give me a few minutes.")
    assert first.endswith(" after")
    desk.page.keyboard.type(" /sorry")
    expect(desk.at("#snippets [role=option]").first).to_contain_text("/sorry")
    desk.press("Tab")

    assert "come back to you here. I am sorry that you had to wait." in box(desk)
    assert box(desk).endswith(" after")
    assert desk.focused == "reply-text"


def test_what_belongs_into_it_is_filled_in(desk):
    desk.page.keyboard.type("/hello")
    expect(desk.at("#snippets [role=option]").first).to_contain_text("/hello")
    desk.press("Enter")

    assert box(desk).startswith("Hello, I am Ana Neri, a nurse.")


def test_a_slash_within_a_word_is_a_slash(desk):
    desk.page.keyboard.type("120/80 and https://")

    expect(desk.at("#snippets")).to_be_hidden()
    assert box(desk) == "120/80 and https://"


def test_arrows_choose_and_escape_leaves_only_the_list(desk):
    desk.page.keyboard.type("/")
    expect(desk.at("#snippets [role=option]").first).to_be_visible()
    desk.press("ArrowDown")
    assert desk.at("#reply-text").get_attribute("aria-activedescendant") == "snippet-1"
    desk.press("Escape")

    expect(desk.at("#snippets")).to_be_hidden()
    assert desk.focused == "reply-text"
    assert box(desk) == "/"


def test_while_a_word_is_composed_enter_chooses_nothing(desk):
    desk.page.keyboard.type("/")
    expect(desk.at("#snippets [role=option]").first).to_be_visible()
    desk.value("""() => document.getElementById('reply-text').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))""")

    assert box(desk) == "/"
    expect(desk.at("#snippets")).to_be_visible()


def test_the_text_is_in_the_language_of_the_patient(ward, desk):
    arabic = ward.case(["مرحبا"], language="ar")
    desk.press("Escape")
    desk.page.evaluate("() => document.activeElement.blur()")
    desk.enter(arabic)
    desk.page.click("#snippets-open")
    desk.page.keyboard.type("hello")
    expect(desk.at("#snippets [role=option]").first).to_contain_text("أنا Ana Neri من التمريض")
    expect(desk.at("#snippets [role=option]").first.locator(".fallback")).to_have_count(0)
    desk.press("Enter")

    assert "أنا Ana Neri من التمريض" in box(desk)


def test_an_own_text_is_kept_and_a_missing_language_is_said(ward, desk):
    arabic = ward.case(["مرحبا"], language="ar")
    desk.page.keyboard.type("The lift is behind the kiosk.")
    desk.press("Control+k")
    desk.page.keyboard.type("save as a text")
    desk.press("Enter")
    desk.page.fill("#panel input[name=shortcut]", "lift")
    desk.press("Enter")
    expect(desk.at("#panel")).to_be_hidden()
    desk.page.fill("#reply-text", "")
    desk.enter(arabic)
    desk.page.click("#reply-text")
    desk.page.keyboard.type("/lift")

    option = desk.at("#snippets [role=option]").first
    expect(option).to_contain_text("The lift is behind the kiosk.")
    expect(option).to_contain_text("Not in the patient's language: English")
    expect(option).to_contain_text("Mine")


def test_there_is_no_menu_in_the_note(desk):
    desk.page.click("#tab-note")
    desk.page.click("#note-text")
    desk.page.keyboard.type("/hello")

    expect(desk.at("#snippets")).to_be_hidden()
