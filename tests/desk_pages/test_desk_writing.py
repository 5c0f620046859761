"""Reply and note: two boxes that cannot be mixed up, drafts that are kept, replies that go out once and can be taken back."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bot.database.tables import case_draft, outbound

pytestmark = pytest.mark.slow


@pytest.fixture
def case(ward):
    return ward.case(["When is my appointment?"])


@pytest.fixture
def desk(desk_of, case):
    opened = desk_of()
    opened.enter(case)
    return opened


def style(desk, selector: str, what: str) -> str:
    return desk.value(f"() => getComputedStyle(document.querySelector('{selector}')).{what}")


def until(found, wanted, patience_s: float = 8.0) -> None:
    """Wait until `found()` is `wanted`."""
    end = time.monotonic() + patience_s
    while found() != wanted:
        assert time.monotonic() < end, f"{found()!r} instead of {wanted!r}"
        time.sleep(0.05)


def test_reply_and_note_differ_in_colour_border_button_and_box(desk):
    desk.page.click("#tab-reply")
    reply = [style(desk, ".pane.reply", name) for name in ("backgroundColor", "borderTopColor", "borderTopStyle")]
    reply.append(desk.at("#pane-reply button[type=submit]").inner_text())
    desk.page.click("#tab-note")
    note = [style(desk, ".pane.note", name) for name in ("backgroundColor", "borderTopColor", "borderTopStyle")]
    note.append(desk.at("#pane-note button[type=submit]").inner_text())

    assert all(one != other for one, other in zip(reply, note, strict=True))
    assert desk.at("#reply-text").is_hidden()
    assert "patient" in reply[-1].lower()
    assert "note" in note[-1].lower()


def test_the_mode_stays_what_the_nurse_chose(ward, desk, case):
    other = ward.case(["Hello"])
    desk.page.click("#tab-note")
    desk.page.fill("#note-text", "Has an appointment on Friday")
    desk.press("Control+Enter")
    expect(desk.at(".item.note")).to_contain_text("Friday")
    assert desk.at("#composer").get_attribute("data-mode") == "note"
    ward.says(case, "Are you there?")
    expect(desk.at("#log")).to_contain_text("Are you there?")
    assert desk.at("#composer").get_attribute("data-mode") == "note"
    desk.enter(other)

    assert desk.at("#composer").get_attribute("data-mode") == "note"
    expect(desk.at("#note-text")).to_be_visible()
    assert ward.sent_to(case) == ward.sent_to(other) == []


def test_a_reply_claims_and_is_on_the_screen_with_what_became_of_it(ward, desk, case):
    expect(desk.at("#reply-hint")).to_contain_text("Sending claims the case")
    desk.send("On Friday at nine")

    expect(desk.at(".item.nurse .bubble")).to_contain_text("On Friday at nine")
    expect(desk.at(".head-status")).to_contain_text("You have this case")
    expect(desk.at(".item.nurse .delivery")).to_contain_text("Sent", timeout=12_000)
    assert len(ward.sent_to(case)) == 1


def test_enter_makes_a_line_and_sends_nothing(ward, desk, case):
    desk.page.click("#reply-text")
    desk.page.keyboard.type("one")
    desk.press("Enter")
    desk.page.keyboard.type("two")

    expect(desk.at("#reply-text")).to_have_value("one\ntwo")
    assert ward.sent_to(case) == []


def test_while_a_chinese_word_is_composed_no_enter_sends_or_chooses(ward, desk, case):
    """What a browser sends while an input method composes: keydown with isComposing, key code 229."""
    desk.page.click("#reply-text")
    desk.page.fill("#reply-text", "您好")
    compose = """(keys) => { for (const init of keys) document.getElementById('reply-text').dispatchEvent(
        new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...init})); }"""
    composing = {"key": "Enter", "isComposing": True, "keyCode": 229}
    desk.page.evaluate(compose, [composing, {**composing, "ctrlKey": True}, {"key": "Process", "keyCode": 229, "ctrlKey": True}])
    desk.page.evaluate(compose, [{"key": "j", "isComposing": True, "keyCode": 229}, {"key": "Escape", "isComposing": True}])

    expect(desk.at("#reply-text")).to_have_value("您好")
    assert desk.focused == "reply-text"
    assert ward.sent_to(case) == []
    desk.press("Control+Enter")
    expect(desk.at(".item.nurse .bubble")).to_contain_text("您好")


def test_a_double_press_sends_once(ward, desk, case):
    desk.page.fill("#reply-text", "Once only")
    desk.value("() => { const b = document.getElementById('send-reply'); b.click(); b.click(); }")

    expect(desk.at(".item.nurse")).to_have_count(1)
    assert len(ward.sent_to(case)) == 1


def test_a_reply_whose_acknowledgement_got_lost_is_sent_once(ward, desk, case):
    lost = []

    def lose_first(route):
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer)
            route.abort()

    desk.page.route("**/cases/*/reply", lose_first)
    desk.send("Once only")
    expect(desk.at("#reply-problem")).to_contain_text("No connection")
    expect(desk.at("#reply-text")).to_have_value("Once only")
    desk.press("Control+Enter")

    expect(desk.at("#reply-text")).to_have_value("")
    expect(desk.at(".item.nurse")).to_have_count(1)
    assert len(ward.sent_to(case)) == 1


def test_a_reply_can_be_taken_back_and_its_words_are_in_the_box_again(ward, desk, case):
    desk.send("On Fryday")
    expect(desk.at("#undo")).to_contain_text("Leaves in")
    assert desk.focused == "reply-text"
    desk.page.click("#undo-do")

    expect(desk.at("#reply-text")).to_have_value("On Fryday")
    expect(desk.at(".item.nurse")).to_have_count(0)
    expect(desk.at("#undo")).to_be_hidden()
    assert ward.sent_to(case) == []


def test_the_undo_goes_when_the_reply_has_left(desk):
    desk.send("On Friday")
    expect(desk.at("#undo")).to_be_visible()

    expect(desk.at("#undo")).to_be_hidden(timeout=8000)


def test_a_reply_to_an_emergency_does_not_wait_for_an_undo(ward, desk_of):
    urgent = ward.case(["My chest hurts"], level="E1", reason="red_flag")
    desk = desk_of()
    desk.enter(urgent)
    desk.send("Help is on its way")
    expect(desk.at(".item.nurse .bubble")).to_contain_text("Help is on its way")

    expect(desk.at("#undo")).to_be_hidden()
    sent = sa.select(outbound.c.not_before, outbound.c.created_at).where(outbound.c.author == "nurse")
    row = ward.read(lambda work: work.execute(sent).one())
    assert row.not_before == row.created_at


def test_drafts_of_both_boxes_are_there_after_a_reload_and_in_another_browser(ward, desk_of, desk, case):
    desk.page.fill("#reply-text", "Half a sen")
    desk.page.click("#tab-note")
    desk.page.fill("#note-text", "ask Dr. Li")
    expect(desk.at("#draft-state")).to_have_text("Draft saved")
    until(lambda: ward.read(lambda work: work.execute(sa.select(sa.func.count()).select_from(case_draft)).scalar()), 2)
    desk.reload()

    expect(desk.at("#reply-text")).to_have_value("Half a sen")
    expect(desk.at("#note-text")).to_have_value("ask Dr. Li")
    other = desk_of("ana")
    other.enter(case)
    expect(other.at("#reply-text")).to_have_value("Half a sen")


def test_each_case_has_its_own_draft(ward, desk, case):
    other = ward.case(["Hello"])
    desk.page.fill("#reply-text", "for the first")
    desk.enter(other)
    expect(desk.at("#reply-text")).to_have_value("")
    desk.page.fill("#reply-text", "for the second")
    desk.enter(case)

    expect(desk.at("#reply-text")).to_have_value("for the first")


def test_a_draft_is_no_more_once_it_was_sent(ward, desk):
    desk.page.fill("#reply-text", "On Friday")
    expect(desk.at("#draft-state")).to_have_text("Draft saved")
    desk.press("Control+Enter")
    expect(desk.at(".item.nurse")).to_have_count(1)
    desk.reload()

    expect(desk.at("#reply-text")).to_have_value("")


def test_no_words_are_kept_in_the_browser(desk):
    desk.page.fill("#reply-text", "SECRET words")
    expect(desk.at("#draft-state")).to_have_text("Draft saved")

    assert desk.value("() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"


def test_a_placeholder_that_nobody_filled_in_is_not_sent(ward, desk, case):
    desk.send("Come to {where} on Friday")

    expect(desk.at("#reply-problem")).to_contain_text("{where}")
    assert desk.value("() => getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)") == "{where}"  # fmt: skip
    assert ward.sent_to(case) == []


def test_nobody_replies_to_a_case_that_a_colleague_has(ward, desk, case):
    ward.hire("ben")
    ward.claim(case, "ben")

    expect(desk.at("#reply-text")).to_be_disabled()
    expect(desk.at("#reply-blocked")).to_be_visible()
    desk.page.click("#tab-note")
    expect(desk.at("#note-text")).to_be_enabled()
