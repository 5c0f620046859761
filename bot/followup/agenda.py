"""What the scheduler has before it and behind it: how much waits for when, what comes next, what was given up. No words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import plan_enrolment, reminder
from bot.followup.rounds import seen

NEXT, GIVEN_UP = 30, 50
LATELY, SHOWN_FOR = timedelta(days=1), timedelta(days=7)
# A round that has not run for so many of its spans has stopped.
LATE_AFTER = timedelta(minutes=3)
_SETTLED = ("sent", "skipped", "cleared", "cancelled", "failed")


@dataclass(frozen=True)
class Agenda:
    """`waiting`: overdue, within the hour, within the day, later. `lately`: what was due in the last 24 hours, by what became of it."""

    rounds: tuple[dict[str, Any], ...]
    waiting: Mapping[str, int]
    lately: Mapping[str, int]
    next: tuple[dict[str, Any], ...]
    given_up: tuple[dict[str, Any], ...]


def agenda(work: Work, *, now: datetime) -> Agenda:
    """Return what is before the scheduler and behind it. It goes along indexes, however much waits."""
    return Agenda(
        rounds=tuple({**one, "late": _is_late(one, now)} for one in seen(work)),
        waiting=_waiting(work, now),
        lately=_lately(work, now),
        next=_listed(
            work, sa.select(*_COLUMNS).where(reminder.c.state == "waiting").order_by(reminder.c.due_at, reminder.c.id).limit(NEXT)
        ),
        given_up=_listed(work, _given_up(now)),
    )


def _is_late(one: Mapping[str, Any], now: datetime) -> bool:
    return one["next_at"] is not None and now - one["next_at"] > LATE_AFTER


def _waiting(work: Work, now: datetime) -> dict[str, int]:
    edges = {"overdue": now, "hour": now + timedelta(hours=1), "day": now + timedelta(days=1)}
    below = {name: _count(work, reminder.c.state == "waiting", reminder.c.due_at <= edge) for name, edge in edges.items()}
    everything = _count(work, reminder.c.state == "waiting")
    return {
        "overdue": below["overdue"],
        "hour": below["hour"] - below["overdue"],
        "day": below["day"] - below["hour"],
        "later": everything - below["day"],
    }


def _lately(work: Work, now: datetime) -> dict[str, int]:
    recent = (reminder.c.due_at > now - LATELY, reminder.c.due_at <= now)
    return {state: _count(work, reminder.c.state == state, *recent) for state in _SETTLED}


def _count(work: Work, *where: Any) -> int:
    return int(work.execute(sa.select(sa.func.count()).select_from(reminder).where(*where)).scalar_one())


_COLUMNS = [
    reminder.c[name] for name in ("id", "enrolment_id", "step", "attempt", "wanted_at", "due_at", "state", "why", "tries")
]


def _given_up(now: datetime) -> Any:
    recent = (reminder.c.state.in_(("skipped", "failed")), reminder.c.due_at > now - SHOWN_FOR, reminder.c.due_at <= now)
    return sa.select(*_COLUMNS).where(*recent).order_by(reminder.c.due_at.desc(), reminder.c.id.desc()).limit(GIVEN_UP)


def _listed(work: Work, query: Any) -> tuple[dict[str, Any], ...]:
    rows = work.execute(query).all()
    numbers = {row.enrolment_id for row in rows}
    plans = work.execute(sa.select(plan_enrolment.c.id, plan_enrolment.c.plan).where(plan_enrolment.c.id.in_(list(numbers))))
    named = {row.id: row.plan for row in plans}
    return tuple({**row._mapping, "plan": named.get(row.enrolment_id, "")} for row in rows)
