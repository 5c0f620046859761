"""One's own account, and the admin's pages: what matters asks for the password; links are shown once; roles keep to theirs."""

from __future__ import annotations

import re

import pyotp
import pytest

from bot.staff import people as staff_people
from tests.staff.people_kit import code_at, lines
from tests.web.conftest import PASSWORD, csrf_in, sign_in
from tests.web.test_invitation_pages import field, secret_in

NEW = "blue kettle, seven stairs"


def person(services, handle):
    with services.database.read() as work:
        return staff_people.of_handle(work, handle)


def test_language_theme_sound_and_shortcuts_are_ones_own(browser, services, signed_in):
    csrf = signed_in()
    form = {"csrf": csrf, "language": "ar", "theme": "dark", "shortcuts": "yes", "wake": "email"}
    page = browser.post("/staff/me/preferences", data=form).text
    assert 'lang="ar" dir="rtl" data-theme="dark"' in page
    ana = person(services, "ana")
    assert (ana.language, ana.preferences) == ("ar", {"theme": "dark", "sound": False, "shortcuts": True, "pages": ["email"]})


def test_a_new_password_needs_the_present_one_and_signs_out_everywhere_else(browser, app, clock, services, signed_in):
    from starlette.testclient import TestClient

    csrf = signed_in()
    other = TestClient(app, base_url="http://desk")
    other.cookies = browser.cookies
    form = {"csrf": csrf, "password": PASSWORD, "new": NEW, "again": NEW}
    for change, status in (
        ({"password": "wrong"}, 401),
        ({"new": "short", "again": "short"}, 422),
        ({"again": "x"}, 422),
        ({"csrf": ""}, 403),
    ):
        assert browser.post("/staff/me/password", data={**form, **change}, follow_redirects=False).status_code == status
    old = dict(browser.cookies)
    assert browser.post("/staff/me/password", data=form, follow_redirects=False).headers["location"] == "/staff/me?note=password"
    assert browser.get("/staff/me").status_code == 200
    stranger = TestClient(app, base_url="http://desk", cookies=old)
    assert stranger.get("/staff/me", follow_redirects=False).status_code == 303
    clock.passes(minutes=2)
    browser.cookies.clear()
    assert sign_in(browser, clock).status_code == 401
    assert sign_in(browser, clock, password=NEW).status_code == 303


def test_another_app_needs_its_code_and_the_password(browser, clock, services, signed_in):
    csrf = signed_in()
    page = browser.get("/staff/me").text
    secret = secret_in(page)
    form = {"csrf": csrf, "offer": field(page, "offer"), "code": pyotp.TOTP(secret).at(clock()), "password": PASSWORD}
    assert browser.post("/staff/me/codes", data={**form, "code": code_at(clock())}).status_code == 422
    assert browser.post("/staff/me/codes", data={**form, "password": "wrong"}).status_code == 401
    assert len(re.findall(r"<li><code>", browser.post("/staff/me/codes", data=form).text)) == 10
    browser.cookies.clear()
    clock.passes(minutes=2)
    assert sign_in(browser, clock, code=code_at(clock())).status_code == 401
    assert sign_in(browser, clock, code=pyotp.TOTP(secret).at(clock())).status_code == 303


def test_a_link_to_telegram_needs_the_password_and_is_shown_once(browser, clock, services, signed_in):
    from bot.staff import own

    csrf = signed_in()
    assert "/staff " not in browser.post("/staff/me/telegram", data={"csrf": csrf, "password": "wrong"}).text
    page = browser.post("/staff/me/telegram", data={"csrf": csrf, "password": PASSWORD}).text
    token = re.search(r"/staff ([A-Za-z0-9_-]{43})<", page).group(1)
    assert token not in browser.get("/staff/me").text
    with services.database.write() as work:
        assert own.link_telegram(work, token, "4711", now=clock()).handle == "ana"
    assert "is linked" in browser.get("/staff/me").text
    browser.post("/staff/me/unlink", data={"csrf": csrf})
    assert person(services, "ana").telegram == ""


def test_five_wrong_passwords_on_the_own_page_end_the_session(browser, signed_in):
    csrf = signed_in()
    for _ in range(5):
        answer = browser.post("/staff/me/telegram", data={"csrf": csrf, "password": "wrong"}, follow_redirects=False)
    assert answer.headers["location"] == "/staff/login"
    assert browser.get("/staff/me", follow_redirects=False).status_code == 303


INVITED = {
    "handle": "mia",
    "name": "Mia Sand",
    "role": "nurse",
    "teams": ["nurses", "triage"],
    "languages": ["de", "ar"],
    "language": "de",
    "email": "m@example.org",
}


