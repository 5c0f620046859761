"""The line drops, the gateway restarts, the page locks: nothing is lost, nothing stays to be read, and the nurse is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


@pytest.fixture
def case(ward):
    return ward.case(["When is my appointment?"])


@pytest.fixture
def desk(desk_of, case):
    opened = desk_of()
    opened.enter(case)
    return opened


def test_a_lost_line_is_said_and_what_was_missed_comes(ward, desk, case):
    desk.context.set_offline(True)
    expect(desk.at("#line")).to_have_text("Connection lost, reconnecting. What you see may be old.")
    ward.says(case, "Are you there?")
    other = ward.case(["Hello"], level="E1", reason="red_flag")
    desk.context.set_offline(False)

    expect(desk.at("#line")).to_be_hidden()
    expect(desk.at("#log")).to_contain_text("Are you there?")
    expect(desk.row(other)).to_be_visible()
    assert desk.at(".item.patient").count() == 2


def test_a_gateway_that_restarts_loses_nothing_and_doubles_nothing(ward, desk, case):
    desk.page.fill("#reply-text", "Half a sentence")
    expect(desk.at("#draft-state")).to_have_text("Draft saved")
    ward.gateway.stop()
    expect(desk.at("#line")).to_be_visible()
    desk.page.fill("#reply-text", "Half a sentence more")
    ward.gateway.start()
    ward.says(case, "Are you there?")

    expect(desk.at("#line")).to_be_hidden(timeout=20_000)
    expect(desk.at("#log")).to_contain_text("Are you there?")
    assert desk.at(".item.patient").count() == 2
    expect(desk.at("#reply-text")).to_have_value("Half a sentence more")
    expect(desk.at("#draft-state")).to_have_text("Draft saved", timeout=10_000)


def test_a_reply_without_a_line_is_refused_and_not_lost(ward, desk, case):
    desk.page.fill("#reply-text", "On Friday")
    desk.context.set_offline(True)
    desk.page.click("#send-reply")

    expect(desk.at("#reply-problem")).to_have_text("No connection: nothing was sent. What you wrote is still here.")
    expect(desk.at("#reply-text")).to_have_value("On Friday")
    assert ward.sent_to(case) == []
    desk.context.set_offline(False)
    expect(desk.at("#line")).to_be_hidden()
    desk.page.click("#send-reply")
    expect(desk.at(".item.nurse")).to_have_count(1)


def test_what_was_missed_beyond_catching_up_is_read_anew(ward, desk, case):
    desk.context.set_offline(True)
    expect(desk.at("#line")).to_be_visible()
    for number in range(12):
        ward.says(case, f"message {number}")
    desk.context.set_offline(False)

    expect(desk.at(".item.patient")).to_have_count(13)
    texts = desk.at(".item.patient .words").all_inner_texts()
    assert texts[1:] == [f"message {number}" for number in range(12)]


def stay(route) -> None:
    """Answer so that the browser stays on the page that it would leave."""
    route.fulfill(status=204)


def test_a_locked_session_hides_everything_at_the_next_call(ward, desk, case):
    desk.page.route("**/staff/unlock**", stay)
    ward.lock("ana")
    expect(desk.at("#lock")).to_contain_text("Nothing about patients is shown now.")

    assert "appointment" not in desk.page.content()
    assert f"A{case}" not in desk.at("body").inner_text()
    expect(desk.at("#main")).to_be_hidden()


def test_after_the_lock_the_same_case_is_open_again(ward, desk, case):
    ward.lock("ana")
    desk.page.wait_for_url("**/staff/unlock**")

    assert "appointment" not in desk.page.content()
    assert f"case%3D{case}" in desk.page.url or f"case={case}" in desk.page.url


def test_who_is_signed_out_elsewhere_reads_nothing_any_more(ward, desk):
    desk.page.route("**/staff/login**", stay)
    desk.page.route("**/staff/unlock**", stay)
    desk.context.clear_cookies()

    expect(desk.at("#lock")).to_be_visible(timeout=20_000)
    assert "appointment" not in desk.page.content()


def test_the_stream_goes_on_after_an_end_without_a_reason(ward, desk, case):
    desk.page.route("**/desk/api/stream**", lambda route: route.fulfill(status=502, body=""))
    ward.gateway.stop()
    ward.gateway.start()
    expect(desk.at("#line")).to_be_visible()
    desk.page.unroute("**/desk/api/stream**")
    ward.says(case, "still here")

    expect(desk.at("#log")).to_contain_text("still here", timeout=20_000)
