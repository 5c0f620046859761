"""The course of one measure of one patient: readings, what they are compared with, the unit. What pictures and tables show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.database.engine import Work
from bot.followup import enrolments, readings
from bot.followup.limits import best_of, limits_of
from bot.followup.readings import Stored
from bot.followup.thresholds import Bound, Measure
from bot.followup.units import Unit, stored_unit, unit_as_said

# A month is what people look at; when there is hardly anything in it, more of the past is shown.
MONTH, HALF_A_YEAR, FEW = timedelta(days=30), timedelta(days=183), 3


@dataclass(frozen=True)
class Wanted:
    """Where readings are wanted, in stored units. `own`: the red lines that the team has set for this patient."""

    bounds: Mapping[str, Bound]
    own: bool


@dataclass(frozen=True)
class Course:
    """Readings in the order of time. `since` and `until`: the days that were looked at."""

    measure: Measure
    readings: tuple[Stored, ...]
    unit: Unit
    wanted: Wanted | None
    since: datetime
    until: datetime


def course_of(work: Work, patient_id: str, measure: Measure, *, now: datetime, span: timedelta | None = None) -> Course:
    """Return the course of a measure: of the last `span`, else of a month, or of half a year when there is little in that."""
    since = now - (span or HALF_A_YEAR)
    found = readings.of_patient(work, patient_id, measure.id, since=since)
    if span is None and sum(one.at >= now - MONTH for one in found) >= FEW:
        since = now - MONTH
        found = tuple(one for one in found if one.at >= since)
    mine = enrolments.of_patient(work, patient_id)
    aim = wanted(measure, [one.details for one in mine], frozenset(one.plan for one in mine))
    return Course(measure, found, unit_of(measure, found), aim, since, now)


def unit_of(measure: Measure, found: tuple[Stored, ...]) -> Unit:
    """Return the unit in which the patient wrote last."""
    return unit_as_said(measure.id, found[-1].values, found[-1].said) if found else stored_unit(measure.id)


def wanted(measure: Measure, details: list[Mapping[str, Any]], plans: frozenset[str]) -> Wanted | None:
    """Return where readings are wanted: within the patient's own red lines where the team has set some, else as reviewed."""
    lines = limits_of(details)
    own = {name: Bound(above=lines[name].to, below=lines[name].from_) for name in measure.values if name in lines}
    if own:
        return Wanted(own, own=True)
    target = next((one for one in measure.targets if not one.plans or one.plans & plans), None)
    if target is None:
        return None
    if not measure.percent_of_best:
        return Wanted(target.bounds, own=False)
    best = best_of(details)
    return None if best is None else Wanted({name: _part_of(best, bound) for name, bound in target.bounds.items()}, own=False)


def _part_of(best: float, bound: Bound) -> Bound:
    percent = {name: getattr(bound, name) for name in Bound.__dataclass_fields__}
    return Bound(**{name: None if value is None else best * value / 100 for name, value in percent.items()})
