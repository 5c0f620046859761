"""The keyboard: one table binds the keys, fills the sheet and the palette; nothing while somebody writes; off when not wanted."""

from __future__ import annotations

from datetime import datetime, timezone

import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bot.database.tables import staff
from bot.staff.passwords import hash_of

pytestmark = pytest.mark.slow
PASSWORD = "seven green umbrellas"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def case(ward):
    return ward.case(["When is my appointment?"])


def give_password(ward, handle: str) -> None:
    """Let somebody have a password and an authenticator."""

    def change(work) -> None:
        row = work.execute(sa.select(staff.c.sealed).where(staff.c.handle == handle)).one()
        sealed = work.cipher.seal({**work.cipher.unseal(row.sealed), "totp": SECRET})
        work.execute(sa.update(staff).where(staff.c.handle == handle).values(password=hash_of(PASSWORD), sealed=sealed))

    ward.write(change)


def test_from_the_sign_in_to_a_closed_case_with_the_keyboard_alone(ward, desk_of, case):
    ward.hire("ana")
    give_password(ward, "ana")
    desk = desk_of("ana")
    desk.page.goto("about:blank")
    desk.context.clear_cookies()
    page, keyboard = desk.page, desk.page.keyboard
    page.goto(f"{ward.url}/staff/login?lang=en")
    for words in ("ana", PASSWORD, pyotp.TOTP(SECRET).at(datetime.now(timezone.utc))):
        keyboard.type(words)
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_url("**/desk")
    desk.wait_ready()
    desk.press("j", "Enter")
    expect(desk.at("#log")).to_contain_text("When is my appointment?")
    desk.press("c")
    expect(desk.at(".head-status")).to_contain_text("You have this case")
    desk.press("r")
    keyboard.type("On Friday at nine")
    desk.press("Control+Enter")
    expect(desk.at(".item.nurse")).to_have_count(1)
    desk.press("Escape", "n")
    keyboard.type("called the clinic")
    desk.press("Control+Enter")
    expect(desk.at(".item.note")).to_have_count(1)
    desk.press("Escape", "e")
    expect(desk.at("#panel")).to_be_visible()
    desk.press("Enter")  # the first outcome has the focus

    expect(desk.at("#open-case")).to_be_hidden()
    assert ward.state(case).outcome == "advised"


def test_j_and_k_move_and_enter_opens(ward, desk_of):
    cases = [ward.case([f"case {number}"], minutes=20 - number) for number in range(3)]
    desk = desk_of()
    chosen = "() => Number(document.activeElement.dataset.id)"
    desk.press("j", "j", "j", "j")
    assert desk.value(chosen) == cases[2]
    desk.press("k")
    assert desk.value(chosen) == cases[1]
    desk.press("Enter")

    expect(desk.at("#log")).to_contain_text("case 1")


def test_keys_of_acts_open_what_they_say(ward, desk_of, case):
    ward.hire("ana", "lead")
    ward.hire("ben")
    desk = desk_of("ana")
    desk.enter(case)
    for key, title in (("s", "When should it come back?"), ("a", "Who should take it?"), ("d", "Which team should have it?"), ("u", "How urgent is it?"), ("e", "How did it end?")):  # fmt: skip
        desk.press(key)
        expect(desk.at("#panel h3")).to_have_text(title)
        desk.press("Escape")
        expect(desk.at("#panel")).to_be_hidden()
    desk.press("/")
    assert desk.focused == "q"
    desk.press("Escape", "g", "q")
    expect(desk.at("#open-case")).to_be_hidden()


def test_while_somebody_writes_letters_are_letters(ward, desk_of, case):
    desk = desk_of()
    desk.enter(case)
    desk.press("r")
    desk.page.keyboard.type("juce sneak? /x g q")

    expect(desk.at("#reply-text")).to_have_value("juce sneak? /x g q")
    expect(desk.at("#panel")).to_be_hidden()
    assert ward.state(case).claimed_by is None


