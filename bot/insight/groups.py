"""What is counted of a group of people: how many of how many, or how long they waited. Pure; added up, and then looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.languages import Language

Kind = Literal["share", "minutes"]


class Group(Protocol):
    """Some people. `of`: how many were counted."""

    @property
    def of(self) -> int:
        """Return of how many there is something to say."""
        ...

    @property
    def value(self) -> float | None:
        """Return what is said of them; None: nothing can be."""
        ...


@dataclass(frozen=True)
class Share:
    """`hits` of `of` people or questions. The value is in percent."""

    hits: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        """Return the share in percent."""
        return 100 * min(self.hits, self.of) / self.of if self.of else None


@dataclass(frozen=True)
class Waits:
    """How many minutes people waited; who never got an answer waited for ever, so that silence does not look quick."""

    minutes: tuple[float, ...] = ()

    @property
    def of(self) -> int:
        """Return how many waited."""
        return len(self.minutes)

    @property
    def value(self) -> float | None:
        """Return the median in minutes; infinite when half of them were never answered."""
        return self.within(0.5)

    def within(self, share: float) -> float | None:
        """Return in how many minutes this share of people was answered; None when nobody waited."""
        ordered = sorted(self.minutes)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


# By number of the week and language.
Counts = Mapping[tuple[int, Language], Group]


def together(groups: list[Group]) -> Group:
    """Return several groups of one kind as one."""
    waits = [group for group in groups if isinstance(group, Waits)]
    if waits:
        return Waits(tuple(minute for group in waits for minute in group.minutes))
    shares = [group for group in groups if isinstance(group, Share)]
    return Share(sum(share.hits for share in shares), sum(share.of for share in shares))
