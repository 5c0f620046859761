"""Phone and desktop, light and dark, left and right, keyboard and screen reader; the pictures of the documents."""

from __future__ import annotations

import pytest
from audit import overflows, problems
from playwright.sync_api import expect

from bot.messages import EMERGENCY_LEVELS, LEVELS
from tests.looks import in_each_look, on_each_screen

pytestmark = pytest.mark.slow

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1100, "height": 800}
FIRST_WORDS = {
    "zh-Hans": "耳朵疼了三天",
    "zh-Hant": "耳朵痛了三天",
    "en": "I have had an earache for three days",
    "de": "Ich habe seit drei Tagen Ohrenschmerzen",
    "ar": "أذني تؤلمني منذ ثلاثة أيام",
}
RED_FLAG = {
    "zh-Hans": "我胸口闷，左胳膊发麻",
    "zh-Hant": "我胸口悶，左手臂發麻",
    "en": "I have crushing chest pain that goes into my left arm",
    "de": "Ich habe starke Schmerzen in der Brust, die in den linken Arm ziehen",
    "ar": "أشعر بضيق في الصدر وخدر في الذراع اليسرى",
}


def to_question(chat, language: str) -> None:
    """Go through consent to the first question."""
    chat.says(FIRST_WORDS[language])
    chat.page.locator(".choices button").first.click()
    expect(chat.theirs).to_have_count(2)


def to_result(chat, language: str) -> None:
    """Go through consent and question to the result."""
    to_question(chat, language)
    chat.last.locator(".choices button").nth(1).click()
    chat.page.locator(".card").wait_for()


