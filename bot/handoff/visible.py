"""Which cases a person of the staff may list or see, as a condition of SQL: the twin of `bot.staff.access.may`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.tables import broken_glass, care_case
from bot.staff.people import Staff


def listed_for(staff: Staff, *, now: datetime) -> Any:
    """Return the condition on `care_case` for what `staff` may know of: its level and who holds it, no words.

    An admin knows of all cases, since somebody has to give one to a nurse when nobody comes.
    """
    if staff.state == "active" and staff.role == "admin":
        return sa.true()
    return seen_by(staff, now=now)


def seen_by(staff: Staff, *, now: datetime) -> Any:
    """Return the condition on `care_case` for the cases whose words `staff` may read.

    Nurses and leads: of their teams, of no team, and those that are theirs. Everybody but the auditor: what they broke the glass
    of, while that lasts. An admin sees nothing else: to run the desk nobody has to read patients.
    """
    if staff.state != "active" or staff.role in ("auditor", "editor"):
        return sa.false()
    glass = sa.select(broken_glass.c.case_id).where(broken_glass.c.staff_id == staff.id, broken_glass.c.until > now)
    opened = care_case.c.id.in_(glass)
    if staff.role == "admin":
        return opened
    theirs = sa.or_(care_case.c.claimed_by == staff.handle, care_case.c.assigned_to == staff.handle)
    return sa.or_(care_case.c.team.in_(["", *sorted(staff.teams)]), theirs, opened)
