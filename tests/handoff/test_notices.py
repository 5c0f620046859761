"""Notices to the staff: stored with the case, told until all groups know, once for each level, and for urgent cases only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.database.tables import case_event, staff_notice
from bot.duty import notices
from bot.handoff import cases
from bot.handoff.cases import CaseProblem, Cause
from bot.handoff.claims import claim
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound

NOW = utc_now()


@pytest.fixture
def conversation_id(database) -> str:
    message = Inbound("wecom", "1", "p", "hi", NOW)
    with database.write() as work:
        return conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW).id


def opened(database, conversation_id: str, *causes: Cause) -> None:
    with database.write() as work:
        for cause in causes:
            cases.open_case(work, conversation_id, cause, now=NOW)


def due(database, *, later: timedelta = timedelta(0)) -> list[notices.Notice]:
    with database.write() as work:
        return list(notices.take_due(work, now=NOW + later, limit=10))


def test_an_urgent_case_is_told_and_one_that_is_not_is_not(database, conversation_id):
    opened(database, conversation_id, Cause("person_requested", "R", "k1"))
    assert due(database) == []
    opened(database, conversation_id, Cause("red_flag", "E2", "k2"))
    assert [(notice.level, notice.crisis) for notice in due(database)] == [("E2", False)]


def test_a_crisis_is_told_whatever_its_level(database, conversation_id):
    opened(database, conversation_id, Cause("crisis", "U", "k1", crisis=True))
    assert [notice.crisis for notice in due(database)] == [True]


def test_the_same_level_again_is_told_once_and_a_higher_one_anew(database, conversation_id):
    causes = [
        Cause("red_flag", "E2", "k1"),
        Cause("red_flag", "E2", "k2"),
        Cause("red_flag", "E1", "k3"),
        Cause("red_flag", "E2", "k4"),
    ]
    opened(database, conversation_id, *causes)
    assert [notice.level for notice in due(database)] == ["E2", "E1"]


def test_a_notice_that_nobody_marks_is_due_again_after_its_lease(database, conversation_id):
    opened(database, conversation_id, Cause("red_flag", "E1", "k1"))
    assert len(due(database)) == 1
    assert due(database) == []
    assert len(due(database, later=timedelta(seconds=61))) == 1


def test_groups_that_were_told_are_remembered_until_all_are(database, conversation_id):
    opened(database, conversation_id, Cause("red_flag", "E1", "k1"))
    (notice,) = due(database)
    with database.write() as work:
        notices.told(work, notice, frozenset({1}), whole=False, now=NOW)
    (again,) = due(database, later=timedelta(seconds=5))
    assert again.told == {1} and again.tries == 1
    with database.write() as work:
        notices.told(work, again, frozenset({0, 1}), whole=True, now=NOW)
    assert due(database, later=timedelta(hours=1)) == []


def test_what_is_put_back_was_no_try(database, conversation_id):
    opened(database, conversation_id, Cause("red_flag", "E1", "k1"))
    (notice,) = due(database)
    with database.write() as work:
        notices.put_back(work, notice, until=NOW + timedelta(seconds=3))
    assert due(database) == []
    assert due(database, later=timedelta(seconds=4))[0].tries == 0


def test_a_case_that_was_closed_meanwhile_and_an_old_notice_are_not_told(database, conversation_id):
    opened(database, conversation_id, Cause("red_flag", "E1", "k1"))
    assert due(database, later=timedelta(hours=13)) == []
    with database.write() as work:
        work.execute(sa.update(staff_notice).values(state="pending"))
        cases.hold_elsewhere(work, conversation_id, who="X", until=NOW + timedelta(hours=1), now=NOW)
        cases.back_from_elsewhere(work, conversation_id, who="X", ended=True, now=NOW)
    assert due(database, later=timedelta(minutes=1)) == []


def test_old_notices_are_removed(database, conversation_id):
    opened(database, conversation_id, Cause("red_flag", "E1", "k1"))
    due(database, later=timedelta(days=3))
    with database.read() as work:
        assert work.execute(sa.select(staff_notice.c.id)).all() == []


def test_a_notice_holds_no_word(database, conversation_id):
    opened(database, conversation_id, Cause("red_flag", "E1", "k1", trace={"words": "zebra"}))
    with database.read() as work:
        assert "zebra" not in str(work.execute(sa.select(staff_notice)).all())


def events(database) -> list[str]:
    with database.read() as work:
        return list(work.execute(sa.select(case_event.c.what).order_by(case_event.c.id)).scalars())


def test_who_talks_elsewhere_holds_the_case_and_gives_it_back(database, conversation_id):
    with database.write() as work:
        held = cases.hold_elsewhere(work, conversation_id, who="X", until=NOW + timedelta(hours=48), now=NOW)
        cases.hold_elsewhere(work, conversation_id, who="X", until=NOW + timedelta(hours=49), now=NOW)
        assert held.is_held(NOW + timedelta(hours=47)) and held.claimed_by == "X"
        cases.back_from_elsewhere(work, conversation_id, who="X", ended=False, now=NOW)
        case = cases.open_case_of(work, conversation_id)
        assert case is not None and case.state == "waiting" and not case.is_held(NOW)
    assert events(database) == ["opened", "claimed", "released"]


def test_a_nurse_cannot_take_what_is_held_elsewhere_and_what_a_nurse_holds_is_not_given_back(database, conversation_id, phrases):
    with database.write() as work:
        held = cases.hold_elsewhere(work, conversation_id, who="X", until=NOW + timedelta(hours=1), now=NOW)
    with pytest.raises(CaseProblem), database.write() as work:
        claim(work, held.id, who="li", name="Li", now=NOW, phrases=phrases)
    with database.write() as work:
        cases.back_from_elsewhere(work, conversation_id, who="somebody else", ended=True, now=NOW)
        assert cases.case_of(work, held.id).is_held(NOW)
