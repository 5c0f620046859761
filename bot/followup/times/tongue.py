"""What the grammar of times knows of a language: its words and shapes as patterns over what `normalise` and `in_digits` leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from bot.followup.times.types import Day, Part

# (pattern, what it means), longer words first: 大后天 before 后天.
Numbers = tuple[tuple[str, int], ...]
Names = tuple[tuple[str, str], ...]
# What stands before and after a unit or a day.
Around = tuple[str, str]


@dataclass(frozen=True)
class Tongue:
    """The words of one language family. Patterns are of `re`, over lower case, one spelling and digits."""

    name: str
    # days
    days: Numbers
    weekdays: Numbers
    months: Numbers
    ago: Around
    later: Around
    next: Around
    last: Around
    this: Around
    months_of_year: str  # a month, or a year; with groups m, y and y2
    written_date: Callable[[str, datetime], Day | None]
    impossible: Callable[[str, datetime], bool]  # a day that no calendar has
    # amounts
    units: Names
    few: str  # how many, in words
    # the clock
    parts: Names
    clocks: tuple[str, ...]
    conj: str  # and, between two times of one day
    either: str  # or, between two times of which it is one
    link: str  # what else may stand beside a time
    bare: str  # a number that goes on after a time: "and 20"; with group h, and m
    # spans
    between: str
    opens: str  # before the first of two ends
    past: str
    coming: str
    weekend: str
    now: str
    # what comes again
    every: str
    each: str  # before a unit: every day
    daily: str  # without a unit: every morning
    step: str  # every so many; {units} stands for all units
    per: str  # so often in a unit; with groups n and u, or n2 and u2
    often: Mapping[str, int]
    alternate: str
    adverbs: Mapping[str, str]
    # asked rather than calculated
    beyond: str
    # when it begins and ends
    begins: str  # with group day
    ends: str  # with group day
    lasting: tuple[str, ...]  # with {amount}
    range: str  # between two weekdays of which all days between are meant
    workdays: str  # Monday to Friday
    # what differs in kind
    spaced: bool = True  # words have ends
    counts_to_24: bool = False  # 3:30 is at night
    prefix: str = ""  # what hangs at a word
    plural: str = ""  # at a weekday that comes again
    doubles: bool = False  # 下下周: next said twice is the one after
    joint: str = ""  # what hangs at a word and means "and"
    named_hours: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    few_values: Mapping[str, float] = field(default_factory=dict)
    duals: Mapping[str, str] = field(default_factory=dict)
    alone: str = ""  # a unit that is one without a number
    turns: Mapping[str, int] = field(default_factory=dict)  # years that have names
    needs: str = ""  # a count of units is before or after now only with one of these
    half: str = ""  # after a unit: and a half
    several: str = ""  # weekdays in short, as a group of digits: 周一三五
    all_parts: tuple[tuple[str, tuple[str, ...]], ...] = ()  # several parts of the day in one word

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """Return a pattern of whole words, where words have ends."""
        return _compiled(pattern, self.spaced, self.prefix)

    def find(self, pattern: str, text: str) -> re.Match[str] | None:
        """Return the first place of whole words."""
        return self.compiled(pattern).search(text)

    def unit(self, word: str) -> str:
        """Return which unit a word is."""
        return next(unit for pattern, unit in self.units if re.fullmatch(_plainly(pattern), word))

    def unit_words(self, *wanted: str) -> str:
        """Return a pattern of the words for these units; for all without any."""
        return "|".join(pattern for pattern, unit in self.units if not wanted or unit in wanted)

    def parts_in(self, text: str) -> Iterator[Part]:
        """Yield the parts of the day that are named, in the order of the table."""
        for pattern, name in self.parts:
            for match in self.compiled(pattern).finditer(text):
                yield Part(*match.span(), name)


def finder(prefix: str = "") -> Callable[[str, str], re.Match[str] | None]:
    """Return what finds whole words with this prefix, for readers that a tongue is made with."""
    return lambda pattern, text: _compiled(pattern, True, prefix).search(text)


def any_of(table: Sequence[tuple[str, int]]) -> str:
    """Return a pattern of all words of a table."""
    return "|".join(pattern for pattern, _ in table)


def which(table: Sequence[tuple[str, int]], word: str) -> int:
    """Return what a word of a table means."""
    return next(value for pattern, value in table if re.fullmatch(_plainly(pattern), word))


@lru_cache(maxsize=512)
def _compiled(pattern: str, spaced: bool, prefix: str) -> re.Pattern[str]:
    if not spaced:
        return re.compile(pattern)
    return re.compile(rf"(?<![a-zäöüء-ي\d]){prefix}(?:{pattern})(?![a-zäöüء-ي])")


@lru_cache(maxsize=256)
def _plainly(pattern: str) -> str:
    """Return a pattern without its look-arounds: the word alone is looked at now, not what stands beside it."""
    return re.sub(r"\(\?<?[=!][^()]*(?:\([^()]*\)[^()]*)*\)", "", pattern)
