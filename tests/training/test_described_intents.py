"""Intents have names, meanings and a protected sentence in five languages; the pack fits the examples."""

from __future__ import annotations

import pytest

from bot.content.packs import ContentError
from bot.languages import LANGUAGES
from bot.release.folders import Folder
from bot.settings import ROOT
from bot.training.index import ExampleSource
from bot.training.intents import FILE, check_protected, described, name_of
from bot.training.operations import AddExample, MoveExample, RemoveExample
from bot.training.problems import ChangeProblem

HERE = Folder(ROOT, ROOT / "content")


def test_every_intent_is_described_and_its_best_sentence_is_one_of_its_examples():
    known, index = described(HERE), ExampleSource(HERE).current()
    assert set(known) == set(index.intents)
    for one in known.values():
        for language in LANGUAGES:
            assert one.example[language] in [each.text for each in index.by_group[(one.id, language)]], (one.id, language)


def test_an_intent_without_description_is_called_by_its_id(tmp_path):
    assert name_of({}, "ask_parking", "de") == "ask parking"
    assert name_of(described(HERE), "greet", "de") == "Grüßt"
    assert described(Folder(tmp_path, tmp_path)) == {}


def test_what_is_missing_in_a_language_is_named(tmp_path):
    path = Folder(tmp_path, tmp_path).path(FILE)
    path.parent.mkdir()
    text = (ROOT / FILE).read_text(encoding="utf-8")
    path.write_text(text.replace('      de: "Grüßt"\n', ""), encoding="utf-8")
    with pytest.raises(ContentError, match="greet has no name in de"):
        described(Folder(tmp_path, tmp_path))


def test_the_best_sentence_stays_and_others_may_go():
    known = described(HERE)
    best = known["greet"].example["en"]
    for operation in (RemoveExample("greet", "en", best, "f"), MoveExample("greet", "thank", "en", best, "f")):
        with pytest.raises(ChangeProblem) as problem:
            check_protected([operation], known)
        assert problem.value.key == "change_protected"
    check_protected([RemoveExample("greet", "en", "howdy", "f"), AddExample("greet", "en", best, "f")], known)
