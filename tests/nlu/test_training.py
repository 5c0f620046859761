"""Training happens when something changed that a model depends on, only then, and a failure says what Rasa said."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from bot.knowledge.encoder import best_encoder
from bot.nlu import training
from bot.nlu.classifier import SentenceIntentClassifier
from bot.nlu.training import TrainingFailed, fingerprint, model_is_current, train
from bot.nlu.understanding import load_understanding


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of all inputs, and a model trained from them."""
    for name in (*training.INPUTS, *training.READS_WITH):
        source, target = training.ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.tar.gz").touch()
    (tmp_path / "models" / training.FINGERPRINT).write_text(fingerprint())
    return tmp_path


def test_a_model_of_the_present_files_is_current(copy):
    assert model_is_current(copy / "models")


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain/intents.yml",
        "data/nlu/ar/faq.yml",
        "bot/nlu/classifier.py",
        "bot/knowledge/encoder.py",
        "bot/triage/normalise.py",
    ],
)
def test_a_change_of_an_input_makes_it_old(copy, name):
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")

    assert not model_is_current(copy / "models")


def test_a_new_file_and_a_removed_file_make_it_old(copy):
    (copy / "data/nlu/en/more.yml").write_text("nlu: []")
    assert not model_is_current(copy / "models")
    (copy / "data/nlu/en/more.yml").unlink()
    assert model_is_current(copy / "models")
    (copy / "data/nlu/en/faq.yml").unlink()
    assert not model_is_current(copy / "models")


def test_another_encoder_makes_it_old(copy, monkeypatch):
    monkeypatch.setattr(training, "version_of", lambda package: "0")

    assert not model_is_current(copy / "models")


def test_without_a_model_nothing_is_current(copy):
    (copy / "models/one.tar.gz").unlink()

    assert not model_is_current(copy / "models")


def test_rasas_own_cache_knows_how_messages_are_read(copy):
    before = SentenceIntentClassifier.fingerprint_addon({})
    assert SentenceIntentClassifier.fingerprint_addon({}) == before
    with (copy / "bot/triage/normalise.py").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")

    assert SentenceIntentClassifier.fingerprint_addon({}) != before


@pytest.mark.slow
def test_a_failed_training_says_what_rasa_said_and_leaves_no_mark(tmp_path, monkeypatch):
    (tmp_path / "config.yml").write_text("recipe: default.v1\npipeline:\n- name: bot.nlu.NotThere\npolicies: []\n")
    monkeypatch.setattr(training, "ROOT", tmp_path)
    monkeypatch.setattr(training, "INPUTS", ("config.yml",))
    monkeypatch.setattr(training, "READS_WITH", ())

    with pytest.raises(TrainingFailed, match="Rasa said"):
        train(tmp_path / "models", progress=print)

    assert not (tmp_path / "models" / training.FINGERPRINT).exists()


def test_without_a_model_understanding_says_what_to_run(tmp_path):
    with pytest.raises(TrainingFailed, match="daozhen train"):
        load_understanding(tmp_path)


@pytest.mark.parametrize(
    ("text", "lang", "intent"),
    [
        ("where can I park my car?", "en", "ask_faq"),
        ("mein Ohr tut weh", "de", "report_symptom"),
        ("我想找護理師", "zh-Hant", "request_nurse"),
        ("谢谢", "zh-Hans", "thank"),
        ("أذني تؤلمني", "ar", "report_symptom"),
    ],
)
def test_a_line_is_understood_and_nothing_else_is_printed(understanding, capfd, text, lang, intent):
    line = understanding.understand_line({"id": "1", "text": text, "lang": lang})

    assert line["id"] == "1" and line["intent"] == intent and line["confidence"] > 0.35
    assert {"entity": "language", "value": lang} in line["entities"]
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("text", ["", "   ", "🙂", "…", "/restart", "\ud800", "x" * 50_000])
def test_any_line_is_understood_somehow(understanding, text):
    assert understanding.understand_line({"id": 1, "text": text})["id"] == 1


def test_a_pressed_button_is_never_read_from_words(understanding):
    assert understanding.understand_line({"id": 1, "text": "press_button", "lang": "en"})["intent"] != "press_button"


@pytest.mark.parametrize(
    ("text", "lang"), [("Where can I PARK my car, please?", "en"), ("掛號要怎麼取消呢", "zh-Hant"), ("Wo ist die Straße?", "de")]
)
def test_a_sentence_is_encoded_once_for_intent_and_search(understanding, monkeypatch, text, lang):
    encoded: list[str] = []
    remembering = best_encoder()
    original = remembering._encoder.encode
    monkeypatch.setattr(remembering, "_encoder", SimpleNamespace(encode=lambda texts: encoded.extend(texts) or original(texts)))

    line = understanding.understand_line({"id": 1, "text": text, "lang": lang})

    assert len(encoded) == 1 and line["intent"]
