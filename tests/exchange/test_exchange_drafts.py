"""A plan made real: by the studio's own operations on the files, and nothing else in them moves."""

from __future__ import annotations

import difflib

import pytest

from bot.exchange import incoming_examples, incoming_texts, xliff
from bot.exchange.bulk import Replacing, in_examples, in_texts
from bot.exchange.drafts import drafts_of
from bot.exchange.reading import read_examples, read_units
from bot.release.folders import Folder
from bot.training.operations import apply, files_of
from tests.exchange.samples import sample_folder


@pytest.fixture
def folder(tmp_path) -> Folder:
    return sample_folder(tmp_path)


def made_real(folder: Folder, plan) -> list[str]:
    """Apply a plan, and return the lines that differ."""
    changed = []
    for _, operations in drafts_of(plan):
        for name in files_of(operations):
            path = folder.path(name)
            before = path.read_text(encoding="utf-8")
            of_file = [one for one in operations if name in files_of([one])]
            after = apply(before, of_file, file=name)
            path.write_text(after, encoding="utf-8")
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
            changed += [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return changed


def test_imported_examples_stand_where_their_intent_does_and_no_other_line_moves(folder):
    rows = [("ask_faq", "en", "how do i pay"), ("ask_faq", "en", "is there parking"), ("ask_faq", "zh-Hans", "停车收费吗")]
    plan = incoming_examples.plan(read_examples(folder), rows, whole=False)
    assert made_real(folder, plan) == ["+      - is there parking", "+      - 停车收费吗"]
    assert incoming_examples.plan(read_examples(folder), rows, whole=False).lines == ()


def test_a_sentence_that_moved_in_the_spreadsheet_moves_in_the_files(folder):
    rows = [(one.intent, one.language, one.text) for one in read_examples(folder) if one.text != "how do i pay"]
    plan = incoming_examples.plan(read_examples(folder), [*rows, ("thank", "en", "how do i pay")], whole=True)
    assert sorted(made_real(folder, plan)) == ["+      - how do i pay", "-      - how do i pay"]


def test_translations_come_back_as_one_line_each(folder):
    sent = xliff.write(read_units(folder), source="en", target="de").replace(
        b"Guten Tag, hier ist", "Grüß Gott, hier ist".encode()
    )
    plan = incoming_texts.plan_of_translations(read_units(folder), xliff.read(sent))
    assert made_real(folder, plan) == ['-    de: "Guten Tag, hier ist {hospital}."', '+    de: "Grüß Gott, hier ist {hospital}."']


def test_replacing_everywhere_changes_every_place_and_no_other(folder):
    plan = in_texts(read_units(folder), Replacing("Gern geschehen", "Sehr gern"))
    assert [line.strip() for line in made_real(folder, plan)] == ['-      text: "Gern geschehen."', '+      text: "Sehr gern."']
    plan = in_examples(read_examples(folder), Replacing("park", "leave my car"))
    assert made_real(folder, plan) == ["-      - where can i park", "+      - where can i leave my car"]


def test_each_kind_is_a_draft_of_its_own_so_that_the_right_person_reviews_it(folder):
    units = read_units(folder)
    plan = in_texts(units, Replacing("e", "é"))
    kinds = dict(drafts_of(plan))
    assert set(kinds) == {"texts", "clinical"} and files_of(kinds["clinical"]) == ("content/triage/questions.yml",)
    assert [kind for kind, _ in drafts_of(in_examples(read_examples(folder), Replacing("park", "stop")))] == ["training"]


def test_what_is_said_in_an_emergency_is_a_text_and_waits_for_somebody_clinical_without_the_others(folder):
    calls = folder.path("content/phrases/greeting.yml").read_text(encoding="utf-8").replace("hello:", "call:")
    folder.path("content/phrases/emergency.yml").write_text(calls, encoding="utf-8")
    drafts = drafts_of(in_texts(read_units(folder, "replies"), Replacing("Guten Tag", "Hallo", "de")))
    assert [(kind, files_of(operations)) for kind, operations in drafts] == [
        ("texts", ("content/phrases/emergency.yml",)), ("texts", ("content/phrases/greeting.yml",)),
    ]  # fmt: skip


def test_what_is_not_possible_becomes_no_operation(folder):
    plan = incoming_examples.plan(read_examples(folder), [("nobody", "en", "hello you")], whole=False)
    assert plan.lines and drafts_of(plan) == ()
