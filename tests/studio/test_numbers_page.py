"""The page of numbers and its CSV: for who may see them, without small groups, and in the audit."""

from __future__ import annotations

import re

import pytest

from bot.languages import LANGUAGES
from tests.insight.people_served import asked, talk
from tests.staff.people_kit import lines


@pytest.fixture
def questions(services, clock):
    """Twelve English questions, three of them open, and four open Arabic ones."""
    with services.database.write() as work:
        for number in range(12):
            asked(work, talk(work, clock()), clock(), answered=number >= 3)
        for _ in range(4):
            asked(work, talk(work, clock(), "ar"), clock(), answered=False)


def figure(page: str, key: str) -> str:
    found = re.search(rf'data-measure="{key}".*?<strong>(.*?)</strong>', page, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_page_shows_the_share_of_who_was_enough_and_hides_who_was_not(browser, people, signed_in, questions):
    signed_in("omar")
    assert figure(browser.get("/studio/numbers").text, "unanswered") == "44%"
    assert figure(browser.get("/studio/numbers?language=en").text, "unanswered") == "25%"
    assert figure(browser.get("/studio/numbers?language=ar").text, "unanswered") == "too few to show"
    assert figure(browser.get("/studio/numbers?language=de").text, "unanswered") == "none"


@pytest.mark.parametrize("weeks", ["8", "13", "26", "9999", "x", ""])
def test_only_periods_that_are_offered_are_counted(browser, people, signed_in, weeks):
    signed_in("omar")
    page = browser.get(f"/studio/numbers?weeks={weeks}")
    wanted = weeks if weeks in ("8", "13", "26") else "13"
    assert page.status_code == 200 and f'<option value="{wanted}" selected>' in page.text


def test_the_csv_is_a_download_and_stands_in_the_audit(browser, people, services, signed_in, questions):
    signed_in("eva")
    answer = browser.get("/studio/api/numbers.csv?weeks=8")
    assert answer.headers["content-disposition"].startswith('attachment; filename="numbers-') and answer.text.startswith("\ufeff")
    assert ",en,unanswered,percent,25,,10," in answer.text and ",ar,unanswered,percent,,,,fewer than 10" in answer.text
    assert ("eva", "exported numbers", "studio") in lines(services.database)


def test_a_translator_sees_no_numbers(browser, people, signed_in):
    signed_in("translator")
    assert browser.get("/studio/numbers").status_code == browser.get("/studio/api/numbers.csv").status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_its_numbers_in_its_own_words(services, language):
    phrases = services.content.current().phrases
    assert phrases.get("studio.numbers_of", language, n=10) and phrases.get("studio.numbers_intro", language, fewest=10, step=5)
