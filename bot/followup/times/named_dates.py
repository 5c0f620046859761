"""Dates of languages that write months with names: "March 3rd", "3. Dezember", "15.3.", "٣ ديسمبر". Pure; seen from `now`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.followup.times.dates import coming, day_of_month, full_year
from bot.followup.times.tongue import Numbers, any_of, which
from bot.followup.times.types import Day

_NUMERIC = re.compile(
    r"(?<![\d:.])(?P<a>\d{1,2}) ?(?P<sep>[./-]) ?(?P<b>\d{1,2})(?:(?:(?P=sep)) ?(?P<y>\d{4}|\d{2})|\.)?(?![\d:])"
)
Find = Callable[[str, str], re.Match[str] | None]


@dataclass(frozen=True)
class NamedDates:
    """How a language writes a date. `find` looks for whole words of it."""

    months: Numbers
    find: Find
    month_first: bool  # "March 3rd" is one, too
    day_first: bool  # of two numbers; where not, a date of two small numbers is nobody's guess
    only: str  # before the number of a day: on the 5th

    def read(self, text: str, now: datetime) -> Day | None:
        """Return the day that is written, or None."""
        return self._named(text, now) or self._numeric(text, now) or self._only_day(text, now)

    def impossible(self, text: str, now: datetime) -> bool:
        """Whether a day is written that no calendar has; without a year 29 February is one."""
        named = self._month_and_day(text)
        return named is not None and coming(named[1], named[2], named[3] or 2024, now) is None

    def _month_and_day(self, text: str) -> tuple[re.Match[str], int, int, int | None] | None:
        months = any_of(self.months)
        year = r"(?:,? ?(?:of )?(?P<y>\d{4}))?"
        before = rf"(?:the )?(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?[ /]?(?:of |من )?(?P<m>{months})\.?[,/]?{year}"
        after = rf"(?P<m>{months})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!:){year}(?!\d| ?[ap]\.?m)"
        match = self.find(before, text) or (self.find(after, text) if self.month_first else None)
        if match is None:
            return None
        return match, which(self.months, match["m"]), int(match["d"]), int(match["y"]) if match["y"] else None

    def _named(self, text: str, now: datetime) -> Day | None:
        found = self._month_and_day(text)
        at = coming(found[1], found[2], found[3], now) if found else None
        return Day(*found[0].span(), at, "day") if found and at else None

    def _only_day(self, text: str, now: datetime) -> Day | None:
        match = self.find(self.only, text)
        at = day_of_month(int(match["d"]), now) if match else None
        return Day(*match.span(), at, "day") if match and at else None

    def _numeric(self, text: str, now: datetime) -> Day | None:
        """ "15.3.", "3/15": the day first in German and Arabic; in English only where the numbers leave no doubt."""
        match = _NUMERIC.search(text)
        if match is None or (not match["y"] and match["sep"] in ("-" if self.day_first else "-.")):
            return None
        day, month = int(match["a"]), int(match["b"])
        if not self.day_first and day <= 12 and month <= 12 and day != month:
            return None
        if not self.day_first and month > 12:
            day, month = month, day
        at = coming(month, day, full_year(match["y"], now), now) if 1 <= month <= 12 else None
        return Day(*match.span(), at, "day") if at else None
