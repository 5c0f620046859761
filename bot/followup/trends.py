"""What a course of readings means: high on three mornings, heavier by two kilograms in three days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.followup.thresholds import About, Judgement, Measure, Trend, Values, worse

# Readings from 3 to 11 o'clock are of the morning, from 16 to 24 of the evening.
_SLOTS = {"morning": (time(3), time(11)), "evening": (time(16), time(23, 59, 59))}


@dataclass(frozen=True)
class Reading:
    """One stored reading. `at` is aware."""

    at: datetime
    values: Values


def worrying(measure: Measure, readings: Sequence[Reading], about: About, *, zone: ZoneInfo) -> Judgement | None:
    """Return the most urgent trend that the latest reading completes, or None. `readings` are in order of time."""
    if not readings:
        return None
    counted = [_in_percent(measure, one, about) for one in readings]
    found: Judgement | None = None
    for trend in measure.trends:
        if (not trend.plans or trend.plans & about.plans) and _holds(trend, measure, counted, zone):
            level = trend.with_symptoms if about.symptoms and trend.with_symptoms else trend.level
            if found is None or worse(level, found.level) != found.level:
                found = Judgement(level, trend.id)
    return found


def _holds(trend: Trend, measure: Measure, readings: Sequence[Reading], zone: ZoneInfo) -> bool:
    if trend.days is not None:
        return _days_in_a_row(trend, readings, zone)
    # In days and not in hours: who weighs at 7:50 one morning and at 8:10 the next has done so within a day.
    last, within = readings[-1].at.astimezone(zone).date(), timedelta(days=trend.within_days or 1)
    recent = [one for one in readings if last - one.at.astimezone(zone).date() <= within]
    if trend.rise is not None:
        return _rose(trend, measure, recent)
    # The latest one must be one of them: what was told of once is not told of again with every normal reading.
    hits = _hits(trend)
    return hits(recent[-1]) and sum(map(hits, recent)) >= (trend.count or 1)


def _days_in_a_row(trend: Trend, readings: Sequence[Reading], zone: ZoneInfo) -> bool:
    wanted: dict[date, bool] = {}
    hits, latest = _hits(trend), readings[-1].at.astimezone(zone)
    if not _is_in_slot(trend, latest):  # told with the morning already
        return False
    for one in readings:
        local = one.at.astimezone(zone)
        if _is_in_slot(trend, local):
            # Of several on one day the last one counts: people are asked to measure again when it was high.
            wanted[local.date()] = hits(one)
    last = latest.date()
    return all(wanted.get(last - timedelta(days=back), False) for back in range(trend.days or 1))


def _is_in_slot(trend: Trend, local: datetime) -> bool:
    return trend.slot is None or _SLOTS[trend.slot][0] <= local.time() <= _SLOTS[trend.slot][1]


def _rose(trend: Trend, measure: Measure, recent: Sequence[Reading]) -> bool:
    name = measure.values[0]
    latest = recent[-1].values[name]
    lowest = min(one.values[name] for one in recent)
    # Rounded: 82.3 - 80.3 is 2.0 for a person, and not 1.9999 as for a computer.
    return round(latest - lowest, 3) >= (trend.rise or 0) and latest >= (trend.from_ or 0)


def _hits(trend: Trend) -> Callable[[Reading], bool]:
    return lambda one: any(name in one.values and bound.holds(one.values[name]) for name, bound in trend.any.items())


def _in_percent(measure: Measure, reading: Reading, about: About) -> Reading:
    if not measure.percent_of_best or not about.best:
        return reading
    best = about.best
    return Reading(reading.at, {name: value / best * 100 for name, value in reading.values.items()})
