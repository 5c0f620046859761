"""Whether somebody may do something with a case: its facts for bot.staff.access, asked in the transaction of the act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import broken_glass, care_case
from bot.desk.asked import Asking
from bot.desk.problems import Refused
from bot.handoff.events import was_erased
from bot.staff.access import CaseFacts, InCase, may
from bot.staff.people import Staff

_COLUMNS = (care_case.c.id, care_case.c.team, care_case.c.claimed_by, care_case.c.assigned_to, care_case.c.state)


def facts_of(case: Any, *, glass: bool) -> CaseFacts:
    """Return what decides of a case; `case` is a row or a `Case`."""
    return CaseFacts(team=case.team, claimed_by=case.claimed_by, assigned_to=case.assigned_to, glass=glass)


def need(work: Work, asking: Asking, case_id: int, act: InCase) -> CaseFacts:
    """Return the facts of a case with which `asking` may do `act`. Raises Refused otherwise.

    A case that does not exist and one that is not theirs are answered alike; of one that was erased it is said.
    """
    row = work.execute(sa.select(*_COLUMNS).where(care_case.c.id == case_id)).first()
    facts = CaseFacts() if row is None else facts_of(row, glass=case_id in broken_by(work, asking.staff, now=asking.now))
    if row is not None and may(asking.staff, act, facts):
        return facts
    if row is not None and may(asking.staff, "see", facts):
        raise Refused(403, "not_allowed")
    if row is None and was_erased(work, case_id):
        raise Refused(410, "erased")
    raise Refused(403, "not_yours", more={"glass": may(asking.staff, "break_glass", facts)})


def broken_by(work: Work, staff: Staff, *, now: datetime) -> frozenset[int]:
    """Return the cases whose glass somebody broke, while that lasts."""
    mine = sa.and_(broken_glass.c.staff_id == staff.id, broken_glass.c.until > now)
    return frozenset(work.execute(sa.select(broken_glass.c.case_id).where(mine)).scalars())


def all_broken(work: Work, staff_ids: Iterable[int], *, now: datetime) -> frozenset[tuple[int, int]]:
    """Return (person, case) of every glass that is broken now by one of these people."""
    theirs = sa.and_(broken_glass.c.staff_id.in_(list(staff_ids)), broken_glass.c.until > now)
    return frozenset((row.staff_id, row.case_id) for row in work.execute(sa.select(broken_glass).where(theirs)))


def glass_until(work: Work, asking: Asking, case_id: int) -> datetime | None:
    """Return until when somebody may see a case only because they broke its glass; None: it is not broken."""
    mine = sa.and_(
        broken_glass.c.staff_id == asking.staff.id, broken_glass.c.case_id == case_id, broken_glass.c.until > asking.now
    )
    found: datetime | None = work.execute(
        sa.select(sa.func.max(broken_glass.c.until, type_=broken_glass.c.until.type)).where(mine)
    ).scalar()
    return found


def needed_elsewhere(asking: Asking, act: Any) -> None:
    """Raise Refused when `asking` may not do `act`, which is done to no case."""
    if not may(asking.staff, act):
        raise Refused(403, "not_allowed")