def test_alt_makes_letters_and_never_an_act(ward, desk_of, case):
    desk = desk_of()
    desk.enter(case)
    desk.press("Alt+c", "Alt+e", "Alt+r")
    desk.value(
        "() => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'c', altKey: true, ctrlKey: true, bubbles: true}))"
    )

    expect(desk.at("#panel")).to_be_hidden()
    assert ward.state(case).claimed_by is None


def test_an_arabic_keyboard_has_the_same_keys(ward, desk_of, case):
    desk = desk_of()
    desk.enter(case)
    desk.value("() => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ؤ', code: 'KeyC', bubbles: true}))")

    expect(desk.at(".head-status")).to_contain_text("You have this case")


def test_the_sheet_shows_every_key_that_is_bound(ward, desk_of, case):
    desk = desk_of()
    desk.press("?")
    shown = set("".join(line.split()) for line in desk.at("#sheet dt").all_inner_texts())

    assert {"j", "k", "Enter", "c", "r", "n", "s", "a", "d", "e", "u", "z", "/", "gq", "?", "CtrlK", "CtrlEnter", "Esc"} <= shown
    assert not any("Alt" in one for one in shown)
    desk.press("Escape")
    expect(desk.at("#sheet")).to_be_hidden()


def test_single_keys_can_be_switched_off_and_stay_off(ward, desk_of, case):
    desk = desk_of()
    desk.press("?")
    with desk.page.expect_response("**/me/preferences"):
        desk.page.uncheck("#single-keys")
    desk.press("Escape")
    desk.reload()
    desk.enter(case)
    desk.press("c", "e", "?")

    expect(desk.at("#panel")).to_be_hidden()
    expect(desk.at("#sheet")).to_be_hidden()
    assert ward.state(case).claimed_by is None
    desk.press("Control+k")
    expect(desk.at("#palette")).to_be_visible()


def test_what_is_chosen_on_ones_own_page_holds_at_the_desk_and_the_other_way_round(ward, desk_of):
    desk = desk_of()
    desk.page.goto(f"{ward.url}/staff/me")
    for name in ("sound", "shortcuts"):
        desk.page.uncheck(f"input[name={name}]")
    desk.page.click('form[action="/staff/me/preferences"] button')
    desk.open("/desk")
    desk.press("?")
    expect(desk.at("#sheet")).to_be_hidden()
    expect(desk.at("#sound")).to_have_attribute("aria-pressed", "false")
    with desk.page.expect_response("**/me/preferences"):
        desk.page.click("#sound")
    desk.page.goto(f"{ward.url}/staff/me")

    expect(desk.at("input[name=sound]")).to_be_checked()
    expect(desk.at("input[name=shortcuts]")).not_to_be_checked()


def test_the_palette_finds_an_act_by_its_words(ward, desk_of, case):
    desk = desk_of()
    desk.enter(case)
    desk.press("r", "Control+k")
    desk.page.keyboard.type("snoo")
    desk.press("Enter")

    expect(desk.at("#panel h3")).to_have_text("When should it come back?")


def test_the_palette_offers_only_what_is_possible(ward, desk_of):
    desk = desk_of()
    desk.press("Control+k")

    assert "Claim" not in desk.at("#palette-list").inner_text()
    assert "Search" in desk.at("#palette-list").inner_text()


def test_a_composing_enter_does_not_choose_in_the_palette(ward, desk_of, case):
    desk = desk_of()
    desk.enter(case)
    desk.press("Control+k")
    desk.value("""() => document.querySelector('#palette input').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))""")

    expect(desk.at("#palette")).to_be_visible()


def test_escape_gives_the_focus_back(ward, desk_of, case):
    desk = desk_of()
    desk.enter(case)
    desk.at('[data-command="close"]').focus()
    desk.press("Enter")
    expect(desk.at("#panel")).to_be_visible()
    desk.press("Escape")

    assert desk.value("() => document.activeElement.dataset.command") == "close"
