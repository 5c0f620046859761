"""Entries are forms made from their shape, and what is typed becomes operations that change its lines and no other."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bot.nlu.training import INPUTS
from bot.packs.candidate import problem_in
from bot.packs.catalogue import BY_ID, TABLES, table_of
from bot.packs.edits import EditProblem, edits, fields_of, retired
from bot.packs.expiry import due
from bot.packs.forms import form_of, missing_in
from bot.packs.source import PackFile, PackSource, laid
from bot.release.candidate import OF_RASA
from bot.release.folders import Folder
from bot.settings import ROOT
from bot.training.files import applied
from bot.training.operations import SetEntry, SetText, read_data

PLANS, FLAGS, ROUTES = "content/followup/plans.yml", "content/triage/red_flags.yml", "content/triage/routes.yml"
FOLDER = Folder(ROOT, ROOT / "content")


def kinds(entry):
    return {one.path: one.kind for one in form_of(entry)}


def test_each_shape_has_its_field():
    entry = {
        "names": {"en": "a", "de": "b"}, "asked": {"en": ["a"]}, "exists": True, "weeks": 12, "to": ["GP"], "exceptions": {"child": "PED"},
        "review_date": date(2027, 5, 31), "odd": [[1], 2], "steps": [{"id": "day1", "text": {"en": "x"}}],
    }  # fmt: skip
    assert kinds(entry) == {
        ("names",): "texts", ("asked",): "lists", ("exists",): "yes_no", ("weeks",): "number", ("to",): "list", ("exceptions",): "pairs",
        ("review_date",): "date", ("odd",): "yaml", ("steps", 0, "id"): "yaml", ("steps", 0, "text"): "texts",
    }  # fmt: skip


def test_what_yaml_repeats_is_edited_where_it_stands_first(files):
    fields = fields_of(BY_ID["plans"], files[PLANS], "after_operation")
    texts = [(one.path[1], one.kind) for one in fields if one.path[0] == "steps" and one.path[-1] == "text"]
    assert texts[0] == (0, "texts") and {kind for _, kind in texts[1:]} == {"yaml"}


def test_what_patients_plans_are_known_by_is_shown_and_not_renamed(files):
    (one,) = (each for each in fields_of(BY_ID["plans"], files[PLANS], "after_operation") if each.path == ("steps", 0, "id"))
    assert (one.kind, one.value) == ("yaml", "day1")
    with pytest.raises(EditProblem):
        edits(BY_ID["plans"], files[PLANS], "after_operation", {one.path: "day_one"})


def test_languages_that_are_missing():
    assert missing_in({"answers": {"en": "x", "de": " "}}) == ("zh-Hans", "zh-Hant", "de", "ar")
    assert missing_in({"level": "E1", "names": dict.fromkeys(("zh-Hans", "zh-Hant", "en", "de", "ar"), "x")}) == ()


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.id)
def test_every_entry_of_every_table_can_be_edited_and_changes_nothing_else(files, table):
    file = next(one for one in files.values() if table_of(one.name) is table)
    entry = next(iter(table.entries(file.entries)))
    fields = [one for one in fields_of(table, file, entry) if one.kind in ("text", "texts")][:3]
    for one in fields:
        typed = "changed words" if one.kind == "text" else {**one.value, "en": "changed words"}
        made = edits(table, file, entry, {one.path: typed})
        if not made:
            continue
        text = applied(FOLDER, made)[file.name]
        before = Counter(FOLDER.path(file.name).read_text(encoding="utf-8").splitlines())
        after = Counter(text.splitlines())
        assert (before - after).total() <= len(made) and (after - before).total() <= 2 * len(made)
        assert read_data(text, file=file.name) == laid(files, made)[file.name].data


def test_only_what_changes_becomes_an_operation(files):
    table, file = BY_ID["routes"], files[ROUTES]
    typed = {("to",): ["FEVER", "GP"], ("exceptions",): [[name, to] for name, to in file.entries["fever"]["exceptions"].items()]}
    assert edits(table, file, "fever", typed) == (SetText(ROUTES, ("entries", "fever", "to"), ["FEVER", "INF"], ["FEVER", "GP"]),)


def test_a_day_of_its_own_comes_and_goes(files):
    name = "content/knowledge/logistics/money.yml"
    table, file = BY_ID["logistics"], files[name]
    path = ("entries", "payment", "review_date")
    made = edits(table, file, "payment", {("review_date",): "2026-01-31"})
    assert made == (SetEntry(name, path, None, "2026-01-31"),)
    after = laid(files, made)
    assert edits(table, after[name], "payment", {("review_date",): ""}) == (SetEntry(name, path, "2026-01-31", None),)
    found = [one for one in due(after, "faq", today=date(2026, 11, 26)) if one.entry == "payment"]
    assert [(one.is_overdue(date(2026, 11, 26)), one.stops, one.owner) for one in found] == [(True, True, "finance office")]


def test_what_is_not_due_is_not_listed(files):
    assert due(files, "faq", today=date(2026, 11, 26)) == ()
    later = due(files, "clinical", today=date(2027, 6, 30))
    # Of all clinical tables only plans are offered to nobody once their file is overdue.
    assert later[0].file == "content/triage/hotlines.yml" and {one.table for one in later if one.stops} == {"plans"}


@pytest.mark.parametrize("typed", [{("level",): 1}, {("when",): ["x"]}, {("none",): "x"}, {("level",): "x" * 4000}])
def test_what_does_not_fit_is_refused(files, typed):
    with pytest.raises(EditProblem):
        edits(BY_ID["red_flags"], files[FLAGS], "RF001", typed)


def test_entries_that_the_program_knows_by_name_stay(files):
    with pytest.raises(EditProblem):
        retired(BY_ID["plans"], files[PLANS], "after_operation")
    assert retired(BY_ID["red_flags"], files[FLAGS], "RF001").after is None


def test_a_condition_that_nobody_knows_is_said_before_it_is_kept(files, live):
    path = ("entries", "RF001", "when")
    wrong = laid(files, [SetText(FLAGS, path, "unconscious", "unconscius")])
    assert "unconscius is no concept" in problem_in(wrong, {FLAGS: None}, live)
    assert problem_in(files, {FLAGS: None}, live) == ""
    gone = laid(files, [SetEntry(FLAGS, ("entries", "RF001", "level"), "E1", None)])
    assert "level" in problem_in(gone, {FLAGS: None}, live)


def test_packs_are_read_again_when_they_were_written(tmp_path):
    folder = Folder(tmp_path, tmp_path / "content")
    path = folder.path("content/hospital/departments.yml")
    path.parent.mkdir(parents=True)
    path.write_text("entries: {ED: {exists: true}}\n")
    source = PackSource(folder)
    first = source.current()
    assert source.current()["content/hospital/departments.yml"] is first["content/hospital/departments.yml"]
    path.write_text("entries: {ED: {exists: false, more: 1}}\n")
    assert source.current()["content/hospital/departments.yml"].entries["ED"]["exists"] is False


def test_a_draft_lies_on_top_and_leaves_the_files_alone(files):
    made = laid(
        files, [SetText(FLAGS, ("entries", "RF001", "level"), "E1", "E2"), SetText(FLAGS, ("entries", "gone", "level"), "a", "b")]
    )
    assert (made[FLAGS].entries["RF001"]["level"], files[FLAGS].entries["RF001"]["level"]) == ("E2", "E1")
    assert isinstance(made[FLAGS], PackFile) and made[ROUTES] is files[ROUTES]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.id)
def test_an_edit_of_a_pack_needs_no_training(table):
    assert not table.files.startswith(OF_RASA)
    assert not any(table.files.startswith(name) for name in INPUTS)


@pytest.mark.parametrize(("wording", "there"), [("where is it", ["how", "where is it"]), ("how", ["how"])])
def test_a_wording_that_comes_at_the_end_of_a_list_is_seen_in_the_draft(wording, there):
    """Else the form of the entry would not show it, and whoever edits the list there would take it away again, or meet a conflict."""
    files = {"f.yml": PackFile("f.yml", {"entries": {"a": {"questions": {"en": ["how"]}}}})}

    after = laid(files, [SetEntry("f.yml", ("entries", "a", "questions", "en", 100_000), None, wording)])

    assert after["f.yml"].entries["a"]["questions"]["en"] == there
