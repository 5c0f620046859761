"""When a person has to have answered: by priority, day and night for emergencies, in working time for the rest. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from bot.messages import EMERGENCY_LEVELS, Level

if TYPE_CHECKING:
    from bot.duty.teams import Team

Priority = Literal["crisis", "E1", "E2", "U", "R", "INFO"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
Kind = Literal["first", "next"]
Status = Literal["none", "ok", "warn", "late"]


@dataclass(frozen=True)
class Clock:
    """The promises of one priority, in minutes. Of emergencies they run day and night, of others in working time."""

    first: int  # until the first words of a person
    next: int  # until the patient is answered again
    warn: int  # before the end of either
    again: int  # until an unclaimed case is paged again


def priority_of(level: Level, *, crisis: bool) -> Priority:
    """Return under which clock a case runs."""
    return "crisis" if crisis else level


def is_urgent(level: Level, *, crisis: bool) -> bool:
    """Return whether it wakes somebody at any hour."""
    return crisis or level in EMERGENCY_LEVELS


def due_at(team: Team, kind: Kind, *, level: Level, crisis: bool, start: datetime) -> datetime:
    """Return when a person has to have answered what the patient wrote at `start`, in UTC."""
    clock = team.clock_of(level, crisis=crisis)
    minutes = clock.first if kind == "first" else clock.next
    if is_urgent(level, crisis=crisis):
        return start + timedelta(minutes=minutes)
    return team.calendar.add_working_time(start, minutes)


def warn_at(team: Team, due: datetime, *, level: Level, crisis: bool) -> datetime:
    """Return from when it is said that `due` comes near; for what is no emergency not while the team is away."""
    early = due - timedelta(minutes=team.clock_of(level, crisis=crisis).warn)
    if is_urgent(level, crisis=crisis):
        return early
    return min(due, team.calendar.add_working_time(early, 0))


def status(due: datetime | None, *, warn: datetime | None, now: datetime) -> Status:
    """Return how a clock stands. `warn`: what `warn_at` says, or None where nobody asked."""
    if due is None:
        return "none"
    if now >= due:
        return "late"
    return "warn" if warn is not None and now >= warn else "ok"
