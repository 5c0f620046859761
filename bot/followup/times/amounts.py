"""So many units: "3 days", "half an hour", "两周", "يومين". Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.followup.times.dates import SECONDS
from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Duration, Found, Piece

_LONGEST = 200 * 365 * 86400


def amounts(tongue: Tongue) -> str:
    """Return the pattern of an amount, to be read by `amount`."""
    said = rf"(?P<n>{tongue.few}) ?(?P<u>{tongue.unit_words()})"
    if tongue.duals:
        said = rf"(?:(?P<dual>{'|'.join(tongue.duals)})|(?P<u1>{tongue.alone})(?! ?\d)|{said})"
    return rf"{said}(?P<half>{tongue.half})?"


def amount(match: re.Match[str], tongue: Tongue) -> tuple[float, str]:
    """Return how many of which unit a match of `amounts` says."""
    groups = match.groupdict()
    half = 0.5 if groups.get("half") else 0
    if groups.get("dual"):
        return 2 + half, tongue.duals[groups["dual"]]
    if groups.get("u1"):
        return 1 + half, tongue.unit(groups["u1"])
    return number(groups["n"] or "1", tongue) + half, tongue.unit(groups["u"] or "")


def number(word: str, tongue: Tongue) -> float:
    """Return how many a word or its digits say."""
    if word in tongue.few_values:
        return tongue.few_values[word]
    digits = re.search(r"\d+(?:[.,]\d+)?", word)
    half = 0.5 if re.search(r"half|半$", word) and digits else 0.0
    if digits is None:
        return 0.5 if word.startswith("halb") else 1.0
    return float(digits.group(0).replace(",", ".")) + half


def duration(text: str, tongue: Tongue) -> Found | None:
    """Return how long something lasts: amounts that stand beside each other are one."""
    seconds = 0.0
    pieces: list[Piece] = []
    for match in tongue.compiled(amounts(tongue)).finditer(text):
        count, unit = amount(match, tongue)
        if pieces and match.start() - pieces[-1].end > 5:
            break
        seconds += count * (SECONDS.get(unit) or {"month": 30, "year": 365}.get(unit, 0) * 86400)
        pieces.append(Piece(*match.span()))
    if not pieces or seconds <= 0 or seconds > _LONGEST:
        return None
    return Duration(timedelta(seconds=seconds), ""), pieces
