"""What happens in a life: somebody travels, a plan is changed while it runs, two plans ask on one morning, a platform closes its door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, outbound, plan_enrolment, profile, reminder
from bot.followup import planning
from bot.followup.enrolments import OWN
from bot.followup.expiry import expire
from bot.followup.offsets import Offset
from bot.followup.plans import Condition
from bot.followup.rounds import TASKS
from bot.followup.sending import Terms, send_due
from bot.handoff.case_rows import list_open
from bot.outbox.deliver import deliver_due
from bot.outbox.sender import Closed, Permanent, Unknown
from tests.followup.years import START, enrol, live, person, states, told

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Platform:
    """A sender whose platform lets us write as `ways` say, and that answers every message with `error`, or takes it."""

    channel = "telegram"

    def __init__(self, *ways, error=None):
        self.ways, self.error, self.sent = list(ways), error, 0

    def way(self, work, conversation_id, *, now):
        return self.ways.pop(0) if len(self.ways) > 1 else self.ways[0]

    async def send(self, message):
        self.sent += 1
        if self.error is not None:
            raise self.error
        return "1"


def local_days(database, zone):
    return [at.astimezone(zone).date() for at, _ in told(database)]


def changed(content, plan, **values):
    """Return the content with another first step of a plan; of no values at all the plan has no such step."""
    known = content.followup.plans.by_id[plan]
    steps = (replace(known.steps[0], **values), *known.steps[1:]) if values else known.steps[1:]
    plans = replace(content.followup.plans, by_id={**content.followup.plans.by_id, plan: replace(known, steps=steps)})
    return replace(content, followup=replace(content.followup, plans=plans))


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Kiritimati"]
)
def test_who_travels_is_reminded_once_on_each_of_their_days_by_the_clocks_there(database, content, zone):
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
    now = live(database, content, START + timedelta(days=3, hours=12))
    with database.write() as work:
        planning.move_to(work, "p1", zone, content, now=now)
    live(database, content, now + timedelta(days=5), now=now)

    here = [at for at, _ in told(database) if at < now]
    there = [at.astimezone(ZoneInfo(zone)) for at, _ in told(database) if at >= now]
    days = [at.astimezone(SHANGHAI).date() for at in here] + [at.date() for at in there]
    assert days == sorted(set(days)) and len(there) >= 4
    assert all(time(8, 30) <= at.time() < time(10, 30) for at in there)


def test_other_quiet_hours_hold_at_once(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
        planning.keep_quiet(work, "p1", "20:00-12:00", content, now=START)
    live(database, content, START + timedelta(days=8))
    assert {at.astimezone(SHANGHAI).hour for at, _ in told(database)} == {12}


def test_counted_from_another_day_what_was_sent_is_not_sent_again(database, content):
    with database.write() as work:
        person(work)
        enrolment = enrol(work, content, "after_operation")
    now = live(database, content, START + timedelta(days=2))
    with database.write() as work:
        planning.count_from(work, enrolment, date(2026, 3, 3), content, now=now)
    live(database, content, now + timedelta(days=40), now=now)
    assert [(day - date(2026, 3, 1)).days for day in local_days(database, SHANGHAI)] == [1, 5, 9, 32]


@pytest.mark.parametrize("times", [["18:00"], ["08:30", "19:00"], ["07:00"]])
def test_a_plan_that_is_changed_while_it_runs_leaves_out_no_day_and_asks_on_none_twice(database, content, times):
    after = changed(content, "medicine", times=tuple(time.fromisoformat(one) for one in times))
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
    now = live(database, content, START + timedelta(days=3, hours=3))
    live(database, after, START + timedelta(days=10), now=now)

    with database.read() as work:
        columns = (reminder.c.day, reminder.c.wanted_at, reminder.c.number)
        sent = work.execute(
            sa.select(*columns).where(reminder.c.state == "sent", reminder.c.attempt == 0).order_by(reminder.c.id)
        ).all()
    days = [row.day for row in sent]
    assert days == sorted(days) and set(days) == {date(2026, 3, 2) + timedelta(days=number) for number in range(len(set(days)))}
    assert len(set(days)) >= 8 and all(days.count(day) <= len(times) for day in days)
    assert len({row.number for row in sent}) == len(sent)
    assert len({(row.day, row.wanted_at) for row in sent}) == len(sent)


def test_from_two_times_a_day_to_one_no_day_is_left_out(database, content):
    after = changed(content, "hypertension", times=(time(8, 30),), until=Offset(days=12))
    with database.write() as work:
        person(work)
        enrol(work, content, "hypertension")
    now = live(database, content, START + timedelta(days=4))
    live(database, after, START + timedelta(days=12), now=now)
    days = local_days(database, SHANGHAI)
    assert sorted(set(days)) == [date(2026, 3, 2) + timedelta(days=number) for number in range(len(set(days)))]
    assert len(set(days)) >= 11 and all(days.count(day) == 1 for day in days if day > date(2026, 3, 7))


def test_a_step_that_the_plan_no_longer_has_is_not_sent_and_the_plan_ends(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
    now = live(database, content, START + timedelta(days=3))
    count = len(told(database))
    live(database, changed(content, "medicine"), START + timedelta(days=9), now=now)
    assert len(told(database)) == count and states(database)[-1][2:] == ("cancelled", "ended")


def test_a_plan_of_which_everything_was_sent_and_answered_or_not_is_over(database, content):
    with database.write() as work:
        person(work)
        enrol(work, content, "after_operation")
    now = live(database, content, START + timedelta(days=40))
    with database.write() as work:
        assert work.execute(sa.select(plan_enrolment.c.state)).scalar() == "active"  # the last questions are still open
        while expire(work, content, now=now + timedelta(days=9)):
            pass
        row = work.execute(sa.select(plan_enrolment.c.state, plan_enrolment.c.ended_because)).one()
    assert tuple(row) == ("ended", "done")


@pytest.mark.parametrize(("minutes", "messages"), [(10, 1), (15, 1), (16, 2)])
def test_two_plans_within_a_quarter_of_an_hour_are_one_message(database, content, minutes, messages):
    at = (datetime.combine(date(2026, 3, 1), time(8, 30)) + timedelta(minutes=minutes)).time()
    content = changed(content, "diabetes", times=(at,))
    with database.write() as work:
        person(work)
        enrol(work, content, "medicine")
        enrol(work, content, "diabetes")
    live(database, content, START + timedelta(days=1, hours=3))
    found = told(database)
    assert len(found) == messages
    if messages == 1:
        assert "daily reminder" in found[0][1] and "before breakfast" in found[0][1]


def test_a_reminder_to_the_minute_is_not_kept_back_for_a_plan(database, content):
    details = {"text": "drink water", "times": ["08:25"], "every": {"days": 1, "months": 0}, "until_days": 2}
    with database.write() as work:
        person(work)
        enrol(work, content, OWN, details=details)
        enrol(work, content, "medicine")
    live(database, content, START + timedelta(hours=28))
    (first, *_) = [(at.astimezone(SHANGHAI).time(), text) for at, text in told(database) if "drink water" in text]
    assert first[0] == time(8, 25)


def test_a_step_for_others_is_not_for_this_patient(database, content):
    content = changed(content, "medicine", condition=Condition(sex="f"))
    with database.write() as work:
        for number, sex in ((1, "m"), (2, "f"), (3, None)):
            person(work, number)
            work.execute(
                profile.insert().values(patient_id=f"p{number}", at=START, sealed=work.cipher.seal({"who": "self", "sex": sex}))
            )
            enrol(work, content, "medicine", number)
    live(database, content, START + timedelta(days=2))
    with database.read() as work:
        assert set(work.execute(sa.select(outbound.c.conversation_id)).scalars()) == {"c2", "c3"}


def test_while_the_platform_is_closed_it_waits_and_the_nurse_s_list_learns_what_could_not_be_asked(database, content):
    platform = Platform("closed")
    with database.write() as work:
        person(work, channel="telegram")
        enrol(work, content, "after_operation")
    live(database, content, START + timedelta(days=2), senders={"telegram": platform})
    assert told(database) == [] and ("day1", 0, "skipped", "unreachable") in states(database)
    with database.read() as work:
        assert [row.state for row in work.execute(sa.select(checkin.c.state))] == ["unanswered"] and not list_open(work)
    live(database, content, START + timedelta(days=4), now=START + timedelta(days=2), senders={"telegram": platform})
    with database.read() as work:
        (case,) = list_open(work)  # the second in a row, in a plan of high risk
    assert case.reason == "worrying_checkin" and case.level == "R"


def test_when_the_door_opens_in_time_it_is_sent(database, content):
    platform = Platform("closed", "closed", "open")
    with database.write() as work:
        person(work, channel="telegram")
        enrol(work, content, "after_operation")
    live(database, content, START + timedelta(days=1, hours=4), senders={"telegram": platform})
    assert len(told(database)) == 1 and states(database)[0][2] == "sent"


@pytest.mark.parametrize(
    ("senders", "state"), [({"telegram": Platform("notice")}, "sent"), ({"telegram": Platform("gone")}, "skipped")]
)
def test_a_notice_is_a_way_and_who_has_left_is_not_written_to(database, content, senders, state):
    with database.write() as work:
        person(work, channel="telegram")
        enrol(work, content, "after_operation")
    live(database, content, START + timedelta(days=1, hours=4), senders=senders)
    assert states(database)[0][2] == state


def test_on_a_channel_that_is_switched_off_nothing_is_made(database, content):
    with database.write() as work:
        person(work, channel="telegram")
        enrol(work, content, "after_operation")
    live(database, content, START + timedelta(days=2), senders={})
    with database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(outbound)).scalar() == 0


def _sent_to_telegram(database, content):
    """Let the first reminder be in the outbox; returns when."""
    with database.write() as work:
        person(work, channel="telegram")
        work.execute(
            sa.text("INSERT INTO identity (patient_id, channel, lookup, sealed) VALUES ('p1', 'telegram', 'i1', :sealed)"),
            {"sealed": work.cipher.seal("7")},
        )
        enrol(work, content, "after_operation")
    return live(database, content, START + timedelta(days=1, hours=3, minutes=10))


def _first(database):
    with database.read() as work:
        columns = (reminder.c.state, reminder.c.why)
        return tuple(work.execute(sa.select(*columns).where(reminder.c.step == "day1", reminder.c.attempt == 0)).one())


def test_what_has_not_left_when_it_is_of_no_use_any_more_never_does(database, content):
    _sent_to_telegram(database, content)
    later = START + timedelta(days=4)
    drop = next(task for task in TASKS if task.name == "undelivered")
    with database.write() as work:
        assert drop.is_due(work, later) and not drop.is_due(work, START + timedelta(days=1, hours=3))
        assert [drop.act(work, one, Terms(content, later)) for one in drop.find(work, later)] == [1]
        assert set(work.execute(sa.select(outbound.c.state)).scalars()) == {"dead"}
        expire(work, content, now=later + timedelta(seconds=1))
        assert set(work.execute(sa.select(checkin.c.state)).scalars()) == {"unanswered"}
    assert _first(database) == ("failed", "unreachable")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (None, ("sent", None)),
        (Permanent(), ("failed", "unreachable")),
        (Closed(), ("failed", "unreachable")),
        (Unknown(), ("sent", None)),
    ],
)
async def test_a_reminder_that_the_platform_refused_was_not_sent_and_one_that_may_have_arrived_was(
    database, content, error, state
):
    now = _sent_to_telegram(database, content)
    platform = Platform("open", error=error)
    await deliver_due(database, senders={"telegram": platform}, clock=lambda: now)
    assert platform.sent == 1 and _first(database) == state


def test_a_message_that_is_too_old_is_not_claimed_for_sending(database, content):
    _sent_to_telegram(database, content)
    from bot.outbox.store import claim_due

    with database.write() as work:
        assert claim_due(work, channels=frozenset({"telegram"}), now=START + timedelta(days=4)) == ()


def test_an_enrolment_that_cannot_be_read_does_not_stop_the_others(database, content):
    with database.write() as work:
        for number in (1, 2):
            person(work, number)
            enrol(work, content, OWN, number, details={"text": "drink", "times": ["12:00"]})
        work.execute(sa.update(plan_enrolment).where(plan_enrolment.c.patient_id == "p1").values(sealed=work.cipher.seal({})))
        assert send_due(work, content, now=START + timedelta(hours=3, minutes=1)).sent == 1
    assert [state for *_, state, _ in states(database)] == ["failed", "sent"]
