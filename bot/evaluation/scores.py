"""Counts of hits, their 95 % intervals, and the rows of the report."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Hit:
    """One judgement: which score it belongs to, and whether it was right."""

    score: str
    right: bool


@dataclass(frozen=True)
class Row:
    """One line of the report. `value` is a share (with an interval) or a figure with a unit in its name."""

    set: str
    language: str
    score: str
    value: float
    count: int
    low: float | None = None
    high: float | None = None


class Tally:
    """Counts hits by language."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._hits: defaultdict[tuple[str, str], Counter[bool]] = defaultdict(Counter)

    def add(self, language: str, hits: Iterable[Hit]) -> None:
        """Count hits of one record."""
        for hit in hits:
            self._hits[(language, hit.score)][hit.right] += 1

    def rows(self) -> list[Row]:
        """Return one row for each language and score."""
        return [_row(self._name, language, score, count) for (language, score), count in sorted(self._hits.items())]


def _row(name: str, language: str, score: str, count: Counter[bool]) -> Row:
    total = count.total()
    low, high = interval(count[True], total)
    return Row(name, language, score, count[True] / total, total, low, high)


def interval(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of `hits` out of `total` (at least one)."""
    z = 1.96
    share = hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - spread) / (1 + z * z / total), (middle + spread) / (1 + z * z / total)


def area_under_curve(scored: Iterable[tuple[float, bool]]) -> float:
    """Return how often a pair that belongs together scores higher than one that does not (ties count half)."""
    right = sorted(score for score, same in scored if same)
    wrong = sorted(score for score, same in scored if not same)
    if not right or not wrong:
        return float("nan")
    import bisect

    wins = sum(bisect.bisect_left(wrong, score) + bisect.bisect_right(wrong, score) for score in right)
    return wins / 2 / (len(right) * len(wrong))


def quantile(values: list[float], share: float) -> float:
    """Return the value that `share` of `values` stay at or under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
