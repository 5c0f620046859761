"""In which unit a patient reads their own numbers: the one they write. Stored is always the unit of the thresholds. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.followup.thresholds import Values

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Unit:
    """A unit and how it is counted from the stored one. Without a `symbol` its word is the phrase `readings.unit_ID`."""

    id: str
    decimals: int = 0
    factor: float = 1.0
    offset: float = 0.0
    symbol: str = ""

    def count(self, stored: float) -> float:
        """Return a stored value in this unit."""
        return stored * self.factor + self.offset


# The first of each is the stored one.
UNITS: dict[str, tuple[Unit, ...]] = {
    "blood_pressure": (Unit("mmhg", symbol="mmHg"),),
    "pulse": (Unit("per_minute"),),
    "spo2": (Unit("percent", symbol="%"),),
    "temperature": (Unit("celsius", 1, symbol="°C"), Unit("fahrenheit", 1, 1.8, 32.0, symbol="°F")),
    "glucose": (Unit("mmol", 1, symbol="mmol/L"), Unit("mg_dl", 0, 18.016, symbol="mg/dL")),
    "ketones": (Unit("mmol", 1, symbol="mmol/L"),),
    "weight": (Unit("kg", 1), Unit("pounds", 1, 1 / 0.45359237)),
    "peak_flow": (Unit("litres_per_minute"),),
    "pain": (Unit("of_ten"),),
}
_PLAIN = (Unit("none", 1),)


def stored_unit(measure: str) -> Unit:
    """Return the unit in which readings of this measure are stored."""
    return UNITS.get(measure, _PLAIN)[0]


def unit_as_said(measure: str, values: Values, said: str) -> Unit:
    """Return the unit in which a stored reading was written: the one that gives the written number, else the stored one."""
    written = [float(number.replace(",", ".")) for number in _NUMBER.findall(said)]
    for unit in UNITS.get(measure, _PLAIN):
        # Stored values are rounded to a tenth or less.
        near = 0.06 * max(1.0, unit.factor)
        if any(abs(unit.count(value) - number) <= near for value in values.values() for number in written):
            return unit
    return stored_unit(measure)
