"""The life of a change: who may do what with it, on both databases; who writes does not decide."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database.tables import audit, studio_change, studio_change_event
from bot.staff.people import Staff
from bot.training import changes, rows
from bot.training.operations import AddExample, SetText
from bot.training.problems import ChangeProblem

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
ADA, MEI = Staff(1, "ada", "editor"), Staff(2, "mei", "editor")
OMAR, EVA = Staff(3, "omar", "admin"), Staff(4, "eva", "auditor")
DOCTOR = Staff(5, "doc", "nurse", studio=frozenset({"clinical"}))
SENTENCE = AddExample("greet", "en", "hiya secret", "data/nlu/en/small_talk.yml")
HOURS = SetText("content/hospital/departments.yml", ("entries", "ED", "hours", "en"), "open", "closed")


def draft(work, *operations, kind="training"):
    return changes.create(work, kind=kind, title="Say secret hello", author="ada", now=NOW, operations=operations or (SENTENCE,))


def in_review(work, *operations, kind="training"):
    return changes.submit(work, draft(work, *operations, kind=kind).id, by="ada", now=NOW)


def refused_with(key, act):
    with pytest.raises(ChangeProblem) as problem:
        act()
    assert problem.value.key == key


def test_a_change_goes_from_draft_to_published_and_what_was_said_is_kept(database):
    with database.write() as work:
        one = in_review(work)
        one = changes.approve(work, one.id, who=MEI, now=NOW + timedelta(hours=1), edition=1, reason="people say this")
        assert changes.approved_changes(work) == (one,)
        assert (one.state, one.approved_by, one.operations) == ("approved", "mei", (SENTENCE,))
        one = changes.publish(work, one.id, by="omar", release="2026-11-25-1", now=NOW + timedelta(hours=2))
        assert (one.state, one.release) == ("published", "2026-11-25-1")
        said = [(event.who, event.what, event.reason) for event in rows.events(work, one.id)]
        assert said == [
            ("ada", "created", ""),
            ("ada", "submitted", ""),
            ("mei", "approved", "people say this"),
            ("omar", "published", "2026-11-25-1"),
        ]
        assert changes.approved_changes(work) == ()


def test_words_of_a_change_are_sealed_and_the_audit_names_it_by_number(database):
    with database.write() as work:
        one = in_review(work)
        changes.refuse(work, one.id, who=MEI, reason="too secret", now=NOW)
        stored = [
            repr(tuple(row)) for table in (studio_change, studio_change_event, audit) for row in work.execute(sa.select(table))
        ]
        assert not any("secret" in row for row in stored)
        assert any("change refused" in row and f"change:{one.id}" in row for row in stored)


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_nobody_approves_their_own_change(database, role):
    with database.write() as work:
        one = in_review(work)
        author = Staff(1, "ada", role, studio=frozenset({"clinical", "publisher"}))
        refused_with("change_own", lambda: changes.approve(work, one.id, who=author, now=NOW))
        refused_with("change_own", lambda: changes.refuse(work, one.id, who=author, reason="no", now=NOW))
        assert not changes.may_review(one, author)


def test_who_only_reads_approves_nothing(database):
    with database.write() as work:
        one = in_review(work)
        refused_with("change_no_right", lambda: changes.approve(work, one.id, who=EVA, now=NOW))


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (HOURS, "faq"),
        (SetText("content/triage/red_flags.yml", ("entries", "RF001", "level"), "E1", "R"), "training"),
        (SetText("content/phrases/emergency.yml", ("entries", "call", "en"), "a", "b"), "texts"),
        (SetText("content/phrases/triage.yml", ("entries", "unchanged_E1", "en"), "a", "b"), "texts"),
        (SetText("content/phrases/followup.yml", ("entries", "emergency", "en"), "a", "b"), "texts"),
        (SetText("content/phrases/readings.yml", ("entries", "told", "en"), "a", "b"), "texts"),
        (SetText("content/phrases/disclaimer.yml", ("entries", "short", "en"), "a", "b"), "texts"),
        (SetText("content/phrases/handoff.yml", ("entries", "urgent_nobody", "en"), "a", "b"), "texts"),
        (SetText("domain/responses/triage.yml", ("responses", "utter_x", 0, "text"), "a", "b"), "texts"),
        (SENTENCE, "clinical"),
    ],
)
def test_clinical_content_needs_a_clinical_reviewer_whatever_the_change_calls_itself(database, operation, kind):
    with database.write() as work:
        one = in_review(work, operation, kind=kind)
        assert one.is_clinical
        for who in (MEI, OMAR):
            refused_with("change_clinical", lambda who=who: changes.approve(work, one.id, who=who, now=NOW))
            assert not changes.may_review(one, who)
        assert changes.may_review(one, DOCTOR)
        assert changes.approve(work, one.id, who=DOCTOR, now=NOW).state == "approved"


def test_what_is_not_clinical_needs_none(database):
    with database.write() as work:
        one = in_review(work, SetText("content/knowledge/logistics/money.yml", ("entries", "a"), "a", "b"), kind="faq")
        assert not one.is_clinical and changes.may_review(one, MEI)


def test_a_refusal_says_why_and_the_author_tries_again(database):
    with database.write() as work:
        one = in_review(work)
        refused_with("change_reason", lambda: changes.refuse(work, one.id, who=MEI, reason=" ", now=NOW))
        changes.refuse(work, one.id, who=MEI, reason="spelling", now=NOW)
        again = changes.edit(work, one.id, by="ada", edition=1, operations=(SENTENCE, HOURS), now=NOW)
        assert (again.state, again.edition, again.operations) == ("draft", 2, (SENTENCE, HOURS))
        assert changes.submit(work, one.id, by="ada", now=NOW).state == "review"


def test_only_the_author_edits_and_only_what_is_not_in_review(database):
    with database.write() as work:
        one = draft(work)
        refused_with("change_not_own", lambda: changes.edit(work, one.id, by="mei", operations=(), now=NOW))
        refused_with("change_not_own", lambda: changes.submit(work, one.id, by="mei", now=NOW))
        changes.submit(work, one.id, by="ada", now=NOW)
        refused_with("change_state", lambda: changes.edit(work, one.id, by="ada", operations=(), now=NOW))


def test_an_edit_of_what_is_no_longer_on_the_screen_is_not_made(database):
    with database.write() as work:
        one = draft(work)
        changes.edit(work, one.id, by="ada", edition=1, title="Another", now=NOW)
        refused_with("change_edited", lambda: changes.edit(work, one.id, by="ada", edition=1, title="Third", now=NOW))
        assert changes.need(work, one.id).title == "Another"


def test_what_was_read_is_what_is_approved(database):
    with database.write() as work:
        one = draft(work)
        changes.edit(work, one.id, by="ada", operations=(HOURS,), now=NOW)
        changes.submit(work, one.id, by="ada", now=NOW)
        refused_with("change_edited", lambda: changes.approve(work, one.id, who=DOCTOR, edition=1, now=NOW))


def test_an_empty_change_is_not_handed_over(database):
    with database.write() as work:
        one = changes.create(work, kind="texts", title="Nothing", author="ada", now=NOW)
        refused_with("change_empty", lambda: changes.submit(work, one.id, by="ada", now=NOW))


@pytest.mark.parametrize(
    "file",
    ["config.yml", "data/rules/triage.yml", "content/../bot/settings.yml", "/etc/a.yml", "content/a.py", "data/nlu/.a.yml", ""],
)
def test_files_that_are_not_words_are_not_changed_here(database, file):
    with database.write() as work:
        refused_with("change_file", lambda: draft(work, SetText(file, ("a",), "b", "c")))


def test_a_change_is_given_up_by_its_author_or_a_reviewer_and_nobody_else(database):
    with database.write() as work:
        refused_with("change_not_own", lambda: changes.withdraw(work, draft(work).id, who=EVA, now=NOW))
        assert changes.withdraw(work, in_review(work).id, who=ADA, now=NOW).state == "withdrawn"
        one = changes.withdraw(work, in_review(work).id, who=MEI, reason="double", now=NOW)
        refused_with("change_state", lambda: changes.approve(work, one.id, who=MEI, now=NOW))


def test_what_is_taken_back_is_a_draft_again_and_not_published_by_itself(database):
    with database.write() as work:
        one = changes.approve(work, in_review(work).id, who=MEI, now=NOW)
        changes.publish(work, one.id, by="omar", release="r2", now=NOW)
        one = changes.take_back(work, one.id, by="omar", release="r1", now=NOW)
        assert (one.state, one.release, one.approved_by) == ("draft", "", "")
        assert changes.approved_changes(work) == ()


def test_of_two_reviewers_at_once_one_decides(database):
    with database.write() as work:
        number = in_review(work).id
    with database.write() as work:
        found = changes.need(work, number)
        changes.approve(work, number, who=MEI, now=NOW)
        assert not rows.update(work, found, state="refused")
        assert changes.need(work, number).state == "approved"


def test_edits_by_hand_are_not_mixed_into_what_came_as_one(database):
    with database.write() as work:
        hand = draft(work)
        came = changes.create_alone(
            work,
            kind="training",
            title="Import",
            author="ada",
            now=NOW,
            operations=[AddExample("greet", "en", "hi you", "data/nlu/en/a.yml")],
        )
        assert changes.draft_of(work, author="ada", kind="training").id == hand.id
        changes.edit(work, came.id, by="ada", title="Import of May", now=NOW)
        assert changes.need(work, came.id).alone and not changes.need(work, hand.id).alone
        assert changes.draft_of(work, author="ada", kind="training").id == hand.id


def test_changes_are_listed_the_latest_first_in_pages(database):
    with database.write() as work:
        made = [draft(work).id for _ in range(5)]
        first = rows.listed(work, states=("draft",), limit=2)
        assert [one.id for one in first] == made[:2:-1]
        assert [one.id for one in rows.listed(work, before=made[3], limit=9)] == made[2::-1]
        assert rows.listed(work, author="mei") == ()
        assert changes.draft_of(work, author="ada", kind="training").id == made[-1]
        assert changes.draft_of(work, author="ada", kind="texts") is None
        assert rows.counts(work) == {"draft": 5}
