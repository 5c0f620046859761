"""What a file, or a bulk edit, would change: said line by line before anything is kept. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from bot.exchange.units import Example, Place
from bot.languages import Language
from bot.training.places import home_of

Kind = Literal["added", "removed", "changed", "problem"]


@dataclass(frozen=True)
class Line:
    """One change. `name`: the intent, or the text's id; `problem`: why it is not made, of the phrase `exchange_why_…`."""

    kind: Kind
    name: str
    language: Language | None
    before: str = ""
    after: str = ""
    problem: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    place: Place = ()

    @property
    def is_example(self) -> bool:
        """Whether it is about an example and not about a text."""
        return not self.place


@dataclass(frozen=True)
class Plan:
    """All of it. `same`: what stands there already as it should."""

    lines: tuple[Line, ...]
    same: int = 0

    @property
    def counts(self) -> Mapping[Kind, int]:
        """Return how many lines there are of each kind."""
        return Counter(line.kind for line in self.lines)

    @property
    def made(self) -> tuple[Line, ...]:
        """Return the lines that change something."""
        return tuple(line for line in self.lines if line.kind != "problem")


def problem(name: str, language: Language | None, why: str, text: str = "", /, **values: str) -> Line:
    """Return a line that says why something is not made."""
    return Line("problem", name, language, after=text, problem=why, values=values)


def examples_plan(current: Sequence[Example], wanted: Sequence[Example], *, whole: bool, problems: Iterable[Line] = ()) -> Plan:
    """Return what has to be done so that all of `wanted` are there.

    `whole`: of the intents and languages in `wanted` nothing else stays, so that what was deleted in a spreadsheet goes.
    """
    there = {_key(one): one for one in current}
    asked = {_key(one): one for one in wanted}
    files = _intents_by_file(current)
    home = cache(lambda intent, language: home_of(intent, language, files))
    added = [
        Line("added", one.intent, one.language, after=one.text, file=home(one.intent, one.language))
        for key, one in asked.items()
        if key not in there
    ]
    touched = {(one.intent, one.language) for one in wanted} if whole else set()
    removed = [
        Line("removed", one.intent, one.language, before=one.text, file=one.file)
        for key, one in there.items()
        if key not in asked and (one.intent, one.language) in touched
    ]
    return Plan((*problems, *added, *removed), sum(key in there for key in asked))


def _key(one: Example) -> tuple[str, Language, str]:
    return one.intent, one.language, one.text


def _intents_by_file(current: Iterable[Example]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in current:
        found.setdefault(one.file, set()).add(one.intent)
    return found