@in_each_look
def test_a_phone_shows_everything_without_scrolling_sideways(open_page, picture, language, scheme):
    chat = open_page(f"/chat?lang={language}", viewport=PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    assert overflows(chat.page) == []
    assert problems(chat.page) == []
    picture(chat, f"phone-{language}-{scheme}-start")
    to_question(chat, language)
    picture(chat, f"phone-{language}-{scheme}-question")
    chat.last.locator(".choices button").nth(1).click()
    chat.page.locator(".card").wait_for()

    assert overflows(chat.page) == []
    assert problems(chat.page) == []
    picture(chat, f"phone-{language}-{scheme}-result")
    chat.page.click("#options")
    assert overflows(chat.page) == []
    assert problems(chat.page) == []


@in_each_look
def test_an_emergency_can_be_read_and_called_by_everybody(open_page, picture, language, scheme):
    chat = open_page(f"/chat?lang={language}", viewport=PHONE, color_scheme=scheme)
    chat.says(RED_FLAG[language])
    chat.page.locator(".message.emergency").wait_for()

    assert overflows(chat.page) == []
    assert problems(chat.page) == []
    expect(chat.theirs).to_have_count(2)  # the question for consent follows, and must not push the alarm out of sight
    expect(chat.page.locator(".alarm-head")).to_be_in_viewport(ratio=1)
    expect(chat.page.locator(".message.emergency .calls a[href='tel:120']")).to_be_in_viewport(ratio=1)
    picture(chat, f"phone-{language}-{scheme}-emergency")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-Hans", "en", "ar"])
def test_a_desktop_shows_the_conversation(open_page, picture, language, scheme):
    chat = open_page(f"/chat?lang={language}", viewport=DESKTOP, color_scheme=scheme)
    to_result(chat, language)

    assert overflows(chat.page) == []
    assert problems(chat.page) == []
    assert chat.value("() => document.documentElement.scrollHeight") == DESKTOP["height"]
    picture(chat, f"desktop-{language}-{scheme}-result")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_level_is_told_by_words_and_a_sign_and_can_be_read(open_page, scheme):
    chat = open_page("/chat?lang=en", viewport=PHONE, color_scheme=scheme)
    chat.agrees()
    heads = []
    for number, level in enumerate(LEVELS):
        chat.says(f"LEVEL {level}")
        expect(chat.theirs).to_have_count(3 + number)
        card = chat.page.locator(f".card.level-{level}")
        heads.append((card.locator(".card-head span").inner_text(), card.locator(".card-head path").first.get_attribute("d")))
        assert card.locator(".calls a").count() == (level in EMERGENCY_LEVELS)

    assert problems(chat.page) == []
    assert len({words for words, _ in heads}) == len(LEVELS)
    assert all(words and sign for words, sign in heads)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_crisis_is_answered_gently_and_with_a_number(open_page, picture, scheme):
    chat = open_page("/chat?lang=en", viewport=PHONE, color_scheme=scheme)
    chat.says("I want to kill myself")
    crisis = chat.page.locator(".message.crisis")

    expect(crisis.locator("h2")).to_have_text("You are not alone")
    assert crisis.locator(".calls a").count() >= 1
    assert problems(chat.page) == []
    picture(chat, f"phone-en-{scheme}-crisis")


@pytest.mark.parametrize("kind", ["LEVEL E1", "LEVEL U"])
def test_on_paper_everything_is_black_on_white(open_page, kind):
    chat = open_page("/chat?lang=en", color_scheme="dark")
    chat.agrees()
    chat.says(kind)
    chat.page.locator(".card").wait_for()
    chat.page.emulate_media(media="print")

    colors = "() => [...document.querySelectorAll('.card *')].map((e) => getComputedStyle(e).color)"
    assert set(chat.value(colors)) == {"rgb(0, 0, 0)"}
    assert chat.value("() => getComputedStyle(document.querySelector('.card-head')).backgroundColor") == "rgba(0, 0, 0, 0)"


@on_each_screen
def test_the_landing_page_is_for_everybody(open_page, picture, language, scheme, screen):
    chat = open_page(f"/?lang={language}", viewport=PHONE if screen == "phone" else DESKTOP, color_scheme=scheme)

    assert overflows(chat.page) == []
    assert problems(chat.page) == []
    picture(chat, f"landing-{screen}-{language}-{scheme}")


def side(chat, selector: str) -> str:
    """Return on which side of the conversation the last such element stands."""
    box = chat.page.locator(selector).last.bounding_box()
    around = chat.page.locator("#log").bounding_box()
    return "left" if box["x"] - around["x"] < around["x"] + around["width"] - box["x"] - box["width"] else "right"


@pytest.mark.parametrize(("language", "own", "theirs"), [("en", "right", "left"), ("ar", "left", "right")])
def test_the_layout_follows_the_direction_of_the_language(open_page, language, own, theirs):
    chat = open_page(f"/chat?lang={language}")
    chat.says(FIRST_WORDS[language])
    expect(chat.theirs).to_have_count(1)

    assert chat.value("() => getComputedStyle(document.body).direction") == ("rtl" if language == "ar" else "ltr")
    assert (side(chat, ".own .bubble"), side(chat, ".bot .bubble")) == (own, theirs)
    send, text = chat.page.locator(".send").bounding_box(), chat.page.locator("#text").bounding_box()
    assert (send["x"] < text["x"]) == (language == "ar")


def test_a_message_in_another_language_keeps_its_own_direction(open_page):
    chat = open_page("/chat?lang=en")
    chat.says("مرحبا")

    assert chat.value("() => getComputedStyle(document.querySelector('.own .bubble')).direction") == "rtl"


def test_dark_and_light_can_be_chosen_and_are_kept(page):
    background = "() => getComputedStyle(document.body).backgroundColor"
    light = page.value(background)
    page.page.click("#options")
    page.page.select_option("#theme", "dark")
    dark = page.value(background)
    page.page.reload()
    page.wait_ready()

    assert dark != light
    assert page.value(background) == dark
    assert problems(page.page) == []


def test_everything_can_be_done_with_the_keyboard_alone(page):
    keyboard = page.page.keyboard
    keyboard.press("Tab")
    assert page.value("() => document.activeElement.className") == "skip"
    keyboard.press("Enter")
    assert page.value("() => document.activeElement.id") == "text"
    keyboard.type("my ear hurts")
    keyboard.press("Enter")
    page.page.locator(".choices button").first.wait_for()
    assert page.value("() => document.activeElement.id") == "text"
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Tab")
    assert page.value("() => document.activeElement.textContent") == "I agree"
    keyboard.press("Enter")

    expect(page.theirs).to_have_count(2)
    assert page.value("() => document.activeElement.id") == "text"


def test_the_order_of_the_tab_key_is_the_order_on_the_screen(page):
    stops = []
    for _ in range(8):
        page.page.keyboard.press("Tab")
        stops.append(page.value("() => document.activeElement.id || document.activeElement.className"))

    assert stops[:7] == ["skip", "brand", "language", "options", "urgent-number", "scroll", "text"]


def test_the_focus_can_be_seen_everywhere(page):
    page.page.click("#options")
    for _ in range(12):
        page.page.keyboard.press("Tab")
        width = page.value(
            "() => document.activeElement === document.body ? '9px' : getComputedStyle(document.activeElement).outlineWidth"
        )
        assert float(width.removesuffix("px")) >= 2


def test_options_close_with_escape_and_give_the_focus_back(page):
    page.page.click("#options")
    assert page.page.get_attribute("#options", "aria-expanded") == "true"
    page.page.keyboard.press("Escape")

    assert page.page.get_attribute("#options", "aria-expanded") == "false"
    assert page.value("() => document.activeElement.id") == "options"


def test_a_screen_reader_hears_what_is_new(page):
    log = page.page.locator("#log")
    assert (log.get_attribute("role"), log.get_attribute("aria-live")) == ("log", "polite")
    page.says("hello")
    expect(page.theirs).to_have_count(1)

    # The authors are said, not only shown by side and colour.
    assert page.own(0).locator(".who span").inner_text() == "You"
    assert page.last.locator(".who span").inner_text() == "Guide (automated)"


def test_text_twice_as_large_loses_nothing(open_page):
    chat = open_page("/chat?lang=de", viewport=PHONE)
    chat.page.evaluate("() => { document.documentElement.style.setProperty('font-size', '200%'); }")
    to_result(chat, "de")

    assert overflows(chat.page) == []
    brand, language = (chat.page.locator(part).bounding_box() for part in (".brand strong", ".language select"))
    assert brand["x"] + brand["width"] <= language["x"] or brand["y"] + brand["height"] <= language["y"]
    assert chat.page.locator("#scroll").bounding_box()["height"] >= 200
    assert chat.page.locator(".composer").bounding_box()["height"] <= 200
    chat.page.locator("#text").scroll_into_view_if_needed()
    expect(chat.page.locator("#text")).to_be_in_viewport()


def test_nothing_moves_for_those_who_asked_for_stillness(page):
    assert page.value("() => getComputedStyle(document.querySelector('.dots i')).animationName") == "none"


def test_a_long_conversation_shows_its_end_and_a_way_to_it(page):
    page.agrees()
    for number in range(8):
        page.says(f"ECHO {number} " + "and so on " * 20)
        expect(page.last).to_contain_text(f"{number} and")
    expect(page.last).to_be_in_viewport()
    page.page.locator("#scroll").evaluate("e => { e.scrollTop = 0; }")
    page.says("ECHO once more")

    expect(page.last).to_contain_text("once more")
    expect(page.last).to_be_in_viewport()
