"""The queue of the desk, page by page: by risk, then by how long somebody waits. Its cost does not grow with the messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import UtcDateTime, care_case
from bot.errors import OperatorError
from bot.handoff.cases import Case
from bot.handoff.visible import listed_for
from bot.staff.people import Staff

Tab = Literal["mine", "unclaimed", "snoozed", "all", "closed"]
TABS: tuple[Tab, ...] = ("mine", "unclaimed", "snoozed", "all", "closed")
OPEN_STATES = ("waiting", "claimed", "waiting_for_patient")
# More rows than anybody reads; the next page is one call away.
MOST_ROWS = 200


class QueueProblem(OperatorError):
    """The page cannot be given: no such tab, or the place to go on from is none of ours."""


@dataclass(frozen=True)
class QueuePage:
    """Rows in their order, the cursor of the next page or None, and how many there are in the tabs of open cases."""

    rows: tuple[Case, ...]
    more: str | None
    counts: Mapping[str, int]


def page(  # noqa: PLR0913 - the filters of a page
    work: Work,
    *,
    staff: Staff,
    tab: str = "all",
    team: str | None = None,
    language: str | None = None,
    after: str | None = None,
    limit: int = 50,
    now: datetime,
) -> QueuePage:
    """Return a page of what `staff` may list: the most urgent first, of these what came back from a snooze, then who waits longest;
    where nobody waits comes last. Closed cases: the latest first. `after` is the `more` of the page before.

    Raises QueueProblem for a tab or a cursor that is none.
    """
    if tab not in TABS:
        raise QueueProblem(f"There is no tab {tab!r}: choose {', '.join(TABS)}.")
    allowed = [listed_for(staff, now=now)]
    allowed += [care_case.c.team == team] if team is not None else []
    allowed += [care_case.c.language == language] if language else []
    most = max(1, min(limit, MOST_ROWS))
    key = _closed_key() if tab == "closed" else _open_key(now)
    rows = _rows(work, [*allowed, _in_tab(tab, staff, now)], key, after=_place(after, key), limit=most)
    more = _cursor(rows[most - 1][1]) if len(rows) > most else None
    return QueuePage(tuple(case for case, _ in rows[:most]), more, _counts(work, allowed, staff, now))


@dataclass(frozen=True)
class _Key:
    """The columns of the order, their types, and whether it runs backwards."""

    columns: tuple[Any, ...]
    types: tuple[Any, ...]
    backwards: bool = False


def _open_key(now: datetime) -> _Key:
    woken = care_case.c.snoozed_until <= now
    group = sa.case((woken, 0), (care_case.c.waiting_since.isnot(None), 1), else_=2)
    since = sa.case((woken, care_case.c.snoozed_until), else_=sa.func.coalesce(care_case.c.waiting_since, care_case.c.opened_at))
    number = sa.Integer()
    return _Key(
        (care_case.c.risk, group, sa.type_coerce(since, UtcDateTime), care_case.c.id), (number, number, UtcDateTime(), number)
    )


def _closed_key() -> _Key:
    return _Key((care_case.c.closed_at, care_case.c.id), (UtcDateTime(), sa.Integer()), backwards=True)


def _in_tab(tab: str, staff: Staff, now: datetime) -> Any:
    if tab == "closed":
        return sa.and_(care_case.c.state == "closed", care_case.c.closed_at.isnot(None))
    asleep = care_case.c.snoozed_until > now
    is_open = care_case.c.state.in_(OPEN_STATES)
    if tab == "snoozed":
        return sa.and_(is_open, asleep)
    here = sa.and_(is_open, sa.or_(care_case.c.snoozed_until.is_(None), ~asleep))
    return here if tab == "all" else sa.and_(here, _mine(staff) if tab == "mine" else _free(now))


def _mine(staff: Staff) -> Any:
    held = sa.and_(care_case.c.claimed_by == staff.handle, care_case.c.state != "waiting")
    return sa.or_(held, care_case.c.assigned_to == staff.handle)


def _free(now: datetime) -> Any:
    """Nobody holds it: also a claim whose lease has ended and that the round has not taken back yet."""
    return sa.or_(care_case.c.state == "waiting", care_case.c.lease_until.is_(None), care_case.c.lease_until <= now)


_NAMES = tuple(field.name for field in fields(Case))


def _rows(
    work: Work, conditions: list[Any], key: _Key, *, after: tuple[Any, ...] | None, limit: int
) -> list[tuple[Case, tuple[Any, ...]]]:
    """Return up to limit + 1 cases with their place in the order."""
    place = [column.label(f"key_{number}") for number, column in enumerate(key.columns)]
    query = sa.select(*(care_case.c[name] for name in _NAMES), *place).where(*conditions)
    if after is not None:
        here = sa.tuple_(*key.columns)
        there = sa.tuple_(*(sa.literal(value, kind) for value, kind in zip(after, key.types, strict=True)))
        query = query.where(here < there if key.backwards else here > there)
    order = [column.desc() if key.backwards else column for column in key.columns]
    width = len(_NAMES)
    found = work.execute(query.order_by(*order).limit(limit + 1))
    return [(Case(*row[:width]), tuple(row[width:])) for row in found]


def _counts(work: Work, allowed: list[Any], staff: Staff, now: datetime) -> dict[str, int]:
    """Count the tabs of open cases in one walk; closed ones grow for ever and are not counted."""
    asleep = care_case.c.snoozed_until > now
    here = sa.or_(care_case.c.snoozed_until.is_(None), ~asleep)
    sums = {"mine": sa.and_(here, _mine(staff)), "unclaimed": sa.and_(here, _free(now)), "snoozed": asleep, "all": here}
    columns = [sa.func.coalesce(sa.func.sum(sa.case((what, 1), else_=0)), 0).label(tab) for tab, what in sums.items()]
    row = work.execute(sa.select(*columns).where(care_case.c.state.in_(OPEN_STATES), *allowed)).one()
    return {tab: int(row._mapping[tab]) for tab in sums}


def _cursor(place: tuple[Any, ...]) -> str:
    return "~".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in place)


def _place(after: str | None, key: _Key) -> tuple[Any, ...] | None:
    if not after:
        return None
    try:
        parts = zip(after.split("~"), key.types, strict=True)
        return tuple(_aware(part) if isinstance(kind, UtcDateTime) else int(part) for part, kind in parts)
    except ValueError as error:
        raise QueueProblem("This page of the queue cannot be found again. Begin at the first one.") from error


def _aware(text: str) -> datetime:
    # A browser may have made a blank of the plus.
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment
