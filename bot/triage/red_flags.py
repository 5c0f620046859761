"""Which red flags fire on what is known. The most urgent decides, all are kept for the trace."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages import Level, more_urgent
from bot.triage.facts import Facts
from bot.triage.tables import RedFlagRule, Tables
from bot.triage.types import RedFlag


def fired(facts: Facts, tables: Tables) -> tuple[RedFlag, ...]:
    """Return the flags that fire, most urgent first."""
    holds = facts.remembering()
    said = tuple(rule for rule in tables.red_flags if rule.when.holds(holds))
    flags = [RedFlag(rule.id, rule.level, facts.words(rule.when.atoms)) for rule in said]
    flags += [
        RedFlag(rule.flag, rule.raises, (facts.answers[rule.id],))
        for rule in tables.questions.values()
        if rule.raises is not None and facts.answers.get(rule.id) == "yes"
    ]
    return tuple(sorted(flags, key=lambda flag: ("E1", "E2", "U", "R", "INFO").index(flag.level)))


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
