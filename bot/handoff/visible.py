"""Which cases a person of the staff may see, as a condition of SQL: the twin of `bot.staff.access.may(staff, "see", case)`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from bot.database.tables import broken_glass, care_case


class Viewer(Protocol):
    """What is asked about who looks: `bot.staff.people.Staff` is one."""

    @property
    def id(self) -> int:
        """Number."""

    @property
    def handle(self) -> str:
        """What claims and events say."""

    @property
    def role(self) -> str:
        """One of nurse, lead, admin, auditor."""

    @property
    def teams(self) -> frozenset[str]:
        """Ids of their teams."""


def visible_to(staff: Viewer, *, now: datetime) -> Any:
    """Return the condition on `care_case` for what `staff` may see.

    Nurses and leads: cases of their teams, of no team, and those that are theirs. Everybody but the auditor: what they broke the
    glass of, while that lasts. An admin sees nothing else: to run the desk nobody has to read patients.
    """
    if staff.role == "auditor":
        return sa.false()
    glass = sa.select(broken_glass.c.case_id).where(broken_glass.c.staff_id == staff.id, broken_glass.c.until > now)
    opened = care_case.c.id.in_(glass)
    if staff.role == "admin":
        return opened
    theirs = sa.or_(care_case.c.claimed_by == staff.handle, care_case.c.assigned_to == staff.handle)
    return sa.or_(care_case.c.team.in_(["", *sorted(staff.teams)]), theirs, opened)
