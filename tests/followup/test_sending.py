"""Months of a plan with a fake clock: everything once, in its window, never at night, held while a nurse is there, ended by a stop."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database, make_engine, migrate
from bot.database.tables import checkin, consent, conversation, outbound, reminder
from bot.followup import enrolments
from bot.followup.enrolments import OWN
from bot.followup.sending import send_due
from bot.followup.steps import quiet_of
from bot.handoff.cases import Cause, open_case
from bot.handoff.claims import claim
from bot.privacy.consent import VERSION
from bot.privacy.encryption import Cipher, new_key
from tests.conversations.bench import content_source
from tests.followup.years import START, enrol, live, person, states, told


@pytest.fixture(scope="module")
def content():
    return content_source().current()


def test_the_days_after_an_operation_are_asked_about_each_once(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
    live(database, content, START + timedelta(days=60))

    days = [at.astimezone(ZoneInfo("Asia/Shanghai")) for at, _ in told(database)]
    assert [(day.date() - date(2026, 3, 1)).days for day in days] == [1, 3, 7, 30]
    assert all(10 <= day.hour < 11 for day in days)
    assert "How strong is the pain now?" in told(database)[0][1] and "not a diagnosis" in told(database)[0][1]


def test_a_year_of_mornings_is_a_year_of_reminders_over_both_changes_of_the_clock(database, content):
    with database.write() as work:
        person(work, zone="Europe/Berlin", language="de")
        enrol(work, content, "medicine", zone="Europe/Berlin")
    live(database, content, START + timedelta(days=366))

    berlin = [at.astimezone(ZoneInfo("Europe/Berlin")) for at, _ in told(database)]
    assert [day.date() for day in berlin] == [date(2026, 3, 2) + timedelta(days=number) for number in range(len(berlin))]
    assert len(berlin) >= 364 and {day.hour for day in berlin} == {8}


def test_two_plans_of_one_morning_are_one_message(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
        enrol(work, content, "hypertension")
    live(database, content, START + timedelta(days=1, hours=3))

    ((_, text),) = told(database)
    assert "daily reminder" in text and "Time to measure" in text and text.count("not a diagnosis") == 1


def test_a_reminder_that_was_due_during_a_downtime_says_that_it_is_late_or_is_skipped(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
        enrol(work, content, "medicine")
        down_until = START + timedelta(days=1, hours=8)  # 17 o'clock
        send_due(work, content, now=down_until)
    assert {(step, state) for step, number, state, _ in states(database) if number == 0 and step in ("day1", "daily")} == {
        ("day1", "sent"),
        ("daily", "skipped"),
    }
    assert "This reminder is late" in told(database)[0][1]


def test_while_a_nurse_has_the_case_nothing_cheerful_comes_between(database, content):
    phrases = content.phrases
    at = START + timedelta(days=1, hours=1, minutes=30)
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
        case, _ = open_case(work, "c1", Cause("person_requested", "R", "k"), now=at)
        claim(work, case.id, who="ana", name="Ana", now=at, phrases=phrases)
        assert send_due(work, content, now=at + timedelta(minutes=1)).put_off == 1
    assert told(database) == []


def test_an_open_emergency_holds_a_plan_back(database, content):
    at = START + timedelta(days=1, hours=1, minutes=30)
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
        work.execute(sa.update(conversation).values(level_floor="E1", last_at=at - timedelta(hours=1)))
        assert send_due(work, content, now=at).put_off == 1
        work.execute(sa.update(conversation).values(last_at=at - timedelta(hours=5)))
        assert send_due(work, content, now=at + timedelta(minutes=16)).sent == 1


@pytest.mark.parametrize("because", ["asked", "died", "moved"])
def test_after_a_stop_nothing_is_sent_ever(database, content, because):
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
        enrol(work, content, "after_operation")
        enrolments.stop_all(work, "p1", because=because, who="patient", now=START)
    live(database, content, START + timedelta(days=40))
    assert told(database) == []


@pytest.mark.parametrize("change", [{"blocked_at": START}, {"erase_after": START + timedelta(days=90)}])
def test_who_is_blocked_or_has_left_is_not_written_to(database, content, change):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
        work.execute(sa.update(conversation).values(**change))
    live(database, content, START + timedelta(days=40))
    assert told(database) == []


def test_without_consent_nothing_is_sent(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
        revoked = {"version": VERSION, "state": "revoked", "channel": "webchat", "language": "en", "at": START}
        work.execute(consent.insert().values(patient_id="p1", **revoked))
    live(database, content, START + timedelta(days=40))
    assert told(database) == []


def test_a_pause_is_kept_and_the_plan_goes_on_after_it(database, content):
    with database.write() as work:
        person(work)
        enrolment = enrol(work, content, "medicine")
        enrolments.pause(work, enrolment.id, until=START + timedelta(days=5), who="patient", now=START)
    live(database, content, START + timedelta(days=8))
    days = [at.astimezone(ZoneInfo("Asia/Shanghai")).date() for at, _ in told(database)]
    assert days and min(days) >= date(2026, 3, 6) and days == sorted(set(days))


def test_a_reminder_of_one_s_own_comes_to_the_minute_also_in_quiet_hours(database, content):
    details = {"text": "measure my blood pressure", "times": ["22:15"], "every": {"days": 1, "months": 0}, "until_days": 3}
    with database.write() as work:
        person(work)
        enrol(work, content, OWN, details=details)
    live(database, content, START + timedelta(days=10))
    times = [at.astimezone(ZoneInfo("Asia/Shanghai")) for at, _ in told(database)]
    assert [one.time() for one in times] == [time(22, 15)] * 4
    assert "measure my blood pressure" in told(database)[0][1]


def test_the_first_reminder_says_how_to_end_it_and_the_second_does_not(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
    live(database, content, START + timedelta(days=3))
    texts = [text for _, text in told(database)]
    assert "stop reminders" in texts[0] and "stop reminders" not in texts[1]


def test_a_step_that_asks_opens_its_check_in(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
    live(database, content, START + timedelta(days=1, hours=4))
    with database.read() as work:
        (row,) = work.execute(sa.select(checkin)).all()
        assert work.cipher.unseal(row.sealed)["questions"] == ["pain", "temperature", "wound", "eating"] and row.state == "open"


@given(
    st.tuples(
        st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Shanghai", "Africa/Cairo"]),
        st.sampled_from(["", "20:00-09:30", "22:00-06:00", "23:00-11:00", "00:00-00:00"]),
    ),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    st.integers(1, 200),
    st.sampled_from(["hypertension", "heart_failure", "antenatal", "asthma", "after_operation", "diabetes"]),
    st.lists(st.integers(1, 3000), max_size=3),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_plan_the_zone_and_the_downtimes_each_is_sent_once_in_its_window_and_never_in_quiet_hours(
    tmp_path_factory, content, place, anchor, days, plan, downtimes
):
    zone, quiet = place
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('year')}/store.sqlite")
    migrate(engine)
    database, begin = Database(engine, Cipher([new_key()], "look")), datetime.combine(anchor, time(0), timezone.utc)
    with database.write() as work:
        person(work, quiet=quiet, zone=zone)
        enrol(work, content, plan, zone=zone, anchor=anchor, now=begin)
    now = begin
    for minutes in [*downtimes, 0]:
        now = live(database, content, now + timedelta(days=days / (len(downtimes) + 1)), now=now) + timedelta(minutes=minutes)
    hours = quiet_of(quiet)
    with database.read() as work:
        rows = work.execute(sa.select(reminder).where(reminder.c.state == "sent")).all()
        keys = {(row.enrolment_id, row.step, row.number, row.attempt) for row in rows}
        sent = work.execute(sa.select(sa.func.count()).select_from(outbound)).scalar()
    assert len(keys) == len(rows) and sent <= len(rows)
    for row in rows:
        assert row.wanted_at <= row.sent_at < row.until + (row.until - row.wanted_at)
        assert not hours.holds_at(row.sent_at, ZoneInfo(zone))
    engine.dispose()
