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
from bot.followup.times.types import Duration, Found, Grain, Moment, Piece, Recurrence, Span, TimeSaid
from bot.languages import Language
from bot.triage.normalise import normalise
from bot.triage.numerals import in_digits

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
    "places_of_time",
    "read_time",
)

# A time is told in a sentence; the rest of a long message is not searched for one.
_READ_AT_MOST = 400
_TONGUES: dict[str, Tongue] = {one.name: one for one in (chinese.TONGUE, english.TONGUE, german.TONGUE, arabic.TONGUE)}


def read_time(text: str, language: Language, now: datetime) -> TimeSaid | None:
    """Return the first time that `text` speaks of, seen from `now` (the patient's local time), or None."""
    read = _Read(text, _tongue(language))
    found = read.time(now)
    if found is None:
        return None
    start, end = min(piece.start for piece in found[1]), max(piece.end for piece in found[1])
    return replace(found[0], said=read.normal.said(*read.normal_places(start, end)))


def places_of_time(text: str, language: Language, now: datetime) -> tuple[tuple[int, int], ...]:
    """Return where in `text` the words stand that tell its first time; what stands between them tells something else."""
    read = _Read(text, _tongue(language))
    found = read.time(now)
    return read.places(found[1]) if found is not None else ()


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


class _Read:
    """A text in one spelling with digits, and the way back to the patient's own words."""

    def __init__(self, text: str, tongue: Tongue) -> None:
        self.tongue = tongue
        self.normal = normalise(text[:_READ_AT_MOST])
        self.digits = in_digits(self.normal.text, tongue.name)

    def time(self, now: datetime) -> Found | None:
        """Return the first time that is told, with its pieces."""
        plain, tongue = self.digits.text, self.tongue
        if re.search(tongue.beyond, plain) or no_such_day(plain, tongue, now):
            return None
        return recurrence(plain, tongue, now) or span(plain, tongue, now) or moment(plain, tongue, now) or duration(plain, tongue)

    def normal_places(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters of the digits stand in the one spelling."""
        origin = self.digits.origin
        return origin[start], origin[end] if end < len(origin) else len(self.normal.text)

    def places(self, pieces: Sequence[Piece]) -> tuple[tuple[int, int], ...]:
        """Return where pieces stand in the text as it was written; those that only "and" or "at" stands between are one."""
        glue = re.compile(rf"(?:{self.tongue.conj}|{self.tongue.link}|\s)*")
        joined: list[tuple[int, int]] = []
        for start, end in sorted((one.start, one.end) for one in pieces if one.end > one.start):
            if joined and (start <= joined[-1][1] or glue.fullmatch(self.digits.text, joined[-1][1], start)):
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return tuple(self._written(*self.normal_places(*one)) for one in joined)

    def _written(self, start: int, end: int) -> tuple[int, int]:
        origin = self.normal.origin
        return origin[start], origin[end - 1] + 1
