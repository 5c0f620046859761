"""Sessions: locked when nobody is there, ended after a shift, and at once when the account changes."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.database.tables import staff_session
from bot.staff import own, sessions
from tests.staff.people_kit import HOUR, MINUTE, NOW, joined

IDLE = timedelta(minutes=15)


def at(work, token, minutes):
    return sessions.find(work, token, idle=IDLE, now=NOW + minutes * MINUTE)


def test_a_session_locks_when_nobody_is_there_and_reading_it_is_no_activity(database):
    with database.write() as work:
        token = sessions.start(work, joined(work).id, now=NOW)
        assert not at(work, token, 15).locked
        assert at(work, token, 16).locked


def test_who_does_something_stays_but_not_by_doing_it_too_late(database):
    with database.write() as work:
        token = sessions.start(work, joined(work).id, now=NOW)
        sessions.touch(work, at(work, token, 10), now=NOW + 10 * MINUTE)
        assert not at(work, token, 24).locked
        late = at(work, token, 40)
        assert late.locked and not sessions.is_due(late, now=NOW + 40 * MINUTE)


def test_a_lock_by_hand_stays_until_the_password_and_activity_does_not_open_it(database):
    with database.write() as work:
        token = sessions.start(work, joined(work).id, now=NOW)
        open_one = at(work, token, 1)
        sessions.lock(work, open_one.number)
        sessions.touch(work, open_one, now=NOW + 2 * MINUTE)
        assert at(work, token, 2).locked
        sessions.unlock(work, open_one.number, now=NOW + 3 * MINUTE)
        assert not at(work, token, 3).locked


def test_a_session_ends_after_twelve_hours_whatever_was_done(database):
    with database.write() as work:
        token = sessions.start(work, joined(work).id, now=NOW)
        number = at(work, token, 0).number
        for hour in range(12):
            sessions.unlock(work, number, now=NOW + hour * HOUR)
        assert at(work, token, 12 * 60 - 1) is not None
        assert at(work, token, 12 * 60) is None


def test_sessions_that_have_ended_are_removed_when_somebody_signs_in(database):
    with database.write() as work:
        ana = joined(work)
        for _ in range(3):
            sessions.start(work, ana.id, now=NOW)
        sessions.start(work, ana.id, now=NOW + 12 * HOUR)
        assert len(work.execute(sa.select(staff_session)).all()) == 1


def test_a_new_password_ends_all_sessions(database):
    with database.write() as work:
        ana = joined(work)
        tokens = [sessions.start(work, ana.id, now=NOW) for _ in range(3)]
        own.set_password(work, ana.id, "another hash", now=NOW)
        assert [at(work, token, 0) for token in tokens] == [None, None, None]


def test_another_persons_sessions_stay(database):
    with database.write() as work:
        ana, bo = joined(work), joined(work, "bo")
        token = sessions.start(work, bo.id, now=NOW)
        sessions.end_all(work, ana.id)
        assert at(work, token, 0).staff.handle == "bo"


def test_neither_the_token_nor_what_forms_carry_is_stored(database):
    with database.write() as work:
        token = sessions.start(work, joined(work).id, now=NOW)
        session = at(work, token, 0)
        stored = str(work.execute(sa.select(staff_session)).all())
    assert token not in stored and session.csrf not in stored


def test_every_session_has_its_own_word_for_forms(database):
    with database.write() as work:
        ana = joined(work)
        one, other = (at(work, sessions.start(work, ana.id, now=NOW), 0) for _ in range(2))
    assert one.csrf != other.csrf and len(one.csrf) == 64


def test_a_made_up_cookie_is_nobody(database):
    with database.write() as work:
        joined(work)
        assert at(work, "x" * 43, 0) is None and at(work, "", 0) is None
