"""Working hours: breaks, nights, holidays, days that are worked off, daylight saving both ways, midnight, zones."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.duty.calendar import Calendar, always, instant
from bot.duty.hours import calendar_from

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
UTC = timezone.utc


def calendar(zone: ZoneInfo = SHANGHAI, **entry: object) -> Calendar:
    return calendar_from(entry, zone)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


OFFICE = calendar(hours={"mon-fri": ["08:00-12:00", "13:30-17:30"]}, holidays={"country": "CN"})
NIGHT = calendar(hours={"mon-fri": ["20:00-06:00"]})


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-25T07:59:59", False),
        ("2026-11-25T08:00:00", True),
        ("2026-11-25T11:59:59", True),
        ("2026-11-25T12:00:00", False),  # the break
        ("2026-11-25T13:29:59", False),
        ("2026-11-25T13:30:00", True),
        ("2026-11-25T17:30:00", False),
        ("2026-11-28T10:00:00", False),  # Saturday
    ],
)
def test_it_is_open_in_its_spans_and_shut_in_breaks_and_at_weekends(moment, is_open):
    assert OFFICE.is_open(at(moment)) is is_open
    assert OFFICE.is_open(at(moment).astimezone(UTC)) is is_open


def test_a_night_begins_on_its_day_and_runs_over_midnight():
    assert NIGHT.is_open(at("2026-11-27T23:59:59")) and NIGHT.is_open(at("2026-11-28T00:00:00"))
    assert NIGHT.is_open(at("2026-11-28T05:59:00"))  # of Friday's night, though it is Saturday
    assert not NIGHT.is_open(at("2026-11-28T20:30:00"))
    assert not NIGHT.is_open(at("2026-11-30T05:00:00"))  # Monday morning: nobody began on Sunday
    assert NIGHT.closes_at(at("2026-11-27T21:00:00")) == at("2026-11-28T06:00:00")


def test_it_has_been_open_since_before_midnight_and_not_since_before_a_break():
    around = calendar(hours={"mon-sun": ["00:00-08:00", "20:00-24:00"]})
    assert around.opened_at(at("2026-11-26T03:00:00")) == at("2026-11-25T20:00:00")
    assert OFFICE.opened_at(at("2026-11-25T14:00:00")) == at("2026-11-25T13:30:00")
    assert OFFICE.opened_at(at("2026-11-25T12:30:00")) is None


def test_public_holidays_are_shut_and_days_worked_off_are_not():
    assert not OFFICE.is_open(at("2026-10-01T10:00:00"))  # National Day, a Thursday
    assert not OFFICE.is_open(at("2026-10-07T10:00:00"))  # given for the Saturday after
    assert OFFICE.is_open(at("2026-10-10T10:00:00"))  # that Saturday
    assert not OFFICE.is_open(at("2026-10-17T10:00:00"))  # any other Saturday


def test_the_next_opening_leaps_over_all_holidays_of_the_week():
    assert OFFICE.next_opening(at("2026-09-30T18:00:00")) == at("2026-10-08T08:00:00")


def test_holidays_may_have_hours_and_single_days_go_before_them():
    kept = calendar(
        hours={"mon-sun": ["08:00-18:00"]},
        holidays={"country": "DE", "subdivision": "BE", "hours": ["10:00-12:00"]},
        days=[{"date": date(2026, 12, 25), "hours": "closed"}, {"date": date(2026, 12, 24), "hours": ["08:00-11:00"]}],
    )
    assert kept.spans_on(date(2026, 12, 26)) == ((600, 720),)
    assert kept.spans_on(date(2026, 12, 25)) == ()
    assert kept.spans_on(date(2026, 12, 24)) == ((480, 660),)
    assert kept.spans_on(date(2026, 12, 23)) == ((480, 1080),)


def test_a_holiday_of_another_state_is_a_working_day():
    entry = {"hours": {"mon-fri": ["08:00-18:00"]}}
    berlin = calendar(BERLIN, **entry, holidays={"country": "DE", "subdivision": "BE"})
    munich = calendar(BERLIN, **entry, holidays={"country": "DE", "subdivision": "BY"})
    epiphany = at("2026-01-06T10:00:00", BERLIN)
    assert berlin.is_open(epiphany) and not munich.is_open(epiphany)


def test_day_and_night_is_always_open_and_never_opens():
    open_always = always(SHANGHAI)
    now = at("2026-11-25T03:00:00")
    assert open_always.is_open(now) and open_always.next_opening(now) is None and open_always.closes_at(now) is None
    assert open_always.add_working_time(now, 5) == now + timedelta(minutes=5)


def test_working_time_goes_on_after_the_break_and_on_the_next_day():
    assert OFFICE.add_working_time(at("2026-11-25T11:45:00"), 30) == at("2026-11-25T13:45:00")
    assert OFFICE.add_working_time(at("2026-11-27T17:20:00"), 30) == at("2026-11-30T08:20:00")
    assert OFFICE.add_working_time(at("2026-11-28T03:00:00"), 30) == at("2026-11-30T08:30:00")
    assert OFFICE.add_working_time(at("2026-11-25T09:00:00"), 0) == at("2026-11-25T09:00:00")
    assert OFFICE.add_working_time(at("2026-11-25T12:10:00"), 0) == at("2026-11-25T13:30:00")


def test_a_night_of_the_spring_change_is_an_hour_shorter_and_of_the_autumn_change_longer():
    night = calendar(BERLIN, hours={"mon-sun": ["22:00-06:00"]})
    spring, autumn = at("2026-03-28T22:00:00", BERLIN), at("2026-10-24T22:00:00", BERLIN)
    assert night.add_working_time(spring, 7 * 60) == at("2026-03-29T06:00:00", BERLIN).astimezone(UTC)
    assert night.add_working_time(autumn, 9 * 60) == at("2026-10-25T06:00:00", BERLIN).astimezone(UTC)
    # Eight hours of an ordinary night end at its end; in spring an hour is left for the next evening.
    assert night.add_working_time(spring, 8 * 60) == at("2026-03-29T23:00:00", BERLIN).astimezone(UTC)
    assert night.add_working_time(at("2026-05-05T22:00:00", BERLIN), 8 * 60) == at("2026-05-06T06:00:00", BERLIN).astimezone(UTC)


def test_hours_that_the_clock_leaps_over_begin_at_the_leap_and_those_shown_twice_at_the_first():
    leap = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert instant(date(2026, 3, 29), 2 * 60 + 30, BERLIN) == leap == instant(date(2026, 3, 29), 2 * 60, BERLIN)
    assert instant(date(2026, 3, 29), 3 * 60, BERLIN) == leap
    assert instant(date(2026, 10, 25), 2 * 60 + 30, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_opening_is_at_eight_by_the_wall_clock_before_and_after_the_change():
    office = calendar(BERLIN, hours={"mon-sun": ["08:00-16:00"]})
    assert office.next_opening(at("2026-03-28T20:00:00", BERLIN)) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert office.next_opening(at("2026-03-27T20:00:00", BERLIN)) == datetime(2026, 3, 28, 7, tzinfo=UTC)


_MINUTES = st.integers(0, 24 * 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week with up to three spans a day, in zones with and without daylight saving, with and without holidays."""
    week = []
    for _ in range(7):
        edges = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), max_size=6, unique=True)))
        spans = [(edges[index], edges[index + 1]) for index in range(0, len(edges) - 1, 2)]
        if spans and draw(st.booleans()):
            spans[-1] = (spans[-1][0], spans[-1][1] + draw(st.integers(0, 10 * 60)))
        week.append(tuple(spans))
    week[draw(st.integers(0, 6))] = ((8 * 60, 16 * 60),)
    zone = draw(st.sampled_from((BERLIN, SHANGHAI, ZoneInfo("America/Santiago"), ZoneInfo("Australia/Lord_Howe"))))
    country = draw(st.sampled_from(("", "CN", "DE")))
    return Calendar(zone, tuple(week), country)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)).map(
    lambda x: x.replace(microsecond=0)
)
# The nights on which clocks change, in Berlin.
changes = st.one_of(
    st.datetimes(datetime(2026, 3, 28, 12), datetime(2026, 3, 29, 12), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 10, 24, 12), datetime(2026, 10, 25, 12), timezones=st.just(UTC)),
)
some_moments = st.one_of(moments, changes)
INSTANT = timedelta(microseconds=1)


