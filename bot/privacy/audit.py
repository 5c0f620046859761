"""What was done, by whom, to which internal id. The database itself refuses to change or remove a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import audit

MOST_ROWS = 200
# So many at once while exporting: a long transaction would hold up others.
CHUNK = 1_000


@dataclass(frozen=True)
class Line:
    """One line of the audit."""

    id: int
    at: datetime
    who: str
    what: str
    subject: str


@dataclass(frozen=True)
class Wanted:
    """Which lines. `who` and `subject` are exact, `what` is how it begins; times: from `since`, before `until`. Empty: all."""

    who: str = ""
    what: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Lines, the latest first; `more`: the number to go on before, or None."""

    lines: tuple[Line, ...]
    more: int | None


def record(work: Work, *, who: str, what: str, subject: str, now: datetime) -> None:
    """Append one line. `subject` is an internal id, never a name or words."""
    work.execute(audit.insert().values(at=now, who=who, what=what, subject=subject))


def search(work: Work, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> Page:
    """Return the lines that are wanted, the latest first, before the line of number `before`."""
    most = max(1, min(limit, MOST_ROWS))
    older = [] if before is None else [audit.c.id < before]
    query = sa.select(audit).where(*_conditions(wanted), *older).order_by(audit.c.id.desc()).limit(most + 1)
    lines = [Line(**row._mapping) for row in work.execute(query)]
    return Page(tuple(lines[:most]), lines[most - 1].id if len(lines) > most else None)


def chunk(work: Work, wanted: Wanted, *, after: int = 0) -> tuple[Line, ...]:
    """Return the next lines that are wanted, oldest first, after the line of number `after`: for an export, chunk by chunk."""
    query = sa.select(audit).where(*_conditions(wanted), audit.c.id > after).order_by(audit.c.id).limit(CHUNK)
    return tuple(Line(**row._mapping) for row in work.execute(query))


def last_number(work: Work) -> int:
    """Return the number of the latest line: an export ends there and does not follow what is written meanwhile."""
    return int(work.execute(sa.select(sa.func.max(audit.c.id))).scalar() or 0)


def csv_rows(lines: tuple[Line, ...]) -> Iterator[tuple[str, ...]]:
    """Yield lines as cells of a table: what a spreadsheet would run as a formula is marked as text."""
    for line in lines:
        yield tuple(_cell(cell) for cell in (str(line.id), line.at.isoformat(), line.who, line.what, line.subject))


CSV_HEAD = ("number", "time_utc", "who", "what", "subject")


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _conditions(wanted: Wanted) -> list[Any]:
    found = [column == value for column, value in ((audit.c.who, wanted.who), (audit.c.subject, wanted.subject)) if value]
    found += [audit.c.what.startswith(wanted.what, autoescape=True)] if wanted.what else []
    found += [audit.c.at >= wanted.since] if wanted.since is not None else []
    return found + ([audit.c.at < wanted.until] if wanted.until is not None else [])
