"""The packs of teams and clocks: mistakes are named with the fix; routing, and no case without a team; clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.packs import ContentError, Pack
from bot.duty import clocks
from bot.duty.routing import Need, takes, team_for
from bot.duty.teams import teams_from_packs
from bot.languages import LANGUAGES
from bot.messages import LEVELS

UTC = timezone.utc
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 25)
NAMES = dict.fromkeys(LANGUAGES, "Team")
CLOCK = {"first": 30, "next": 30, "warn": 5, "again": 10}
CLOCKS = {priority: dict(CLOCK) for priority in clocks.PRIORITIES}
HOURS = {"mon-fri": ["08:00-12:00", "13:30-17:30"]}
TEAM = {"names": NAMES, "zone": "Asia/Shanghai", "hours": HOURS, "fallback": True}


def pack(name: str, entries: object) -> Pack:
    return Pack(Path(f"{name}.yml"), name, "1", "sample", "o", "s", "a", "r", TODAY, entries)


def read(teams: object, clock_entries: object = CLOCKS):
    packs = (pack("teams", teams), pack("clocks", clock_entries), pack("snippets", {}))
    return teams_from_packs(packs, departments=("ENT", "OBS", "PED"), today=TODAY)


def test_the_sample_hospital_has_a_team_for_every_hour_and_every_language(content):
    teams = content.teams
    assert teams.of(teams.fallback).calendar.next_opening(datetime(2026, 11, 25, tzinfo=UTC)) is None
    spoken = {language for team in teams.by_id.values() if "U" in team.takes for language in team.languages}
    assert spoken == set(LANGUAGES)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"zone": "Asia/Nowhere"}, "zone"),
        ({"zone": "../../etc"}, "zone"),
        ({"hours": {"mon": ["8-12"]}}, "no span"),
        ({"hours": {"mon": ["08:00-12:00", "11:00-13:00"]}}, "overlap"),
        ({"hours": {"fri-mon": ["08:00-12:00"]}}, "backwards"),
        ({"hours": {"mon-fri": ["08:00-12:00"], "tue": ["09:00-10:00"]}}, "twice"),
        ({"hours": {"someday": ["08:00-12:00"]}}, "no weekday"),
        ({"hours": {"mon": ["25:00-26:00"]}}, "no span"),
        ({"hours": {"mon": ["08:00-08:00"]}}, "no span"),
        ({"hours": {"mon": "08:00-12:00"}}, "spans are a list"),
        ({"hours": {"mon": "closed"}}, "does not open"),
        ({"holidays": {"country": "XX"}}, "not known"),
        ({"holidays": {"country": "DE", "subdivision": "QQ"}}, "not known"),
        ({"holidays": {"hours": "closed"}}, "country"),
        ({"days": [{"date": "2026-12-24", "hours": "closed"}]}, "without quotes"),
        ({"days": [{"date": TODAY, "hours": "closed"}, {"date": TODAY, "hours": "closed"}]}, "twice"),
        ({"languages": ["fr"]}, "'fr'"),
        ({"departments": ["SPA"]}, "'SPA'"),
        ({"takes": ["E9"]}, "'E9'"),
        ({"clocks": {"U": {"first": 0, "next": 5, "warn": 1, "again": 1}}}, "minutes above 0"),
        ({"clocks": {"U": {"first": 5, "next": 5, "warn": 5, "again": 1}}}, "before it begins"),
        ({"names": {"en": "Team"}}, "no name in"),
        ({"nickname": "x"}, "nickname"),
        ({"fallback": False}, "exactly one"),
        ({"hours": None}, "lacks hours"),
    ],
)
def test_a_mistake_in_a_team_is_named(change, says):
    with pytest.raises(ContentError) as error:
        read({"day": {**TEAM, **change}})
    assert says in str(error.value) and "teams.yml" in str(error.value)


def test_a_missing_priority_a_missing_pack_and_two_fallbacks_are_named():
    with pytest.raises(ContentError, match="E2 is missing"):
        read({"day": TEAM}, {name: clock for name, clock in CLOCKS.items() if name != "E2"})
    with pytest.raises(ContentError, match="pack clocks is missing"):
        teams_from_packs((pack("teams", {"day": TEAM}),), departments=(), today=TODAY)
    with pytest.raises(ContentError, match="exactly one"):
        read({"day": TEAM, "night": TEAM})
    with pytest.raises(ContentError, match="short name"):
        read({"day team": TEAM})


def test_a_team_may_have_clocks_of_its_own():
    teams = read({"day": {**TEAM, "clocks": {"U": {"first": 10, "next": 12, "warn": 2, "again": 3}}}})
    assert teams.of("day").clock_of("U", crisis=False).first == 10
    assert teams.of("day").clock_of("R", crisis=False).first == 30


def test_a_team_that_the_pack_has_no_more_is_the_fallback(content):
    assert content.teams.of("dissolved").id == content.teams.of("").id == content.teams.fallback


NOON = datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 11, 25, 23, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("need", "team"),
    [
        (Need("E1", False, "OBS", "ar"), "triage"),
        (Need("U", True, "", "de"), "triage"),
        (Need("E2", False, "PED", "zh-Hans"), "triage"),
        (Need("U", False, "ENT", "zh-Hans"), "nurses"),
        (Need("R", False, "OBS", "zh-Hant"), "mother_child"),
        (Need("R", False, "OBS", "ar"), "international"),  # to be understood goes first
        (Need("R", False, "PED", "en"), "mother_child"),
        (Need("INFO", False, "", "de"), "international"),
        (Need("INFO", False, "", "zh-Hans"), "nurses"),
    ],
)
def test_risk_language_and_department_decide(content, need, team):
    assert team_for(need, content.teams, NOON) == team_for(need, content.teams, NIGHT) == team


def test_an_emergency_goes_to_who_is_there_even_when_others_would_understand_better():
    day = {**TEAM, "takes": ["E1"], "languages": ["ar"], "fallback": False}
    night = {**TEAM, "takes": ["E1"], "languages": ["en"], "hours": {"mon-sun": ["17:30-08:00"]}, "fallback": True}
    teams = read({"day": day, "night": night})
    assert team_for(Need("E1", False, "", "ar"), teams, NOON) == "day"
    assert team_for(Need("E1", False, "", "ar"), teams, NIGHT) == "night"


needs = st.builds(
    Need,
    st.sampled_from(LEVELS),
    st.booleans(),
    st.sampled_from(("", "ENT", "OBS", "PED", "GONE")),
    st.sampled_from((*LANGUAGES, "")),
)


@given(needs, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_no_case_is_ever_without_a_team(content, need, now):
    teams = content.teams
    chosen = team_for(need, teams, now)
    assert chosen in teams.by_id
    assert takes(teams.by_id[chosen], need) or chosen == teams.fallback


@given(needs)
def test_a_hospital_whose_only_team_does_not_take_it_still_gives_it_to_that_team(need):
    assert team_for(need, read({"ears": {**TEAM, "departments": ["ENT"], "takes": ["R"]}}), NOON) == "ears"


def test_clocks_of_emergencies_run_at_night_and_the_others_in_working_time():
    team = read({"day": TEAM}).of("day")
    due = {level: clocks.due_at(team, "first", level=level, crisis=False, start=NIGHT) for level in LEVELS}
    opening = datetime(2026, 11, 26, 8, tzinfo=SHANGHAI)
    assert due["E1"] == due["E2"] == NIGHT + timedelta(minutes=30)
    assert due["U"] == due["R"] == opening + timedelta(minutes=30)
    assert clocks.due_at(team, "first", level="R", crisis=True, start=NIGHT) == NIGHT + timedelta(minutes=30)


def test_first_and_next_response_have_their_own_times():
    team = read({"day": {**TEAM, "clocks": {"R": {"first": 60, "next": 20, "warn": 5, "again": 5}}}}).of("day")
    first, later = (clocks.due_at(team, kind, level="R", crisis=False, start=NOON) for kind in ("first", "next"))
    assert (first, later) == (NOON + timedelta(minutes=60), NOON + timedelta(minutes=20))


def test_the_warning_comes_before_the_end_and_not_while_the_team_is_away():
    team = read({"day": TEAM}).of("day")
    early = datetime(2026, 11, 26, 8, 3, tzinfo=SHANGHAI)
    assert clocks.warn_at(team, early, level="R", crisis=False) == early.replace(minute=0)
    assert clocks.warn_at(team, early, level="E1", crisis=False) == early - timedelta(minutes=5)
    late = early.replace(hour=11)
    assert clocks.warn_at(team, late, level="R", crisis=False) == late - timedelta(minutes=5)


def test_a_clock_is_fine_then_warns_then_is_late_and_is_none_when_nobody_waits():
    due = NOON + timedelta(minutes=30)
    warn = due - timedelta(minutes=5)
    stands = [clocks.status(due, warn=warn, now=NOON + timedelta(minutes=minutes)) for minutes in (0, 24, 25, 29, 30, 99)]
    assert stands == ["ok", "ok", "warn", "warn", "late", "late"]
    assert clocks.status(None, warn=None, now=NOON) == "none"


def test_teams_of_the_sample_do_not_depend_on_the_order_of_their_days(content):
    team = content.teams.of("nurses")
    turned = replace(team.calendar, days=dict(reversed(list(team.calendar.days.items()))))
    assert turned.spans_on(date(2027, 2, 6)) == team.calendar.spans_on(date(2027, 2, 6)) == ()
