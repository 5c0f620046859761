"""The ladder: who is woken, in which order, and who is left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.duty.clocks import Clock
from bot.duty.ladder import Crew, Page, Told, Waiting, climb, pause_after, remind, step_due
from bot.languages import LANGUAGES
from bot.messages import LEVELS
from bot.staff.people import Staff

NOW = datetime(2026, 11, 25, 3, tzinfo=timezone.utc)
CLOCK = Clock(first=5, next=5, warn=1, again=2)
ALL = frozenset(LANGUAGES)


def person(number: int, role: str = "nurse", duty: str = "on", teams: str = "triage", languages=ALL, until=None) -> Staff:
    teams_of = frozenset(filter(None, teams.split(",")))
    return Staff(number, f"p{number}", role, "active", teams_of, languages, "en", duty, until)


def urgent(**more: object) -> Waiting:
    return Waiting(**{"id": 7, "team": "triage", "level": "E1", "crisis": False, "language": "ar", "since": NOW, **more})


def told(case: Waiting, people: list[Staff], step: int) -> dict[int, str]:
    return {page.staff_id: page.what for page in climb(case, step, Crew(tuple(people), NOW))}


ANA, BO, LI = person(1), person(2), person(3, duty="off")
LEAD, ADMIN, AUDITOR = person(10, "lead", "off"), person(20, "admin", "off", ""), person(30, "auditor", "on")
HOUSE = [ANA, BO, LI, LEAD, ADMIN, AUDITOR]


def test_first_the_nurses_on_duty_then_again_then_the_lead_then_the_admin():
    assert told(urgent(), HOUSE, 0) == {1: "urgent", 2: "urgent"}
    assert told(urgent(), HOUSE, 1) == {1: "unclaimed", 2: "unclaimed"}
    assert told(urgent(), HOUSE, 2) == {1: "unclaimed", 2: "unclaimed", 10: "nobody"}
    assert told(urgent(), HOUSE, 3) == {1: "unclaimed", 2: "unclaimed", 10: "nobody", 20: "nobody"}


def test_with_nobody_on_duty_lead_and_admin_are_woken_at_once():
    assert told(urgent(), [LI, LEAD, ADMIN, AUDITOR], 0) == {10: "nobody", 20: "nobody"}


def test_everybody_left_and_no_lead_or_admin_the_other_leads_and_then_other_teams_are_asked():
    elsewhere = person(11, "lead", "off", "nurses")
    assert told(urgent(), [LI, elsewhere], 0) == {11: "nobody"}
    other = person(4, teams="nurses")
    assert told(urgent(), [LI, other], 0) == {4: "nobody"}
    assert told(urgent(), [LI, AUDITOR], 0) == {}


def test_who_understands_the_patient_is_asked_first_and_the_others_next():
    arab = person(5, languages=frozenset({"ar"}))
    german = person(6, languages=frozenset({"de"}))
    assert told(urgent(), [arab, german], 0) == {5: "urgent"}
    assert told(urgent(), [arab, german], 1) == {5: "unclaimed", 6: "unclaimed"}
    assert told(urgent(language="en"), [arab, german], 0) == {5: "urgent", 6: "urgent"}


def test_who_is_on_a_break_is_asked_only_when_nobody_else_is_there():
    resting = person(5, duty="break")
    assert told(urgent(), [ANA, resting], 1) == {1: "unclaimed"}
    assert told(urgent(), [resting], 0) == {5: "urgent"}


def test_a_shift_that_has_ended_is_off_duty():
    assert told(urgent(), [person(5, until=NOW), ADMIN], 0) == {20: "nobody"}
    assert told(urgent(), [person(5, until=NOW + timedelta(seconds=1)), ADMIN], 0) == {5: "urgent"}


def test_steps_come_after_their_pause_one_at_a_time_whatever_was_missed():
    assert step_due(None, CLOCK, NOW) == 0
    first = Told(0, NOW)
    assert step_due(first, CLOCK, NOW + timedelta(minutes=1, seconds=59)) is None
    assert step_due(first, CLOCK, NOW + timedelta(minutes=2)) == 1
    assert step_due(first, CLOCK, NOW + timedelta(hours=9)) == 1


def test_pauses_grow_once_everybody_was_paged_and_never_end():
    pauses = [pause_after(step, CLOCK).total_seconds() / 60 for step in range(10)]
    assert pauses == [2, 2, 2, 2, 4, 8, 16, 30, 30, 30]
    assert pause_after(10_000, CLOCK) == timedelta(minutes=30)


def reminded(case: Waiting, what, people: list[Staff]) -> dict[int, str]:
    return {page.staff_id: page.what for page in remind(case, what, Crew(tuple(people), NOW))}


def test_who_holds_the_case_is_reminded_and_nobody_else():
    held = urgent(level="U", claimed_by="p1")
    assert reminded(held, "due", HOUSE) == {1: "due"}
    assert reminded(held, "late", [*HOUSE, person(12, "lead")]) == {1: "late", 12: "late"}


def test_an_emergency_that_somebody_holds_without_answering_goes_to_the_lead_at_home():
    assert reminded(urgent(claimed_by="p1"), "late", HOUSE) == {1: "late", 10: "nobody"}
    assert reminded(urgent(claimed_by="p1"), "due", HOUSE) == {1: "due"}


def test_the_ladder_speaks_for_an_urgent_case_that_nobody_took():
    assert reminded(urgent(), "due", HOUSE) == reminded(urgent(), "late", HOUSE) == {}


def test_what_is_not_urgent_wakes_nobody_at_home():
    routine = urgent(level="R")
    assert reminded(routine, "late", HOUSE) == {1: "late", 2: "late"}
    assert reminded(routine, "late", [LI, LEAD, ADMIN]) == {}
    # Within a day is another matter: somebody has to hear that nobody is there.
    assert reminded(urgent(level="U"), "late", [LI, LEAD, ADMIN]) == {10: "nobody", 20: "nobody"}
    assert reminded(urgent(level="U"), "due", [LI, LEAD, ADMIN]) == {}


def test_who_was_given_the_case_is_reminded_while_they_are_there():
    assert reminded(urgent(level="R", assigned_to="p2"), "due", HOUSE) == {2: "due"}
    assert reminded(urgent(level="R", assigned_to="p3"), "due", HOUSE) == {1: "due", 2: "due"}


@st.composite
def crews(draw: st.DrawFn) -> Crew:
    people = [
        person(
            number,
            draw(st.sampled_from(("nurse", "lead", "admin", "auditor"))),
            draw(st.sampled_from(("on", "off", "break"))),
            draw(st.sampled_from(("triage", "nurses", "triage,nurses", ""))),
            draw(st.frozensets(st.sampled_from(LANGUAGES))),
            draw(st.sampled_from((None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    return Crew(tuple(people), NOW)


waiting = st.builds(
    Waiting,
    id=st.just(1),
    team=st.sampled_from(("triage", "nurses", "", "gone")),
    level=st.sampled_from(LEVELS),
    crisis=st.booleans(),
    language=st.sampled_from(LANGUAGES),
    since=st.just(NOW),
    claimed_by=st.sampled_from((None, "p0", "p1", "somebody")),
    assigned_to=st.sampled_from((None, "p1", "p2")),
)


def exists(crew: Crew) -> bool:
    """Whether there is anybody whom one may wake."""
    return any(one.role in ("lead", "admin") or (one.role == "nurse" and crew.is_there(one)) for one in crew.people)


def allowed(crew: Crew, pages: tuple[Page, ...]) -> bool:
    """Whether nobody at home is paged but leads and admins, with the words that nobody is there."""
    by_id = {one.id: one for one in crew.people}
    return all(
        crew.is_there(by_id[page.staff_id]) or (by_id[page.staff_id].role in ("lead", "admin") and page.what == "nobody")
        for page in pages
    )


@given(waiting, crews(), st.integers(0, 50))
def test_every_step_ends_at_somebody_if_there_is_anybody_and_at_each_once(case, crew, step):
    pages = climb(case, step, crew)
    assert bool(pages) == exists(crew)
    assert len({page.staff_id for page in pages}) == len(pages)
    assert allowed(crew, pages)
    assert all(one.role != "auditor" for one in crew.people if one.id in {page.staff_id for page in pages})


@given(waiting, st.sampled_from(("due", "late")), crews())
def test_no_reminder_reaches_anybody_at_home_but_leads_and_admins_and_each_gets_one(case, what, crew):
    pages = remind(case, what, crew)
    assert allowed(crew, pages)
    assert len({page.staff_id for page in pages}) == len(pages)
    if case.level in ("R", "INFO") and not case.crisis:
        assert all(page.what == what for page in pages)


@given(waiting, crews())
def test_a_higher_step_never_loses_somebody(case, crew):
    steps = [{page.staff_id for page in climb(case, step, crew)} for step in range(6)]
    assert all(lower <= higher for lower, higher in pairwise(steps))


@pytest.mark.parametrize("seconds", [0, 1, 60, 3600, 100_000])
def test_the_same_moment_never_gives_two_steps(seconds):
    now = NOW + timedelta(seconds=seconds)
    step = step_due(Told(0, NOW), CLOCK, now)
    assert step is None or step_due(Told(step, now), CLOCK, now) is None
