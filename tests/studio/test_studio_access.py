"""The studio's table of rights by names: who labels, edits, reviews, publishes, and who does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.staff.people import GRANTS, ROLES, Staff
from bot.studio.access import ACTS, acts, may
from bot.studio.rooms import ROOMS, rooms_of

ana = Staff(1, "ana", "nurse")
lin = Staff(2, "lin", "lead")
omar = Staff(3, "omar", "admin")
eva = Staff(4, "eva", "auditor")
mei = Staff(5, "mei", "editor")


def granted(*grants: str) -> Staff:
    return replace(ana, studio=frozenset(grants))


EDITS = {"edit_training", "edit_texts", "edit_faq", "edit_clinical"}
TABLE = {
    "nurse ana": (ana, set()),
    "lead lin": (lin, set()),
    "admin omar": (omar, set(ACTS) - {"review_clinical"}),
    "auditor eva": (eva, {"see_studio", "see_numbers"}),
    "editor mei": (mei, {"see_studio", "label", "approve_label", *EDITS, "review", "import_export", "see_numbers"}),
    "a labeller": (granted("labeller"), {"see_studio", "label", "approve_label"}),
    "a translator": (granted("translator"), {"see_studio", "edit_texts", "edit_faq", "import_export"}),
    "a clinical reviewer": (granted("clinical"), {"see_studio", "edit_clinical", "review", "review_clinical", "see_numbers"}),
    "a publisher": (granted("publisher"), {"see_studio", "publish", "roll_back", "see_numbers"}),
}


@pytest.mark.parametrize("name", TABLE)
def test_everybody_may_exactly_what_the_table_says(name):
    person, expected = TABLE[name]
    assert acts(person) == expected
    assert {act for act in ACTS if may(person, act)} == expected


def test_every_role_and_every_right_stands_in_the_table():
    people = [person for person, _ in TABLE.values()]
    assert {person.role for person in people} == set(ROLES)
    assert {grant for person in people for grant in person.studio} == set(GRANTS)


@pytest.mark.parametrize("state", ["invited", "disabled"])
def test_who_is_not_active_may_nothing(state):
    assert not any(acts(replace(person, state=state)) for person, _ in TABLE.values())


def test_rights_add_up_and_take_nothing_away():
    both = granted("labeller", "publisher")
    assert acts(both) == acts(granted("labeller")) | acts(granted("publisher"))
    assert acts(replace(mei, studio=frozenset({"labeller"}))) == acts(mei)


def test_only_who_is_clinical_reviews_clinical_content_and_not_even_the_admin_does():
    assert [name for name, (person, _) in TABLE.items() if may(person, "review_clinical")] == ["a clinical reviewer"]
    assert may(replace(omar, studio=frozenset({"clinical"})), "review_clinical")


def test_nobody_but_admins_and_publishers_publishes_or_rolls_back():
    for act in ("publish", "roll_back"):
        assert [name for name, (person, _) in TABLE.items() if may(person, act)] == ["admin omar", "a publisher"]


def test_an_auditor_changes_nothing_and_reads_no_sentence_of_a_patient():
    assert acts(eva) == {"see_studio", "see_numbers"}
    assert [room.key for room in rooms_of(eva)] == ["start", "changes", "releases", "try", "numbers"]


def test_whoever_comes_in_finds_a_room_and_a_nurse_without_rights_finds_none():
    assert all(rooms_of(person) for person, expected in TABLE.values() if expected)
    assert rooms_of(ana) == rooms_of(lin) == []
    assert rooms_of(omar) == list(ROOMS)
