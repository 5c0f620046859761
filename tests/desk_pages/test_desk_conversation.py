"""What stands in the conversation: the bot's part, the summary in the nurse's language, the trace, and the truth about delivery."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bot.database.tables import outbound

pytestmark = pytest.mark.slow
CHEST = ["I have crushing chest pain that goes into my left arm"]
ANSWERED = [("Please call an ambulance now: 120.", "emergency")]


def test_the_bots_part_is_there_and_looks_like_the_bots(ward, desk_of):
    case = ward.case(CHEST, level="E1", reason="red_flag", answers=ANSWERED)
    desk = desk_of()
    desk.enter(case)

    expect(desk.at(".item.bot")).to_contain_text("Please call an ambulance now: 120.")
    expect(desk.at(".item.bot .by")).to_contain_text("Emergency answer")
    assert desk.value("() => getComputedStyle(document.querySelector('.item.bot .bubble')).borderTopStyle") == "dashed"


@pytest.mark.parametrize(
    ("language", "title", "flag"),
    [("en", "Assessment", "Red flags present"), ("de", "Einschätzung", "Warnzeichen"), ("zh-Hans", "评估", "危险信号")],
)
def test_the_summary_speaks_the_language_of_the_nurse(ward, desk_of, language, title, flag):
    ward.hire("ana", language=language)
    case = ward.case(CHEST, level="E1", reason="red_flag")
    desk = desk_of("ana")
    desk.enter(case)

    expect(desk.at("#summary dt").nth(2)).to_have_text(title)
    expect(desk.at("#summary")).to_contain_text(flag)


def test_the_trace_is_behind_a_disclosure_and_names_rule_and_version(ward, desk_of):
    case = ward.case(CHEST, level="E1", reason="red_flag")
    desk = desk_of()
    desk.enter(case)
    assert desk.at("#summary .trace ol").is_hidden()
    desk.page.click("#summary .trace > summary")

    expect(desk.at("#summary .trace ol")).to_be_visible()
    expect(desk.at("#summary .trace")).to_contain_text("Red flag")
    expect(desk.at("#summary .trace")).to_contain_text("Content version")


def test_the_summary_stays_closed_when_the_nurse_closed_it(ward, desk_of):
    case = ward.case(CHEST, level="E1", reason="red_flag")
    desk = desk_of()
    desk.enter(case)
    with desk.page.expect_response("**/me/preferences"):
        desk.page.click("#sbar > summary")
    desk.reload()

    expect(desk.at("#sbar > summary")).to_be_visible()
    assert desk.at("#sbar").get_attribute("open") is None


def test_a_reply_that_did_not_arrive_says_why_and_what_to_do(ward, desk_of):
    ward.hire("ana")
    case = ward.case(["Hello"], channel="telegram")
    ward.claim(case, "ana")
    ward.reply(case, "Please come at nine", "ana")
    ward.write(
        lambda work: work.execute(sa.update(outbound).where(outbound.c.author == "nurse").values(state="dead", problem="Closed"))
    )
    desk = desk_of("ana", f"/desk?case={case}")

    expect(desk.at(".item.nurse .delivery")).to_contain_text("Not delivered")
    expect(desk.at(".item.nurse .advice")).not_to_have_text("")
    assert desk.at(".item.nurse .delivery span").count() >= 2


def test_what_became_of_a_reply_is_told_without_a_reload(ward, desk_of):
    ward.hire("ana")
    case = ward.case(["Hello"])
    desk = desk_of("ana", f"/desk?case={case}")
    desk.send("Please come at nine")
    expect(desk.at(".item.nurse .delivery")).to_contain_text("Waiting to be sent")
    expect(desk.at(".item.nurse .delivery")).to_contain_text("Sent", timeout=12_000)
    ward.says(case, "Thank you")

    expect(desk.at(".item.nurse .delivery")).to_contain_text("Seen by the patient")


def test_words_that_look_like_a_program_are_words(ward, desk_of):
    evil = '<img src=x onerror="document.title=1"><b>bold</b>'
    case = ward.case([evil])
    ward.note(case, evil, "ana")
    desk = desk_of()
    desk.enter(case)

    expect(desk.at(".item.patient .words")).to_have_text(evil)
    expect(desk.at(".item.note .words")).to_have_text(evil)
    assert desk.page.title() == "Queue · Nurse desk"


def test_a_long_talk_begins_at_its_end_and_goes_back_on_demand(ward, desk_of):
    case = ward.case([f"line {number}" for number in range(130)])
    desk = desk_of()
    desk.enter(case)
    expect(desk.at(".item.patient").last).to_be_in_viewport()
    assert "line 5\n" not in desk.at("#log").inner_text()
    desk.at("#older").evaluate("e => e.click()")

    expect(desk.at(".item.patient")).to_have_count(130)
    texts = desk.at(".item.patient .words").all_inner_texts()
    assert texts == [f"line {number}" for number in range(130)]
    expect(desk.at("#older")).to_be_hidden()


def test_what_comes_while_one_reads_above_does_not_move_the_page(ward, desk_of):
    case = ward.case([f"line {number}" for number in range(60)])
    desk = desk_of()
    desk.enter(case)
    expect(desk.at(".item.patient").last).to_be_in_viewport()
    desk.value("() => { document.getElementById('thread-scroll').scrollTop = 200; }")
    ward.says(case, "something new")
    expect(desk.at("#newest")).to_be_visible()
    assert desk.value("() => document.getElementById('thread-scroll').scrollTop") == 200
    desk.page.click("#newest")

    expect(desk.at(".item.patient").last).to_be_in_viewport()
    expect(desk.at("#newest")).to_be_hidden()
