"""Phone and desktop, light and dark, left and right, by ear and by eye; the pictures of the documents."""

from __future__ import annotations

import re

import pytest
from audit import overflows
from desk_page import DESKTOP, PHONE
from looking import look
from playwright.sync_api import expect
from sample_ward import sample

from tests.looks import in_each_look

pytestmark = pytest.mark.slow
TABLET = {"width": 1000, "height": 760}


@pytest.fixture
def shown(ward, desk_of):
    """Return a function that opens the desk with the sample cases, in a language and a theme."""

    def open_desk(language: str = "en", scheme: str = "light", **context: object):
        ward.hire("ana", "lead", name=NAMES[language], language=language, preferences={"queue": {"tab": "all"}})
        cases = sample(ward, language)
        desk = desk_of("ana", color_scheme=scheme, **context)
        return desk, cases

    return open_desk


NAMES = {"en": "Ana Neri", "de": "Annegret Weißmüller", "ar": "ليلى", "zh-Hans": "王静", "zh-Hant": "林怡君"}


@in_each_look
def test_a_desktop_shows_three_columns_that_everybody_can_use(shown, picture, language, scheme):
    desk, cases = shown(language, scheme)
    desk.enter(cases.talk)
    expect(desk.at("#summary")).to_be_visible()
    assert look(desk) == []
    assert all(desk.at(column).is_visible() for column in ("#queue", "#case", "#card"))
    assert desk.value("() => document.documentElement.scrollHeight") == DESKTOP["height"]
    picture(desk, {("en", "light"): "desk-desktop-en", ("ar", "light"): "desk-arabic", ("de", "dark"): "desk-dark"}.get((language, scheme), f"desk-{language}-{scheme}"))  # fmt: skip


