"""A moment, a span, a duration or a recurrence in patients' words, in five languages. Pure; the clock is an argument.

None when nothing was understood: the date is asked then. What was understood is read back to the patient before it counts.
Each language is one file of words and shapes (`chinese`, `english`, `german`, `arabic`); the grammar is common to all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.followup.times import arabic, chinese, english, german
from bot.followup.times.amounts import duration
from bot.followup.times.days import no_such_day
from bot.followup.times.moments import end_of, moment, span
from bot.followup.times.recurrences import recurrence
from bot.followup.times.together import told_together
from bot.followup.times.tongue import Tongue
from bot.followup.times.types import Duration, Grain, Moment, Piece, Recurrence, Span, TimeSaid
from bot.languages import Language
from bot.triage.normalise import Normal, normalise
from bot.triage.numerals import Digits, in_digits

__all__ = (
    "Duration",
    "Grain",
    "Moment",
    "Recurrence",
    "Span",
    "TimeSaid",
    "clocks_said",
    "end_of",
    "parts_said",
    "read_time",
)

# A time is told in a sentence; the rest of a long message is not searched for one.
_READ_AT_MOST = 400
_TONGUES: dict[str, Tongue] = {one.name: one for one in (chinese.TONGUE, english.TONGUE, german.TONGUE, arabic.TONGUE)}


def read_time(text: str, language: Language, now: datetime) -> TimeSaid | None:
    """Return the first time that `text` speaks of, seen from `now` (the patient's local time), or None."""
    tongue = _tongue(language)
    normal = normalise(text[:_READ_AT_MOST])
    digits = in_digits(normal.text, tongue.name)
    plain = digits.text
    if re.search(tongue.beyond, plain) or no_such_day(plain, tongue, now):
        return None
    found = recurrence(plain, tongue, now) or span(plain, tongue, now) or moment(plain, tongue, now) or duration(plain, tongue)
    return None if found is None else replace(found[0], said=_said(found[1], digits, normal))


def clocks_said(text: str, language: Language) -> tuple[time, ...]:
    """Return the first times of day in `text` that are told together; none for "in the morning", or where a half of the day is open."""
    tongue = _tongue(language)
    return told_together(_plain(text, tongue), tongue).times


def parts_said(text: str, language: Language) -> tuple[str, ...]:
    """Return the parts of the day in `text` in their order: morning | noon | afternoon | evening | bedtime | night."""
    tongue = _tongue(language)
    plain = _plain(text, tongue)
    for word, names in tongue.all_parts:
        if word in plain:
            return names
    return tuple(dict.fromkeys(part.name for part in sorted(tongue.parts_in(plain), key=lambda one: one.start)))


def _tongue(language: Language) -> Tongue:
    return _TONGUES[language[:2]]


def _plain(text: str, tongue: Tongue) -> str:
    return in_digits(normalise(text[:_READ_AT_MOST]).text, tongue.name).text


def _said(pieces: Sequence[Piece], digits: Digits, normal: Normal) -> str:
    start, end = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
    last = digits.origin[end] if end < len(digits.origin) else len(normal.text)
    return normal.said(digits.origin[start], last)
