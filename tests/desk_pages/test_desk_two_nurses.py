"""Two nurses in two browsers, and the patient in a third: one case, one owner, no surprise."""

from __future__ import annotations

import re
import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from ward import utc_now

from bot.database.tables import case_note, outbound
from bot.handoff import claims

pytestmark = pytest.mark.slow


def test_of_two_nurses_who_claim_at_once_one_wins_and_the_other_reads_who(ward, desk_of):
    case = ward.case()
    ana, ben = desk_of("ana"), desk_of("ben")
    # Ben's page hears nothing of what Ana does: the button is still in front of him.
    ben.page.route("**/desk/api/stream**", lambda route: route.abort())
    ben.open(f"/desk?case={case}")
    expect(ben.at('[data-command="claim"]')).to_be_visible()
    ana.enter(case)
    ana.press("c")
    expect(ana.at(".head-status")).to_contain_text("You have this case")
    with ben.page.expect_response("**/claim") as answer:
        ben.press("c")

    assert answer.value.status == 409
    expect(ben.at("#notice")).to_have_text(re.compile(r"Ana took this \d+ s ago\."))
    expect(ben.at(".head-status")).to_contain_text("Ana has this case")
    assert ward.state(case).claimed_by == "ana"


def test_both_keys_in_the_same_moment_make_one_owner(ward, desk_of):
    case = ward.case()
    desks = [desk_of("ana"), desk_of("ben")]
    for desk in desks:
        desk.enter(case)
    for desk in desks:
        desk.value("() => setTimeout(() => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'c', bubbles: true})), 100)")

    owner = next(desk for desk in desks if desk.handle == expect_owner(ward, case))
    other = next(desk for desk in desks if desk is not owner)
    expect(owner.at(".head-status")).to_contain_text("You have this case")
    expect(other.at(".head-status")).to_contain_text(f"{owner.handle.title()} has this case")
    expect(other.at('[data-command="claim"]')).to_have_count(0)


def expect_owner(ward, case: int) -> str:
    """Wait until somebody has the case, and return who."""
    until = time.monotonic() + 5
    while ward.state(case).claimed_by is None:
        assert time.monotonic() < until, "nobody got it"
        time.sleep(0.05)
    return str(ward.state(case).claimed_by)


def test_a_lead_takes_over_and_the_nurse_sees_it_without_a_reload(ward, desk_of):
    ward.hire("ben", "lead")
    case = ward.case()
    ana, ben = desk_of("ana"), desk_of("ben")
    ana.enter(case)
    ana.press("c")
    expect(ana.at(".head-status")).to_contain_text("You have this case")
    ben.page.click('[data-tab="all"]')
    ben.enter(case)
    ben.at("#case-head").get_by_role("button", name="Take over from Ana").click()

    expect(ben.at(".head-status")).to_contain_text("You have this case")
    expect(ana.at(".head-status")).to_contain_text("Ben has this case")
    expect(ana.at("#reply-text")).to_be_disabled()


def test_a_colleague_who_looks_or_writes_is_shown_and_locks_nothing(ward, desk_of):
    case = ward.case()
    ana, ben = desk_of("ana"), desk_of("ben")
    ana.enter(case)
    ben.enter(case)
    expect(ana.at("#case-presence")).to_contain_text("Ben is looking")
    ben.page.click("#reply-text")
    ben.page.keyboard.type("On my way")

    expect(ana.at("#case-presence")).to_contain_text("Ben is writing")
    expect(ana.at("#typing")).to_contain_text("Ben is writing")
    expect(ana.at("#reply-text")).to_be_enabled()
    expect(ana.at("#send-reply")).to_be_enabled()


