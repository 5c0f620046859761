"""Breaking the glass: looking into a case that is not one's own, for an hour, with a reason that leads and auditors read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import broken_glass, care_case, staff
from bot.handoff.events import add_event
from bot.privacy import audit
from bot.privacy.personal_data import mask
from bot.staff.access import CaseFacts, may
from bot.staff.people import Staff, StaffProblem

LASTS = timedelta(hours=1)
SHORTEST_REASON, LONGEST_REASON = 4, 500


@dataclass(frozen=True)
class Broken:
    """One glass that was broken. `reason` is masked: it is read by people who must not see patients' data."""

    id: int
    case_id: int
    handle: str
    at: datetime
    until: datetime
    reason: str


def break_glass(work: Work, person: Staff, case_id: int, reason: str, *, now: datetime) -> datetime:
    """Open one case to one person for an hour, and return until when. Raises StaffProblem without a reason, or for an auditor."""
    why = reason.strip()
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON or len(set(why)) < 3:
        raise StaffProblem("problem_reason", f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} characters.")
    team = work.execute(sa.select(care_case.c.team).where(care_case.c.id == case_id)).scalar()
    if team is None or not may(person, "break_glass", CaseFacts(team)):
        raise StaffProblem("problem_not_allowed", "There is no such case, or you may not break its glass.")
    until = now + LASTS
    row = {"case_id": case_id, "staff_id": person.id, "at": now, "until": until, "sealed": work.cipher.seal({"reason": why})}
    number = work.execute(broken_glass.insert().values(**row)).inserted_primary_key[0]
    audit.record(work, who=person.handle, what="broke glass", subject=str(case_id), now=now)
    add_event(work, case_id, "glass", who=person.handle, dedupe_key=f"glass:{number}", now=now)
    return until


def is_broken(work: Work, staff_id: int, case_id: int, *, now: datetime) -> bool:
    """Return whether this person broke the glass of this case, and the hour has not ended."""
    mine = sa.and_(broken_glass.c.staff_id == staff_id, broken_glass.c.case_id == case_id, broken_glass.c.until > now)
    return work.execute(sa.select(broken_glass.c.id).where(mine).limit(1)).first() is not None


def broken(work: Work, viewer: Staff, *, before: int | None = None, limit: int = 100) -> tuple[Broken, ...]:
    """Return who broke which glass and why, the latest first: to an auditor all, to a lead those of their teams' cases."""
    if not may(viewer, "see_glass"):
        raise StaffProblem("problem_not_allowed", "Leads and auditors see that.")
    wanted = [] if before is None else [broken_glass.c.id < before]
    if viewer.role == "lead":
        wanted.append(care_case.c.team.in_(["", *sorted(viewer.teams)]))
    tables = broken_glass.join(staff, staff.c.id == broken_glass.c.staff_id).join(
        care_case, care_case.c.id == broken_glass.c.case_id
    )
    query = sa.select(broken_glass, staff.c.handle).select_from(tables).where(*wanted)
    rows = work.execute(query.order_by(broken_glass.c.id.desc()).limit(limit))
    return tuple(_broken(work, row._mapping, viewer) for row in rows)


def _broken(work: Work, row: Mapping[str, object], viewer: Staff) -> Broken:
    said = row["sealed"]
    assert isinstance(said, bytes | memoryview)
    reason = mask(work.cipher.unseal(bytes(said))["reason"], viewer.language).text
    values = {name: row[name] for name in ("id", "case_id", "handle", "at", "until")}
    return Broken(**values, reason=reason)  # type: ignore[arg-type]
