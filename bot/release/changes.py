"""What a release asks of the changes that go into it: to be made on a copy, and to learn what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.database.engine import Work
from bot.errors import KeyedProblem
from bot.release.folders import Folder


class Conflicted(KeyedProblem):
    """What a change expects to find does not stand in the files any more. `values`: change, file, path, expected, found."""


@dataclass(frozen=True)
class Applied:
    """What was made of the changes. `told`: of each its number, kind, title, author and who approved it why, as plain data."""

    files: tuple[str, ...]
    told: tuple[Mapping[str, Any], ...]
    approved_by: str


class Changes(Protocol):
    """The changes of the studio."""

    def approved(self, work: Work) -> tuple[int, ...]:
        """Return the numbers of all changes that wait for a release, in the order in which they were approved."""

    def moved(self, work: Work, numbers: Sequence[int], *, since: datetime) -> tuple[int, ...]:
        """Return those of these that are not approved any more as they were then: given up, or written anew."""

    def apply(self, work: Work, numbers: Sequence[int], folder: Folder) -> Applied:
        """Make the changes in the files of `folder`. Raises Conflicted: then the copy is worthless."""

    def conflicted(self, work: Work, number: int, *, by: str, release: str, now: datetime) -> None:
        """Say that a change did not fit any more when `release` was built."""

    def published(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """Say that these are live."""

    def come_back(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """Say that these, which were taken back, are live again with `release`."""

    def taken_back(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """Say that these are not live any more: `release`, which is older, is."""
