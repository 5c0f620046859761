"""What has to be reviewed again, and when: overdue first. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.content.packs import day_of
from bot.packs.catalogue import Room, Table, table_of
from bot.packs.source import Files, PackFile

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Due:
    """A pack, or one entry with a day of its own, whose review is over or comes soon. `count`: entries that it is about;
    `stops`: they are not served after that day, a person is offered instead."""

    file: str
    entry: str
    table: str
    owner: str
    reviewer: str
    day: date
    count: int
    stops: bool

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed."""
        return today > self.day


def due(files: Files, room: Room, *, today: date, soon: timedelta = SOON) -> tuple[Due, ...]:
    """Return what has to be reviewed by `today` + `soon`, the longest overdue first."""
    found = [one for file in files.values() if (table := table_of(file.name)) and table.room == room for one in _of(file, table)]
    return tuple(sorted((one for one in found if one.day <= today + soon), key=lambda one: (one.day, one.file, one.entry)))


def _of(file: PackFile, table: Table) -> Iterator[Due]:
    owner, reviewer = str(file.data.get("owner", "")), str(file.data.get("reviewer", ""))
    entries = table.entries(file.entries)
    alone = {
        name: day for name, entry in entries.items() if isinstance(entry, dict) and (day := day_of(entry.get("review_date")))
    }
    for name, day in alone.items():
        yield Due(file.name, str(name), table.id, owner, reviewer, day, 1, table.stops != "")
    whole, rest = day_of(file.data.get("review_date")), len(entries) - len(alone)
    if whole is not None and rest:
        yield Due(file.name, "", table.id, owner, reviewer, whole, rest, table.stops == "all")
