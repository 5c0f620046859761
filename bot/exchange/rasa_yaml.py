"""Examples as Rasa's own YAML: what `rasa train` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from bot.exchange.problems import ExchangeProblem
from bot.exchange.reading import examples_in
from bot.exchange.units import Example
from bot.languages import Language

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def write(examples: Sequence[Example]) -> bytes:
    """Return the examples of one language, by intent in the order in which these first come."""
    by_intent: dict[str, list[str]] = {}
    for one in examples:
        by_intent.setdefault(one.intent, []).append(one.text)
    lines = ['version: "3.1"', "", "nlu:"]
    for intent, texts in by_intent.items():
        lines += [f"  - intent: {intent}", "    examples: |", *(f"      - {text}" for text in texts), ""]
    return ("\n".join(lines).rstrip() + "\n").encode()


def read(file: bytes, language: Language) -> tuple[Example, ...]:
    """Return the examples of a file of Rasa's; its language does not stand in it. Raises ExchangeProblem."""
    try:
        data = yaml.load(file.decode("utf-8-sig"), Loader=_Loader)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        raise ExchangeProblem("unreadable", "This is no YAML that can be read.") from None
    found = tuple(examples_in(data, language))
    if not found:
        raise ExchangeProblem("empty", "There is no example under `nlu:` in this file.")
    return found
