"""Which red flags fire on what is known. The most urgent decides, all are kept for the trace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from bot.messages import Level, more_urgent
from bot.triage.facts import Facts
from bot.triage.tables import FACTS, RedFlagRule, Tables
from bot.triage.types import RedFlag


def fired(facts: Facts, tables: Tables) -> tuple[RedFlag, ...]:
    """Return the flags that fire, most urgent first."""
    holds = facts.remembering()
    said = tuple(rule for rule in _possible(facts, tables) if rule.when.holds(holds))
    flags = [RedFlag(rule.id, rule.level, facts.words(rule.when.atoms)) for rule in said]
    flags += [
        RedFlag(rule.flag, rule.raises, (facts.answers[rule.id],))
        for rule in tables.questions.values()
        if rule.raises is not None and facts.answers.get(rule.id) == "yes"
    ]
    return tuple(sorted(flags, key=lambda flag: ("E1", "E2", "U", "R", "INFO").index(flag.level)))


def _possible(facts: Facts, tables: Tables) -> Iterable[RedFlagRule]:
    """Return the rules that can fire on what was said, in their order: each needs one of its concepts to be there."""
    always, by_concept = _index(tables)
    places = set(always)
    for concept in facts.findings:
        places.update(by_concept.get(concept, ()))
    return (tables.red_flags[place] for place in sorted(places))


@lru_cache(maxsize=8)  # a few: the content, and what tests load
def _index(tables: Tables) -> tuple[tuple[int, ...], dict[str, list[int]]]:
    # Two hundred conditions for every message are half of its cost; nearly all speak of something that was not said.
    concepts = tables.lexicon.concepts.keys() - FACTS
    always, by_concept = [], defaultdict(list)
    for place, rule in enumerate(tables.red_flags):
        needed = rule.when.one_of(concepts)
        if needed is None:
            always.append(place)
        for concept in needed or ():
            by_concept[concept].append(place)
    return tuple(always), dict(by_concept)


def level_of(flags: Iterable[RedFlag]) -> Level:
    """Return the most urgent level of `flags`, INFO when there is none."""
    level: Level = "INFO"
    for flag in flags:
        level = more_urgent(level, flag.level)
    return level


def rule_of(flag: RedFlag, tables: Tables) -> RedFlagRule | None:
    """Return the row behind a flag."""
    return next((rule for rule in tables.red_flags if rule.id == flag.id), None)


def open_question(facts: Facts, tables: Tables, level: Level) -> str | None:
    """Return the question whose yes would raise the level most, or None. A question is asked once."""
    best: tuple[int, str] | None = None
    order = ("E1", "E2", "U", "R", "INFO")
    for rule in tables.questions.values():
        if rule.raises is None or rule.id in facts.answers or order.index(rule.raises) >= order.index(level):
            continue
        if rule.when.holds(facts.holds) and (best is None or order.index(rule.raises) < best[0]):
            best = (order.index(rule.raises), rule.id)
    return best[1] if best else None
