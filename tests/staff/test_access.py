"""The access matrix by names: who may see, claim, read, reveal, export, and what a broken glass opens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.staff.access import ACTS_IN_CASES, CaseFacts, acts, may
from bot.staff.people import Staff

NURSE_ACTS = {"list", "see", "claim", "reply", "note", "reveal", "close", "snooze", "schedule", "transfer", "urgent", "enrol"}
LEAD_ACTS = NURSE_ACTS | {"assign", "take_over", "block"}

ana = Staff(1, "ana", "nurse", teams=frozenset({"heart"}))
lin = Staff(2, "lin", "lead", teams=frozenset({"heart"}))
omar = Staff(3, "omar", "admin", teams=frozenset({"heart"}))
eva = Staff(4, "eva", "auditor", teams=frozenset({"heart"}))
mei = Staff(5, "mei", "editor", teams=frozenset({"heart"}))

OWN_TEAM = CaseFacts(team="heart")
NO_TEAM = CaseFacts(team="")
OTHER_TEAM = CaseFacts(team="skin")


def mine(person: Staff) -> CaseFacts:
    return CaseFacts(team="skin", claimed_by=person.handle)


def given(person: Staff) -> CaseFacts:
    return CaseFacts(team="skin", assigned_to=person.handle)


CASES = {
    ("nurse ana", "a case of her team"): (ana, OWN_TEAM, NURSE_ACTS | {"break_glass"}),
    ("nurse ana", "a case of no team"): (ana, NO_TEAM, NURSE_ACTS | {"break_glass"}),
    ("nurse ana", "a case of another team"): (ana, OTHER_TEAM, {"break_glass"}),
    ("nurse ana", "a case of another team that she holds"): (ana, mine(ana), NURSE_ACTS | {"break_glass"}),
    ("nurse ana", "a case of another team that was given to her"): (ana, given(ana), NURSE_ACTS | {"break_glass"}),
    ("nurse ana", "a case of another team that lin holds"): (ana, mine(lin), {"break_glass"}),
    ("nurse ana", "a case of another team behind broken glass"): (ana, replace(OTHER_TEAM, glass=True), NURSE_ACTS | {"break_glass"}),
    ("lead lin", "a case of her team"): (lin, OWN_TEAM, LEAD_ACTS | {"break_glass"}),
    ("lead lin", "a case of no team"): (lin, NO_TEAM, LEAD_ACTS | {"break_glass"}),
    ("lead lin", "a case of another team"): (lin, OTHER_TEAM, {"break_glass"}),
    ("lead lin", "a case of another team behind broken glass"): (lin, replace(OTHER_TEAM, glass=True), LEAD_ACTS | {"break_glass"}),
    ("admin omar", "a case of a team he is in"): (omar, OWN_TEAM, {"list", "assign", "break_glass"}),
    ("admin omar", "a case of no team"): (omar, NO_TEAM, {"list", "assign", "break_glass"}),
    ("admin omar", "a case that was given to him"): (omar, given(omar), {"list", "assign", "break_glass"}),
    ("admin omar", "a case behind broken glass"): (omar, replace(OTHER_TEAM, glass=True), {"list", "assign", "break_glass", "see", "reveal"}),
    ("auditor eva", "a case of a team she is in"): (eva, OWN_TEAM, set()),
    ("auditor eva", "a case of no team"): (eva, NO_TEAM, set()),
    ("auditor eva", "a case that was given to her"): (eva, given(eva), set()),
    ("auditor eva", "a case behind broken glass"): (eva, replace(OTHER_TEAM, glass=True), set()),
    ("editor mei", "a case of a team she is in"): (mei, OWN_TEAM, set()),
    ("editor mei", "a case of no team"): (mei, NO_TEAM, set()),
    ("editor mei", "a case behind broken glass"): (mei, replace(OTHER_TEAM, glass=True), set()),
}  # fmt: skip
ELSEWHERE = {
    "nurse ana": (ana, {"use_desk", "search", "handover", "ward"}),
    "lead lin": (lin, {"use_desk", "search", "handover", "ward", "scheduler", "duty_list", "manage_snippets", "see_glass"}),
    "admin omar": (omar, {"use_desk", "scheduler", "duty_list", "manage_snippets", "manage_staff", "manage_team", "use_studio"}),
    "auditor eva": (eva, {"read_audit", "export", "see_glass", "use_studio"}),
    "editor mei": (mei, {"use_studio"}),
}
ALL_ELSEWHERE = {name for _, found in ELSEWHERE.values() for name in found}


@pytest.mark.parametrize(("who", "where"), CASES)
def test_in_a_case_everybody_may_what_the_table_says_and_nothing_else(who, where):
    person, case, allowed = CASES[who, where]
    assert acts(person, case) == allowed


@pytest.mark.parametrize("who", ELSEWHERE)
def test_without_a_case_everybody_may_what_the_table_says_and_nothing_else(who):
    person, allowed = ELSEWHERE[who]
    assert {act for act in ALL_ELSEWHERE | ACTS_IN_CASES if may(person, act)} == allowed


@pytest.mark.parametrize("state", ["invited", "disabled"])
@pytest.mark.parametrize("person", [ana, lin, omar, eva], ids=lambda person: person.handle)
def test_who_is_not_active_may_nothing(person, state):
    gone = replace(person, state=state)
    assert not acts(gone, replace(OWN_TEAM, glass=True, claimed_by=gone.handle))
    assert not any(may(gone, act) for act in ALL_ELSEWHERE)


@pytest.mark.parametrize("case", [OWN_TEAM, NO_TEAM, replace(OTHER_TEAM, glass=True), mine(eva), given(eva)])
def test_an_auditor_never_sees_words_of_patients(case):
    assert not {"see", "reveal", "list", "reply", "note", "break_glass"} & acts(eva, case)


def test_only_the_auditor_reads_and_exports_the_audit():
    assert [person.handle for person in (ana, lin, omar, eva) if may(person, "read_audit") or may(person, "export")] == ["eva"]


def test_only_the_admin_makes_accounts():
    assert [person.handle for person in (ana, lin, omar, eva, mei) if may(person, "manage_staff")] == ["omar"]


def test_a_nurse_enters_the_studio_with_a_grant_and_not_without_one():
    assert may(replace(ana, studio=frozenset({"labeller"})), "use_studio") and not may(ana, "use_studio")
