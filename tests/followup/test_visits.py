"""A visit settles what waits of its group, and nothing else; what repeats goes on."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database.tables import reminder
from bot.followup import enrolments
from bot.followup.sending import send_due
from bot.followup.visits import groups_waiting, record_visit
from tests import contents
from tests.followup.test_sending import START, enrol, person


@pytest.fixture(scope="module")
def content():
    return contents.content_source().current()


def waiting(work):
    query = sa.select(reminder.c.step, reminder.c.day).where(reminder.c.state == "waiting").order_by(reminder.c.step)
    return [tuple(row) for row in work.execute(query)]


def visit(work, content, number, group, *, now=START):
    return record_visit(work, enrolments.of_id(work, number), group, content, who="ana", now=now)


def test_both_reminders_of_a_visit_are_settled_and_the_question_after_it_stays(database, content):
    with database.write() as work:
        person(work)
        one = enrol(work, content, "vaccination", anchor=date(2026, 3, 20))

        assert groups_waiting(work, one, content) == ("before", "day_after")
        assert visit(work, content, one.id, "before") == 2
        assert [step for step, _ in waiting(work)] == ["day_after"]
        assert visit(work, content, one.id, "before") == 0


def test_a_step_that_repeats_goes_on_the_day_after(database, content):
    with database.write() as work:
        person(work)
        one = enrol(work, content, "diabetes", anchor=date(2026, 3, 1))
        morning = datetime(2026, 3, 3, 22, 0, tzinfo=timezone.utc)  # 6 o'clock of the 4th there
        send_due(work, content, now=datetime(2026, 3, 2, 0, 30, tzinfo=timezone.utc))

        assert visit(work, content, one.id, "morning", now=morning) == 1
        assert dict(waiting(work))["morning"] == date(2026, 3, 5)


def test_what_the_visit_settled_is_never_sent(database, content):
    with database.write() as work:
        person(work)
        one = enrol(work, content, "vaccination", anchor=date(2026, 3, 20))
        visit(work, content, one.id, "before")

        assert send_due(work, content, now=datetime(2026, 3, 19, 3, 0, tzinfo=timezone.utc)).sent == 0
        assert send_due(work, content, now=datetime(2026, 3, 21, 3, 0, tzinfo=timezone.utc)).sent == 1


def test_a_group_that_is_none_settles_nothing(database, content):
    with database.write() as work:
        person(work)
        one = enrol(work, content, "vaccination", anchor=date(2026, 3, 20))
        before = waiting(work)

        assert visit(work, content, one.id, "nothing", now=START + timedelta(days=1)) == 0
        assert waiting(work) == before


def test_a_plan_of_which_nothing_is_left_has_ended(database, content):
    with database.write() as work:
        person(work)
        one = enrol(work, content, "vaccination", anchor=date(2026, 3, 20))
        visit(work, content, one.id, "before")
        assert enrolments.of_id(work, one.id).state == "active"
        visit(work, content, one.id, "day_after")

        assert enrolments.of_id(work, one.id).state == "ended"
