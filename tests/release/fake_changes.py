"""Changes as a release sees them, for tests: each writes lines at the end of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.database.engine import Work
from bot.release.changes import Applied, Conflicted
from bot.release.folders import Folder


@dataclass
class Added:
    """Changes by their number: in which file which text is replaced by which other; "" is the end of the file."""

    by_number: dict[int, tuple[str, str, str]]
    waiting: list[int] = field(default_factory=list)
    live: list[int] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.waiting = list(self.by_number)

    def approved(self, work: Work) -> tuple[int, ...]:
        """All that wait."""
        return tuple(self.waiting)

    def moved(self, work: Work, numbers: Sequence[int], *, since: datetime) -> tuple[int, ...]:
        """Those that were given up."""
        return tuple(one for one in numbers if one in self.given_up)

    def apply(self, work: Work, numbers: Sequence[int], folder: Folder) -> Applied:
        """Make them."""
        for number in numbers:
            name, old, new = self.by_number[number]
            text = folder.path(name).read_text(encoding="utf-8")
            if old not in text:
                raise Conflicted("conflict", f"{name} has no {old}", change=number, file=name, path=[], expected=old, found="")
            folder.path(name).write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
        told = tuple({"id": number, "title": f"change {number}", "author": "ada"} for number in numbers)
        return Applied(tuple(sorted({self.by_number[number][0] for number in numbers})), told, "bo" if numbers else "")

    def conflicted(self, work: Work, number: int, *, by: str, release: str, now: datetime) -> None:
        """It did not fit."""
        self.apart.append(number)

    def published(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """They are live."""
        self.live += [one for one in numbers if one not in self.live]
        self.waiting = [one for one in self.waiting if one not in numbers]

    def come_back(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """They are live again."""
        self.published(work, numbers, by=by, release=release, now=now)

    def taken_back(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """They are not."""
        self.live = [one for one in self.live if one not in numbers]
