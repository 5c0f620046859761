"""The index is what stands in the files, read again only where they were written."""

from __future__ import annotations

import os

import pytest

from bot.nlu.examples import examples
from bot.release.folders import Folder, folder_in
from bot.settings import ROOT
from bot.training import files
from bot.training.index import ExampleSource
from bot.training.operations import AddExample
from bot.training.places import home_of, placed

FILE = "data/nlu/en/small_talk.yml"


@pytest.fixture
def folder(tmp_path):
    made = folder_in(tmp_path)
    files.write(made, {FILE: "nlu:\n  - intent: greet\n    examples: |\n      - hi\n", "data/nlu/de/small_talk.yml": "nlu: []\n"})
    return made


def test_it_holds_every_sentence_of_this_repository():
    index = ExampleSource(Folder(ROOT, ROOT / "content")).current()
    found = [(one.text, one.intent, one.language) for group in index.by_group.values() for one in group]
    assert sorted(found) == sorted((one.text, one.intent, one.language) for one in examples(ROOT / "data") if one.language)


def test_an_edit_on_disk_is_seen_and_nothing_is_read_twice(folder, monkeypatch):
    source = ExampleSource(folder)
    first = source.current()
    assert source.current() is first
    path = folder.path(FILE)
    path.write_text(path.read_text() + "      - hello\n")
    os.utime(path, ns=(1, 1))
    read = []
    monkeypatch.setattr("bot.training.index.read_yaml", lambda path: read.append(path.parent.name) or {"nlu": []})
    assert source.current() is not first
    assert read == ["en"]


def test_sentences_are_found_whatever_their_capitals(folder):
    index = ExampleSource(folder).current()
    assert [one.text for one in index.find("HI")] == ["hi"]
    assert index.find("hi", language="de") == [] and index.find("nothing") == []


def test_a_new_sentence_goes_where_its_intent_stands_or_stands_in_another_language():
    known = {FILE: ("greet", "thank"), "data/nlu/de/courtesies.yml": ("thank",)}
    assert home_of("greet", "en", known) == FILE
    assert home_of("greet", "de", known) == "data/nlu/de/small_talk.yml"
    assert home_of("thank", "de", known) == "data/nlu/de/courtesies.yml"
    assert home_of("park", "ar", known) == "data/nlu/ar/park.yml"
    assert placed(AddExample("greet", "en", "yo"), known) == AddExample("greet", "en", "yo", FILE)
    assert placed(AddExample("greet", "en", "yo", "x"), known) == AddExample("greet", "en", "yo", "x")
