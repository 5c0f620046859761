"""Whatever is sent to the staff's doors, by strangers or by staff: no page breaks, nobody is added, no secret is logged."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.database.tables import staff
from connectors.gateway import make_app
from tests.staff.people_kit import joined
from tests.web.conftest import PASSWORD, csrf_in, sign_in

FIELDS = (
    "csrf",
    "next",
    "handle",
    "password",
    "again",
    "new",
    "code",
    "offer",
    "name",
    "role",
    "teams",
    "languages",
    "language",
    "email",
    "theme",
    "without_code",
)
OPEN = ("/staff/login", "/staff/unlock", "/staff/logout", "/staff/invite/x", "/staff/lock", "/staff/me/password", "/staff/people")
INSIDE = (
    "/staff/people", "/staff/people/1", "/staff/people/999999999999999999999", "/staff/people/1/reset", "/staff/me/preferences",
    "/staff/me/codes", "/staff/me/nothing", "/staff/unlock", "/staff/login",
)  # fmt: skip
NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "\x00",
            "a\x00b",
            "' OR 1=1 --",
            "%s",
            "{}",
            "{0.__class__}",
            "../../x",
            "x" * 5000,
            "\u202e",
            "\ud7ff",
            "٣",
            "admin",
            "-1",
            "1e9",
        ]
    ),
)
FORMS = st.dictionaries(st.sampled_from(FIELDS), NASTY, max_size=8)
MANY = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@pytest.fixture
def inside(make_services, database_url, clock, hashed):
    """An admin's browser, on each of the two databases."""
    services = make_services(database_url=database_url)
    with services.database.write() as work:
        joined(work, "omar", "admin", hashed=hashed)
    with TestClient(make_app(services), base_url="http://desk", raise_server_exceptions=False) as browser:
        assert sign_in(browser, clock, "omar").status_code == 303
        yield browser, services


@pytest.mark.slow
@MANY
@given(path=st.sampled_from(OPEN), form=FORMS)
def test_strangers_break_nothing_and_become_nobody(inside, path, form):
    browser, services = inside
    stranger = TestClient(browser.app, base_url="http://desk", raise_server_exceptions=False)
    stranger.portal = browser.portal
    right = {"csrf": csrf_in(stranger.get("/staff/login").text), **form}
    assert stranger.post(path, data=right, follow_redirects=False).status_code < 500
    assert stranger.get(path, params=form, follow_redirects=False).status_code < 500
    with services.database.read() as work:
        assert work.execute(sa.select(staff.c.handle)).scalars().all() == ["omar"]


@pytest.mark.slow
@MANY
@given(path=st.sampled_from(INSIDE), form=FORMS)
def test_an_admin_breaks_nothing_either(inside, path, form):
    browser, _ = inside
    csrf = csrf_in(browser.get("/staff/me").text)
    assert browser.post(path, data={**form, "csrf": csrf}, follow_redirects=False).status_code < 500
    assert browser.get(path, follow_redirects=False).status_code < 500


@pytest.mark.slow
@MANY
@given(query=st.dictionaries(st.sampled_from(("who", "what", "subject", "since", "until", "before")), NASTY, max_size=4))
def test_no_search_of_the_audit_breaks(make_audit, query):
    browser = make_audit
    for path in ("/staff/audit", "/staff/audit.csv", "/staff/glass"):
        assert browser.get(path, params=query).status_code == 200


@pytest.fixture
def make_audit(make_services, database_url, clock, hashed):
    services = make_services(database_url=database_url)
    with services.database.write() as work:
        joined(work, "eva", "auditor", hashed=hashed)
    with TestClient(make_app(services), base_url="http://desk") as browser:
        assert sign_in(browser, clock, "eva").status_code == 303
        yield browser


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"csrf=%zz&handle=%00", b"--x\r\n", b"{}"])
@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "x"],
)
def test_bodies_that_are_no_form_are_refused(browser, people, body, kind):
    for path in OPEN:
        answer = browser.post(path, content=body, headers={"content-type": kind}, follow_redirects=False)
        assert answer.status_code < 500, (path, kind)


def test_no_password_code_or_token_is_logged(browser, clock, people, caplog, signed_in):
    caplog.set_level(logging.DEBUG)
    csrf = signed_in("omar")
    page = browser.post("/staff/people", data={"csrf": csrf, "handle": "mia", "name": "Mia Sand", "role": "nurse"}).text
    token = page.split("/staff/invite/")[1].split("<")[0]
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    logged = " ".join(record.getMessage() for record in ours)
    for secret in (PASSWORD, csrf, token, "Mia Sand", browser.cookies["daozhen_staff"]):
        assert secret not in logged
