"""What a nurse typed outlives a lock, a second window and a long sentence; the focus stays; the end of a shift names her cases."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from test_desk_line import stay

pytestmark = pytest.mark.slow


@pytest.fixture
def case(ward):
    return ward.case(["When is my appointment?"])


@pytest.fixture
def desk(desk_of, case):
    opened = desk_of()
    opened.enter(case)
    return opened


def test_what_was_typed_without_a_line_is_there_after_the_page_has_locked(ward, desk_of, desk, case):
    desk.page.route("**/staff/unlock**", stay)
    desk.context.set_offline(True)
    desk.page.fill("#reply-text", "Typed without a line")
    ward.lock("ana")
    with desk.page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok, timeout=30_000):
        desk.context.set_offline(False)
    expect(desk.at("#lock")).to_be_visible(timeout=30_000)
    assert "Typed without" not in desk.page.content()

    elsewhere = desk_of("ana")
    elsewhere.enter(case)
    expect(elsewhere.at("#reply-text")).to_have_value("Typed without a line")


def test_what_is_answered_after_the_page_has_locked_breaks_nothing(ward, desk):
    desk.page.route("**/staff/unlock**", stay)
    on_the_way = []
    desk.page.route("**/cases/*/draft", lambda route: on_the_way.insert(0, route))
    with desk.page.expect_request("**/cases/*/draft"):
        desk.page.fill("#reply-text", "Typed just before")
    ward.lock("ana")
    expect(desk.at("#lock")).to_be_visible(timeout=30_000)
    with desk.page.expect_response("**/cases/*/draft"):
        for route in on_the_way:
            route.continue_()

    # What the answer sets off has run by then; that no script broke is looked at when the desk is closed.
    desk.value("() => new Promise((done) => setTimeout(done))")
    expect(desk.at("#main > *")).to_have_count(0)


def test_who_writes_without_a_pause_is_saved_all_the_same(desk):
    with desk.page.expect_request("**/cases/*/draft", timeout=15_000):
        desk.value("""() => {
            const box = document.getElementById("reply-text");
            window.typing = setInterval(() => { box.value += "a"; box.dispatchEvent(new Event("input", { bubbles: true })); }, 100);
        }""")
    desk.value("() => clearInterval(window.typing)")
    expect(desk.at("#draft-state")).to_have_text("Draft saved")


def test_a_reply_sent_in_another_window_does_not_stand_in_this_one_to_be_sent_again(ward, desk, desk_of, case):
    desk.page.fill("#reply-text", "On Friday")
    expect(desk.at("#draft-state")).to_have_text("Draft saved")
    other = desk_of("ana", f"/desk?case={case}")
    expect(other.at("#reply-text")).to_have_value("On Friday")
    other.send("On Friday at nine")

    expect(desk.at(".item.nurse .bubble")).to_contain_text("On Friday at nine")
    expect(desk.at("#reply-text")).to_have_value("")
    expect(desk.at("#draft-state")).to_have_text("")


def test_what_is_being_typed_here_stays_when_another_window_sends(ward, desk, desk_of, case):
    other = desk_of("ana", f"/desk?case={case}")
    desk.page.route("**/cases/*/draft", lambda route: route.abort())
    desk.page.fill("#reply-text", "And one thing more")
    other.send("On Friday at nine")

    expect(desk.at(".item.nurse .bubble")).to_contain_text("On Friday at nine")
    expect(desk.at(".head-status")).to_contain_text("You have this case")
    expect(desk.at("#reply-text")).to_have_value("And one thing more")


def test_the_focus_stays_on_the_case_while_its_head_is_made_anew(ward, desk, case):
    assert desk.focused == "case-title"
    desk.press("c")
    expect(desk.at(".head-status")).to_contain_text("You have this case")
    assert desk.focused == "case-title"
    ward.says(case, "Are you there?")
    expect(desk.at("#log")).to_contain_text("Are you there?")

    assert desk.focused == "case-title"


def test_the_focus_goes_to_the_case_when_its_button_is_gone(desk):
    desk.at('#case-head [data-command="claim"]').focus()
    desk.press("Enter")
    expect(desk.at(".head-status")).to_contain_text("You have this case")
    expect(desk.at('#case-head [data-command="claim"]')).to_have_count(0)

    assert desk.focused == "case-title"


def test_who_ends_the_shift_with_cases_is_told_and_who_has_none_is_not(ward, desk_of, desk, case):
    desk.command("claim")
    expect(desk.at('.tab[data-tab="mine"] .count')).to_have_text("1")
    desk.page.select_option("#duty", "off")
    expect(desk.at("#notice")).to_contain_text("Cases that are still yours: 1")

    free = desk_of("ben")
    with free.page.expect_response("**/me/duty"):
        free.page.select_option("#duty", "off")
    expect(free.at("#notice")).to_be_hidden()