def test_when_a_colleague_wrote_meanwhile_the_page_asks_before_it_sends(ward, desk_of):
    ward.hire("ana")
    ward.hire("ben")
    case = ward.case()
    ward.claim(case, "ana")
    ana = desk_of("ana")
    ana.page.click('[data-tab="mine"]')
    ana.enter(case)
    # Both write at once: the warning of the server has to do, the stream is too late.
    ana.page.route("**/cases/*/thread**", lambda route: route.abort())
    ana.page.fill("#reply-text", "Please come to the desk")
    write_past_the_claim(ward, case, "Ben was here first", "ben")
    ana.page.press("#reply-text", "Control+Enter")

    expect(ana.at("#wrote")).to_contain_text("Ben wrote to the patient")
    expect(ana.at("#wrote")).to_contain_text("Ben was here first")
    assert ward.sent_to(case)[-1].startswith("Ben was here first")
    expect(ana.at("#reply-text")).to_have_value("Please come to the desk")
    ana.page.unroute("**/cases/*/thread**")
    ana.page.click("#wrote-send")
    expect(ana.at("#reply-text")).to_have_value("")
    assert ward.sent_to(case)[-1].startswith("Please come to the desk")


def write_past_the_claim(ward, case: int, text: str, who: str) -> None:
    """A lead takes over, writes and gives the case to the first nurse again."""
    phrases = ward.content.phrases
    ward.write(lambda work: claims.claim(work, case, who=who, name=who.title(), now=utc_now(), phrases=phrases, take_over=True))
    ward.reply(case, text, who)
    ward.write(lambda work: claims.claim(work, case, who="ana", name="Ana", now=utc_now(), phrases=phrases, take_over=True))


def test_a_colleagues_words_are_shown_while_one_is_still_typing(ward, desk_of):
    ward.hire("ana")
    ward.hire("ben")
    case = ward.case()
    ward.claim(case, "ana")
    ana = desk_of("ana")
    ana.page.click('[data-tab="mine"]')
    ana.enter(case)
    ana.page.fill("#reply-text", "I think")
    write_past_the_claim(ward, case, "It is settled", "ben")

    expect(ana.at("#wrote")).to_contain_text("It is settled")
    expect(ana.at("#reply-text")).to_have_value("I think")
    assert ana.focused == "reply-text"
    before = len(ward.sent_to(case))
    ana.press("Control+Enter")
    assert ana.focused == "wrote-send"
    assert len(ward.sent_to(case)) == before


def test_a_note_is_never_in_the_chat_of_the_patient(ward, desk_of, chat_of):
    chat = chat_of()
    chat.says("I have crushing chest pain that goes into my left arm")
    chat.page.locator(".message.emergency").wait_for()
    ana = desk_of("ana")
    ana.at("#rows [data-id]").first.click()
    ana.at("#case-title").wait_for()
    ana.press("n")
    ana.page.keyboard.type("SECRET: he sounded afraid")
    ana.press("Control+Enter")
    expect(ana.at(".item.note")).to_contain_text("SECRET")
    ana.press("Escape", "r")
    ana.page.keyboard.type("Hello, I am Ana")
    ana.press("Control+Enter")

    expect(chat.page.locator(".message.nurse")).to_contain_text("Hello, I am Ana")
    chat.page.reload()
    chat.wait_ready()
    expect(chat.page.locator(".message.nurse")).to_contain_text("Hello, I am Ana")
    assert "SECRET" not in chat.page.content()
    sealed = ward.read(lambda work: [work.cipher.unseal(one) for one in work.execute(sa.select(outbound.c.sealed)).scalars()])
    assert not any("SECRET" in str(one) for one in sealed)
    assert ward.read(lambda work: work.execute(sa.select(sa.func.count()).select_from(case_note)).scalar()) == 1


def test_the_patient_hears_who_took_over_and_when_the_bot_is_back(ward, desk_of, chat_of):
    chat = chat_of()
    chat.says("I have crushing chest pain that goes into my left arm")
    chat.page.locator(".message.emergency").wait_for()
    ward.hire("ana", name="Ana")
    ana = desk_of("ana")
    ana.at("#rows [data-id]").first.click()
    ana.at("#case-title").wait_for()
    ana.press("c")
    expect(chat.last).to_contain_text("Ana")
    ana.command("release")

    expect(ana.at(".head-status")).to_contain_text("Nobody has this case yet")
    expect(chat.last).not_to_contain_text("Ana")
