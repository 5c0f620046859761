"""What one reading means alone: plausible at all, and which band of the reviewed table it falls into. Pure.

A reading never reassures: `OK` means that the number alone worries nobody, and symptoms raise whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.content.packs import ContentError, Pack

Level = Literal["E1", "E2", "U", "R", "OK"]
LEVELS: tuple[Level, ...] = ("E1", "E2", "U", "R", "OK")
Values = Mapping[str, float]


@dataclass(frozen=True)
class Bound:
    """Where a band begins or ends. `from_` and `to` belong to it, `above` and `below` do not."""

    from_: float | None = None
    above: float | None = None
    to: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Return whether `value` lies within."""
        return (
            (self.from_ is None or value >= self.from_)
            and (self.above is None or value > self.above)
            and (self.to is None or value <= self.to)
            and (self.below is None or value < self.below)
        )


@dataclass(frozen=True)
class Band:
    """A range of values and what it means. Without symptoms `level`, with them `with_symptoms`."""

    id: str
    any: Mapping[str, Bound]
    level: Level
    with_symptoms: Level | None = None
    pregnant: bool = False
    age_below: float | None = None  # years
    plans: frozenset[str] = frozenset()  # only in these; empty: in all
    measure_again: bool = False

    def holds(self, values: Values) -> bool:
        """Return whether one of the values lies within."""
        return any(name in values and bound.holds(values[name]) for name, bound in self.any.items())


@dataclass(frozen=True)
class Trend:
    """A course of readings and what it means; see `bot.followup.trends`."""

    id: str
    level: Level
    with_symptoms: Level | None = None
    any: Mapping[str, Bound] = field(default_factory=dict)
    days: int | None = None  # on so many days one after the other
    slot: Literal["morning", "evening"] | None = None
    count: int | None = None  # so often …
    within_days: int | None = None  # … within so many days
    rise: float | None = None  # the value rose by so much within `within_days`
    from_: float | None = None  # … to at least this
    plans: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Target:
    """Where readings are usually wanted: shown in pictures, and nothing is judged by it. In the unit of the bands."""

    bounds: Mapping[str, Bound]
    plans: frozenset[str] = frozenset()  # only in these; empty: in all


@dataclass(frozen=True)
class Measure:
    """One kind of reading."""

    id: str
    unit: str
    values: tuple[str, ...]
    plausible: Mapping[str, tuple[float, float]]
    bands: tuple[Band, ...]
    trends: tuple[Trend, ...]
    own_limits: bool = False
    percent_of_best: bool = False
    most_change_a_day: float | None = None
    targets: tuple[Target, ...] = ()  # the first that fits counts


@dataclass(frozen=True)
class About:
    """What is known of the person and the moment. None is unknown, and unknown is never read as harmless."""

    age: float | None = None
    pregnant: bool | None = None
    plans: frozenset[str] = frozenset()
    symptoms: bool = False  # something red or unwell was said together with the reading
    limits: Mapping[str, Bound] = field(default_factory=dict)  # the team's own red lines for this person
    best: float | None = None  # own best peak flow


@dataclass(frozen=True)
class Judgement:
    """What a reading means. `rule` names the band or trend; `again`: measure once more, and act on symptoms at once."""

    level: Level
    rule: str = ""
    again: bool = False


@dataclass(frozen=True)
class Thresholds:
    """All measures by id."""

    by_id: Mapping[str, Measure]
    version: str

    def measure_of(self, value: str) -> Measure | None:
        """Return the measure that has a value of this name, e.g. "systolic"."""
        return next((measure for measure in self.by_id.values() if value in measure.values), None)


def is_plausible(measure: Measure, values: Values) -> bool:
    """Return whether such values can be: else they are asked for again. The upper pressure is above the lower one."""
    for name, value in values.items():
        low, high = measure.plausible[name]
        if not low <= value <= high:
            return False
    return "systolic" not in values or "diastolic" not in values or values["systolic"] > values["diastolic"]


def judge(measure: Measure, values: Values, about: About) -> Judgement:
    """Return what plausible values mean alone: a red line of the team makes it no less urgent than the table has it.

    Only where the table says so (known low saturation) do the team's own red lines replace the bands.
    """
    own = _by_limits(values, about)
    if measure.own_limits and any(name in about.limits for name in measure.values):
        return own or _within(about)
    usual = _by_bands(measure, values, about)
    return usual if own is None or worse(own.level, usual.level) != own.level else own


