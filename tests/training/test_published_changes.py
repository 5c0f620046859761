"""Changes as a release takes them: made on its copy in order, a conflict stops it, later edits on disk stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.release.changes import Changes, Conflicted
from bot.release.folders import folder_in
from bot.staff.people import Staff
from bot.training import changes, files
from bot.training.operations import AddExample, SetText
from bot.training.published import StudioChanges
from tests.training.test_changes import MEI, NOW

FILE = "data/nlu/en/small_talk.yml"
FAQ = "content/knowledge/one.yml"


@pytest.fixture
def folder(tmp_path):
    made = folder_in(tmp_path)
    files.write(
        made,
        {FILE: 'version: "3.1"\n\nnlu:\n  - intent: greet\n    examples: |\n      - hi\n', FAQ: "a: one\nb: two # by hand\n"},
    )
    return made


def approved(work, *operations, who=MEI):
    one = changes.create(work, kind="training", title="Hello", author="ada", now=NOW, operations=operations)
    changes.submit(work, one.id, by="ada", now=NOW)
    return changes.approve(work, one.id, who=who, reason="heard often", now=NOW).id


def test_approved_changes_are_made_in_order_and_told(database, folder):
    made: Changes = StudioChanges()
    with database.write() as work:
        first = approved(work, SetText(FAQ, ("a",), "one", "two"))
        second = approved(
            work, SetText(FAQ, ("a",), "two", "three"), AddExample("greet", "en", "hiya", FILE), who=Staff(9, "zoe", "editor")
        )
        assert made.approved(work) == (first, second)
        applied = made.apply(work, made.approved(work), folder)
    assert files.read(folder, FAQ) == "a: three\nb: two # by hand\n"
    assert files.read(folder, FILE).endswith("      - hi\n      - hiya\n")
    assert (applied.files, applied.approved_by) == ((FAQ, FILE), "mei, zoe")
    assert applied.told[0] == {
        "id": first, "kind": "training", "title": "Hello", "author": "ada", "approved_by": "mei", "reason": "heard often",
    }  # fmt: skip


def test_an_edit_on_disk_elsewhere_stays_and_one_at_the_same_place_stops_the_release(database, folder):
    made = StudioChanges()
    with database.write() as work:
        number = approved(work, SetText(FAQ, ("a",), "one", "three"))
        files.write(folder, {FAQ: "# new\na: one\nb: four # by hand\n"})
        made.apply(work, [number], folder)
        assert files.read(folder, FAQ) == "# new\na: three\nb: four # by hand\n"
        files.write(folder, {FAQ: "a: somebody else's\n"})
        with pytest.raises(Conflicted) as problem:
            made.apply(work, [number], folder)
    assert problem.value.values["change"] == number
    assert (problem.value.values["expected"], problem.value.values["found"]) == ("one", "somebody else's")
    assert files.read(folder, FAQ) == "a: somebody else's\n"


def test_what_is_published_and_taken_back_is_said_of_the_change(database):
    made = StudioChanges()
    with database.write() as work:
        number = approved(work, AddExample("greet", "en", "hiya", FILE))
        made.published(work, [number], by="omar", release="r2", now=NOW)
        assert changes.need(work, number).state == "published" and made.approved(work) == ()
        made.published(work, [number], by="omar", release="r2", now=NOW)  # said again: nothing happens
        made.taken_back(work, [number], by="omar", release="r1", now=NOW)
        assert changes.need(work, number).state == "draft"
        made.taken_back(work, [number], by="omar", release="r1", now=NOW)


@pytest.mark.parametrize(("goes_on", "state"), [(False, "published"), (True, "draft")])
def test_what_comes_back_with_its_release_is_live_again_unless_its_author_has_gone_on(database, goes_on, state):
    made, later = StudioChanges(), NOW + timedelta(minutes=5)
    with database.write() as work:
        number = approved(work, AddExample("greet", "en", "hiya", FILE))
        made.published(work, [number], by="omar", release="r2", now=NOW)
        made.taken_back(work, [number], by="omar", release="r1", now=NOW)
        if goes_on:
            changes.edit(work, number, by="ada", title="Another hello", now=later)

        made.come_back(work, [number], by="omar", release="r2", now=later)

        assert changes.need(work, number).state == state


def test_what_was_written_anew_and_approved_does_not_count_as_live_when_its_older_self_comes_back(database):
    made, later = StudioChanges(), NOW + timedelta(minutes=5)
    with database.write() as work:
        number = approved(work, AddExample("greet", "en", "hiya", FILE))
        made.published(work, [number], by="omar", release="r2", now=NOW)
        made.taken_back(work, [number], by="omar", release="r1", now=NOW)
        changes.edit(work, number, by="ada", operations=[AddExample("greet", "en", "hi you", FILE)], now=later)
        changes.submit(work, number, by="ada", now=later)
        changes.approve(work, number, who=MEI, now=later)

        made.come_back(work, [number], by="omar", release="r2", now=later)

        assert changes.need(work, number).state == "approved" and made.approved(work) == (number,)


def test_what_is_not_approved_any_more_as_it_was_is_named(database):
    made, later = StudioChanges(), NOW + timedelta(minutes=5)
    with database.write() as work:
        stays, given_up, anew = (approved(work, AddExample("greet", "en", text, FILE)) for text in ("hi you", "hiya", "hey"))
        assert made.moved(work, (stays, given_up, anew), since=NOW) == ()

        changes.withdraw(work, given_up, who=MEI, reason="double", now=later)
        changes.reopen(work, anew, by="ada", now=later)
        changes.submit(work, anew, by="ada", now=later)
        changes.approve(work, anew, who=MEI, now=later)

        assert made.moved(work, (stays, given_up, anew), since=NOW) == (given_up, anew)


def test_a_difference_is_shown_against_what_is_on_disk_now(folder):
    edits = [SetText(FAQ, ("a",), "one", "three"), AddExample("greet", "en", "hiya", FILE)]
    shown = files.differences(files.texts_of(folder, edits), edits)
    assert [(one.file, one.conflict) for one in shown] == [(FAQ, None), (FILE, None)]
    assert "-a: one\n+a: three" in shown[0].unified and shown[1].unified.endswith("+      - hiya")
    edits = [SetText(FAQ, ("a",), "nine", "three")]
    (one,) = files.differences(files.texts_of(folder, edits), edits)
    assert one.conflict is not None and one.conflict.found == "one"


def test_files_are_written_whole_and_an_empty_one_goes(folder):
    files.write(folder, {FAQ: "a: ä\r\n", FILE: ""})
    assert files.read(folder, FAQ) == "a: ä\r\n" and files.read(folder, FILE) == ""
    assert not folder.path(FILE).exists() and [path.name for path in folder.path(FAQ).parent.iterdir()] == ["one.yml"]
