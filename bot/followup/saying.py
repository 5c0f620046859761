"""Readings, units, targets and days in a patient's language: with its own comma and order. Pure.

Arabic too is written with the digits 0 to 9, as in all our other texts, times and emergency numbers: one message never mixes two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.duty.when import LOCALES
from bot.followup.thresholds import Bound, Measure, Values
from bot.followup.units import Unit
from bot.languages import Language
from bot.phrases import Phrases

_DAYS: dict[Language, str] = {"zh-Hans": "M月d日", "zh-Hant": "M月d日", "en": "d MMM", "de": "d. MMM", "ar": "d MMMM"}
_POINTS: dict[Language, str] = {"de": ","}
# Where a symbol is not written as everywhere.
_SYMBOLS: dict[Language, dict[str, str]] = {
    "de": {"mmol/L": "mmol/l", "mg/dL": "mg/dl"},
    "ar": {"mmHg": "ملم زئبق", "°C": "°م", "°F": "°ف"},
}
_COMMAS: dict[Language, str] = {"zh-Hans": "，", "zh-Hant": "，", "ar": "، "}


@dataclass(frozen=True)
class Saying:
    """How somebody is told numbers and days."""

    language: Language
    zone: ZoneInfo
    phrases: Phrases

    def phrase(self, key: str, **values: object) -> str:
        """Return a phrase of the pack `readings`."""
        return self.phrases.get(f"readings.{key}", self.language, **values)

    def number(self, value: float, decimals: int) -> str:
        """Return a number with so many decimals; they fall away when all are zero."""
        text = f"{value:.{decimals}f}"
        text = text[: -decimals - 1] if decimals and text.endswith("." + "0" * decimals) else text
        return text.replace(".", _POINTS.get(self.language, "."))

    def values(self, values: Values, measure: Measure, unit: Unit) -> str:
        """Return a reading without its unit: 128/82."""
        return "/".join(self.number(unit.count(values[name]), unit.decimals) for name in measure.values if name in values)

    def unit(self, unit: Unit) -> str:
        """Return the unit in short, "" for a plain number."""
        if unit.symbol:
            return _SYMBOLS.get(self.language, {}).get(unit.symbol, unit.symbol)
        return "" if unit.id == "none" else self.phrase(f"unit_{unit.id}")

    def day(self, moment: datetime) -> str:
        """Return the day as clocks of the patient show it, without the year: 2 Nov."""
        return self._date(moment, _DAYS[self.language])

    def date(self, moment: datetime) -> str:
        """Return the day with its year: 2 November 2026."""
        return self._date(moment, "long")

    def _date(self, moment: datetime, form: str) -> str:
        from babel.dates import format_date

        day = moment.astimezone(self.zone).date()
        return str(format_date(day, form, locale=LOCALES[self.language]))

    def clock(self, moment: datetime) -> str:
        """Return the time of day: 08:05."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Return day and time of day."""
        return f"{self.day(moment)} {self.clock(moment)}"

    def bounds(self, bounds: Mapping[str, Bound], measure: Measure, unit: Unit) -> str:
        """Return where readings are wanted: "below 135/85", "3.9–7", "at least 95"."""
        ordered = {name: bounds[name] for name in measure.values if name in bounds}
        shapes = {(_low(bound) is None, _high(bound) is None) for bound in ordered.values()}
        if len(shapes) == 1 and len(ordered) == len(measure.values):
            return self._range(list(ordered.values()), unit)
        parts = (f"{self.phrase(f'value_{name}')} {self._range([bound], unit)}" for name, bound in ordered.items())
        return _COMMAS.get(self.language, ", ").join(parts)

    def _range(self, bounds: list[Bound], unit: Unit) -> str:
        low, high = ("/".join(self._all(map(side, bounds), unit)) for side in (_low, _high))
        if low and high:
            return self.phrase("between", low=low, high=high)
        if low:
            return self.phrase("at_least", value=low)
        return self.phrase("at_most" if bounds[0].to is not None else "below", value=high)

    def _all(self, values: Iterable[float | None], unit: Unit) -> list[str]:
        return [self.number(unit.count(value), unit.decimals) for value in values if value is not None]


def _low(bound: Bound) -> float | None:
    return bound.from_ if bound.from_ is not None else bound.above


def _high(bound: Bound) -> float | None:
    return bound.to if bound.to is not None else bound.below
