"""The numbers in a browser: charts and tables that everybody can read, in both directions and themes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from tests.insight.people_served import asked, checked_in, followed_up, handed, talk

pytestmark = pytest.mark.slow
WEEKS = 13


@pytest.fixture
def served(ward):
    """Three months of a small hospital: more questions are answered from week to week, and few people write Arabic."""

    def fill(work) -> None:
        now = datetime.now(timezone.utc)
        for week in range(WEEKS):
            at = now - timedelta(weeks=WEEKS - 1 - week)
            for number in range(40):
                talked = talk(work, at, ("en", "en", "zh-Hans", "de", "ar" if number < 24 else "zh-Hant")[number % 5])
                asked(work, talked, at, answered=number % 13 < 6 + week / 2, helpful=number % 5 > 0)
                if number % 4 == 0:
                    handed(
                        work,
                        talked,
                        at,
                        answered_after=timedelta(minutes=3 + number),
                        department="skin",
                        right="skin" if number % 3 else "eyes",
                    )
                followed_up(work, talked, at, right=number % 9 > 0)
                checked_in(work, talked, at, state="answered" if number % 4 else "unanswered")

    ward.write(fill)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("de", "dark"), ("ar", "light")])
def test_the_numbers_are_for_everybody(ward, studio_of, picture, served, language, scheme):
    ward.hire("omar", "admin", language=language)
    studio = studio_of(path="/studio/numbers", color_scheme=scheme)
    expect(studio.at(".number")).to_have_count(7)
    assert look(studio) == []
    picture(studio, {"en": "studio-numbers"}.get(language, f"studio-numbers-{language}"))


def test_on_a_phone_a_table_opens_and_scrolls_within_itself(ward, studio_of, picture, served):
    studio = studio_of(path="/studio/numbers?language=zh-Hans", viewport=PHONE, has_touch=True, is_mobile=True)
    assert look(studio) == []
    picture(studio, "studio-numbers-phone")
    studio.at('[data-measure="unanswered"] summary').click()
    table = studio.at('[data-measure="unanswered"] tbody')
    expect(table.locator("tr")).to_have_count(WEEKS)
    expect(table).to_contain_text("too few to show")
    assert studio.value("() => document.documentElement.scrollWidth") == PHONE["width"]
