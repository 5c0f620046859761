"""The question that best tells apart the departments in the running: which of these is there as well? Pure.

What may be asked are the conditions that reviewers wrote as exceptions of the routes: each is a sign that leads elsewhere.
Of these the ones are offered that leave the least doubt about the department (information gain over the routes).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from bot.triage.facts import Facts
from bot.triage.tables import Tables
from bot.triage.types import Ranked

WHICH_ALSO = "which_also"
# As many signs are offered as quick replies have room for, beside "none of these".
MOST_SIGNS = 3
# The second department must be this close to the first, or there is nothing to tell apart.
CLOSE = 0.5
# How often a sign is there when its department is the right one, and when it is not: rough, the order is what counts.
THERE, ELSEWHERE = 0.5, 0.05
LEAST_GAIN = 0.03


def separating_signs(facts: Facts, ranked: Sequence[Ranked], tables: Tables) -> tuple[str, ...]:
    """Return the concepts worth asking for, best first; none when one department is clearly ahead."""
    running = {one.department: one.score for one in ranked[:4] if one.score > 0}
    if not _is_close(ranked):
        return ()
    leads = _signs(facts, tables)
    gains = {sign: _gain(departments, running) for sign, departments in leads.items()}
    best = sorted((sign for sign, gain in gains.items() if gain >= LEAST_GAIN), key=lambda sign: (-gains[sign], sign))
    return tuple(_of_different_departments(best, leads))


def _is_close(ranked: Sequence[Ranked]) -> bool:
    return len(ranked) > 1 and ranked[0].score > 0 and ranked[1].score >= CLOSE * ranked[0].score


def _signs(facts: Facts, tables: Tables) -> dict[str, frozenset[str]]:
    """Return for each sign that the routes of the complaints speak of, where it leads. What was said is not asked again."""
    leads: dict[str, set[str]] = {}
    for concept in facts.findings:
        route = tables.routes.get(concept)
        if route is None or not facts.is_present(concept):
            continue
        for condition, department in route.exceptions:
            for atom in condition.atoms:
                if _can_be_asked(atom, facts, tables):
                    leads.setdefault(atom, set()).add(department)
    return {sign: frozenset(departments) for sign, departments in leads.items()}


def _can_be_asked(atom: str, facts: Facts, tables: Tables) -> bool:
    concept = tables.lexicon.concepts.get(atom)
    unless = tables.questions[WHICH_ALSO].unless.get(atom)
    is_sign = concept is not None and concept.kind in ("symptom", "sign") and atom not in facts.findings
    return is_sign and not (unless is not None and unless.holds(facts.holds))


def _gain(leads: frozenset[str], running: Mapping[str, float]) -> float:
    """Return how much doubt about the department the answer takes away, in bits, weighed by how likely each answer is."""
    candidates = {**{department: 0.1 * max(running.values()) for department in leads}, **running}
    before = _shares(candidates)
    yes = {department: share * (THERE if department in leads else ELSEWHERE) for department, share in before.items()}
    no = {department: share - yes[department] for department, share in before.items()}
    likely = sum(yes.values())
    return _doubt(before.values()) - likely * _doubt(_shares(yes).values()) - (1 - likely) * _doubt(_shares(no).values())


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _doubt(shares: Iterable[float]) -> float:
    return -sum(share * math.log2(share) for share in shares if share > 0)


def _of_different_departments(signs: Sequence[str], leads: Mapping[str, frozenset[str]]) -> list[str]:
    # Two signs of the same department tell the same apart.
    chosen: list[str] = []
    for sign in signs:
        if not any(leads[sign] == leads[other] for other in chosen):
            chosen.append(sign)
    return chosen[:MOST_SIGNS]
