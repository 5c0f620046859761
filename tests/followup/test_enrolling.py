"""Somebody is asked in chat before anything of a plan is sent; own red lines count; who must not be asked is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, patient, reminder
from bot.followup import asking, enrolling, enrolments
from bot.followup.enrolling import EnrolProblem, Wish
from bot.followup.limits import LimitProblem, Outside, best_of, limits_of, read_limits
from tests import contents
from tests.conversations.bench import Bench
from tests.followup.test_checkins import asked

WISH = Wish("hypertension", "ana", "desk:1")


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def thresholds():
    return contents.content_source().current().followup.thresholds


def enrol(bench, someone, wish=WISH):
    with bench.database.write() as work:
        content = bench.services.content.current()
        return enrolling.enrol(work, someone.conversation().id, wish, content, now=bench.now())


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "de", "ar"])
async def test_what_is_sent_and_how_to_stop_is_said_and_nothing_is_planned_before_the_yes(bench, language):
    someone = await bench.patient(language=language).who_agreed()
    enrolment, new = enrol(bench, someone)
    await someone.listens()

    plan = bench.services.content.current().followup.plans.by_id["hypertension"]
    someone.hears(plan.consent[language])
    assert plan.names[language] not in someone.latest[-1].content["text"].split("\n")[0]
    assert [asking.answer_in(button["payload"]) for button in someone.latest[-1].content["buttons"]] == [
        (enrolment.id, True),
        (enrolment.id, False),
    ]
    assert new and enrolment.state == "asked"
    with bench.database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(reminder)).scalar() == 0


async def test_the_same_key_asks_nobody_twice_and_another_one_for_the_same_plan_is_refused(bench):
    someone = await bench.patient(language="en").who_agreed()
    first, _ = enrol(bench, someone)
    await someone.listens()

    assert enrol(bench, someone) == (first, False)
    with pytest.raises(EnrolProblem, match="already"):
        enrol(bench, someone, replace(WISH, dedupe_key="desk:2"))
    await someone.listens()
    someone.hears_nothing()


async def test_who_is_asked_again_hears_it_again_until_they_have_answered(bench):
    someone = await bench.patient(language="en").who_agreed()
    enrolment, _ = enrol(bench, someone)
    content = bench.services.content.current()
    with bench.database.write() as work:
        assert asking.ask(work, enrolment, content, now=bench.now(), again="one") is not None
        assert asking.ask(work, enrolment, content, now=bench.now(), again="one") is None
        enrolments.agree(work, enrolment.id, now=bench.now())
        active = enrolments.of_id(work, enrolment.id)
        assert asking.ask(work, active, content, now=bench.now(), again="two") is None


@pytest.mark.parametrize(
    ("values", "by", "key"),
    [
        ({"no_reminders_because": "died"}, "ana", "died"),
        ({"no_reminders_because": "asked"}, "api:records", "stopped"),
    ],
)
async def test_who_has_died_is_never_asked_and_a_stop_is_undone_by_no_program(bench, values, by, key):
    someone = await bench.patient(language="en").who_agreed()
    with bench.database.write() as work:
        work.execute(sa.update(patient).values(**values))
    with pytest.raises(EnrolProblem, match=key):
        enrol(bench, someone, replace(WISH, by=by))


async def test_who_has_stopped_may_be_asked_again_by_a_nurse(bench):
    someone = await bench.patient(language="en").who_agreed()
    with bench.database.write() as work:
        work.execute(sa.update(patient).values(no_reminders_because="asked"))
    assert enrol(bench, someone)[1]


@pytest.mark.parametrize(("column", "key"), [("erase_after", "left"), ("blocked_at", "blocked")])
async def test_who_has_left_or_is_blocked_is_not_asked(bench, column, key):
    someone = await bench.patient(language="en").who_agreed()
    with bench.database.write() as work:
        work.execute(sa.update(conversation).values({column: bench.now()}))
    with pytest.raises(EnrolProblem, match=key):
        enrol(bench, someone)


async def test_nobody_is_asked_before_they_agreed_to_be_written_to_at_all(bench):
    someone = bench.patient(language="en")
    await someone.says("Hello")
    with pytest.raises(EnrolProblem, match="no_consent"):
        enrol(bench, someone)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"plan": "nothing"}, "plan"),
        ({"plan": "did_you_go"}, "plan"),
        ({"zone": "Nowhere/City"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"limits": {"systolic": {"high": 900}}}, "limits"),
        ({"limits": {"shoe_size": {"high": 40}}}, "limits"),
    ],
)
async def test_what_cannot_be_is_refused(bench, change, key):
    someone = await bench.patient(language="en").who_agreed()
    with pytest.raises(EnrolProblem, match=key):
        enrol(bench, someone, replace(WISH, **change))


async def test_a_day_years_away_is_a_slip_and_the_patients_own_zone_holds(bench):
    someone = await bench.patient(language="en").who_agreed()
    with bench.database.write() as work:
        work.execute(sa.update(patient).values(zone="Europe/Berlin"))
    with pytest.raises(EnrolProblem, match="day"):
        enrol(bench, someone, replace(WISH, day=bench.now().date() + timedelta(days=800)))
    assert enrol(bench, someone)[0].zone == "Europe/Berlin"


@pytest.mark.parametrize(("high", "opened"), [(150, 0), (135, 1)])
async def test_a_value_beyond_the_teams_own_red_line_reaches_a_nurse_and_one_within_does_not(bench, high, opened):
    someone = await bench.patient(language="en").who_agreed()
    enrolment = await asked(bench, someone, "hypertension")
    limits = {"systolic": {"low": 90.0, "high": float(high)}}
    with bench.database.write() as work:
        enrolments.change(work, enrolment.id, who="ana", now=bench.now(), limits=limits)
    await someone.says("140/85")
    assert len(bench.cases()) == opened


def test_limits_are_read_with_their_sides_and_empty_fields_are_none(thresholds):
    given = {"systolic": {"low": "", "high": "150"}, "diastolic": {"low": None}, "best_peak_flow": "420"}

    assert read_limits(given, thresholds) == {"limits": {"systolic": {"high": 150.0}}, "best_peak_flow": 420.0}
    assert read_limits({}, thresholds) == {}


@pytest.mark.parametrize(
    "given",
    [{"systolic": {"low": 150, "high": 120}}, {"systolic": {"middle": 120}}, {"systolic": 120}, {"systolic": {"low": True}},
     {"systolic": {"low": "much"}}, {"best_peak_flow": "nan"}, {"glucose_mmol": {"high": "1e9"}}],
)  # fmt: skip
def test_limits_that_are_none_are_refused(thresholds, given):
    with pytest.raises(LimitProblem):
        read_limits(given, thresholds)


def test_a_pair_of_red_lines_holds_at_and_beyond_each_of_them():
    line = Outside(to=90, from_=150)

    assert [line.holds(value) for value in (89, 90, 91, 149, 150, 151)] == [True, True, False, False, True, True]
    assert not Outside().holds(500)


def test_of_several_enrolments_the_newest_limit_and_best_count():
    details = [{"limits": {"systolic": {"high": 150}}, "best_peak_flow": 400}, {}, {"limits": {"systolic": {"high": 140}}}]

    assert limits_of(details)["systolic"].from_ == 140
    assert best_of(details) == 400
    assert best_of([]) is None
