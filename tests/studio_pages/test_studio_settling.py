"""A change that does not fit any more, in a browser: its author opens it again, decides place by place, and hands it over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.staff.people import all_staff
from bot.training import changes
from bot.training.operations import SetText
from tests.training.test_changes import NOW

pytestmark = pytest.mark.slow
FILE = "content/hospital/departments.yml"


def hours(department, language, wanted, was="by appointment"):
    return SetText(FILE, ("entries", department, "hours", language), was, wanted)


EDITS = (
    hours("ED", "en", "open day and night, all year"),
    hours("ED", "ar", "مفتوح طوال العام"),
    hours("GP", "de", "Montag bis Freitag 7:00–18:00 Uhr"),
)


def approved(ward):
    def write(work):
        doctor = next(one for one in all_staff(work) if one.handle == "doc")
        one = changes.create(work, kind="clinical", title="Opening hours", author="mei", now=NOW, operations=EDITS)
        changes.submit(work, one.id, by="mei", now=NOW)
        changes.approve(work, one.id, who=replace(doctor, studio=frozenset({"clinical"})), now=NOW)
        changes.conflicted(work, one.id, by="omar", release="r1", now=NOW)
        return one.id

    return ward.write(write)


@pytest.mark.parametrize(
    ("language", "context"),
    [("en", {}), ("de", {"color_scheme": "dark"}), ("ar", {"viewport": PHONE, "has_touch": True, "is_mobile": True})],
)
def test_its_author_decides_place_by_place_and_who_reviews_it_sees_that(ward, studio_of, picture, language, context):
    ward.hire("mei", "editor", language=language)
    ward.hire("doc", "nurse", studio="clinical", language=language)
    number = approved(ward)
    studio = studio_of("mei", "/studio", **context)
    studio.page.click('a[href="/studio/changes?state=approved&mine=yes"]')
    studio.wait_ready()
    expect(studio.at("#list .badge.alarm")).to_be_visible()
    studio.page.click(f'#list a[href="/studio/changes/{number}"]')
    studio.wait_ready()
    studio.page.click('[data-act="reopen"]')
    studio.page.click("#dialog .strong")
    places = studio.at("#deciding fieldset")
    expect(places).to_have_count(3)
    assert look(studio) == []

    studio.page.click("#settle")
    expect(places.first.locator(":scope > .finding")).not_to_be_empty()
    places.nth(0).locator("input[value=new]").check()
    places.nth(0).locator("textarea").fill("day and night, also on holidays")
    places.nth(1).locator("input[value=theirs]").check()
    places.nth(2).locator("input[value=mine]").check()
    studio.at("#apart").scroll_into_view_if_needed()
    assert look(studio) == []
    picture(studio, f"studio-settling-{language}")
    studio.page.click("#settle")
    expect(studio.at("#apart")).to_be_hidden()
    expect(studio.at("#edits li")).to_have_count(2)
    studio.page.click('[data-act="submit"]')
    studio.page.click("#dialog .strong")
    expect(studio.at("#deciders")).to_contain_text("doc")

    other = studio_of("doc", "/studio/changes?state=yours", **context)
    other.page.click("#list a.target")
    other.wait_ready()
    expect(other.at("#was-settled")).to_contain_text("3")
    expect(other.at(".decided li")).to_have_count(3)
    expect(other.at("#diffs ins").first).to_be_visible()
    assert look(other) == []
    picture(other, f"studio-settled-{language}")
    other.press("a")
    other.page.click("#dialog .strong")
    expect(other.at("#badges .good")).to_be_visible()
    (one,) = ward.read(changes.approved_changes)
    assert [each.after for each in one.operations] == ["day and night, also on holidays", EDITS[2].after]
