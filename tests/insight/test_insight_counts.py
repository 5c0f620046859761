"""What is counted for the numbers, on both databases: by week, by language, and what does not count."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.database.tables import inbound
from bot.handoff.events import add_event
from bot.handoff.merging import MERGED
from bot.insight.activity import first_number
from bot.insight.groups import Share, Waits
from bot.insight.measures import MEASURES
from bot.insight.weeks import weeks
from tests.insight.people_served import asked, checked_in, followed_up, handed, talk

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday.
NOW = datetime(2026, 3, 11, 9, 0, tzinfo=timezone.utc)
WEEK = timedelta(days=7)
COUNT = {measure.key: measure.count for measure in MEASURES}
# The weeks that are looked at; the present one is number 3.
WEEKS = weeks(NOW, SHANGHAI, count=4)


def count(database, key):
    with database.read() as work:
        return COUNT[key](work, WEEKS)


def test_questions_without_an_answer_count_against_all_questions(database):
    with database.write() as work:
        talked = talk(work, NOW)
        asked(work, talked, NOW, answered=False)
        asked(work, talked, NOW, helpful=True)  # shown and judged: one question
        asked(work, talked, NOW - WEEK)
        asked(work, talk(work, NOW, "ar"), NOW, answered=False)
    assert count(database, "unanswered") == {(3, "en"): Share(1, 2), (2, "en"): Share(0, 1), (3, "ar"): Share(1, 1)}


def test_conversations_count_once_a_week_however_much_was_written(database):
    with database.write() as work:
        one = talk(work, NOW - WEEK, messages=3)
        handed(work, one, NOW - WEEK)
        talk(work, NOW - WEEK, messages=2)
        talk(work, NOW, "de")
    assert count(database, "handoff") == {(2, "en"): Share(1, 2), (3, "de"): Share(0, 1)}


def test_who_was_never_answered_waited_for_ever(database):
    with database.write() as work:
        handed(work, talk(work, NOW), NOW, answered_after=timedelta(minutes=4))
        handed(work, talk(work, NOW), NOW)
    found = count(database, "first_answer")[3, "en"]
    assert sorted(found.minutes) == [4.0, math.inf] and found.value == 4.0


def test_a_case_that_was_opened_anew_waited_from_then_and_one_that_went_on_in_another_is_no_second_one(database):
    with database.write() as work:
        first = handed(work, talk(work, NOW), NOW, answered_after=timedelta(days=1, minutes=6))
        handed(work, talk(work, NOW), NOW, outcome=MERGED)
        for what, at in (("opened", NOW), ("reopened", NOW + timedelta(days=1)), ("reopened", NOW + timedelta(days=1, hours=1))):
            add_event(work, first, what, who="bot", dedupe_key=f"{what}:{at}", now=at)
    assert count(database, "first_answer")[3, "en"].minutes == (6.0,)


def test_departments_are_wrong_when_patients_or_nurses_say_so_and_else_not(database):
    with database.write() as work:
        for right in (True, True, False, None):
            followed_up(work, talk(work, NOW), NOW, right=right)
        for department, right in (("skin", "skin"), ("skin", "eyes"), ("skin", "-"), ("skin", None), ("", "eyes")):
            handed(work, talk(work, NOW), NOW, department=department, right=right)
    assert count(database, "wrong_department") == {(3, "en"): Share(1, 3)}
    assert count(database, "corrected_department") == {(3, "en"): Share(2, 3)}


def test_answers_are_helpful_of_those_that_were_judged(database):
    with database.write() as work:
        talked = talk(work, NOW)
        for helpful in (True, False, None):
            asked(work, talked, NOW, helpful=helpful)
    assert count(database, "faq_helpful") == {(3, "en"): Share(1, 2)}


def test_checkins_that_are_open_do_not_count_yet(database):
    with database.write() as work:
        for state in ("answered", "worrying", "unanswered", "open"):
            checked_in(work, talk(work, NOW), NOW, state=state)
    assert count(database, "reminder_response") == {(3, "en"): Share(2, 3)}


@pytest.mark.parametrize("key", COUNT)
def test_what_lies_before_the_weeks_does_not_count(database, key):
    long_ago = NOW - 5 * WEEK
    with database.write() as work:
        talked = talk(work, long_ago)
        handed(work, talked, long_ago, department="skin", right="eyes")
        asked(work, talked, long_ago, answered=False)
        asked(work, talked, long_ago, helpful=True)
        followed_up(work, talked, long_ago, right=False)
        checked_in(work, talked, long_ago, state="answered")
    assert count(database, key) == {}


@pytest.mark.parametrize(("hours", "later"), [(-1, 7), (0, 7), (3, 4), (3.5, 3), (6, 1), (9, 0)])
def test_messages_are_parted_by_number_at_a_moment(database, hours, later):
    with database.write() as work:
        for hour in range(7):
            talk(work, NOW + timedelta(hours=hour))
    with database.read() as work:
        number = first_number(work, NOW + timedelta(hours=hours))
        assert len(work.execute(sa.select(inbound.c.id).where(inbound.c.id >= number)).all()) == later


def test_without_messages_there_is_no_first_one(database):
    with database.read() as work:
        assert first_number(work, NOW) <= 1


def test_waits_of_nobody_say_nothing():
    assert Waits().value is None and Share().value is None
