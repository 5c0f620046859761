"""What a waiting patient is told is true: who is there, how soon, from when, in whose time, and whom to call."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.duty.ladder import Crew
from bot.duty.truth import Prospect, Reader, prospect, waiting_text, words_of
from bot.duty.when import moment_in_words, span_in_words, zone_of
from bot.languages import LANGUAGES
from bot.staff.people import Staff
from tests.handoff.duty_kit import Hospital

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
UTC = timezone.utc
DAY = datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 11, 25, 23, tzinfo=SHANGHAI)
FRIDAY_NIGHT = datetime(2026, 11, 27, 23, tzinfo=SHANGHAI)


def asked(
    database, content, now: datetime, level="R", *, language: str = "en", region: str | None = "CN", **staff: object
) -> str:
    """Let somebody ask for a person, with one nurse of every team; return what they are told."""
    hospital = Hospital(database, content, now)
    if staff:
        hospital.staff("ana", teams="triage,nurses,international", **staff)
    case = hospital.case(hospital.patient(level, language=language, region=region))
    with database.read() as work:
        return waiting_text(work, case, content=content, now=now)


def test_with_a_nurse_on_duty_the_promise_is_that_of_the_clock(database, content):
    assert "answer by 15:00 today" in asked(database, content, DAY, duty="on")  # four hours, and the break of an hour


def test_a_short_promise_is_a_span(database, content):
    assert "answer within 30 minutes" in asked(database, content, DAY, "U", duty="on")


def test_who_was_not_answered_in_time_is_not_promised_an_answer_within_a_minute(database, content):
    hospital = Hospital(database, content, DAY)
    hospital.staff("ana", teams="triage,nurses,international", duty="on")
    case = hospital.case(hospital.patient("U"))
    with database.read() as work:
        told = waiting_text(work, case, content=content, now=DAY + timedelta(minutes=45))
    assert "answer within 30 minutes" in told


def test_a_promise_over_night_is_a_moment_of_the_next_day(database, content):
    told = asked(database, content, DAY.replace(hour=17), duty="on")
    assert "answer by 11:00 tomorrow" in told


def test_nobody_on_duty_in_working_time_promises_no_time(database, content):
    told = asked(database, content, DAY)
    assert "Just now nobody is at the nurses' desk" in told and "120" in told and "we aim" not in told


@pytest.mark.parametrize("staff", [{"duty": "off"}, {"duty": "break"}, {"duty": "on", "duty_until": DAY - timedelta(minutes=1)}])
def test_who_is_off_or_on_a_break_or_whose_shift_is_over_is_not_counted_as_there(database, content, staff):
    assert "Just now nobody is at the nurses' desk" in asked(database, content, DAY, **staff)


def test_at_night_the_morning_is_named_and_a_nurse_who_stays_late_changes_nothing(database, content):
    assert "again from 8:00 tomorrow" in asked(database, content, NIGHT, duty="on")


def test_on_friday_night_the_hours_of_the_weekend_count(database, content):
    assert "again from 9:00 tomorrow" in asked(database, content, FRIDAY_NIGHT, duty="off")


def test_the_patient_reads_it_by_their_own_clock_and_who_is_not_known_by_the_hospitals(database, content):
    berlin = asked(database, content, NIGHT, region="DE", duty="off")
    assert "from 1:00 tomorrow (your time)" in berlin and "call 112" in berlin


def test_where_somebody_is_not_known_the_time_is_the_hospitals_and_says_so(database, content):
    assert "from 8:00 tomorrow (hospital time)" in asked(database, content, NIGHT, region=None, duty="off")


def test_an_emergency_with_a_nurse_is_told_not_to_wait_for_her(database, content):
    told = asked(database, content, NIGHT, "E1", duty="on")
    assert "within 5 minutes" in told and "Do not wait for it" in told and "120" in told


def test_an_emergency_without_a_nurse_hears_who_is_tried_only_when_somebody_can_be(database, content):
    hospital = Hospital(database, content, NIGHT)
    case = hospital.case(hospital.patient("E1"))
    with database.read() as work:
        assert "I can reach nobody else" in waiting_text(work, case, content=content, now=NIGHT)
    hospital.staff("boss", "admin", duty="off", teams="")
    with database.read() as work:
        told = waiting_text(work, case, content=content, now=NIGHT)
    assert "I am trying to reach the people in charge" in told and "call 120 now" in told


_TEAMS = ("triage", "nurses", "international", "mother_child")
people = st.lists(
    st.builds(
        Staff,
        id=st.integers(1, 9),
        handle=st.just("x"),
        role=st.sampled_from(("nurse", "lead", "admin", "auditor")),
        teams=st.frozensets(st.sampled_from(_TEAMS)),
        duty=st.sampled_from(("off", "on", "break")),
        duty_until=st.sampled_from((None, DAY - timedelta(hours=50), DAY + timedelta(days=400))),
    ),
    max_size=4,
)


class _Waits:
    """As much of a case as a prospect asks."""

    id, due_at = 17, None

    def __init__(self, level, crisis, team):
        self.level, self.crisis, self.team = level, crisis, team


@given(
    people,
    st.sampled_from(("E1", "E2", "U", "R", "INFO")),
    st.booleans(),
    st.sampled_from(_TEAMS),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1), timezones=st.just(UTC)),
)
def test_whatever_the_hour_somebody_is_said_to_be_there_only_when_it_is_so_and_the_number_to_call_always(
    content, crew, level, crisis, name, now
):
    team = content.teams.of(name)
    found = prospect(_Waits(level, crisis, name), team, Crew(tuple(crew), now))  # type: ignore[arg-type]
    there = any(
        one.role in ("nurse", "lead") and one.duty == "on" and name in one.teams and (one.duty_until or now + timedelta(1)) > now
        for one in crew
    )
    assert (found.phrase in ("waiting_here", "urgent_here")) <= there
    if found.back is not None:
        assert found.back > now and team.calendar.is_open(found.back)
    for language in LANGUAGES:
        text = words_of(found, Reader(language, "CN"), case=_Waits(level, crisis, name), content=content, now=now)  # type: ignore[arg-type]
        assert "120" in text and "{" not in text


def said(moment: datetime, now: datetime, language, content, zone: ZoneInfo = SHANGHAI) -> str:
    return moment_in_words(moment, now=now, language=language, zone=zone, phrases=content.phrases)


def test_days_are_named_as_people_do_in_each_language(content):
    monday = datetime(2026, 11, 30, 8, 5, tzinfo=SHANGHAI)
    assert [said(monday, DAY, language, content) for language in LANGUAGES] == [
        "11月30日星期一的 8:05",
        "11月30日星期一的 8:05",
        "8:05 on Monday, 30 November",
        "Montag, 30. November um 8:05 Uhr",
        "الساعة 8:05 يوم الاثنين 30 نوفمبر",
    ]
    tomorrow = monday - timedelta(days=1)
    assert [said(monday, tomorrow, language, content) for language in ("zh-Hant", "de")] == ["明天 8:05", "morgen um 8:05 Uhr"]


def test_midnight_parts_today_from_tomorrow_by_the_readers_clock(content):
    moment = datetime(2026, 11, 26, 0, 30, tzinfo=SHANGHAI)
    before = datetime(2026, 11, 25, 23, 59, tzinfo=SHANGHAI)
    assert said(moment, before, "en", content) == "0:30 tomorrow"
    assert said(moment, moment - timedelta(minutes=5), "en", content) == "0:30 today"
    assert said(moment, before, "en", content, BERLIN) == "17:30 today"


def test_summer_time_moves_what_the_patient_reads(content):
    hours = content.teams.of("nurses").calendar
    for day, shown in ((29, "1:00"), (30, "2:00")):  # the clocks of Berlin change on the 29th of March
        night = datetime(2026, 3, day - 1, 23, tzinfo=SHANGHAI)
        opening = hours.next_opening(night)
        assert opening is not None
        assert said(opening, night, "de", content, zone_of("DE", opening) or SHANGHAI) == f"morgen um {shown} Uhr"


def test_a_span_is_never_said_shorter_than_it_is():
    assert span_in_words(timedelta(minutes=4, seconds=1), "en") == "5 minutes"
    assert span_in_words(timedelta(minutes=61), "en") == "2 hours"
    assert span_in_words(timedelta(minutes=60), "en") == "60 minutes"
    assert span_in_words(timedelta(seconds=-5), "en") == "1 minute"
    assert span_in_words(timedelta(minutes=2), "ar") == "دقيقتان" and span_in_words(timedelta(minutes=30), "zh-Hant") == "30 分鐘"


def test_a_country_with_several_clocks_is_told_the_hospitals():
    assert zone_of("US", DAY) is None and zone_of(None, DAY) is None and zone_of("XX", DAY) is None
    assert zone_of("CN", DAY) == SHANGHAI and str(zone_of("TW", DAY)) == "Asia/Taipei" and zone_of("DE", DAY) == BERLIN


def test_a_prospect_without_a_time_has_no_empty_place_in_its_words(content):
    case = _Waits("R", False, "nurses")
    for phrase in ("waiting_nobody", "urgent_called", "urgent_nobody"):
        for language in LANGUAGES:
            assert "{" not in words_of(Prospect(phrase), Reader(language, None), case=case, content=content, now=DAY)  # type: ignore[arg-type]
