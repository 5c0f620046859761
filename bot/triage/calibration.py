"""What this hospital's own records say of its departments: factors on the weights of routes. Made by `daozhen calibrate`.

They move departments within what the rules name. Levels, red flags and the rules that override the ranking know nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.content.packs import ContentError, Pack

# A factor outside would no longer adjust a rule, but replace it.
LEAST, MOST = 0.25, 4.0


@dataclass(frozen=True)
class Calibration:
    """`departments`: a factor for whatever speaks for a department; `concepts`: one for what a concept says for one of its own."""

    departments: Mapping[str, float] = field(default_factory=dict)
    concepts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def of(self, department: str, concept: str = "") -> float:
        """Return the factor for what `concept` (or, "", somebody else) says for `department`."""
        known = self.concepts.get(concept)
        return self.departments.get(department, 1.0) * (known.get(department, 1.0) if known else 1.0)


def calibration_from_packs(
    packs: Iterable[Pack], *, named: Mapping[str, frozenset[str]], departments: Iterable[str]
) -> Calibration:
    """Return the factors. `named`: the departments that the route of each concept names. Raises ContentError with the fix."""
    by_department: dict[str, float] = {}
    by_concept: dict[str, dict[str, float]] = {}
    known = frozenset(departments)
    for pack in packs:
        where = str(pack.path)
        by_department |= _factors(f"{where}: departments", pack.entries.get("departments"), known)
        for concept, factors in (pack.entries.get("concepts") or {}).items():
            by_concept[concept] = _factors(f"{where}: {concept}", factors, named.get(concept, frozenset()))
    return Calibration(by_department, by_concept)


def _factors(where: str, found: Any, known: frozenset[str]) -> dict[str, float]:
    factors = found or {}
    for department, factor in factors.items():
        if department not in known:
            raise ContentError(f"{where}: no rule names {department} here, so that it cannot be weighed. Remove it.")
        if not isinstance(factor, int | float) or not LEAST <= factor <= MOST:
            raise ContentError(f"{where}: the factor of {department} is {factor!r}. Use a number from {LEAST} to {MOST}.")
    return {department: float(factor) for department, factor in factors.items()}