@given(calendars(), some_moments, st.integers(0, 3000))
def test_working_time_never_ends_outside_working_time(hours, start, minutes):
    end = hours.add_working_time(start, minutes)
    assert end >= start
    assert hours.is_open(end) or (minutes > 0 and hours.is_open(end - INSTANT))


@given(calendars(), some_moments, some_moments, st.integers(0, 3000), st.integers(0, 600))
def test_who_comes_later_or_is_given_longer_is_never_due_sooner(hours, one, other, minutes, more):
    early, late = sorted((one, other))
    assert hours.add_working_time(early, minutes) <= hours.add_working_time(late, minutes)
    assert hours.add_working_time(early, minutes) <= hours.add_working_time(early, minutes + more)


@given(calendars(), some_moments, st.integers(1, 2000))
def test_exactly_so_much_working_time_lies_between(hours, start, minutes):
    end = hours.add_working_time(start, minutes)
    worked = timedelta(0)
    for opens, shuts in hours.openings(start):
        if opens >= end:
            break
        worked += min(shuts, end) - max(opens, start.astimezone(UTC))
    assert worked == timedelta(minutes=minutes)


@given(calendars(), some_moments)
def test_the_next_opening_is_a_beginning_and_nothing_is_open_before_it_but_now(hours, now):
    opening = hours.next_opening(now)
    assert opening is not None and opening > now and hours.is_open(opening) and not hours.is_open(opening - INSTANT)
    shuts = hours.closes_at(now)
    assert (shuts is not None) == hours.is_open(now)
    assert add_is_next(hours, now, opening)


def add_is_next(hours: Calendar, now: datetime, opening: datetime) -> bool:
    """Whether waiting for the next minute of work from outside of it ends at the opening."""
    return hours.is_open(now) or hours.add_working_time(now, 0) == opening
