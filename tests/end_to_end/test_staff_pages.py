"""The staff's pages in a real browser: by keyboard alone, without scripts, on a phone, mirrored, dark; the lock hides what was open."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest
from audit import overflows, problems
from playwright.sync_api import Page, expect

from bot.clock import utc_now
from bot.staff import changing, glass, own, passwords, sessions
from bot.staff.changing import Person
from tests.staff.people_kit import HOUR, a_case, joined

pytestmark = pytest.mark.slow
PASSWORD = "grüne Lampe am Kai 7"
LOOKS = (("en", "light", 1280), ("ar", "dark", 390), ("de", "dark", 1280), ("zh-Hant", "light", 390))


@pytest.fixture(scope="session")
def hashed() -> str:
    return passwords.hash_of(PASSWORD)


@pytest.fixture
def people(gateway, hashed):
    """One of each role who joined an hour ago, so that the code of now has not been used."""
    with gateway.services.database.write() as work:
        roles = (("ana", "nurse"), ("lin", "lead"), ("omar", "admin"), ("eva", "auditor"))
        return {name: joined(work, name, role, teams=("nurses",), hashed=hashed, now=utc_now() - HOUR) for name, role in roles}


@pytest.fixture
def open_browser(browser, gateway):
    """Return a function that opens a browser of its own; nothing may go wrong in its console."""
    contexts, errors = [], []

    def make(*, as_staff: int | None = None, width: int = 1280, scheme: str = "light", **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en", **more)
        contexts.append(context)
        if as_staff is not None:
            with gateway.services.database.write() as work:
                token = sessions.start(work, as_staff, now=utc_now())
            context.add_cookies([{"name": "daozhen_staff", "value": token, "url": gateway.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda said: errors.append(said.text) if said.type == "error" and "status of 4" not in said.text else None
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def invitation(gateway) -> str:
    with gateway.services.database.write() as work:
        _, token = changing.add(work, Person("mia", "nurse", "Mia Sand"), by="omar", now=utc_now())
    return f"{gateway.url}/staff/invite/{token}"


def test_from_the_link_to_the_own_account_by_keyboard_alone(gateway, open_browser):
    page = open_browser()
    page.goto(invitation(gateway))
    secret = re.sub(r"\s", "", page.locator(".secret").text_content() or "")
    page.locator("#password").focus()
    for keys in (PASSWORD, PASSWORD):
        page.keyboard.type(keys)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past "type it in"
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    assert problems(page) == []
    page.goto(f"{gateway.url}/staff/me")
    page.locator("form[action='/staff/lock'] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The page is locked")
    page.keyboard.press("Tab")
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{gateway.url}/staff/me")


def test_the_sign_in_works_without_scripts(gateway, people, open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto(f"{gateway.url}/staff/audit")
    page.fill("#handle", "eva")
    page.fill("#password", "not this one")
    page.fill("#code", "123456")
    page.click("button.strong")
    expect(page.locator("#problem")).to_contain_text("is not right")
    page.fill("#password", PASSWORD)
    page.fill("#code", pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").now())
    page.click("button.strong")
    expect(page.locator("h1")).to_have_text("Audit")
    assert page.url == f"{gateway.url}/staff/audit"


def test_when_the_session_ends_or_locks_the_open_page_gives_way(gateway, people, open_browser):
    page = open_browser(as_staff=people["omar"].id)
    page.goto(f"{gateway.url}/staff/people")
    expect(page.get_by_role("link", name="Lin", exact=True)).to_be_visible()
    with gateway.services.database.write() as work:
        sessions.end_all(work, people["omar"].id)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.get_by_role("link", name="Lin", exact=True)).to_have_count(0)


def test_after_the_sign_out_the_way_back_shows_nothing(gateway, people, open_browser):
    page = open_browser(as_staff=people["omar"].id)
    page.goto(f"{gateway.url}/staff/people")
    expect(page.get_by_role("link", name="Lin", exact=True)).to_be_visible()
    page.click("form[action='/staff/logout'] button")
    expect(page.locator("h1")).to_have_text("Sign in")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.get_by_role("link", name="Lin", exact=True)).to_have_count(0)


def test_a_link_from_another_site_finds_who_is_signed_in(gateway, people, open_browser):
    page = open_browser(as_staff=people["omar"].id)
    page.goto("data:text/html,<title>mail</title>")
    page.evaluate(f"location.href = '{gateway.url}/staff/people'")
    page.wait_for_url(f"{gateway.url}/staff/**")
    expect(page.locator("h1")).to_have_text("People")


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_every_page_can_be_read_and_used_by_everybody(gateway, people, open_browser, language, scheme, width):
    link = invitation(gateway)
    with gateway.services.database.write() as work:
        for name in ("omar", "eva"):
            own.set_language(work, people[name].id, language)
        glass.break_glass(
            work, people["omar"], a_case(work, team="nurses"), "The ward called: nobody else was there", now=utc_now()
        )
    outside = open_browser(width=width, scheme=scheme)
    for address in (f"{gateway.url}/staff/login", link, f"{gateway.url}/staff/invite/gone"):
        outside.goto(f"{address}?lang={language}")
        assert (problems(outside), overflows(outside)) == ([], []), address
    for name, paths in (("omar", ("people", f"people/{people['ana'].id}", "me", "audit")), ("eva", ("audit", "glass"))):
        page = open_browser(as_staff=people[name].id, width=width, scheme=scheme)
        for path in paths:
            page.goto(f"{gateway.url}/staff/{path}")
            assert (problems(page), overflows(page)) == ([], []), path
            assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


AXE = Path(__file__).parents[1] / "desk_pages" / "vendor" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(gateway, people, open_browser, scheme):
    assert AXE.exists(), "axe-core belongs into tests/desk_pages/vendor"
    link = invitation(gateway)
    for name, addresses in (
        (None, ("/staff/login", link.removeprefix(gateway.url))),
        ("omar", ("/staff/people", f"/staff/people/{people['ana'].id}", "/staff/me")),
        ("eva", ("/staff/audit", "/staff/glass")),
    ):
        page = open_browser(as_staff=people[name].id if name else None, scheme=scheme, bypass_csp=True)
        for address in addresses:
            page.goto(gateway.url + address)
            page.add_script_tag(path=str(AXE))
            found = page.evaluate(
                "axe.run().then((result) => result.violations.map((one) => `${one.impact} ${one.id}: ${one.help}`))"
            )
            assert found == [], address
