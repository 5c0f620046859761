"""Search: messages, notes and numbers, Chinese pieces of words too; the words stand in no address."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from ward import utc_now

from bot.search.index import Indexer

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(ward, desk_of):
    return desk_of()


def indexed(ward) -> None:
    """Let the worker's round do its part now."""
    indexer = Indexer(ward.gateway.services.database)
    for _ in range(3):
        indexer.round(utc_now())


def look_for(desk, words: str) -> None:
    desk.press("/")
    desk.page.keyboard.type(words)
    desk.press("Enter")


def test_a_word_finds_its_case_and_opens_at_its_place(ward, desk):
    ward.case(["My ear hurts", *(f"and line {number}" for number in range(20))])
    other = ward.case(["My knee hurts since Monday"])
    indexed(ward)
    look_for(desk, "knee")
    expect(desk.at("#hits .hit")).to_have_count(1)
    expect(desk.at("#hits mark")).to_have_text("knee")
    expect(desk.at("#hits .hit")).to_contain_text(f"A{other}")
    desk.press("ArrowDown", "Enter")

    expect(desk.at(".pointed")).to_contain_text("My knee hurts since Monday")


def test_a_piece_of_a_chinese_sentence_is_found(ward, desk):
    case = ward.case(["我的膝盖从星期一开始很疼"], language="zh-Hans")
    ward.case(["我的耳朵疼"], language="zh-Hans")
    indexed(ward)
    look_for(desk, "膝盖")

    expect(desk.at("#hits .hit")).to_have_count(1)
    expect(desk.at("#hits .hit")).to_contain_text(f"A{case}")


def test_a_number_finds_its_case(ward, desk):
    ward.case(["one"])
    case = ward.case(["two"])
    look_for(desk, f"A{case}")

    expect(desk.at("#hits .hit").first).to_contain_text(f"A{case}")


def test_a_note_is_found_and_looks_like_one(ward, desk):
    case = ward.case(["Hello"])
    ward.note(case, "He sounded breathless on the telephone", "ana")
    indexed(ward)
    look_for(desk, "breathless")

    expect(desk.at("#hits .hit.note")).to_have_count(1)


def test_nothing_found_is_said_and_escape_goes_back(ward, desk):
    case = ward.case(["Hello"])
    look_for(desk, "xylophone")
    expect(desk.at("#found")).to_contain_text("Nothing was found.")
    desk.press("/", "Escape")

    expect(desk.at("#found")).to_be_hidden()
    expect(desk.row(case)).to_be_visible()


def test_the_words_are_in_no_address_no_title_and_no_history(ward, desk):
    ward.case(["My knee hurts since Monday"])
    indexed(ward)
    look_for(desk, "knee")
    desk.at("#hits .hit").first.click()
    expect(desk.at("#log")).to_contain_text("My knee hurts")

    assert not [url for url in desk.requests if "knee" in url]
    assert "knee" not in desk.page.url
    assert desk.page.title() == "Queue · Nurse desk"


def test_other_teams_cases_are_not_found(ward, desk_of):
    ward.hire("tom", teams="triage")
    ward.case(["My knee hurts since Monday"])
    indexed(ward)
    desk = desk_of("tom")
    look_for(desk, "knee")

    expect(desk.at("#found")).to_contain_text("Nothing was found.")
