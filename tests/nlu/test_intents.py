"""Intents are learned from examples: few by logistic regression, very many in one step, and both read what they have not seen."""

from __future__ import annotations

import shutil
import tarfile

import numpy as np
import pytest

from bot.knowledge.encoder import CharacterGrams, best_encoder
from bot.languages import LANGUAGES
from bot.nlu import intents, large
from bot.nlu.examples import NEVER_READ, examples
from bot.nlu.intents import Rows, Weights, features, fit, read, write
from bot.nlu.large import NoWeights, repeated, thinned, train_any
from bot.nlu.serving import newest_model
from bot.nlu.training import model_is_current
from bot.nlu.understanding import load_understanding
from bot.settings import ROOT

FOUND = [one for one in examples(ROOT / "data") if one.intent != NEVER_READ]
SEEN, UNSEEN = [one for place, one in enumerate(FOUND) if place % 5], FOUND[::5]
WAYS = {"logistic regression": 10**9, "least squares": 0}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return features([one.text for one in (*SEEN, *UNSEEN)], CharacterGrams())


def learned(rows: Rows, way: str, monkeypatch) -> Weights:
    monkeypatch.setattr(intents, "MOST_FITTED", WAYS[way])
    return fit(rows[slice(0, len(SEEN), 3)], [one.intent for one in SEEN][::3])


@pytest.mark.parametrize("way", WAYS)
def test_what_was_not_seen_is_read_and_how_sure_it_is_is_true(rows, way, monkeypatch):
    few = learned(rows, way, monkeypatch)
    said = few.shares(rows[slice(len(SEEN), None)])
    right = np.array([few.labels[best] == one.intent for best, one in zip(said.argmax(axis=1), UNSEEN, strict=True)])
    sure = said.max(axis=1) > 0.9

    assert np.allclose(said.sum(axis=1), 1.0, atol=1e-4)
    assert right.mean() > 0.4 and right[sure].mean() > 0.85


@pytest.mark.parametrize("way", WAYS)
def test_the_same_examples_give_the_same_weights(rows, way, monkeypatch):
    one, two = learned(rows, way, monkeypatch), learned(rows, way, monkeypatch)

    assert one.labels == two.labels and (one.weights == two.weights).all() and (one.bias == two.bias).all()


@pytest.mark.parametrize("way", WAYS)
def test_two_intents_are_told_apart_as_well(way, monkeypatch):
    monkeypatch.setattr(intents, "MOST_FITTED", WAYS[way])
    texts = ["thank you", "thanks a lot", "many thanks", "my ear hurts", "my nose hurts", "my knee hurts"]
    two = fit(features(texts, CharacterGrams()), ["thank"] * 3 + ["pain"] * 3)
    said = two.shares(features(["thanks", "my back hurts"], CharacterGrams()))

    assert [two.labels[best] for best in said.argmax(axis=1)] == ["thank", "pain"]


def test_what_was_written_is_read_back(rows, tmp_path, monkeypatch):
    one = learned(rows, "least squares", monkeypatch)
    write(tmp_path / "weights.npz", one, "usem3")
    two, encoder = read(tmp_path / "weights.npz")

    assert encoder == "usem3" and two.labels == one.labels and (two.weights == one.weights).all()


def test_only_new_sentences_are_encoded(tmp_path, monkeypatch):
    encoder, encoded = best_encoder(), []
    first = "where may a hedgehog leave its cart?"  # one that nobody asked before: the encoder remembers
    original = encoder._encoder.encode
    texts = [first, "我想掛號", "a rather longer sentence about nothing at all"]
    before = features(texts, encoder, keep_in=tmp_path)

    monkeypatch.setattr(encoder._encoder, "encode", lambda some: encoded.extend(some) or original(some))
    after = features([*texts, "something new"], encoder, keep_in=tmp_path)

    assert "something new" in encoded and first in encoded[:1] and len(encoded) == 2  # one is looked at again
    assert np.allclose(before.meaning, after.meaning[:3], atol=1e-5)


def test_examples_are_read_with_their_languages():
    assert {one.language for one in FOUND} == set(LANGUAGES) and all(one.text == one.text.strip() for one in FOUND)


def test_a_sentence_in_two_intents_is_found_and_one_that_is_twice_in_the_same_is_not(tmp_path):
    (tmp_path / "nlu").mkdir()
    block = "  - intent: {}\n    examples: |\n      - hello\n      - {}\n      - {}\n"
    text = "nlu:\n" + block.format("greet", "hi", "hi") + block.format("thank", "thanks", "thanks")
    (tmp_path / "nlu" / "one.yml").write_text(text)

    assert repeated(list(examples(tmp_path))) == ["hello"]


def test_thinned_files_have_two_examples_of_each_intent_and_everything_else(tmp_path):
    thin = thinned(ROOT, tmp_path / "thin")
    few = list(examples(thin / "data"))

    assert {one.intent for one in few} == {one.intent for one in examples(ROOT / "data")}
    assert all(sum(other.intent == one.intent for other in few) == large.OF_EACH for one in few)
    assert (thin / "data" / "rules" / "triage.yml").read_bytes() == (ROOT / "data" / "rules" / "triage.yml").read_bytes()


@pytest.mark.slow
def test_learned_beside_rasa_is_the_model_that_rasa_makes(understanding, models, tmp_path, monkeypatch):
    monkeypatch.setattr(large, "MANY", 0)
    model = train_any(tmp_path / "models", progress=print, files=ROOT, vectors=tmp_path / "kept")

    assert model_is_current(tmp_path / "models", files=ROOT) and newest_model(tmp_path / "models") == model
    with tarfile.open(model) as ours, tarfile.open(newest_model(models)) as theirs:
        assert {name.strip("./") for name in ours.getnames()} == {name.strip("./") for name in theirs.getnames()}
    beside = load_understanding(tmp_path / "models")
    for one in FOUND[::40]:
        line = {"id": 1, "text": one.text, "lang": one.language}
        said, wanted = beside.understand_line(line), understanding.understand_line(line)
        assert said["intent"] == wanted["intent"] and said["confidence"] == pytest.approx(wanted["confidence"], abs=0.05)


@pytest.mark.slow
def test_without_our_classifier_nothing_is_learned_beside_rasa(tmp_path, monkeypatch):
    monkeypatch.setattr(large, "MANY", 0)
    files = tmp_path / "files"
    for part in ("domain", "data"):
        shutil.copytree(ROOT / part, files / part)
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    kept = [line for line in config.splitlines() if "bot.nlu" not in line]
    (files / "config.yml").write_text("\n".join(kept), encoding="utf-8")

    with pytest.raises(NoWeights, match="pipeline"):
        train_any(tmp_path / "models", progress=print, files=files, vectors=tmp_path / "kept")