def _by_limits(values: Values, about: About) -> Judgement | None:
    for name, bound in about.limits.items():
        if name in values and bound.holds(values[name]):
            return Judgement("E2" if about.symptoms else "U", f"own-limit-{name}")
    return None


def _by_bands(measure: Measure, values: Values, about: About) -> Judgement:
    counted = _counted(measure, values, about)
    for band in measure.bands if counted else ():
        if _is_for(band, about) and band.holds(counted):
            level = band.with_symptoms if about.symptoms and band.with_symptoms else band.level
            return Judgement(level, band.id, again=band.measure_again and not about.symptoms)
    return _within(about)


def _within(about: About) -> Judgement:
    return Judgement("U", "symptoms") if about.symptoms else Judgement("OK")


def _counted(measure: Measure, values: Values, about: About) -> Values:
    if not measure.percent_of_best:
        return values
    return {name: value / about.best * 100 for name, value in values.items()} if about.best else {}


def _is_for(band: Band, about: About) -> bool:
    if band.pregnant and not about.pregnant:
        return False
    if band.age_below is not None and (about.age is None or about.age >= band.age_below):
        return False
    return not band.plans or bool(band.plans & about.plans)


def worse(one: Level, other: Level) -> Level:
    """Return the more urgent of two levels."""
    return min(one, other, key=LEVELS.index)


def thresholds_from(packs: Iterable[Pack]) -> Thresholds:
    """Return the measures of the pack `thresholds`. Raises ContentError that names file, entry and fix."""
    pack = next((pack for pack in packs if pack.pack == "thresholds"), None)
    if pack is None:
        raise ContentError("The pack thresholds is missing. Restore content/followup.")
    return Thresholds({key: _measure(pack, key, entry) for key, entry in pack.entries.items()}, pack.version)


def _measure(pack: Pack, key: str, entry: Any) -> Measure:
    try:
        values = tuple(entry["values"])
        plausible = {name: (float(low), float(high)) for name, (low, high) in entry["plausible"].items()}
        measure = Measure(
            id=key,
            unit=str(entry["unit"]),
            values=values,
            plausible=plausible,
            bands=tuple(_band(one) for one in entry.get("bands") or ()),
            trends=tuple(_trend(one) for one in entry.get("trends") or ()),
            own_limits=bool(entry.get("own_limits", False)),
            percent_of_best=bool(entry.get("percent_of_best", False)),
            most_change_a_day=entry.get("most_change_a_day"),
            targets=tuple(_target(one) for one in entry.get("targets") or ()),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{pack.path}: {key} cannot be read ({error}). Compare it with the other measures.") from error
    rules: list[Band | Trend] = [*measure.bands, *measure.trends]
    named = {name for one in rules for name in one.any} | {name for one in measure.targets for name in one.bounds}
    levels = {level for one in rules for level in (one.level, one.with_symptoms) if level}
    if set(values) != set(plausible) or not named <= set(values) or not levels <= set(LEVELS):
        raise ContentError(f"{pack.path}: {key} names a value without a plausible range, or a level that is none. Mend it.")
    return measure


def _band(entry: dict[str, Any]) -> Band:
    known = {key: value for key, value in entry.items() if key not in ("any", "plans", "again_minutes")}
    return Band(any=_bounds(entry["any"]), plans=frozenset(entry.get("plans", ())), **known)


def _target(entry: dict[str, Any]) -> Target:
    return Target(_bounds(entry["any"]), frozenset(entry.get("plans", ())))


def _trend(entry: dict[str, Any]) -> Trend:
    known = {("from_" if key == "from" else key): value for key, value in entry.items() if key not in ("any", "plans")}
    return Trend(any=_bounds(entry.get("any", {})), plans=frozenset(entry.get("plans", ())), **known)


def _bounds(entry: dict[str, Any]) -> dict[str, Bound]:
    return {
        name: Bound(**{("from_" if key == "from" else key): float(value) for key, value in bound.items()})
        for name, bound in entry.items()
    }
