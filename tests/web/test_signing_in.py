"""The door: nobody is told what was wrong, forms are ours, a locked page shows nothing, a cookie that no script reads."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.staff import changing
from bot.staff.passwords import Busy, Hashing
from connectors.gateway import make_app
from tests.staff.people_kit import NOW, code_at
from tests.web.conftest import PASSWORD, csrf_in, sign_in

PAGES = ("/staff", "/staff/me", "/staff/people", "/staff/people/1", "/staff/audit", "/staff/audit.csv", "/staff/glass")


def test_with_handle_password_and_code_one_is_in_and_begins_where_the_role_works(browser, clock, people):
    answer = sign_in(browser, clock)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert browser.get("/staff/me").status_code == 200


@pytest.mark.parametrize(("handle", "home"), [("lin", "/desk"), ("omar", "/desk"), ("eva", "/staff/audit")])
def test_every_role_begins_where_it_works(browser, clock, people, handle, home):
    assert sign_in(browser, clock, handle).headers["location"] == home


def test_one_goes_on_where_one_wanted_to_and_never_to_another_site(browser, clock, people):
    assert (
        browser.get("/staff/audit?who=ana", follow_redirects=False).headers["location"]
        == "/staff/login?next=%2Fstaff%2Faudit%3Fwho%3Dana"
    )
    assert sign_in(browser, clock, place="/staff/me").headers["location"] == "/staff/me"
    for place in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/staff//evil.example",
        "javascript:1",
        "/chat",
        "/staff/logout",
    ):
        browser.cookies.clear()
        assert sign_in(browser, clock, "lin", place=place).headers["location"] == "/desk"
        clock.passes(seconds=90)


@pytest.mark.parametrize("change", [{"password": "wrong password"}, {"code": "000000"}, {"handle": "nobody"}, {"code": ""}])
def test_every_refusal_is_the_same_page(browser, clock, people, change):
    answer = sign_in(browser, clock, **{"handle": "ana", **change})
    assert answer.status_code == 401 and "Sign-in name, password or code is not right." in answer.text
    first = sign_in(browser, clock, **{"handle": "ana", "password": "wrong password"})
    blank = {change.get("handle", "ana"): "x", "ana": "x"}
    texts = [one.text.replace(csrf_in(one.text), "") for one in (answer, first)]
    for name in blank:
        texts = [text.replace(f'value="{name}"', "") for text in texts]
    assert texts[0] == texts[1]


def test_what_was_typed_as_a_handle_is_shown_again_only_when_it_can_be_one(browser, clock, people):
    assert 'value="ana"' in sign_in(browser, clock, "Ana", password="wrong").text
    assert "My Secret 7" not in sign_in(browser, clock, "My Secret 7", password="wrong").text


def test_pauses_grow_and_say_how_long_for_everybody_alike(browser, clock, people):
    for handle in ("ana", "ghost"):
        for _ in range(5):
            assert sign_in(browser, clock, handle, password="wrong").status_code == 401
        answer = sign_in(browser, clock, handle, password=PASSWORD)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "15")
        assert "15 seconds" in answer.text
    clock.passes(seconds=20)
    assert sign_in(browser, clock).status_code == 303


def test_a_form_that_is_not_ours_lets_nobody_in(browser, clock, people):
    right = {"handle": "ana", "password": PASSWORD, "code": code_at(clock())}
    word = csrf_in(browser.get("/staff/login").text)
    for form, headers in (
        (right, {}),
        ({**right, "csrf": ""}, {}),
        ({**right, "csrf": "0" * 64}, {}),
        ({**right, "csrf": word}, {"sec-fetch-site": "cross-site"}),
        ({**right, "csrf": word}, {"sec-fetch-site": "same-site"}),
    ):
        assert browser.post("/staff/login", data=form, headers=headers, follow_redirects=False).status_code == 403
    other = TestClient(browser.app, base_url="http://desk")
    assert other.post("/staff/login", data={**right, "csrf": word}, follow_redirects=False).status_code == 403
    assert browser.post("/staff/login", data={**right, "csrf": word}, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_out_of_reach_for_scripts_and_other_sites(make_services, clock, hashed, secure):
    from tests.staff.people_kit import joined

    services = make_services(secure_cookies=secure)
    with services.database.write() as work:
        joined(work, hashed=hashed)
    with TestClient(make_app(services), base_url="https://desk") as browser:
        answer = sign_in(browser, clock)
    given = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    session = next(value for value in given if "daozhen_staff=" in value)
    assert session.startswith("__Host-daozhen_staff=" if secure else "daozhen_staff=")
    for value in given:
        assert "HttpOnly" in value and "SameSite=strict" in value and "Path=/" in value and "Domain" not in value
        assert ("Secure" in value) is secure


def test_pages_allow_no_script_or_style_of_their_own_and_are_kept_nowhere(browser, signed_in):
    signed_in("omar")
    for path in ("/staff/me", "/staff/people", "/staff/people/1"):
        page = browser.get(path)
        assert page.headers["cache-control"] == "no-store" and "'unsafe" not in page.headers["content-security-policy"]
        assert "<style" not in page.text and " style=" not in page.text and "onclick" not in page.text
        assert all("src=" in part.split(">")[0] for part in page.text.split("<script")[1:])


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_every_page_leads_to_the_door(browser, people, path):
    answer = browser.get(path, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/staff/login")


def test_a_call_without_a_session_hears_401_as_json(browser, people):
    answer = browser.post("/staff/alive")
    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out") and "sign in" in answer.json()["sentence"]


def test_a_locked_session_reads_nothing(browser, clock, signed_in):
    csrf = signed_in("omar")
    clock.passes(minutes=16)
    for path in PAGES:
        answer = browser.get(path, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/staff/unlock") and "Lin" not in answer.text
    assert (
        browser.post(
            "/staff/people", data={"csrf": csrf, "handle": "x1", "name": "X", "role": "admin"}, follow_redirects=False
        ).status_code
        == 303
    )
    assert (browser.get("/staff/alive").status_code, browser.get("/staff/alive").json()["error"]) == (423, "locked")
    assert browser.post("/staff/alive", headers={"x-daozhen-csrf": csrf}).status_code == 423
    page = browser.get("/staff/unlock").text
    assert "/staff/people" not in page and csrf in page


def test_a_page_that_only_asks_by_itself_does_not_keep_itself_open(browser, clock, signed_in):
    signed_in()
    for _ in range(4):
        clock.passes(minutes=4)
        browser.get("/staff/alive")
    assert browser.get("/staff/alive").status_code == 423


def test_a_page_at_which_somebody_works_stays_open_unless_it_works_by_itself(browser, clock, signed_in):
    csrf = signed_in()
    for _ in range(4):
        clock.passes(minutes=10)
        assert browser.post("/staff/alive", headers={"x-daozhen-csrf": csrf}).status_code == 204
    for _ in range(2):
        clock.passes(minutes=10)
        answer = browser.post("/staff/alive", headers={"x-daozhen-csrf": csrf, "x-daozhen-auto": "1"})
    assert answer.status_code == 423


def test_the_password_opens_the_lock_and_leads_back(browser, clock, signed_in):
    csrf = signed_in()
    clock.passes(minutes=16)
    form = {"csrf": csrf, "password": PASSWORD, "next": "/staff/me"}
    assert browser.post("/staff/unlock", data={**form, "csrf": "0" * 64}, follow_redirects=False).status_code == 403
    assert browser.post("/staff/unlock", data={**form, "password": "wrong"}, follow_redirects=False).status_code == 401
    answer = browser.post("/staff/unlock", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/me")
    assert browser.get("/staff/me").status_code == 200


def test_five_wrong_passwords_at_the_lock_end_the_session(browser, clock, signed_in):
    csrf = signed_in()
    clock.passes(minutes=16)
    answers = [browser.post("/staff/unlock", data={"csrf": csrf, "password": "wrong"}, follow_redirects=False) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [303]
    assert browser.get("/staff/unlock", follow_redirects=False).headers["location"] == "/staff/login"


def test_a_password_that_nobody_had_time_to_check_is_no_wrong_one(browser, clock, signed_in, monkeypatch):
    csrf = signed_in()
    clock.passes(minutes=16)

    async def busy(*_: object) -> bool:
        raise Busy

    def tried(password: str) -> int:
        form = {"csrf": csrf, "password": password}
        return int(browser.post("/staff/unlock", data=form, follow_redirects=False).status_code)

    with monkeypatch.context() as crowd:
        crowd.setattr(Hashing, "fits", busy)
        assert [tried(PASSWORD) for _ in range(6)] == [503] * 6

    assert (tried("wrong"), tried(PASSWORD)) == (401, 303)
    assert browser.get("/staff/me").status_code == 200


def test_one_can_lock_and_leave(browser, signed_in):
    csrf = signed_in()
    assert browser.post("/staff/lock", follow_redirects=False).status_code == 403
    assert (
        browser.post("/staff/lock", data={"csrf": csrf, "next": "/staff/me"}, follow_redirects=False).headers["location"]
        == "/staff/unlock?next=%2Fstaff%2Fme"
    )
    assert browser.post("/staff/logout", data={"csrf": "0" * 64}, follow_redirects=False).status_code == 403
    assert browser.post("/staff/logout", data={"csrf": csrf}, follow_redirects=False).status_code == 303
    assert browser.get("/staff/me", follow_redirects=False).headers["location"].startswith("/staff/login")


def test_who_is_disabled_is_out_at_once(browser, services, people, signed_in):
    csrf = signed_in()
    assert browser.get("/staff/alive").status_code == 204
    with services.database.write() as work:
        changing.disable(work, people.ana.id, by="omar", now=NOW)
    assert browser.get("/staff/alive").status_code == 401
    assert browser.post("/staff/alive", headers={"x-daozhen-csrf": csrf}).status_code == 401


def test_after_twelve_hours_one_signs_in_again(browser, clock, signed_in):
    csrf = signed_in()
    for _ in range(72):
        clock.passes(minutes=10)
        last = browser.post("/staff/alive", headers={"x-daozhen-csrf": csrf}).status_code
    assert last == 401


def test_a_link_from_a_mail_is_asked_again_from_our_own_page(browser, people):
    answer = browser.get("/staff/me?a=1&b=2", headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)
    assert answer.status_code == 200 and 'http-equiv="refresh" content="0; url=/staff/me?a=1&amp;b=2"' in answer.text
    again = browser.get("/staff/me?a=1&b=2", headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    assert again.status_code == 303


def test_unsafe_calls_need_the_word_of_this_session(browser, signed_in):
    csrf = signed_in()
    for headers in (
        {},
        {"x-daozhen-csrf": ""},
        {"x-daozhen-csrf": "0" * 64},
        {"x-daozhen-csrf": csrf, "sec-fetch-site": "cross-site"},
    ):
        answer = browser.post("/staff/alive", headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "csrf")
    assert browser.post("/staff/alive", data={"csrf": csrf}).status_code == 403, "a call carries it in the header"
    assert browser.post("/staff/alive", headers={"x-daozhen-csrf": csrf}).status_code == 204


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "de", "ar"])
def test_the_door_speaks_five_languages_and_arabic_runs_from_the_right(browser, people, phrases, language):
    page = browser.get(f"/staff/login?lang={language}").text
    assert phrases.get("staff.login_help", language) in page
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_it_works_without_scripts(browser):
    assert "<script" not in browser.get("/staff/login").text


def test_without_the_database_the_door_says_so(browser, services, people):
    services.database.engine.dispose()
    import sqlalchemy as sa

    def refuse(*_):
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    sa.event.listen(services.database.engine, "begin", refuse)
    try:
        page = browser.get("/staff/login")
        form = {"csrf": csrf_in(page.text), "handle": "ana", "password": "x", "code": "1"}
        answer = browser.post("/staff/login", data=form)
        assert answer.status_code == 503 and "Nothing is lost" in answer.text
    finally:
        sa.event.remove(services.database.engine, "begin", refuse)
