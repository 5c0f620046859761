"""Who leaves the group, or is thrown out: the link to their account ends, and their cases go back to the queue."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case
from bot.handoff import claims
from bot.handoff.problems import CaseProblem
from bot.phrases import Phrases
from bot.staff.own import unlink_telegram
from bot.staff.people import of_telegram


def gone(work: Work, user: int, *, now: datetime, phrases: Phrases) -> tuple[int, ...]:
    """End the link of somebody who left; returns the cases that wait again."""
    person = of_telegram(work, str(user))
    if person is None:
        return ()
    held = sa.and_(care_case.c.claimed_by == person.handle, care_case.c.state.in_(("claimed", "waiting_for_patient")))
    cases = tuple(work.execute(sa.select(care_case.c.id).where(held).order_by(care_case.c.id)).scalars())
    unlink_telegram(work, person.id, now=now)
    return tuple(number for number in cases if _release(work, number, person.handle, now, phrases))


def _release(work: Work, number: int, handle: str, now: datetime, phrases: Phrases) -> bool:
    try:
        claims.release(work, number, who=handle, now=now, phrases=phrases)
    except CaseProblem:  # somebody took it over in this moment
        return False
    return True
