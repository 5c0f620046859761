"""The team's own red lines for one patient, as a nurse writes them and as an enrolment keeps them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.followup.thresholds import Bound, Thresholds

LIMITS, BEST = "limits", "best_peak_flow"
PEAK_FLOW = "peak_flow"
SIDES = ("low", "high")


class LimitProblem(ValueError):
    """A limit is none: unknown, no number, or beyond what can be measured. `value`: whose it is."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


@dataclass(frozen=True)
class Outside(Bound):
    """A pair of red lines: holds for what lies at or below `to`, or at or above `from_`."""

    def holds(self, value: float) -> bool:
        """Return whether a red line is reached."""
        return (self.to is not None and value <= self.to) or (self.from_ is not None and value >= self.from_)


def read_limits(given: Mapping[str, Any], thresholds: Thresholds) -> dict[str, Any]:
    """Return the details that an enrolment keeps: {"limits": {"systolic": {"high": 150.0}}, "best_peak_flow": 400.0}.

    Empty fields are no limits. Raises LimitProblem.
    """
    kept: dict[str, Any] = {}
    limits = {name: _sides(name, sides, thresholds) for name, sides in given.items() if name != BEST}
    if any(limits.values()):
        kept[LIMITS] = {name: sides for name, sides in limits.items() if sides}
    if given.get(BEST) not in (None, ""):
        kept[BEST] = _number(PEAK_FLOW, given[BEST], thresholds)
    return kept


def limits_of(details: Iterable[Mapping[str, Any]]) -> dict[str, Bound]:
    """Return the red lines of a patient from the details of their enrolments; of two for one value the newer counts."""
    found: dict[str, Bound] = {}
    for one in details:
        for name, sides in (one.get(LIMITS) or {}).items():
            found[name] = Outside(to=sides.get("low"), from_=sides.get("high"))
    return found


def best_of(details: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the patient's own best peak flow, the newest that somebody wrote down."""
    return next((float(one[BEST]) for one in reversed(list(details)) if one.get(BEST)), None)


def _sides(name: str, given: Any, thresholds: Thresholds) -> dict[str, float]:
    if not isinstance(given, Mapping) or set(given) - set(SIDES):
        raise LimitProblem(name)
    sides = {side: _number(name, value, thresholds) for side, value in given.items() if value not in (None, "")}
    if len(sides) == len(SIDES) and sides["low"] >= sides["high"]:
        raise LimitProblem(name)
    return sides


def _number(name: str, value: Any, thresholds: Thresholds) -> float:
    measure = thresholds.measure_of(name)
    if measure is None or isinstance(value, bool):
        raise LimitProblem(name)
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        raise LimitProblem(name) from None
    low, high = measure.plausible[name]
    if not low <= number <= high:
        raise LimitProblem(name)
    return number
