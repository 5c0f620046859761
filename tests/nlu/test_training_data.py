"""Checks of the training data: every language knows every intent, no example means two things, nobody can be recognised."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bot.content.language_check import language_problem
from bot.content.packs import read_yaml
from bot.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
NLU = ROOT / "data" / "nlu"
IMPORTANT = {
    "report_symptom",
    "ask_department",
    "ask_faq",
    "request_nurse",
    "ask_diagnosis_or_drug",
    "complain",
    "out_of_scope",
}
FEWEST, FEWEST_OF_IMPORTANT = 15, 40
# What people write in the letters of another language: 88 is goodbye, 3q is thank you, pass and bye are known everywhere.
BORROWED = {"88", "881", "3q", "3Q", "pass"}
# Written in both scripts, although OpenCC has an older variant for them.
IN_BOTH_SCRIPTS = str.maketrans("", "", "吃伙晒唇床")


def examples_of(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml(path)["nlu"]:
            found[block["intent"]] += [line.removeprefix("- ") for line in block["examples"].splitlines()]
    return found


EXAMPLES = {language: examples_of(NLU / language) for language in LANGUAGES}


def folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def intents_of_domain() -> set[str]:
    domain = read_yaml(ROOT / "domain" / "intents.yml")
    return set(domain["intents"]) - {"press_button"}


def test_the_language_folders_hold_files_of_the_same_names():
    names = {language: {path.name for path in (NLU / language).glob("*.yml")} for language in LANGUAGES}

    assert all(names[language] == names["en"] for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_known_in_every_language(language):
    assert set(EXAMPLES[language]) == intents_of_domain()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_enough_examples(language):
    few = {
        intent: len(set(examples))
        for intent, examples in EXAMPLES[language].items()
        if len(set(examples)) < (FEWEST_OF_IMPORTANT if intent in IMPORTANT else FEWEST)
    }

    assert not few


def test_no_example_means_two_things():
    meanings: dict[str, set[str]] = defaultdict(set)
    for by_intent in EXAMPLES.values():
        for intent, examples in by_intent.items():
            for example in examples:
                meanings[folded(example)].add(intent)

    assert not {example: intents for example, intents in meanings.items() if len(intents) > 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_stands_twice_in_a_language(language):
    counted = Counter(folded(example) for examples in EXAMPLES[language].values() for example in examples)

    assert not [example for example, count in counted.items() if count > 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_are_written_in_the_script_of_their_folder(language):
    wrong = {
        example: problem
        for examples in EXAMPLES[language].values()
        for example in examples
        if example not in BORROWED and (problem := language_problem(example.translate(IN_BOTH_SCRIPTS), language))
    }

    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_holds_personal_data(language):
    personal = re.compile(r"[\w.]+@[\w.]+|\d[\d \-/]{6,}\d|https?:|(?:Frau|Herr|Mr|Mrs|Ms)\.? [A-Z]\w+")

    found = [example for examples in EXAMPLES[language].values() for example in examples if personal.search(example)]

    assert [example for example in found if "Herr Doktor" not in example] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_can_be_read_as_rasa_markup_or_command(language):
    risky = [example for examples in EXAMPLES[language].values() for example in examples if re.search(r"[\[\]{}]|^/", example)]

    assert not risky
