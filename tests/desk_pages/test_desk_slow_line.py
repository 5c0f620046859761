"""A line that is slow or stumbles: nobody is told that nothing waits, no words go astray, no reply fails unheard."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow
PATIENCE_S = 30.0


@pytest.fixture
def cases(ward):
    return ward.case(["When is my appointment?"]), ward.case(["Where is the laboratory?"])


@pytest.fixture
def desk(desk_of, cases):
    opened = desk_of()
    opened.page.click('.tab[data-tab="all"]')
    opened.enter(cases[0])
    return opened


class Held:
    """Keeps requests on their way until the test lets the first of them go."""

    def __init__(self, desk, pattern: str) -> None:
        self._desk, self._routes = desk, []
        desk.page.route(pattern, lambda route: self._routes.append(route))  # noqa: PLW0108 - the built-in cannot be a handler

    @property
    def first(self):
        """The first request, once there is one."""
        until = time.monotonic() + PATIENCE_S
        while not self._routes:
            assert time.monotonic() < until, "nothing was asked"
            self._desk.page.wait_for_timeout(20)
        return self._routes[0]


def test_a_reply_that_failed_is_said_to_who_has_gone_on_to_another_case(desk, cases):
    held = Held(desk, "**/cases/*/reply")
    desk.send("On Friday at nine")
    on_its_way = held.first
    desk.enter(cases[1])
    on_its_way.abort()

    expect(desk.at("#notice")).to_contain_text(f"A{cases[0]}")
    expect(desk.at("#reply-problem")).to_be_hidden()
    desk.enter(cases[0])
    expect(desk.at("#reply-text")).to_have_value("On Friday at nine")


def test_what_was_typed_behind_a_reply_on_its_way_stays_when_the_case_is_left(desk, cases):
    held = Held(desk, "**/cases/*/reply")
    desk.send("On Friday at nine")
    on_its_way = held.first
    desk.page.fill("#reply-text", "Bring your old letters")
    desk.enter(cases[1])
    on_its_way.continue_()
    expect(desk.row(cases[0])).to_contain_text("With you")
    desk.enter(cases[0])

    expect(desk.at("#reply-text")).to_have_value("Bring your old letters")


def test_a_draft_that_comes_after_its_reply_does_not_stand_there_to_be_sent_again(desk):
    held = Held(desk, "**/cases/*/draft")
    desk.page.fill("#reply-text", "On Friday at nine")
    overtaken = held.first
    desk.send("On Friday at nine")
    expect(desk.at(".item.nurse .bubble")).to_contain_text("On Friday at nine")
    desk.page.route("**/cases/*/draft", lambda route: route.continue_())
    with desk.page.expect_response(lambda answer: is_forgetting(answer.request)):
        overtaken.continue_()
    desk.reload()

    expect(desk.at(".item.nurse .bubble")).to_contain_text("On Friday at nine")
    expect(desk.at("#reply-text")).to_have_value("")


def is_forgetting(request) -> bool:
    return request.url.endswith("/draft") and '"text":""' in (request.post_data or "")


def test_a_queue_that_could_not_be_read_is_read_again_and_is_not_called_empty(desk, cases):
    failed = []

    def stumble(route) -> None:
        if failed:
            route.fallback()
        else:
            failed.append(route.fulfill(status=503, body="{}"))

    held = Held(desk, "**/api/queue?*")
    desk.page.route("**/api/queue?*", stumble)
    desk.page.goto(f"{desk.ward.url}/desk")
    desk.wait_ready()
    second = held.first
    expect(desk.at("#on-duty")).to_contain_text("Ana")
    expect(desk.at("#empty")).to_be_hidden()

    second.continue_()
    expect(desk.row(cases[0])).to_be_visible()


def test_words_of_the_patient_that_could_not_be_fetched_are_fetched_again(ward, desk, cases):
    failed = []

    def stumble(route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.fulfill(status=503, body="{}"))

    desk.page.route("**/thread?after=*", stumble)
    ward.says(cases[0], "It hurts more now")

    expect(desk.at("#log")).to_contain_text("It hurts more now")
    assert failed
