"""Factors that make the departments that were booked come first, as near to 1 as the records allow. Pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.triage.calibration import LEAST, MOST, Calibration
from bot.triage.routing import Voice

if TYPE_CHECKING:
    import numpy as np

# A factor is only learned where at least so many records say something: fewer would be somebody's own story, not a pattern.
FEWEST = 5
# How hard factors are held at 1, and how sharply the first department is told from the next.
HELD, SHARP = 1.0, 3.0
# Factors are written with two digits; one that is nearly 1 is left out.
NEARLY = 0.05


@dataclass(frozen=True)
class Told:
    """What one record says: what speaks for which department, and which were right."""

    voices: tuple[Voice, ...]
    right: frozenset[str]


def learned(told: Sequence[Told]) -> Calibration:
    """Return the factors. The same records give the same factors."""
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    usable = [one for one in told if {voice.department for voice in one.voices} & one.right]
    names = _names(usable)
    if not names:
        return Calibration()
    cases = [_Case.of(one, {name: place for place, name in enumerate(names)}) for one in usable]
    bounds = [(float(np.log(LEAST)), float(np.log(MOST)))] * len(names)
    done = minimize(_cost, np.zeros(len(names)), args=(cases,), jac=True, method="L-BFGS-B", bounds=bounds)
    factors = {name: round(float(np.exp(value)), 2) for name, value in zip(names, done.x, strict=True)}
    return _as_calibration({name: factor for name, factor in factors.items() if abs(factor - 1.0) >= NEARLY})


def _names(told: Sequence[Told]) -> list[tuple[str, str]]:
    """Return what gets a factor: (concept, department), and ("", department) for a department as such.

    Records in which nobody was booked in a department say nothing about it: they may be those of one house of several.
    """
    booked = Counter(department for one in told for department in one.right)
    seen: Counter[tuple[str, str]] = Counter()
    for one in told:
        seen.update({(voice.concept, voice.department) for voice in one.voices if voice.concept})
        seen.update({("", voice.department) for voice in one.voices})
    return sorted(name for name, count in seen.items() if count >= FEWEST and booked[name[1]] >= FEWEST)


@dataclass(frozen=True)
class _Case:
    weights: np.ndarray[Any, Any]  # of each voice
    departments: np.ndarray[Any, Any]  # place of its department among those of the case
    first: np.ndarray[Any, Any]  # place of its own factor, or -1
    second: np.ndarray[Any, Any]  # place of the factor of its department, or -1
    right: np.ndarray[Any, Any]  # which departments were right

    @classmethod
    def of(cls, told: Told, places: dict[tuple[str, str], int]) -> _Case:
        import numpy as np

        named = sorted({voice.department for voice in told.voices})
        return cls(
            np.array([voice.weight for voice in told.voices]),
            np.array([named.index(voice.department) for voice in told.voices]),
            np.array([places.get((voice.concept, voice.department), -1) if voice.concept else -1 for voice in told.voices]),
            np.array([places.get(("", voice.department), -1) for voice in told.voices]),
            np.array([department in told.right for department in named]),
        )


def _cost(values: np.ndarray[Any, Any], cases: Sequence[_Case]) -> tuple[float, np.ndarray[Any, Any]]:
    """Return how surprising the bookings are, with what it costs to leave 1, and its gradient."""
    import numpy as np

    cost, gradient = HELD * float(values @ values), 2 * HELD * values
    padded = np.append(values, 0.0)  # a place of -1 is the factor 1
    for case in cases:
        weights = case.weights * np.exp(padded[case.first] + padded[case.second])
        scores = np.bincount(case.departments, weights=weights, minlength=len(case.right))
        sharp = np.power(np.maximum(scores, 1e-6), SHARP)
        among, chance = sharp[case.right].sum(), sharp.sum()
        cost -= float(np.log(among / chance))
        # Of log(among) and log(chance) by the logarithm of each score.
        by_score = SHARP * (np.where(case.right, sharp / among, 0.0) - sharp / chance)
        by_voice = by_score[case.departments] * weights / np.maximum(scores, 1e-6)[case.departments]
        moved = np.zeros(len(padded))
        np.add.at(moved, case.first, -by_voice)
        np.add.at(moved, case.second, -by_voice)
        gradient = gradient + moved[:-1]
    return cost, gradient


def _as_calibration(factors: dict[tuple[str, str], float]) -> Calibration:
    concepts: dict[str, dict[str, float]] = {}
    for (concept, department), factor in factors.items():
        if concept:
            concepts.setdefault(concept, {})[department] = factor
    return Calibration({department: factor for (concept, department), factor in factors.items() if not concept}, concepts)
