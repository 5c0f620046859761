"""Changes as they are stored: state and people in the open, title and operations sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import studio_change, studio_change_event
from bot.training.operations import Operation, as_json, files_of, from_json
from bot.training.places import is_clinical

Kind = Literal["training", "texts", "faq", "clinical", "calibration", "sentences"]
State = Literal["draft", "review", "approved", "refused", "withdrawn", "published"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATES: tuple[State, ...] = get_args(State)
# What is not finished: somebody has something to do with it.
OPEN: tuple[State, ...] = ("draft", "review", "approved", "refused")
_PLAIN = ("id", "kind", "state", "author", "created_at", "changed_at", "approved_at", "approved_by", "release", "edition")


@dataclass(frozen=True)
class Change:
    """What somebody wants to be otherwise. `edition` counts its edits; `release`: the one that it went live with; `alone`: it came
    as one, a file or a bulk edit, and what is edited by hand is not mixed into it."""

    id: int
    kind: Kind
    state: State
    title: str
    author: str
    created_at: datetime
    changed_at: datetime
    edition: int = 1
    about: str = ""
    operations: tuple[Operation, ...] = ()
    approved_at: datetime | None = None
    approved_by: str = ""
    release: str = ""
    alone: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that it touches."""
        return files_of(self.operations)

    @property
    def is_clinical(self) -> bool:
        """Whether somebody clinical has to review it: by its kind, or because a file that it touches decides about urgency."""
        return self.kind == "clinical" or any(is_clinical(file) for file in self.files)


@dataclass(frozen=True)
class Event:
    """What somebody did with a change, and why. `decided`: of "settled", what about each place; see `settling.told`."""

    at: datetime
    who: str
    what: str
    reason: str
    decided: tuple[Mapping[str, Any], ...] = ()


def add(work: Work, *, kind: Kind, author: str, sealed: dict[str, Any], now: datetime) -> int:
    """Store a new draft and return its number."""
    values = {"kind": kind, "state": "draft", "author": author, "created_at": now, "changed_at": now, "edition": 1}
    done = work.execute(studio_change.insert().values(**values, sealed=work.cipher.seal(sealed)))
    return int(done.inserted_primary_key[0])


def read(work: Work, number: int) -> Change | None:
    """Return the change of this number."""
    row = work.execute(sa.select(studio_change).where(studio_change.c.id == number)).first()
    return None if row is None else _change(work, row)


def listed(
    work: Work,
    *,
    states: Sequence[State] = STATES,
    kinds: Sequence[Kind] = KINDS,
    author: str = "",
    before: int = 0,
    limit: int = 50,
) -> tuple[Change, ...]:
    """Return the newest changes in these states and of these kinds, the latest first. `before`: only those with lower numbers."""
    wanted = sa.select(studio_change).where(studio_change.c.state.in_(states), studio_change.c.kind.in_(kinds))
    if author:
        wanted = wanted.where(studio_change.c.author == author)
    if before:
        wanted = wanted.where(studio_change.c.id < before)
    rows = work.execute(wanted.order_by(studio_change.c.id.desc()).limit(limit))
    return tuple(_change(work, row) for row in rows)


def approved(work: Work) -> tuple[Change, ...]:
    """Return the changes that wait for a release, in the order in which they were approved."""
    order = (studio_change.c.approved_at, studio_change.c.id)
    rows = work.execute(sa.select(studio_change).where(studio_change.c.state == "approved").order_by(*order))
    return tuple(_change(work, row) for row in rows)


def counts(work: Work) -> dict[State, int]:
    """Return how many changes are in each state."""
    rows = work.execute(sa.select(studio_change.c.state, sa.func.count()).group_by(studio_change.c.state))
    return {state: int(count) for state, count in rows}


def update(work: Work, found: Change, *, sealed: dict[str, Any] | None = None, **values: Any) -> bool:
    """Change a row if it is still as it was `found`; return whether it was."""
    same = (
        studio_change.c.id == found.id,
        studio_change.c.state == found.state,
        studio_change.c.edition == found.edition,
    )
    if sealed is not None:
        values["sealed"] = work.cipher.seal(sealed)
    return bool(work.execute(sa.update(studio_change).where(*same).values(**values)).rowcount == 1)


def note(
    work: Work, number: int, *, who: str, what: str, now: datetime, reason: str = "", decided: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write down what somebody did with a change."""
    sealed = work.cipher.seal({"reason": reason, **({"decided": list(decided)} if decided else {})})
    work.execute(studio_change_event.insert().values(change_id=number, at=now, who=who, what=what, sealed=sealed))


def events(work: Work, number: int) -> tuple[Event, ...]:
    """Return what was done with a change, in order."""
    table = studio_change_event
    rows = work.execute(sa.select(table).where(table.c.change_id == number).order_by(table.c.id))
    return tuple(_event(row, work.cipher.unseal(row.sealed)) for row in rows)


def in_conflict() -> sa.ColumnElement[bool]:
    """Return the condition of approved changes that did not fit any more when a release was built, after they were approved."""
    event = studio_change_event.c
    after = sa.and_(event.change_id == studio_change.c.id, event.at >= studio_change.c.approved_at)
    return sa.and_(studio_change.c.state == "approved", sa.exists().where(after, event.what == "conflicted"))


def numbers_in_conflict(work: Work) -> frozenset[int]:
    """Return the numbers of those changes."""
    return frozenset(int(number) for number in work.execute(sa.select(studio_change.c.id).where(in_conflict())).scalars())


def sealed_of(title: str, about: str, operations: Sequence[Operation], *, alone: bool = False) -> dict[str, Any]:
    """Return what is sealed of a change."""
    return {"title": title, "about": about, "operations": as_json(operations), **({"alone": True} if alone else {})}


def _event(row: Any, sealed: Mapping[str, Any]) -> Event:
    return Event(row.at, row.who, row.what, str(sealed["reason"]), tuple(sealed.get("decided", ())))


def _change(work: Work, row: Any) -> Change:
    sealed = work.cipher.unseal(row.sealed)
    plain = {name: row[name] for name in _PLAIN}
    said = {"title": sealed["title"], "about": sealed["about"], "alone": bool(sealed.get("alone"))}
    return Change(**plain, **said, operations=from_json(sealed["operations"]))
