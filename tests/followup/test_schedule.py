"""When steps are due: at the patient's own time of day, never in quiet hours, each once, over years, zones and changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.followup.offsets import Offset, OffsetProblem, Quiet, at_local
from bot.followup.plans import Condition, Step
from bot.followup.schedule import Rhythm, first_open, next_due, suits

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
# With daylight saving in both hemispheres, by half an hour, at midnight, abolished, and of a country that skipped a day.
ZONES = [
    *("Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut"),
    *("America/Santiago", "Pacific/Apia", "Asia/Tehran", "UTC"),
]
DAILY = Step(
    id="daily",
    after=Offset(),
    times=(time(8, 30),),
    every=Offset(days=1),
    until=None,
    window=timedelta(hours=4),
    late="useful",
    group="daily",
    texts={},
    questions=(),
    retry=None,
    condition=Condition(),
)
ONCE = replace(DAILY, id="once", after=Offset(days=3), every=None)
NO_QUIET = Quiet(time(0), time(0))


def _all(step, anchor, rhythm, most=2000):
    number, found = -1, []
    while len(found) < most and (due := next_due(step, anchor, rhythm, after=number)) is not None:
        found.append(due)
        number = due.number
    return found


def test_a_step_is_due_on_its_day_at_the_patient_s_time():
    due = next_due(ONCE, date(2026, 3, 1), Rhythm(SHANGHAI, Quiet()))
    assert due.at == datetime(2026, 3, 4, 0, 30, tzinfo=timezone.utc) and due.day == date(2026, 3, 4)


def test_a_single_step_is_due_once():
    assert len(_all(ONCE, date(2026, 3, 1), Rhythm(SHANGHAI, Quiet()))) == 1


def test_a_daily_step_keeps_its_time_over_both_changes_of_the_clock():
    days = _all(DAILY, date(2026, 1, 1), Rhythm(BERLIN, Quiet()), most=365)
    assert {due.at.astimezone(BERLIN).time() for due in days} == {time(8, 30)}
    assert [due.day for due in days] == [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def test_a_time_that_is_skipped_comes_an_hour_later_and_one_that_comes_twice_is_sent_once():
    night = replace(DAILY, times=(time(2, 30),))
    spring = next_due(night, date(2026, 3, 29), Rhythm(BERLIN, NO_QUIET))
    assert spring.at.astimezone(BERLIN).time() == time(3, 30)
    autumn = _all(replace(night, until=Offset(days=0)), date(2026, 10, 25), Rhythm(BERLIN, NO_QUIET))
    assert len(autumn) == 1 and autumn[0].at == datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)


def test_what_falls_into_quiet_hours_waits_for_their_end_and_what_would_be_too_late_is_not_sent():
    late = replace(ONCE, times=(time(22, 0),), window=timedelta(hours=12))
    due = next_due(late, date(2026, 3, 1), Rhythm(SHANGHAI, Quiet()))
    assert due.at.astimezone(SHANGHAI).time() == time(8, 0) and due.at < due.until
    assert next_due(replace(late, window=timedelta(hours=4)), date(2026, 3, 1), Rhythm(SHANGHAI, Quiet())) is None


def test_the_31st_comes_back_after_a_short_month():
    monthly = replace(DAILY, every=Offset(months=1), until=Offset(months=4))
    days = [due.day for due in _all(monthly, date(2026, 1, 31), Rhythm(SHANGHAI, Quiet()))]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_days_before_the_anchor_are_due_before_it():
    before = replace(ONCE, after=Offset(days=-7))
    assert next_due(before, date(2026, 6, 10), Rhythm(SHANGHAI, Quiet())).day == date(2026, 6, 3)


def test_who_enrols_late_comes_in_at_the_next_open_step():
    now = datetime(2026, 8, 1, 12, 0, tzinfo=timezone.utc)
    due = first_open(DAILY, date(2024, 1, 1), Rhythm(SHANGHAI, Quiet()), now=now)
    assert due.day == date(2026, 8, 2)
    assert first_open(ONCE, date(2024, 1, 1), Rhythm(SHANGHAI, Quiet()), now=now) is None


@pytest.mark.parametrize("text", ["", "3", "d", "3 d", "3y", "--1d", "1.5d", "99999d"])
def test_what_is_no_offset_is_refused_with_how_to_write_it(text):
    with pytest.raises(OffsetProblem, match="Write 3d"):
        Offset.read(text)


@pytest.mark.parametrize(("text", "day"), [("3d", 4), ("2w", 15), ("0d", 1)])
def test_an_offset_is_read(text, day):
    assert Offset.read(text).after(date(2026, 1, 1)) == date(2026, 1, day)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2009, 1, 1), date(2035, 1, 1)),
    st.lists(st.times(), min_size=1, max_size=4, unique_by=lambda clock: clock.replace(fold=0)),
    st.builds(Quiet, st.times(), st.times()),
    st.tuples(st.integers(1, 12), st.integers(1, 9)),
    st.text(max_size=8),
)
@settings(max_examples=100)
def test_always_in_order_in_the_window_never_in_quiet_hours_and_each_once(zone, anchor, times, quiet, rhythm, key):
    zone, (window, every) = ZoneInfo(zone), rhythm
    step = replace(DAILY, times=tuple(times), window=timedelta(hours=window), every=Offset(days=every), until=Offset(days=200))
    found = _all(step, anchor, Rhythm(zone, quiet, key))

    numbers = [due.number for due in found]
    assert numbers == sorted(set(numbers))
    for due in found:
        assert not quiet.holds_at(due.at, zone)
        wanted = at_local(due.day, sorted(times)[due.number % len(times)], zone)
        assert wanted <= due.at < due.until == wanted + step.window


@given(st.sampled_from(ZONES), st.dates(date(2009, 1, 1), date(2035, 1, 1)), st.integers(0, 1500), st.integers(0, 24 * 60))
@settings(max_examples=60)
def test_who_comes_in_misses_nothing_that_is_open(zone, anchor, days, minutes):
    zone = ZoneInfo(zone)
    rhythm, step = Rhythm(zone, Quiet(), "p"), replace(DAILY, until=Offset(days=900), times=(time(7), time(19)))
    now = datetime.combine(anchor, time(0), timezone.utc) + timedelta(days=days, minutes=minutes)
    wanted = next((due for due in _all(step, anchor, rhythm, most=1900) if due.until > now), None)
    assert first_open(step, anchor, rhythm, now=now) == wanted


def test_patients_of_one_morning_are_spread_and_each_keeps_its_minute():
    minutes = {next_due(ONCE, date(2026, 3, 1), Rhythm(SHANGHAI, Quiet(), f"p{number}")).at for number in range(300)}
    assert len(minutes) > 200 and max(minutes) - min(minutes) < timedelta(minutes=15)
    same = [next_due(ONCE, date(2026, 3, 1), Rhythm(SHANGHAI, Quiet(), "p1")).at for _ in range(2)]
    assert same[0] == same[1]


@pytest.mark.parametrize(
    ("condition", "patient", "fits"),
    [
        (Condition(sex="f"), {"sex": "m", "age": 30, "pregnant": None}, False),
        (Condition(sex="f"), {"sex": None, "age": None, "pregnant": None}, True),
        (Condition(age_from=18), {"sex": None, "age": 17.9, "pregnant": None}, False),
        (Condition(age_below=14), {"sex": None, "age": 14, "pregnant": None}, False),
        (Condition(pregnant=True), {"sex": "f", "age": 30, "pregnant": False}, False),
        (Condition(pregnant=True), {"sex": "f", "age": 30, "pregnant": None}, True),
    ],
)
def test_a_step_is_for_whom_it_says_and_what_is_unknown_does_not_exclude(condition, patient, fits):
    assert suits(condition, **patient) is fits
