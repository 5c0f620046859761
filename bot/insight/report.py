"""What may be shown of the counts: no group so small that somebody could be recognised in it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.insight.groups import Counts, Group, Waits, together
from bot.insight.measures import MEASURES, Measure
from bot.insight.weeks import Week
from bot.languages import LANGUAGES, Language

# Fewer people than this are not shown.
FEWEST = 10
# Group sizes are told in steps, so that what is hidden cannot be had by taking what is shown from the whole.
STEP = 5


@dataclass(frozen=True)
class Cell:
    """One number that may be shown. `value`: percent or minutes, rounded; None: nothing to show; `of`: about how many people.

    `hidden`: there were some, too few to show. `never`: half of them were never answered. `tail`: minutes for nine of ten.
    """

    value: int | None = None
    of: int = 0
    hidden: bool = False
    never: bool = False
    tail: int | None = None


@dataclass(frozen=True)
class Line:
    """A measure for one language, or for all of them (None): week by week, and all weeks together."""

    language: Language | None
    cells: tuple[Cell, ...]
    whole: Cell


@dataclass(frozen=True)
class Result:
    """A measure: the line of all languages first."""

    measure: Measure
    lines: tuple[Line, ...]

    def line(self, language: Language | None) -> Line:
        """Return the line of a language."""
        return next(line for line in self.lines if line.language == language)


@dataclass(frozen=True)
class Report:
    """All measures of some weeks."""

    weeks: tuple[Week, ...]
    results: tuple[Result, ...]


def report_of(weeks: Sequence[Week], counts: Mapping[str, Counts]) -> Report:
    """Return what may be shown of `counts`, by the key of the measure."""
    return Report(tuple(weeks), tuple(Result(one, _lines(counts[one.key], len(weeks))) for one in MEASURES))


def cell_of(group: Group) -> Cell:
    """Return what may be shown of a group."""
    if group.of < FEWEST:
        return Cell(hidden=group.of > 0)
    value, of = group.value, STEP * round(group.of / STEP)
    assert value is not None
    if math.isinf(value):
        return Cell(of=of, never=True)
    tail = group.within(0.9) if isinstance(group, Waits) else None
    return Cell(round(value), of, tail=None if tail is None or math.isinf(tail) else round(tail))


def _lines(counts: Counts, weeks: int) -> tuple[Line, ...]:
    everybody = _line(None, [together([counts[key] for key in counts if key[0] == week]) for week in range(weeks)])
    nobody = together([])
    by_language = (_line(code, [counts.get((week, code), nobody) for week in range(weeks)]) for code in LANGUAGES)
    return (everybody, *by_language)


def _line(language: Language | None, groups: Sequence[Group]) -> Line:
    return Line(language, tuple(cell_of(group) for group in groups), cell_of(together(list(groups))))
