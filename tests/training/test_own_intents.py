"""A new intent of the hospital fits into the files: Rasa knows it, its sentences, its answer and its rule."""

from __future__ import annotations

import pytest

from bot.content.responses import read_responses, response_problems
from bot.languages import LANGUAGES
from bot.release.folders import copy, live_folder
from bot.settings import ROOT, Settings
from bot.training import files
from bot.training.intents import described, with_draft
from bot.training.own_intents import NewIntent, creating, describing, id_of
from bot.training.tree import data

WIFI = NewIntent(
    name={language: f"Wifi {language}" for language in LANGUAGES},
    means={language: f"Asks for the wifi: {language}" for language in LANGUAGES},
    sentences={language: [f"is there wifi {language}", f"what is the password {language}"] for language in LANGUAGES},
    answer={language: f"The wifi is called Hospital ({language}): ask the nurses." for language in LANGUAGES},
)


@pytest.fixture
def folder(tmp_path):
    """The files of this repository, copied."""
    return copy(live_folder(Settings(files_dir=ROOT, content_dir=ROOT / "content")), tmp_path / "files")


def test_ids_are_made_of_the_english_name_and_never_twice():
    assert id_of("Asks for the Wi-Fi!", ()) == "asks_for_the_wi_fi"
    assert id_of("Wifi", ["wifi", "wifi_2"]) == "wifi_3"
    assert id_of("无线网", ()) == "own" and id_of("24 hours", ()) == "own_24_hours"
    assert len(id_of("word " * 40, ())) <= 40


def test_a_new_intent_has_sentences_an_answer_a_rule_and_a_description(folder):
    made = files.applied(folder, creating(WIFI, "wifi"))
    files.write(folder, made)
    assert data(made["domain/intents.yml"])["intents"][-1] == "wifi"
    assert data(made["data/rules/own.yml"])["rules"] == [
        {"rule": "answers wifi", "steps": [{"intent": "wifi"}, {"action": "utter_wifi"}]}
    ]
    assert list(response_problems(folder.files / "domain")) == []
    (answer,) = [one for one in read_responses(folder.files / "domain") if one.key == "utter_wifi"]
    assert answer.texts == WIFI.answer and answer.has_default
    assert described(folder)["wifi"] == WIFI.described("wifi")
    assert "is there wifi de" in made["data/nlu/de/own.yml"]
    # Written as a person would: below the comment, in lines.
    assert (
        made["domain/responses/own.yml"].startswith("# Answers to intents")
        and "\nresponses:\n  utter_wifi:\n    - " in made["domain/responses/own.yml"]
    )


def test_two_new_intents_of_two_people_are_both_there(folder):
    files.write(folder, files.applied(folder, creating(WIFI, "wifi")))
    files.write(folder, files.applied(folder, creating(WIFI, "wlan")))
    assert [one["rule"] for one in data(files.read(folder, "data/rules/own.yml"))["rules"]] == ["answers wifi", "answers wlan"]
    assert set(data(files.read(folder, "domain/responses/own.yml"))["responses"]) == {"utter_wifi", "utter_wlan"}
    assert data(files.read(folder, "domain/intents.yml"))["intents"][-2:] == ["wifi", "wlan"]


def test_a_description_changes_in_the_lines_that_differ(folder):
    before = described(folder)["greet"]
    new = type(before)("greet", {**before.name, "de": "Sagt Hallo"}, before.means, before.example)
    edits = [describing(new, before)]
    (diff,) = files.differences(files.texts_of(folder, edits), edits)
    assert [line for line in diff.unified.splitlines() if line[0] in "+-" and line[1] == " "] == [
        '-      de: "Grüßt"',
        '+      de: "Sagt Hallo"',
    ]
    assert with_draft(described(folder), [describing(new, before)])["greet"] == new
