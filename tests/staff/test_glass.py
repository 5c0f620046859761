"""Breaking the glass: with a reason, for an hour, one case; leads and auditors see it."""

from __future__ import annotations

import pytest

from bot.handoff.events import events
from bot.staff import glass
from bot.staff.people import StaffProblem
from tests.staff.people_kit import HOUR, MINUTE, NOW, a_case, joined, lines

WHY = "Her ward called: they need the history now"


@pytest.fixture
def staffed(database):
    with database.write() as work:
        roles = (("ana", "nurse", ("skin",)), ("lin", "lead", ("heart",)), ("kim", "lead", ("skin",)), ("omar", "admin", ()))
        people = {name: joined(work, name, role, teams=teams) for name, role, teams in roles}
        people["eva"] = joined(work, "eva", "auditor")
        return people, a_case(work, team="heart"), a_case(work, team="heart", number=2)


@pytest.mark.parametrize("name", ["ana", "kim", "omar"])
def test_it_opens_one_case_for_one_hour_to_one_person(database, staffed, name):
    people, case, other = staffed
    with database.write() as work:
        until = glass.break_glass(work, people[name], case, WHY, now=NOW)
        assert until == NOW + HOUR
        assert glass.is_broken(work, people[name].id, case, now=NOW + HOUR - MINUTE)
        assert not glass.is_broken(work, people[name].id, case, now=NOW + HOUR)
        assert not glass.is_broken(work, people[name].id, other, now=NOW)
        assert not any(glass.is_broken(work, one.id, case, now=NOW) for one in people.values() if one.handle != name)


def test_it_is_written_down_in_the_audit_and_in_the_case_without_the_reason(database, staffed):
    people, case, _ = staffed
    with database.write() as work:
        glass.break_glass(work, people["omar"], case, WHY, now=NOW)
        last = events(work, case)[-1]
    assert (last.what, last.who, last.content) == ("glass", "omar", {})
    assert lines(database)[-1] == ("omar", "broke glass", str(case))


@pytest.mark.parametrize("reason", ["", "   ", "abc", "aaaaaaa", "....", "x" * 501])
def test_without_a_reason_it_does_not_break(database, staffed, reason):
    people, case, _ = staffed
    with pytest.raises(StaffProblem), database.write() as work:
        glass.break_glass(work, people["ana"], case, reason, now=NOW)
    with database.read() as work:
        assert not glass.is_broken(work, people["ana"].id, case, now=NOW)


@pytest.mark.parametrize("reason", ["家属来电", "العائلة اتصلت", WHY])
def test_a_reason_in_any_language_will_do(database, staffed, reason):
    people, case, _ = staffed
    with database.write() as work:
        assert glass.break_glass(work, people["ana"], case, reason, now=NOW)


def test_an_auditor_breaks_no_glass_and_a_case_that_is_none_has_none(database, staffed):
    people, case, _ = staffed
    for name, number in (("eva", case), ("ana", 999)):
        with pytest.raises(StaffProblem), database.write() as work:
            glass.break_glass(work, people[name], number, WHY, now=NOW)


def test_the_auditor_sees_all_a_lead_those_of_her_teams_and_others_nothing(database, staffed):
    people, case, other = staffed
    with database.write() as work:
        glass.break_glass(work, people["ana"], case, WHY, now=NOW)
        glass.break_glass(work, people["omar"], other, WHY, now=NOW + MINUTE)
        for viewer, seen in (("eva", ["omar", "ana"]), ("lin", ["omar", "ana"]), ("kim", [])):
            assert [one.handle for one in glass.broken(work, people[viewer])] == seen
        assert glass.broken(work, people["eva"])[1].reason == WHY
    for viewer in ("ana", "omar"):
        with pytest.raises(StaffProblem), database.read() as work:
            glass.broken(work, people[viewer])


def test_names_and_numbers_in_a_reason_are_masked_for_who_reads_it(database, staffed):
    people, case, _ = staffed
    with database.write() as work:
        glass.break_glass(work, people["ana"], case, "Her son called from (212) 555-0147", now=NOW)
        assert "555" not in glass.broken(work, people["eva"])[0].reason