@in_each_look
def test_a_phone_shows_one_column_at_a_time_and_a_way_back(shown, picture, language, scheme):
    desk, cases = shown(language, scheme, viewport=PHONE, has_touch=True, is_mobile=True)
    assert look(desk) == []
    picture(desk, f"desk-phone-queue-{language}-{scheme}")
    desk.row(cases.talk).tap()
    expect(desk.at("#case-title")).to_be_visible()
    assert desk.at("#queue").is_hidden()
    assert look(desk) == []
    picture(desk, {("zh-Hans", "light"): "desk-phone-zh"}.get((language, scheme), f"desk-phone-{language}-{scheme}"))
    desk.page.click("#case-head .to-card")
    expect(desk.at("#card")).to_be_visible()
    assert look(desk) == []
    picture(desk, f"desk-phone-card-{language}-{scheme}")
    desk.page.click("#card .to-case")
    expect(desk.at("#case-title")).to_be_visible()
    desk.page.go_back()
    expect(desk.at("#rows")).to_be_visible()
    assert desk.at("#case").is_hidden()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_panel_can_be_used_by_everybody(shown, picture, language):
    desk, cases = shown(language)
    desk.enter(cases.talk)
    for command in ("close", "snooze", "assign", "transfer", "urgent", "block"):
        desk.command(command)
        expect(desk.at("#panel")).to_be_visible()
        assert look(desk) == [], command
        picture(desk, f"desk-panel-{command}-{language}")
        desk.press("Escape")
    desk.page.click("#tab-note")
    assert look(desk) == []
    picture(desk, f"desk-note-{language}")
    desk.page.click("#sbar .trace summary")
    desk.press("?")
    assert look(desk) == []
    picture(desk, f"desk-keys-{language}")
    desk.press("Escape", "Control+k")
    assert look(desk) == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("de", "dark"), ("ar", "light"), ("zh-Hant", "dark")])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_handover_is_for_everybody(ward, shown, picture, language, scheme, viewport):
    desk, cases = shown(language, scheme, viewport=viewport)
    desk.open("/desk/handover")
    expect(desk.at("[data-part=open] li")).to_have_count(len(cases.all))
    assert look(desk) == []
    picture(desk, f"desk-handover-{language}-{scheme}-{'phone' if viewport is PHONE else 'desktop'}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_columns_on_a_small_screen(shown, picture, language):
    desk, cases = shown(language, viewport=TABLET)
    desk.enter(cases.talk)
    assert look(desk) == []
    assert desk.at("#queue").is_visible()
    assert desk.at("#card").is_hidden()
    picture(desk, f"desk-tablet-{language}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_layout_follows_the_direction_of_the_language(shown, language):
    desk, cases = shown(language)
    desk.enter(cases.talk)
    queue, case = desk.at("#queue").bounding_box(), desk.at("#case").bounding_box()
    patient, nurse = desk.at(".item.patient .bubble").first.bounding_box(), desk.at(".item.nurse .bubble").first.bounding_box()

    assert (queue["x"] < case["x"]) == (language == "en")
    assert (patient["x"] < nurse["x"]) == (language == "en")


def test_words_keep_their_own_direction_on_every_page(shown):
    desk, cases = shown("en")
    desk.enter(cases.arabic)
    expect(desk.at(".item.patient").first).to_be_visible()
    assert desk.value("() => getComputedStyle(document.querySelector('.item.patient .words')).direction") == "rtl"
    assert desk.at(".item.patient .words").first.get_attribute("lang") == "ar"
    desk.page.fill("#reply-text", "مرحبا")

    assert desk.value("() => getComputedStyle(document.getElementById('reply-text')).direction") == "rtl"


def test_what_is_who_can_be_told_without_colour(shown):
    desk, cases = shown("en")
    desk.enter(cases.talk)
    kinds = {kind: desk.at(f".item.{kind} .by").first.inner_text() for kind in ("patient", "bot", "nurse", "note")}

    assert "Patient" in kinds["patient"]
    assert "Bot" in kinds["bot"]
    assert "only the staff" in kinds["note"]
    assert len({re.sub(r"[\d:]", "", text) for text in kinds.values()}) == 4
    borders = {
        kind: desk.value(f"() => getComputedStyle(document.querySelector('.item.{kind} .bubble')).border") for kind in kinds
    }
    assert len(set(borders.values())) == 4


def test_a_screen_reader_hears_what_is_new_and_not_what_was(ward, shown):
    desk, cases = shown("en")
    desk.enter(cases.talk)
    log = desk.at("#log")
    expect(log).to_have_attribute("aria-live", "polite")
    assert log.get_attribute("role") == "log"
    ward.says(cases.talk, "one more thing")
    expect(log).to_contain_text("one more thing")
    desk.enter(cases.arabic)
    desk.press("c")

    expect(desk.at("#say")).to_have_text("The case is yours.")


def test_the_order_of_the_tab_key_is_queue_conversation_card(shown):
    desk, cases = shown("en")
    desk.enter(cases.talk)
    desk.at("#q").focus()
    seen = []
    for _ in range(60):
        desk.press("Tab")
        column = desk.value("() => document.activeElement.closest('.column')?.id ?? ''")
        seen += [column] if column and column not in seen[-1:] else []

    assert seen[:3] == ["queue", "case", "card"]


def test_the_focus_can_be_seen_everywhere(shown):
    desk, cases = shown("en")
    desk.enter(cases.talk)
    for _ in range(45):
        desk.press("Tab")
        width = desk.value(
            "() => document.activeElement === document.body ? '9px' : getComputedStyle(document.activeElement).outlineWidth"
        )
        assert float(width.removesuffix("px")) >= 2, desk.focused


def test_text_twice_as_large_loses_nothing(shown):
    desk, cases = shown("de", viewport=PHONE)
    desk.page.evaluate("() => { document.documentElement.style.setProperty('font-size', '200%'); }")
    assert overflows(desk.page) == []
    desk.row(cases.talk).press("Enter")  # letters this large leave no place beside a page that calls
    expect(desk.at("#case-title")).to_be_visible()
    assert overflows(desk.page) == []
    # Until it holds: what comes late to the page, like who else is here, may still move it.
    desk.page.wait_for_function("""() => {
      const button = document.getElementById('send-reply'); button.scrollIntoView();
      const box = button.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; }""")


def test_nothing_moves_for_those_who_asked_for_stillness(shown):
    desk, _ = shown("en")

    assert desk.value("() => document.getAnimations().length") == 0


def test_in_forced_colours_what_is_chosen_is_still_seen(shown):
    desk, cases = shown("en", forced_colors="active")
    desk.enter(cases.talk)

    assert desk.value("() => getComputedStyle(document.querySelector('.row[aria-current]')).outlineStyle") == "solid"
    assert desk.value("() => getComputedStyle(document.querySelector('.item.note .bubble')).borderTopStyle") != "none"


def test_the_sign_in_is_pictured(ward, desk_of, picture):
    desk = desk_of("ana", viewport={"width": 1100, "height": 760})
    desk.page.goto("about:blank")
    desk.context.clear_cookies()
    desk.page.goto(f"{ward.url}/staff/login?lang=en")
    expect(desk.at("#handle")).to_be_visible()
    assert look(desk) == []
    picture(desk, "staff-login")
