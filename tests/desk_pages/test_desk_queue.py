"""The queue as a nurse sees it: who is urgent, who waits, for how long, who is on it, and who is there when nobody waits."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def numbers(desk) -> list[str]:
    return desk.at("#rows .number").all_inner_texts()


def test_the_most_urgent_come_first_and_of_these_who_waits_longest(ward, desk_of):
    late = ward.case(level="R", minutes=90)
    early = ward.case(level="R", minutes=200)
    worst = ward.case(level="E1", reason="red_flag", minutes=1)
    crisis = ward.case(level="U", reason="crisis", crisis=True, minutes=1)
    desk = desk_of()

    assert numbers(desk)[2:] == [f"A{early}", f"A{late}"]
    assert set(numbers(desk)[:2]) == {f"A{worst}", f"A{crisis}"}


def test_a_row_says_in_words_what_its_colour_says(ward, desk_of):
    case = ward.case(level="E1", reason="red_flag", minutes=30)
    row = desk_of().row(case)

    expect(row).to_contain_text("Ambulance now")
    expect(row).to_contain_text("Red flag")
    expect(row).to_contain_text(re.compile(r"Waiting 29 min|Waiting 30 min"))
    expect(row).to_contain_text(re.compile(r"Late by \d+ min"))
    expect(row).to_contain_text("New")


def test_the_clocks_tick_without_a_look_at_the_server(ward, desk_of):
    case = ward.case(level="R", minutes=61)
    desk = desk_of()
    expect(desk.row(case).locator(".waits")).to_contain_text("1 h")
    desk.page.context.set_offline(True)
    desk.value("() => { const real = Date.now; Date.now = () => real() + 5 * 60000; }")

    expect(desk.row(case).locator(".waits")).to_contain_text(re.compile("1 h [567] min"))  # a minute may pass meanwhile
    desk.page.context.set_offline(False)


def test_somebody_new_is_on_the_screen_within_a_second_without_a_reload(ward, desk_of):
    desk = desk_of()
    expect(desk.at("#rows li")).to_have_count(0)
    began = time.monotonic()
    case = ward.case(level="E2", reason="red_flag", minutes=0)
    stored = time.monotonic()

    expect(desk.row(case)).to_be_visible(timeout=1000)
    assert time.monotonic() - stored < 1.2, f"stored after {stored - began:.1f} s"


def test_an_empty_queue_says_who_is_on_duty(ward, desk_of):
    ward.hire("ana", name="Ana Neri")
    ward.hire("ben", name="Ben", duty="break")
    ward.hire("off", name="Carla", duty="off")
    desk = desk_of("ana")

    expect(desk.at("#empty")).to_contain_text("Nobody is waiting for a nurse.")
    expect(desk.at("#empty")).to_contain_text("On duty: Ana Neri and Ben (break)")
    assert "Carla" not in desk.at("#empty").inner_text()


def test_nobody_on_duty_is_said_too(ward, desk_of):
    ward.hire("ana", duty="off")

    expect(desk_of("ana").at("#empty")).to_contain_text("Nobody is on duty.")


def test_tabs_show_what_is_theirs_and_count_it(ward, desk_of):
    ward.hire("ana")
    mine, free = ward.case(), ward.case()
    ward.claim(mine, "ana")
    desk = desk_of("ana")
    assert numbers(desk) == [f"A{free}"]
    expect(desk.at('[data-tab="all"] .count')).to_have_text("2")

    desk.page.click('[data-tab="mine"]')
    expect(desk.at("#rows .number")).to_have_text([f"A{mine}"])
    assert desk.at('[data-tab="mine"]').get_attribute("aria-pressed") == "true"
    desk.page.click('[data-tab="closed"]')
    expect(desk.at("#empty")).to_contain_text("No case was closed yet.")


def test_filters_narrow_the_queue_and_are_kept_for_next_time(ward, desk_of):
    arabic = ward.case(["مرحبا"], language="ar")
    ward.case()
    desk = desk_of()
    expect(desk.at("#rows li")).to_have_count(2)
    with desk.page.expect_response("**/me/preferences"):
        desk.page.select_option("#filter-language", "ar")
    expect(desk.at("#rows .number")).to_have_text([f"A{arabic}"])
    desk.reload()

    expect(desk.at("#rows .number")).to_have_text([f"A{arabic}"])
    expect(desk.at("#filter-language")).to_have_value("ar")


def test_a_colleague_in_a_case_is_seen_in_the_list(ward, desk_of):
    case = ward.case()
    ana, ben = desk_of("ana"), desk_of("ben")
    ben.enter(case)

    expect(ana.row(case)).to_contain_text("Ben is looking")
    ben.page.click("#tab-reply")
    ben.page.type("#reply-text", "Hello")
    expect(ana.row(case)).to_contain_text("Ben is writing")
    ben.press("Escape", "Escape")
    expect(ana.row(case)).not_to_contain_text("Ben")


def test_what_somebody_claimed_leaves_the_unclaimed_at_once(ward, desk_of):
    case = ward.case()
    ana = desk_of("ana")
    expect(ana.row(case)).to_be_visible()
    ward.hire("ben")
    ward.claim(case, "ben")

    expect(ana.row(case)).to_have_count(0)
    ana.page.click('[data-tab="all"]')
    expect(ana.row(case)).to_contain_text("With Ben")


def test_more_cases_than_a_page_are_there_when_asked_for(ward, desk_of):
    for _ in range(53):
        ward.case(level="INFO")
    desk = desk_of()
    expect(desk.at("#rows li")).to_have_count(50)
    desk.page.click("#more-rows")

    expect(desk.at("#rows li")).to_have_count(53)
    assert len(set(numbers(desk))) == 53
    expect(desk.at("#more-rows")).to_be_hidden()


def test_the_focus_stays_on_its_case_when_the_queue_moves(ward, desk_of):
    case = ward.case(level="R")
    desk = desk_of()
    desk.row(case).focus()
    worse = ward.case(level="E1", reason="red_flag", minutes=0)
    expect(desk.row(worse)).to_be_visible()

    assert numbers(desk)[0] == f"A{worse}"
    assert desk.value("() => document.activeElement.dataset.id") == str(case)
