"""No page and no call of the studio opens to somebody who may not: every route there is, tried by everybody."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from bot.studio import routes as studio_routes
from tests.web.conftest import sign_in

# Who comes in by no role and no right.
OUTSIDE = ("ana", "lin")


@pytest.fixture
def doors(services) -> list[tuple[str, str]]:
    """Every way in: method and address, with 1 for what the address names."""
    found = [route for route in studio_routes.routes(services) if isinstance(route, Route)]
    return [(method, re.sub(r"\{[^}]+\}", "1", route.path)) for route in found for method in sorted(route.methods - {"HEAD"})]


def test_there_are_doors_to_try(doors):
    assert ("GET", "/studio") in doors and ("PUT", "/studio/api/shortcuts") in doors


def test_who_is_not_signed_in_is_sent_to_the_door(browser, doors):
    for method, address in doors:
        answer = browser.request(method, address, follow_redirects=False)
        assert answer.status_code == (401 if "/api/" in address else 303), address


@pytest.mark.parametrize("handle", OUTSIDE)
def test_who_has_no_right_in_the_studio_is_refused_everywhere(browser, people, signed_in, doors, handle):
    csrf = signed_in(handle)
    for method, address in doors:
        answer = browser.request(method, address, headers={"x-daozhen-csrf": csrf}, json=None if method == "GET" else {})
        assert answer.status_code == 403, address


def test_nothing_is_changed_by_a_request_of_another_page(browser, people, signed_in, doors):
    signed_in("omar")
    for method, address in doors:
        if method != "GET":
            answer = browser.request(method, address, headers={"x-daozhen-csrf": "0" * 64}, json={})
            assert (answer.status_code, answer.json()["error"]) == (403, "csrf"), address


def test_an_auditor_reads_and_changes_nothing(browser, people, signed_in, doors):
    csrf = signed_in("eva")
    # How their own pages behave; and a sentence that is tried changes nothing.
    own = {"/studio/api/shortcuts", "/studio/api/try"}
    for method, address in doors:
        if method != "GET" and address not in own:
            answer = browser.request(method, address, headers={"x-daozhen-csrf": csrf}, json={})
            assert answer.status_code == 403, address


@pytest.mark.parametrize("handle", ["omar", "eva", "mei", "labeller", "translator", "clinical", "publisher"])
def test_who_has_a_right_comes_in_and_is_led_there(browser, people, signed_in, handle):
    signed_in(handle)
    page = browser.get("/studio")
    assert page.status_code == 200 and 'href="/studio" aria-current="page"' in page.text


def test_after_signing_in_one_is_where_one_wanted_to_be(browser, people):
    answer = browser.get("/studio?from=mail", follow_redirects=False)
    assert answer.headers["location"] == "/staff/login?next=%2Fstudio%3Ffrom%3Dmail"


def test_an_editor_begins_in_the_studio(browser, people, clock):
    assert sign_in(browser, clock, "mei").headers["location"] == "/studio"
