"""Which files the studio may change, and where a new sentence goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.languages import Language
from bot.training.operations import AddExample, MoveExample, Operation

NLU = "data/nlu"
# Names of files as releases know them; config.yml and rules are for developers: the studio edits words, not the machine. But
# an intent of its own needs a rule of its own.
_OWN_RULES = "data/rules/own.yml"
_EDITABLE = re.compile(r"(?:content|domain|data/nlu)/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml")
# What decides how urgent something is and where it leads, what is said in an emergency and at each level, and that it is no diagnosis.
_CLINICAL = (
    "content/triage/",
    "content/followup/",
    "content/hospital/",
    "content/second_reader/",
    *(f"content/phrases/{name}.yml" for name in ("disclaimer", "emergency", "followup", "handoff", "readings", "triage")),
    "domain/responses/triage.yml",
)


def is_editable(file: str) -> bool:
    """Whether a change may touch this file."""
    return file == _OWN_RULES or (bool(_EDITABLE.fullmatch(file)) and ".." not in file)


def is_clinical(file: str) -> bool:
    """Whether somebody clinical has to review what changes in this file."""
    return file.startswith(_CLINICAL)


def home_of(intent: str, language: Language, files: Mapping[str, Iterable[str]]) -> str:
    """Return the file in which examples of an intent in a language stand, or would. `files`: the intents in each file."""
    folder = f"{NLU}/{language}/"
    holding = sorted(file for file, intents in files.items() if intent in set(intents))
    here = [file for file in holding if file.startswith(folder)]
    if here:
        return here[0]
    # The same topic has the same name in all languages.
    names = [file.rpartition("/")[2] for file in holding]
    return folder + (names[0] if names else f"{intent}.yml")


def placed(operation: Operation, files: Mapping[str, Iterable[str]]) -> Operation:
    """Return the operation with the files it touches, where they were not said."""
    if isinstance(operation, AddExample) and not operation.at_file:
        return replace(operation, at_file=home_of(operation.intent, operation.language, files))
    if isinstance(operation, MoveExample) and not operation.to_file:
        return replace(operation, to_file=home_of(operation.to, operation.language, files))
    return operation
