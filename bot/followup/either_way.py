"""A value whose unit nobody knows, and that worries in each of them: 30 is deadly low in mg/dL and very high in mmol/L. Pure.

The unit is asked for, and never guessed; meanwhile somebody is told.
"""

from __future__ import annotations

import re

from bot.followup.readings import Unclear
from bot.followup.thresholds import LEVELS, About, Level, Measure, is_plausible, judge
from bot.languages import Language
from bot.triage.normalise import normalise
from bot.triage.numerals import in_digits

# One mmol/L of blood sugar is so many mg/dL: clinical table §4.2.
MG_DL = 18.016
_NUMBER = re.compile(r"(?<![\d.,/])\d{1,3}(?:[.,]\d{1,2})?(?![\d/])")


def least_worry(measure: Measure, unclear: Unclear, about: About, language: Language) -> Level | None:
    """Return what a value means at least, whatever its unit is; None: one of its meanings worries nobody, or it is no such value."""
    if measure.id != "glucose" or unclear.ask != "unit":
        return None
    numbers = _NUMBER.findall(in_digits(normalise(unclear.said).text, language[:2]).text)
    if len(numbers) != 1:
        return None
    number = float(numbers[0].replace(",", "."))
    meanings = [{measure.values[0]: number}, {measure.values[0]: number / MG_DL}]
    if not all(is_plausible(measure, one) for one in meanings):
        return None
    least = max((judge(measure, one, about).level for one in meanings), key=LEVELS.index)
    return least if least in ("E1", "E2", "U") else None
