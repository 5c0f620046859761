"""Two gateways at once, kill -9 between any two statements, a year of travels and pauses: everything once, nothing at night."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.database import Database, make_engine
from bot.database.tables import checkin, outbound, reminder
from bot.followup import enrolments, planning, reminders
from bot.followup.offsets import Offset, Quiet
from bot.followup.plans import Condition, Step
from bot.followup.schedule import Past, Rhythm, first_open, following
from bot.followup.sending import Terms, claim, send_due, send_to
from bot.followup.steps import quiet_of
from bot.privacy.encryption import Cipher, new_key
from tests.followup.years import START, enrol, person
from tests.stores import with_tables

MORNING = START + timedelta(days=1, hours=2)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati")


def work_through(database, content, *, now, limit=5):
    """Do what a gateway does in a round: claim in one transaction, then one for each chat."""
    terms = Terms(content, now)
    while True:
        with database.write() as work:
            chats = claim(work, now=now, limit=limit)
        if not chats:
            return
        for chat in chats:
            with database.write() as work:
                send_to(work, chat, terms)


def messages(database):
    """Return how many messages each chat has got."""
    with database.read() as work:
        query = sa.select(outbound.c.conversation_id, sa.func.count()).group_by(outbound.c.conversation_id)
        return {chat: count for chat, count in work.execute(query)}


def test_two_gateways_at_once_send_each_person_one_message_with_all_that_is_theirs(database, content):
    people = range(1, 16)
    with database.write() as work:
        for number in people:
            person(work, number)
            for plan in ("after_operation", "asthma", "after_emergency"):
                enrol(work, content, plan, number)
        work.execute(sa.update(reminder).values(due_at=MORNING, wanted_at=MORNING, until=MORNING + timedelta(hours=4)))
        # Those of one person are far apart in the order in which they are claimed.
        work.execute(sa.text("UPDATE reminder SET priority = id % 3"))
    start, failed = threading.Barrier(2), []

    def gateway():
        try:
            start.wait()
            work_through(database, content, now=MORNING)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=gateway) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert messages(database) == {f"c{number}": 1 for number in people}
    with database.read() as work:
        due = (reminder.c.attempt == 0, reminder.c.due_at == MORNING)
        assert set(work.execute(sa.select(reminder.c.state).where(*due)).scalars()) == {"sent"}


def _killed_at(statement, url, key, content):
    """Let a process of its own do a round and kill it before its `statement`; returns whether it came so far."""
    child = os.fork()
    if child == 0:
        try:
            engine, left = make_engine(url), [statement]

            @sa.event.listens_for(engine, "before_cursor_execute")
            def count(*_):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            work_through(Database(engine, Cipher([key], "lookup")), content, now=MORNING)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.slow
def test_killed_between_any_two_statements_nothing_is_lost_and_nothing_is_sent_twice(tmp_path, content):
    key, whole = new_key(), f"sqlite:///{tmp_path}/whole.sqlite"
    engine = make_engine(with_tables(whole))
    with Database(engine, Cipher([key], "lookup")).write() as work:
        for number in (1, 2):
            person(work, number)
            enrol(work, content, "after_operation", number)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    statement = 1
    while _killed_at(statement, _copy(tmp_path, statement), key, content):
        engine = make_engine(f"sqlite:///{tmp_path}/{statement}.sqlite")
        database = Database(engine, Cipher([key], "lookup"))
        work_through(database, content, now=MORNING + reminders.LEASE + timedelta(seconds=1))
        assert messages(database) == {"c1": 1, "c2": 1}, f"killed before statement {statement}"
        with database.read() as work:
            assert work.execute(sa.select(sa.func.count()).select_from(checkin)).scalar() == 2
            again = sa.select(sa.func.count()).select_from(reminder).where(reminder.c.attempt == 1)
            assert work.execute(again).scalar() == 2
        engine.dispose()
        statement += 1
    assert statement > 30


def _copy(folder, statement):
    shutil.copy(folder / "whole.sqlite", folder / f"{statement}.sqlite")
    return f"sqlite:///{folder}/{statement}.sqlite"


@given(
    st.sampled_from(ZONES),
    st.lists(st.times().map(lambda one: one.replace(microsecond=0)), min_size=1, max_size=3, unique=True),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(1, 9),
)
@example("Europe/Berlin", [time(2, 30), time(3, 0), time(19, 0)], date(2026, 1, 1), 1)
@settings(max_examples=60)
def test_step_after_step_every_day_comes_once_over_daylight_saving_in_both_directions(zone, times, anchor, every):
    step = Step(
        "s", Offset(days=0), tuple(times), Offset(days=every), None, timedelta(hours=3), "skip", "s", {}, (), None, Condition()
    )
    rhythm, begin = Rhythm(ZoneInfo(zone), Quiet(time(0), time(0))), datetime.combine(anchor, time(0), timezone.utc)
    due, found, of_day = first_open(step, anchor, rhythm, now=begin - timedelta(days=2)), [], 0
    while len(found) < 400 // every * len(times):
        of_day = of_day + 1 if found and found[-1].day == due.day else 1
        found.append(due)
        due = following(step, anchor, rhythm, Past(due.day, due.number, due.at, of_day))
    assert [one.day for one in found] == [anchor + timedelta(days=every * (n // len(times))) for n in range(len(found))]
    assert [one.number for one in found] == sorted({one.number for one in found})
    clocks = [one.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in found]
    shown = [datetime.combine(one.day, sorted(times)[place % len(times)]) for place, one in enumerate(found)]
    # A time that a clock skips comes as long after it as it was skipped, at most an hour.
    assert all(timedelta(0) <= clock - wanted <= timedelta(hours=1) for clock, wanted in zip(clocks, shown, strict=True))


OPERATIONS = st.one_of(
    st.tuples(st.just("live"), st.integers(1, 60 * 24 * 40)),
    st.tuples(st.just("down"), st.integers(1, 60 * 24 * 3)),
    st.tuples(st.just("move"), st.sampled_from(ZONES)),
    st.tuples(st.just("quiet"), st.sampled_from(["", "20:00-09:30", "22:00-06:00", "23:00-08:15"])),
    st.tuples(st.just("pause"), st.integers(1, 10)),
    st.tuples(st.just("resume"), st.just(0)),
)


@given(st.lists(OPERATIONS, min_size=3, max_size=10), st.sampled_from(ZONES))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_a_year_of_travels_pauses_and_downtimes_no_day_is_asked_twice_and_nobody_at_night(
    tmp_path_factory, content, operations, zone
):
    engine = make_engine(with_tables(f"sqlite:///{tmp_path_factory.mktemp('life')}/store.sqlite"))
    database, life = Database(engine, Cipher([new_key()], "lookup")), _Life(content, zone)
    with database.write() as work:
        person(work, zone=zone)
        life.enrolment = enrol(work, content, "medicine", zone=zone)
    for what, value in [*operations, ("resume", 0), ("live", 60 * 24 * 3)]:
        getattr(life, what)(database, value)
    assert len(life.sent) == len(set(life.sent)), "one sending twice"
    days = [day for day, _ in life.sent]
    assert len(days) == len(set(days)), "asked twice on one day"
    assert life.alive, "the plan has stopped for ever"
    engine.dispose()


class _Life:
    """A patient who lives, travels and pauses while the gateway runs or is down."""

    def __init__(self, content, zone):
        self.content, self.zone, self.quiet_hours, self.now = content, zone, "", START
        self.sent, self.enrolment = [], None

    @property
    def alive(self):
        return bool(self.sent)

    def live(self, database, minutes):
        end = self.now + timedelta(minutes=minutes)
        while self.now < end:
            before = self._known(database)
            with database.write() as work:
                send_due(work, self.content, now=self.now)
            new = [one for one in self._known(database) if one not in before]
            if new:
                assert not quiet_of(self.quiet_hours).holds_at(self.now, ZoneInfo(self.zone)), "written to at night"
            self.sent += new
            self.now = min(end, self._next(database, end))

    def down(self, _, minutes):
        self.now += timedelta(minutes=minutes)

    def move(self, database, zone):
        self.zone = zone
        with database.write() as work:
            planning.move_to(work, "p1", zone, self.content, now=self.now)

    def quiet(self, database, hours):
        self.quiet_hours = hours
        with database.write() as work:
            planning.keep_quiet(work, "p1", hours, self.content, now=self.now)

    def pause(self, database, days):
        with database.write() as work:
            enrolments.pause(work, self.enrolment.id, until=self.now + timedelta(days=days), who="patient", now=self.now)

    def resume(self, database, _):
        with database.write() as work:
            enrolments.resume(work, self.enrolment.id, who="patient", now=self.now)

    def _known(self, database):
        with database.read() as work:
            query = sa.select(reminder.c.day, reminder.c.number).where(reminder.c.state == "sent", reminder.c.attempt == 0)
            return [tuple(row) for row in work.execute(query.order_by(reminder.c.id))]

    def _next(self, database, end):
        with database.read() as work:
            waiting = sa.select(reminder.c.due_at).where(reminder.c.state == "waiting").order_by(reminder.c.due_at).limit(1)
            due = work.execute(waiting).scalar()
        return end if due is None else max(due, self.now + timedelta(seconds=61))
