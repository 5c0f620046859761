"""Rows of enrolments and reminders: each due one is claimed once, settled once, and found as fast among many."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, patient, reminder
from bot.followup import enrolments, reminders
from bot.followup.enrolments import Entry
from bot.followup.schedule import Due

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=timezone.utc)


@pytest.fixture
def someone(database):
    """A patient with a conversation; returns (patient id, conversation id)."""
    with database.write() as work:
        work.execute(patient.insert().values(id="p1", created_at=NOW))
        values = {
            "channel": "webchat",
            "lookup": "l",
            "language": "en",
            "region": "CN",
            "region_known": True,
            "level_floor": "INFO",
        }
        flags = {"episode": 1, "greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": NOW, "last_at": NOW}
        work.execute(conversation.insert().values(id="c1", patient_id="p1", **values, **flags))
    return "p1", "c1"


def entry(someone, plan="medicine", key="k1", **more):
    values = {"version": "1", "anchor": date(2026, 3, 1), "zone": "Asia/Shanghai", "enrolled_by": "ana", "consented": True}
    return Entry(patient_id=someone[0], conversation_id=someone[1], plan=plan, dedupe_key=key, **{**values, **more})


def due(step="daily", number=0, *, minutes=0, window=4):
    at = NOW + timedelta(minutes=minutes)
    return Due(step, number, at.date(), at, at + timedelta(hours=window))


@pytest.fixture
def enrolled(database, someone):
    """An active enrolment."""
    with database.write() as work:
        return enrolments.enrol(work, entry(someone), now=NOW)[0]


def test_the_same_request_enrols_once(database, someone):
    with database.write() as work:
        first, new = enrolments.enrol(work, entry(someone), now=NOW)
        second, again = enrolments.enrol(work, entry(someone), now=NOW)
    assert (new, again) == (True, False) and first == second


def test_without_a_yes_an_enrolment_waits_for_it(database, someone):
    with database.write() as work:
        asked, _ = enrolments.enrol(work, entry(someone, consented=False), now=NOW)
        assert asked.state == "asked" and asked.consented_at is None
        assert enrolments.agree(work, asked.id, now=NOW) and not enrolments.agree(work, asked.id, now=NOW)
        assert enrolments.of_id(work, asked.id).state == "active"


def test_a_sending_is_planned_once_however_often_it_is_said(database, enrolled):
    with database.write() as work:
        assert reminders.plan(work, enrolled.id, due(), priority=1) is not None
        assert reminders.plan(work, enrolled.id, due(), priority=1) is None
        assert reminders.plan(work, enrolled.id, due(), priority=1, attempt=1) is not None


def test_what_is_due_is_claimed_and_what_is_not_yet_is_left(database, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due(number=0), priority=1)
        reminders.plan(work, enrolled.id, due(number=1, minutes=1), priority=1)
        assert [one.number for one in reminders.claim_due(work, now=NOW)] == [0]
        assert reminders.claim_due(work, now=NOW) == ()


def test_whoever_claimed_and_died_loses_it_after_the_lease(database, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due(), priority=1)
        (first,) = reminders.claim_due(work, now=NOW)
        later = NOW + reminders.LEASE + timedelta(seconds=1)
        assert reminders.claim_due(work, now=later) == (first,)
        assert reminders.mark(work, first.id, "sent", now=later) and not reminders.mark(work, first.id, "sent", now=later)


def test_two_workers_at_once_get_different_reminders(database, enrolled):
    with database.write() as work:
        for number in range(40):
            reminders.plan(work, enrolled.id, due(number=number), priority=1)
    got: list[int] = []
    start = threading.Barrier(2)

    def take() -> None:
        start.wait()
        for _ in range(4):
            with database.write() as work:
                got.extend(one.number for one in reminders.claim_due(work, now=NOW, limit=5))

    workers = [threading.Thread(target=take) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(got) == list(range(40))


def test_a_plan_of_high_risk_goes_first(database, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due("late", minutes=-5), priority=reminders.OWN_WORDS)
        reminders.plan(work, enrolled.id, due("risk"), priority=reminders.HIGH_RISK)
        assert [one.step for one in reminders.claim_due(work, now=NOW)] == ["risk", "late"]


def test_a_plan_of_high_risk_goes_before_any_number_of_others(database, enrolled):
    with database.write() as work:
        for number in range(30):
            reminders.plan(work, enrolled.id, due("ordinary", number, minutes=-60), priority=reminders.ORDINARY)
        reminders.plan(work, enrolled.id, due("risk"), priority=reminders.HIGH_RISK)
        assert [one.step for one in reminders.claim_due(work, now=NOW, limit=2)] == ["risk", "ordinary"]


def test_stop_cancels_what_waits_and_nothing_is_claimed_after_it(database, someone, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due(), priority=1)
        assert enrolments.stop_all(work, someone[0], because="asked", who="patient", now=NOW) == 1
        assert reminders.claim_due(work, now=NOW) == () and enrolments.of_patient(work, someone[0]) == ()
        assert work.execute(sa.select(patient.c.no_reminders_because)).scalar() == "asked"
        assert enrolments.stop_all(work, someone[0], because="asked", who="patient", now=NOW) == 0


def test_who_died_is_not_written_to_again_whatever_is_asked(database, someone):
    with database.write() as work:
        enrolments.stop_all(work, someone[0], because="died", who="ana", now=NOW)
        enrolments.allow_again(work, someone[0])
        assert work.execute(sa.select(patient.c.no_reminders_because)).scalar() == "died"


def test_an_answer_clears_its_own_step_only(database, enrolled):
    with database.write() as work:
        for step in ("day1", "day3"):
            reminders.plan(work, enrolled.id, due(step), priority=1)
        assert reminders.clear(work, enrolled.id, ["day1"], why="answered") == 1
        assert [one.step for one in reminders.upcoming(work)] == ["day3"]


def test_one_that_was_cleared_meanwhile_is_not_sent(database, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due(), priority=1)
        (one,) = reminders.claim_due(work, now=NOW)
        reminders.clear(work, enrolled.id, ["daily"], why="answered")
        assert not reminders.mark(work, one.id, "sent", now=NOW) and not reminders.put_off(work, one.id, until=NOW, why="held")


def test_what_is_put_off_keeps_when_it_was_wanted(database, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due(), priority=1)
        (one,) = reminders.claim_due(work, now=NOW)
        assert reminders.put_off(work, one.id, until=NOW + timedelta(hours=1), why="held")
        assert reminders.claim_due(work, now=NOW) == ()
        (again,) = reminders.claim_due(work, now=NOW + timedelta(hours=1))
        assert again.wanted_at == NOW and again.due_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "SELECT id FROM reminder WHERE state = 'waiting' AND due_at <= '2026-01-01' ORDER BY due_at, id LIMIT 50",
            "ix_reminder_due",
        ),
        (
            "SELECT id FROM reminder WHERE state = 'waiting' AND priority = 1 AND due_at <= '2026-01-01' ORDER BY due_at, id LIMIT 9",
            "ix_reminder_order",
        ),
    ],
)
def test_the_search_for_what_is_due_goes_along_an_index(database, enrolled, query, index):
    with database.write() as work:
        if work.is_postgres:
            work.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plan = str(work.execute(sa.text(("EXPLAIN " if work.is_postgres else "EXPLAIN QUERY PLAN ") + query)).all())
    # Which of two indexes an empty table is searched along is PostgreSQL's own choice.
    assert ("Index Cond" if database.engine.dialect.name == "postgresql" else index) in plan


def test_erasing_a_patient_erases_the_plans(database, someone, enrolled):
    with database.write() as work:
        reminders.plan(work, enrolled.id, due(), priority=1)
        work.execute(sa.delete(patient))
        assert work.execute(sa.select(sa.func.count()).select_from(reminder)).scalar() == 0
