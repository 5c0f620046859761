"""Releases as they are stored: their state and how far they are in the open, changes and report sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import release

State = Literal["waiting", "building", "refused", "ready", "live", "kept", "failed"]
STATES: tuple[State, ...] = get_args(State)
Step = Literal["waiting", "copying", "validating", "training", "hearing", "comparing", "done"]
# How far a release is when a step begins, in hundredths; training and hearing take nearly all of the time.
STEPS: dict[Step, int] = {
    "waiting": 0,
    "copying": 2,
    "validating": 5,
    "training": 10,
    "hearing": 40,
    "comparing": 97,
    "done": 100,
}
UNFINISHED: tuple[State, ...] = ("waiting", "building")


@dataclass(frozen=True)
class Release:
    """One release. `changes`: numbers of the changes that are in it; `report`: what the gate said, as JSON."""

    id: int
    name: str
    state: State
    made_by: str
    made_at: datetime
    step: Step = "waiting"
    progress: int = 0
    content_version: str = ""
    model: str = ""
    approved_by: str = ""
    published_by: str = ""
    published_at: datetime | None = None
    retired_at: datetime | None = None
    base: str = ""
    changes: tuple[int, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


def add(work: Work, *, made_by: str, changes: Sequence[int], now: datetime, state: State = "waiting", **more: Any) -> Release:
    """Store a new release under a name of its own: the day, and a number that counts up."""
    day = f"{now:%Y-%m-%d}"
    taken = set(work.execute(sa.select(release.c.name).where(release.c.name.like(f"{day}-%"))).scalars())
    name = next(name for number in range(1, len(taken) + 2) if (name := f"{day}-{number}") not in taken)
    sealed = work.cipher.seal({"changes": list(changes), "report": more.pop("report", {})})
    values = {
        "name": name,
        "state": state,
        "step": "waiting",
        "progress": 0,
        "made_by": made_by,
        "made_at": now,
        "sealed": sealed,
    }
    empty = {"content_version": "", "model": "", "approved_by": "", "published_by": "", "base": ""}
    work.execute(release.insert().values(**{**empty, **values, **more}))
    return need(work, name)


def read(work: Work, name: str) -> Release | None:
    """Return the release of this name."""
    row = work.execute(sa.select(release).where(release.c.name == name)).first()
    return None if row is None else _release(work, row)


def need(work: Work, name: str) -> Release:
    """Return the release of this name. Raises ReleaseProblem when there is none."""
    from bot.release.problems import unknown

    found = read(work, name)
    if found is None:
        raise unknown(name)
    return found


def newest(work: Work, limit: int = 50) -> tuple[Release, ...]:
    """Return the newest releases, the latest first."""
    rows = work.execute(sa.select(release).order_by(release.c.id.desc()).limit(limit))
    return tuple(_release(work, row) for row in rows)


def in_state(work: Work, *states: State) -> tuple[Release, ...]:
    """Return all releases in these states, the latest first."""
    rows = work.execute(sa.select(release).where(release.c.state.in_(states)).order_by(release.c.id.desc()))
    return tuple(_release(work, row) for row in rows)


def live(work: Work) -> Release | None:
    """Return the release that is served, or None before the first was published."""
    return next(iter(in_state(work, "live")), None)


def update(work: Work, name: str, **values: Any) -> None:
    """Change columns of a release; `report` and `changes` are sealed."""
    kept = {key: values.pop(key) for key in ("report", "changes") if key in values}
    if kept:
        found = need(work, name)
        values["sealed"] = work.cipher.seal({"changes": list(found.changes), "report": found.report, **kept})
    work.execute(sa.update(release).where(release.c.name == name).values(**values))


def moved(work: Work, name: str, *, from_: Sequence[State], to: State, **values: Any) -> bool:
    """Change the state of a release if it is still in one of `from_`; return whether it was."""
    asked = sa.and_(release.c.name == name, release.c.state.in_(from_))
    changed = bool(work.execute(sa.update(release).where(asked).values(state=to)).rowcount == 1)
    if changed and values:
        update(work, name, **values)
    return changed


def _release(work: Work, row: Any) -> Release:
    sealed = work.cipher.unseal(row.sealed)
    plain = {name: row[name] for name in Release.__dataclass_fields__ if name not in ("changes", "report")}
    return Release(**plain, changes=tuple(sealed["changes"]), report=sealed["report"])
