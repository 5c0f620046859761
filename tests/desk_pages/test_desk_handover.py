"""The page with which a shift begins: what is open and promised, who is there, and no figure of any person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from ward import utc_now

from bot.handoff import moving, scheduled

pytestmark = pytest.mark.slow


def test_promises_late_ones_and_those_that_wake_are_named(ward, desk_of):
    ward.hire("ana", name="Ana Neri")
    late = ward.case(["Help"], level="E1", reason="red_flag", minutes=30)
    asleep, promised = ward.case(["X-ray?"]), ward.case(["Results?"])
    soon, now = utc_now() + timedelta(hours=3), utc_now()
    phrases = ward.content.phrases
    ward.write(lambda work: moving.snooze(work, asleep, who="ana", until=soon, reason="X-ray", now=now, phrases=phrases))
    how = {"who": "ana", "name": "Ana Neri", "due_at": soon, "dedupe_key": "p1", "now": now}
    ward.write(lambda work: scheduled.schedule(work, promised, "Your results", **how))
    desk = desk_of("ana", "/desk/handover")

    expect(desk.at("[data-part=late_now]")).to_contain_text(f"A{late}")
    expect(desk.at("[data-part=waking]")).to_contain_text(f"A{asleep}")
    expect(desk.at("[data-part=promises]")).to_contain_text(f"A{promised}")
    expect(desk.at("[data-part=promises]")).to_contain_text("by Ana Neri")
    expect(desk.at("[data-part=on_duty]")).to_contain_text("Ana Neri")


def test_no_words_of_patients_are_on_it_and_a_case_opens_from_it(ward, desk_of):
    case = ward.case(["SECRET words"])
    desk = desk_of("ana", "/desk/handover")
    expect(desk.at("[data-part=open]")).to_contain_text(f"A{case}")
    assert "SECRET" not in desk.page.content()
    desk.at(f"[data-part=open] a[href='/desk?case={case}']").click()
    desk.wait_ready()

    expect(desk.at("#log")).to_contain_text("SECRET words")


def test_what_is_empty_is_said_in_one_line(ward, desk_of):
    desk = desk_of("ana", "/desk/handover")

    expect(desk.at("[data-part=none]")).to_contain_text("Late now")
    expect(desk.at("[data-part=late_now]")).to_have_count(0)
