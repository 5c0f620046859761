"""Operations change the lines they mean and no other, merge with edits on disk, and never overwrite what they do not expect."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.training.conflict import Conflict
from bot.training.examples_in import sentences
from bot.training.operations import (
    AddExample,
    MoveExample,
    NotEditable,
    RemoveExample,
    SetEntry,
    SetText,
    apply,
    as_json,
    files_of,
    from_json,
)
from bot.training.tree import data

HAND_WRITTEN = """\
# What people ask.   (two blanks before this bracket)
version: "3.1"

nlu:
  - intent: greet      # good manners
    examples: |
      - hello
      - good morning

  # Bookings: see the desk.
  - intent:   book
    examples: |
        - i want an appointment
        - book me in

odd: {b: 1,   a: [x, "y, z"]}   # order kept
text: 'it''s here'
long: >
  two lines
  that are one
kept: &name "one"
again: *name
"""


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    changed = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]
    return [line[2:] for line in changed if line[0] == "-"], [line[2:] for line in changed if line[0] == "+"]


def done(*operations, text=HAND_WRITTEN):
    return lines_changed(text, apply(text, operations, file="f.yml"))


def test_a_sentence_comes_as_one_line_at_the_end_of_its_intent():
    assert done(AddExample("book", "en", "can i come on monday", "f.yml")) == ([], ["        - can i come on monday"])


def test_a_sentence_that_is_there_already_changes_nothing():
    assert done(AddExample("greet", "en", "hello", "f.yml")) == ([], [])


def test_a_sentence_goes_as_one_line_and_one_that_is_gone_already_is_no_problem():
    assert done(RemoveExample("greet", "en", "hello", "f.yml")) == (["      - hello"], [])
    assert done(RemoveExample("greet", "en", "hullo", "f.yml")) == ([], [])


def test_the_last_sentence_takes_its_intent_along_and_comments_stay():
    gone, new = done(RemoveExample("greet", "en", "hello", "f.yml"), RemoveExample("greet", "en", "good morning", "f.yml"))
    assert gone == ["  - intent: greet      # good manners", "    examples: |", "      - hello", "      - good morning"]
    assert new == []


def test_a_sentence_moves_to_another_intent():
    gone, new = done(MoveExample("greet", "book", "en", "good morning", "f.yml"))
    assert (gone, new) == (["      - good morning"], ["        - good morning"])


@pytest.mark.parametrize("to", ["greet", "thank"])
def test_a_sentence_that_is_moved_on_stands_where_it_was_moved_last(to):
    moves = [MoveExample("greet", "book", "en", "hello", "f.yml"), MoveExample("book", to, "en", "hello", "f.yml")]

    made = apply(HAND_WRITTEN, moves, file="f.yml")

    assert {intent for intent, some in sentences(made).items() if "hello" in some} == {to}


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        (RemoveExample("greet", "en", "hello", "f.yml"), {"greet": ["hi"], "book": ["come"]}),
        (MoveExample("greet", "book", "en", "hello", "f.yml"), {"greet": ["hi"], "book": ["come", "hello"]}),
    ],
)
def test_a_sentence_that_somebody_wrote_twice_goes_as_one(operation, left):
    twice = (
        "nlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n    - hello \n- intent: book\n  examples: |\n    - come\n"
    )

    assert sentences(apply(twice, [operation], file="f.yml")) == left


def test_a_sentence_that_somebody_else_removed_is_not_moved():
    with pytest.raises(Conflict) as problem:
        done(MoveExample("greet", "book", "en", "hullo", "f.yml"))
    assert (problem.value.file, problem.value.expected, problem.value.found) == ("f.yml", "hullo", None)


def test_a_sentence_that_somebody_else_moved_there_already_is_no_problem():
    assert done(MoveExample("greet", "book", "en", "book me in", "f.yml")) == ([], [])


def test_an_intent_without_sentences_in_a_language_gets_a_place_in_a_file_that_may_be_new():
    made = apply("", [AddExample("thank", "de", "danke", "f.yml")], file="f.yml")
    assert data(made) == {"version": "3.1", "nlu": [{"intent": "thank", "examples": "- danke\n"}]}
    _, new = done(AddExample("thank", "en", "cheers", "f.yml"))
    assert new == ["  - intent: thank", "    examples: |", "      - cheers"]


@pytest.mark.parametrize(
    ("path", "before", "after", "gone", "new"),
    [
        (("text",), "it's here", "it's there", "text: 'it''s here'", "text: 'it''s there'"),
        (("odd", "a", 1), "y, z", "z]", 'odd: {b: 1,   a: [x, "y, z"]}   # order kept', 'odd: {b: 1,   a: [x, "z]"]}   # order kept'),
        (("odd", "a", 0), "x", "a, b", 'odd: {b: 1,   a: [x, "y, z"]}   # order kept', 'odd: {b: 1,   a: ["a, b", "y, z"]}   # order kept'),
        (("kept",), "one", "two", 'kept: &name "one"', 'kept: &name "two"'),
        (("again",), "one", "three", "again: *name", "again: three"),
        (("version",), "3.1", "3.2", 'version: "3.1"', 'version: "3.2"'),
        (("odd", "b"), 1, 2, 'odd: {b: 1,   a: [x, "y, z"]}   # order kept', 'odd: {b: 2,   a: [x, "y, z"]}   # order kept'),
    ],
)  # fmt: skip
def test_a_text_changes_in_its_own_quotes(path, before, after, gone, new):
    assert done(SetText("f.yml", path, before, after)) == ([gone], [new])


def test_many_texts_of_a_large_file_are_changed_at_once():
    names = [f"name{number}" for number in range(3000)]
    text = "".join(f"{name}:\n  en: 'one of {name}'  # by hand\n  de: eins\n" for name in names)
    edits = [SetText("f", (name, "en"), f"one of {name}", f"two of {name}") for name in names]
    assert apply(text, edits, file="f") == text.replace("'one of", "'two of")


def test_edits_of_one_change_follow_each_other_whatever_they_touch():
    text = "a: {b: &x one, c: *x}\nd: [1, 2]\n"
    edits = [
        SetText("f", ("a", "b"), "one", "two"),
        SetText("f", ("a", "c"), "two", "three"),
        SetText("f", ("a", "b"), "two", "four"),
        SetEntry("f", ("d", 0), None, 0),
        SetText("f", ("d", 2), 2, 3),
        SetEntry("f", ("a",), {"b": "four", "c": "three"}, None),
    ]
    assert [apply(text, edits[:count], file="f").splitlines() for count in range(1, 7)] == [
        ["a: {b: &x two, c: *x}", "d: [1, 2]"],
        ["a: {b: &x two, c: three}", "d: [1, 2]"],
        ["a: {b: &x four, c: three}", "d: [1, 2]"],
        ["a: {b: &x four, c: three}", "d: [0, 1, 2]"],
        ["a: {b: &x four, c: three}", "d: [0, 1, 3]"],
        ["d: [0, 1, 3]"],
    ]


def test_a_folded_text_stays_folded():
    gone, new = done(SetText("f.yml", ("long",), "two lines that are one\n", "three lines\nnow\n"))
    made = apply(HAND_WRITTEN, [SetText("f.yml", ("long",), "two lines that are one\n", "three lines\nnow\n")], file="f.yml")
    assert data(made)["long"] == "three lines\nnow\n"
    assert "long: >\n" in made and not {"long: >"} & {*gone, *new}


def test_what_stands_there_already_changes_nothing_and_what_is_not_expected_is_shown():
    assert done(SetText("f.yml", ("text",), "before", "it's here")) == ([], [])
    with pytest.raises(Conflict) as problem:
        done(SetText("f.yml", ("text",), "it was here", "it is gone"))
    assert (problem.value.path, problem.value.expected, problem.value.found) == (("text",), "it was here", "it's here")


def test_a_mapping_that_somebody_made_a_list_is_shown():
    with pytest.raises(Conflict) as problem:
        done(SetEntry("f.yml", ("kinds", "new"), None, "x"), text="kinds:\n  - a\n  - b\n")

    assert problem.value.path == ("kinds", "new")


@pytest.mark.parametrize("text", ["a: x", "a:\n  - x", "a: # none\n"])
def test_a_text_of_several_lines_is_added_also_where_the_last_line_has_no_end(text):
    made = apply(text, [SetEntry("f.yml", ("b",), None, "one\ntwo\n")], file="f.yml")

    assert data(made) == {**data(text), "b": "one\ntwo\n"}


def test_a_list_below_a_comment_and_not_indented_can_become_empty():
    made = apply("a:\n# of the ward\n- x\nb: 1\n", [SetEntry("f.yml", ("a", 0), "x", None)], file="f.yml")

    assert data(made) == {"a": [], "b": 1} and "# of the ward" in made


def test_a_place_in_a_list_is_found_again_when_somebody_added_something_above():
    text = "list:\n  - name: new\n  - name: a\n    text: one\n"
    assert done(SetText("f.yml", ("list", 0, "text"), "one", "two"), text=text) == (["    text: one"], ["    text: two"])
    twice = text + "  - name: b\n    text: one\n"
    with pytest.raises(Conflict):
        done(SetText("f.yml", ("list", 0, "text"), "one", "two"), text=twice)


def test_entries_come_and_go_in_the_style_of_their_neighbours():
    text = "entries:\n  # the first\n  a:\n    names: {en: A, de: 'Ä'}\n    until: 2027-01-01\n  b:\n    names: {en: B, de: 'B'}\n    until: 2027-01-01\n\n# the end\n"
    _, new = done(SetEntry("f.yml", ("entries", "c"), None, {"names": {"en": "C", "de": "C"}, "until": "2028-01-01"}), text=text)
    assert new == ["  c:", "    names: { en: C, de: 'C' }", "    until: 2028-01-01"]
    gone, new = done(
        SetEntry("f.yml", ("entries", "a"), {"names": {"en": "A", "de": "Ä"}, "until": "2027-01-01"}, None), text=text
    )
    assert (gone, new) == (["  a:", "    names: {en: A, de: 'Ä'}", "    until: 2027-01-01"], [])


def test_an_entry_that_was_changed_meanwhile_is_not_taken_out():
    with pytest.raises(Conflict):
        done(SetEntry("f.yml", ("odd",), {"b": 2, "a": ["x"]}, None))


def test_only_what_differs_within_an_entry_is_written_anew():
    before = {"b": 1, "a": ["x", "y, z"]}
    gone, new = done(SetEntry("f.yml", ("odd",), before, {"b": 1, "a": ["x", "y, z", "w"]}))
    assert (gone, new) == (
        ['odd: {b: 1,   a: [x, "y, z"]}   # order kept'],
        ['odd: {b: 1,   a: [x, "y, z", "w"]}   # order kept'],
    )


def test_what_is_added_at_the_end_of_entries_within_each_other_stands_where_it_belongs():
    before = {"b": {"c": {"d": "one"}}}
    after = {"b": {"c": {"d": "one", "x": "two"}, "x": "three"}, "x": "four", "y": "five"}
    made = apply("a:\n  b:\n    c:\n      d: one\nkept: as it is\n", [SetEntry("f", ("a",), before, after)], file="f")
    assert made == "a:\n  b:\n    c:\n      d: one\n      x: two\n    x: three\n  x: four\n  y: five\nkept: as it is\n"


@pytest.mark.parametrize("end", ["\n", "", "\n\n# the end\n"])
def test_the_last_of_an_entry_goes_while_another_comes_below_it(end):
    before = {"b": {"c": "one", "d": "two"}}
    text = f"a:\n  b:\n    c: one\n    d: two{end}"
    for after in (
        {"b": {"c": "one"}, "e": "new"},
        {"b": {"c": "one", "e": "new"}},
        {"b": {"c": "one", "e": "new"}, "f": ["new"]},
    ):
        assert data(apply(text, [SetEntry("f", ("a",), before, after)], file="f")) == {"a": after}
    gone, new = done(SetEntry("f", ("a",), before, {"b": {"c": "one"}, "e": "new"}), text=text)
    assert (gone, [line for line in new if line]) == (["    d: two"], ["  e: new"])
    was, wanted = [{"x": 1, "y": 2}, "last"], [{"x": 1}, "new", "last"]
    lists = f"a:\n  - x: 1\n    y: 2\n  - last{end}"
    assert data(apply(lists, [SetEntry("f", ("a",), was, wanted)], file="f")) == {"a": wanted}


def test_a_list_that_becomes_empty_and_one_that_was_are_still_lists():
    text = "a:\n  - x\nb: []\n"
    made = apply(text, [SetEntry("f", ("a", 0), "x", None), SetEntry("f", ("b", 0), None, "y")], file="f")
    assert data(made) == {"a": [], "b": ["y"]}


def test_a_file_of_another_editor_keeps_its_line_ends_and_its_mark():
    text = "\ufeff" + HAND_WRITTEN.replace("\n", "\r\n")
    made = apply(text, [SetText("f.yml", ("text",), "it's here", "there")], file="f.yml")
    assert made == text.replace("'it''s here'", "'there'")


def test_a_file_that_is_no_yaml_is_named_with_the_fix():
    with pytest.raises(NotEditable, match=r"f\.yml cannot be edited here .*by hand"):
        apply("a: [", [SetText("f.yml", ("a",), None, "x")], file="f.yml")


def test_operations_survive_as_json():
    operations = (
        AddExample("a", "en", "x", "f"),
        MoveExample("a", "b", "en", "x", "f", "g"),
        RemoveExample("a", "de", "y", "f"),
        SetText("h", ("a", 1), "x", None),
        SetEntry("h", ("a",), None, {"b": [1]}),
    )
    assert from_json(as_json(operations)) == operations
    assert files_of(operations) == ("f", "g", "h")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "domain").rglob("*.yml")) + sorted((ROOT / "content").rglob("*.yml"))[::9], ids=lambda path: path.name
)
def test_every_file_of_this_repository_can_be_edited(path: Path):
    """Its last text becomes another and back: the file is what it was."""
    text = path.read_text(encoding="utf-8")
    place, value = last_text(data(text))
    if value is None:
        return
    other = apply(text, [SetText("f", place, value, value + " and more")], file="f")
    gone, new = lines_changed(text, other)
    assert len(gone) == len(new) == 1 or "\n" in value
    back = apply(other, [SetText("f", place, value + " and more", value)], file="f")
    # Where a text was `*name`, it is written out: the other one that it repeated stays as it is.
    assert back == text or (data(back) == data(text) and "*" in "".join(lines_changed(text, back)[0]))


def last_text(value, path=()):
    found = (path, None)
    if isinstance(value, dict | list):
        for part in value if isinstance(value, dict) else range(len(value)):
            inner = last_text(value[part], (*path, part))
            found = inner if inner[1] is not None else found
    elif isinstance(value, str) and value:
        found = (path, value)
    return found


@pytest.mark.parametrize(
    ("text", "path", "before", "made"),
    [
        (
            "l:\n  - id: x   # its own\n    # of the text\n\n    # two lines\n    text: y\n",
            ("l", 0, "id"),
            "x",
            "l:\n  - # of the text\n\n    # two lines\n    text: y\n",
        ),
        ("l:\n  - id: x\n    text: y\n", ("l", 0, "id"), "x", "l:\n  - text: y\n"),
        ("l:\n  - id: x   # its own\n    text: y\n", ("l", 0, "id"), "x", "l:\n  - text: y\n"),
        ("l:\n  - - a\n    # of b\n    - b\n", ("l", 0, 0), "a", "l:\n  - # of b\n    - b\n"),
        ("l: [\n  a,\n  # of b\n  b,\n]\n", ("l", 0), "a", "l: [\n  # of b\n  b,\n]\n"),
        ("l: [ a, # why a\n     b ]\n", ("l", 1), "b", "l: [ a, # why a\n      ]\n"),
        ("l: [\n  a,\n  # of b\n  b,\n]\n", ("l", 1), "b", "l: [\n  a,\n  # of b\n  \n]\n"),
        ("l: [\n  # of a\n  a,\n]\n", ("l", 0), "a", "l: [\n  # of a\n]\n"),
        ("l: [\n  a,\n]\n", ("l", 0), "a", "l: []\n"),
        ("l: { a: 1,\n  # of b\n  b: 2 }\n", ("l", "a"), 1, "l: { # of b\n  b: 2 }\n"),
        ("l: [ a, b ]\n", ("l", 1), "b", "l: [ a ]\n"),
    ],
)
def test_what_somebody_wrote_about_a_neighbour_stays_when_an_entry_goes(text, path, before, made):
    assert apply(text, [SetEntry("f.yml", path, before, None)], file="f.yml") == made