def test_an_admin_invites_with_a_link_that_is_shown_once(browser, services, signed_in):
    csrf = signed_in("omar")
    page = browser.post("/staff/people", data={"csrf": csrf, **INVITED}).text
    link = re.search(r'class="secret" tabindex="0">(http://desk/staff/invite/[A-Za-z0-9_-]{43})<', page).group(1)
    assert link not in browser.get("/staff/people").text and browser.get(link).status_code == 200
    mia = person(services, "mia")
    assert (mia.state, mia.role, mia.teams, mia.languages, mia.language) == (
        "invited",
        "nurse",
        {"nurses", "triage"},
        {"de", "ar"},
        "de",
    )
    assert ("omar", "invited nurse", mia.subject) in lines(services.database)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"handle": "A B"}, "small letters"),
        ({"handle": "lin"}, "is taken"),
        ({"name": " "}, "1 to 80"),
        ({"role": "root"}, "choose a role"),
    ],
)
def test_an_invitation_that_cannot_be_says_why_and_keeps_what_was_typed(browser, signed_in, change, sentence):
    csrf = signed_in("omar")
    answer = browser.post("/staff/people", data={"csrf": csrf, **INVITED, **change})
    assert answer.status_code == 422 and sentence in answer.text and "m@example.org" in answer.text


def test_a_team_that_the_pack_does_not_have_is_left_out(browser, services, signed_in):
    csrf = signed_in("omar")
    browser.post("/staff/people", data={"csrf": csrf, **INVITED, "teams": ["nurses", "moon"]})
    assert person(services, "mia").teams == {"nurses"}


def test_an_admin_changes_disables_and_gives_a_new_link(browser, services, people, signed_in):
    csrf = signed_in("omar")
    place = f"/staff/people/{people.ana.id}"
    assert "Ana" in browser.get(place).text
    assert (
        browser.post(place, data={"csrf": csrf, "name": "Ana Weiss", "role": "lead"}, follow_redirects=False).status_code == 303
    )
    assert (person(services, "ana").role, person(services, "ana").name) == ("lead", "Ana Weiss")
    assert "staff/invite/" in browser.post(f"{place}/reset", data={"csrf": csrf}).text
    assert (
        browser.post(f"{place}/disable", data={"csrf": csrf}, follow_redirects=False).headers["location"]
        == f"{place}?note=disabled"
    )
    assert person(services, "ana").state == "disabled"
    what = [one[1] for one in lines(services.database) if one[0] == "omar"]
    assert {"role nurse to lead", "gave a link: reset", "disabled", "read staff"} <= set(what)


def test_an_admin_does_not_lift_or_lose_themselves(browser, services, people, signed_in):
    csrf = signed_in("omar")
    place = f"/staff/people/{people.omar.id}"
    assert browser.post(place, data={"csrf": csrf, "name": "Omar", "role": "nurse"}).status_code == 422
    assert browser.post(f"{place}/disable", data={"csrf": csrf}).status_code == 422
    assert person(services, "omar").role == "admin"


@pytest.mark.parametrize("what", ["", "/disable", "/reset"])
def test_changing_somebody_needs_the_word_of_the_session(browser, services, people, signed_in, what):
    signed_in("omar")
    form = {"name": "Ana", "role": "admin", "csrf": "0" * 64}
    assert browser.post(f"/staff/people/{people.ana.id}{what}", data=form).status_code == 403
    assert (person(services, "ana").role, person(services, "ana").state) == ("nurse", "active")


@pytest.mark.parametrize("handle", ["ana", "lin", "eva"])
def test_only_admins_see_or_change_people(browser, services, people, signed_in, handle):
    csrf = signed_in(handle)
    for path in ("/staff/people", f"/staff/people/{people.omar.id}"):
        assert browser.get(path).status_code == 403 and "Omar" not in browser.get(path).text
    for path in ("/staff/people", *(f"/staff/people/{people.ana.id}{what}" for what in ("", "/disable", "/reset"))):
        assert browser.post(path, data={"csrf": csrf, **INVITED, "role": "admin"}).status_code == 403
    assert person(services, "mia") is None and person(services, "ana").role == "nurse"


def test_a_person_that_is_none_is_a_page_that_says_so(browser, signed_in):
    csrf = signed_in("omar")
    assert browser.get("/staff/people/999").status_code == 404
    for what in ("", "/disable", "/reset"):
        assert browser.post(f"/staff/people/999{what}", data={"csrf": csrf, **INVITED}).status_code == 404


def test_names_of_the_staff_are_text_not_markup(browser, services, signed_in):
    csrf = signed_in("omar")
    browser.post("/staff/people", data={"csrf": csrf, **INVITED, "name": "<script>alert(1)</script>"})
    page = browser.get("/staff/people").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_frame_offers_only_what_one_may_open(browser, clock, people, signed_in):
    for handle, seen in (
        ("ana", {"/desk", "/desk/handover", "/desk/ward"}),
        ("omar", {"/desk", "/desk/scheduler", "/staff/people", "/studio"}),
        ("eva", {"/staff/audit", "/staff/glass", "/studio"}),
    ):
        browser.cookies.clear()
        signed_in(handle)
        page = browser.get("/staff/me").text
        places = page.split('class="places"')[1].split("</nav>")[0]
        assert set(re.findall(r'href="([^"]+)"', places)) == seen
    assert csrf_in(page)
