"""Drafts gather edits without doubles; texts know where they stand, what is wrong with them, and how they will look."""

from __future__ import annotations

import pytest

from bot.languages import LANGUAGES
from bot.release.folders import Folder
from bot.settings import ROOT
from bot.training import changes, drafting
from bot.training.files import applied
from bot.training.operations import AddExample, MoveExample, RemoveExample, SetEntry, SetText, apply
from bot.training.previews import previews
from bot.training.texts import TextSource, check_text, slots_of
from bot.training.tree import data
from tests.training.test_changes import NOW

HERE = Folder(ROOT, ROOT / "content")
ADD, REMOVE = AddExample("a", "en", "x", "f"), RemoveExample("a", "en", "x", "f")


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ([ADD], REMOVE, ()),
        ([REMOVE], ADD, ()),
        ([ADD], ADD, (ADD,)),
        ([MoveExample("a", "b", "en", "x", "f", "g")], ADD, ()),
        ([ADD], MoveExample("a", "b", "en", "x", "f", "g"), (AddExample("b", "en", "x", "g"),)),
        ([SetText("f", ("a",), "1", "2")], SetText("f", ("a",), "2", "3"), (SetText("f", ("a",), "1", "3"),)),
        ([SetText("f", ("a",), "1", "2")], SetText("f", ("a",), "2", "1"), ()),
        ([SetText("f", ("a",), "1", "2")], SetText("f", ("b",), "1", "2"), (SetText("f", ("a",), "1", "2"), SetText("f", ("b",), "1", "2"))),
        ([MoveExample("a", "b", "en", "x", "f", "g")], MoveExample("b", "c", "en", "x", "g", "h"), (MoveExample("a", "c", "en", "x", "f", "h"),)),
        ([MoveExample("a", "b", "en", "x", "f", "g")], MoveExample("b", "a", "en", "x", "g", "f"), ()),
        ([MoveExample("a", "b", "en", "x", "f", "g")], RemoveExample("b", "en", "x", "g"), (MoveExample("a", "b", "en", "x", "f", "g"), RemoveExample("b", "en", "x", "g"))),
    ],
)  # fmt: skip
def test_the_second_edit_of_a_place_takes_the_place_of_the_first(before, new, after):
    assert drafting.merged(before, [new]) == after


def test_an_edit_is_not_put_before_one_of_what_it_is_in_or_of_the_same_list():
    text = "a: {b: 1, c: 1}\nl: [x, {k: 1}]\n"
    for edits in (
        [
            SetText("f", ("a", "b"), 1, 2),
            SetText("f", ("a",), {"b": 2, "c": 1}, {"b": 2, "d": 3}),
            SetText("f", ("a", "b"), 2, 4),
        ],
        [SetText("f", ("l", 0), "x", "y"), SetText("f", ("l", 1, "k"), 1, 2), SetEntry("f", ("l", 0), "y", None)],
    ):
        wanted = text
        for one in edits:
            wanted = apply(wanted, [one], file="f")
        draft: tuple = ()
        for one in edits:
            draft = drafting.merged(draft, [one])
        assert data(apply(text, draft, file="f")) == data(wanted)


def test_edits_gather_in_one_draft_until_it_is_handed_over(database):
    add = {"author": "ada", "kind": "training", "title": "Mine", "now": NOW}
    file = "data/nlu/en/a.yml"
    with database.write() as work:
        first = drafting.add_to_draft(work, operations=[AddExample("a", "en", "x", file)], **add)
        second = drafting.add_to_draft(work, operations=[AddExample("a", "en", "y", file)], **add)
        assert (second.id, len(second.operations), second.edition) == (first.id, 2, 2)
        left = drafting.without(work, first.id, 0, by="ada", edition=2, now=NOW)
        assert [one.text for one in left.operations] == ["y"]
        changes.submit(work, first.id, by="ada", now=NOW)
        third = drafting.add_to_draft(work, operations=[AddExample("a", "en", "z", file)], **add)
        assert third.id != first.id


def test_an_edit_of_the_same_text_replaces_the_one_in_the_draft(database):
    file, place = "content/phrases/a.yml", ("entries", "a", "en")
    add = {"author": "ada", "kind": "texts", "title": "Mine", "now": NOW, "instead_of": {(file, place)}}
    with database.write() as work:
        drafting.add_to_draft(work, operations=[SetText(file, place, "1", "2"), SetText(file, ("b",), "1", "2")], **add)
        again = drafting.add_to_draft(work, operations=[SetText(file, place, "1", "3")], **add)
        assert again.operations == (SetText(file, ("b",), "1", "2"), SetText(file, place, "1", "3"))
        assert drafting.add_to_draft(work, operations=[], **add).operations == (SetText(file, ("b",), "1", "2"),)


def test_every_response_and_phrase_stands_there_in_five_languages_and_can_be_edited():
    found = TextSource(HERE).current()
    assert len(found) > 500
    for one in found.values():
        assert set(one.texts) == set(LANGUAGES), one.id
        assert all(check_text(text, language, one.slots) == () for language, text in one.texts.items()), one.id


@pytest.mark.parametrize("id", ["domain/responses/privacy.yml:utter_privacy", "content/phrases/consent.yml:ask"])
def test_a_text_is_changed_in_each_language_and_nowhere_else(id):
    found = TextSource(HERE).current()
    one = found.get(id) or next(one for one in found.values() if one.file == id.partition(":")[0])
    new = {language: f"{text}!" for language, text in one.texts.items()}
    made = applied(HERE, one.becoming(new))[one.file]
    before, after = HERE.path(one.file).read_text().splitlines(), made.splitlines()
    assert sum(old != now for old, now in zip(before, after, strict=True)) == 5
    if one.defaults:
        variations = data(made)["responses"][one.key]
        assert variations[-1]["text"] == new["en"]
    assert one.becoming(one.texts) == []


@pytest.mark.parametrize(
    ("text", "language", "slots", "keys"),
    [
        ("Call {number} now.", "en", {"number"}, []),
        ("Call now.", "en", {"number"}, ["slot_missing"]),
        ("Call {nummer} now.", "en", {"number"}, ["slot_missing", "slot_unknown"]),
        ("Call {number now.", "en", set(), ["slot_broken"]),
        ("", "de", set(), ["empty"]),
        ("Hello", "zh-Hans", set(), ["script"]),
        ("請稍候", "zh-Hans", set(), ["script"]),
        ("One.\n\nTwo.", "en", set(), ["blank_line"]),
        ("Take ibuprofen.", "en", set(), ["forbidden"]),
    ],
)
def test_what_is_wrong_with_a_text_is_said(text, language, slots, keys):
    assert [one.key for one in check_text(text, language, frozenset(slots))] == keys


def test_placeholders_are_found():
    assert slots_of("{a} and {b_c}, not {}") == {"a", "b_c"}


def test_previews_count_as_the_platforms_do_and_show_numbers_where_nothing_can_be_pressed():
    web, telegram, wechat = previews("您好 😀", "AI", ["好", "不"])
    assert (web.count, telegram.count, wechat.count) == (7, 8, len("您好 😀\nAI\n1 好\n2 不".encode()))
    assert (web.buttons, wechat.buttons, wechat.lines) == (("好", "不"), (), ("1 好", "2 不"))
    assert previews("您" * 700, "AI")[2].messages == 2 and web.messages == 1
