"""When a group is over its budget, or cannot be used, who is on duty is told directly: that somebody waits, and nothing more."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff_notice
from bot.duty import notices
from bot.duty.clocks import is_urgent
from bot.duty.ladder import Crew
from bot.duty.notices import About, ways_to
from bot.handoff.case_rows import case_of
from bot.handoff.problems import CaseProblem
from bot.staff.people import Staff, all_staff

# Who was told of a case of late is not told again by this.
TOLD_LATELY = timedelta(minutes=30)
# Urgent cases page whoever is on duty anyway: this is for those whom that left out, so it lets the pages go first.
PAGES_FIRST = timedelta(seconds=5)
WAYS = frozenset({"telegram"})


def tell(work: Work, case_id: int, *, now: datetime) -> int:
    """Have the linked nurses on duty told of an urgent case that nobody has taken; returns how many that are.

    The pages themselves go the way of all pages: stored, told until told, and by their own budget of private chats.
    """
    try:
        case = case_of(work, case_id)
    except CaseProblem:
        return 0
    waits = case.state == "waiting" and now - (case.waiting_since or case.opened_at) >= PAGES_FIRST
    if not waits or not is_urgent(case.level, crisis=case.crisis):
        return 0
    about = About(case.id, case.level, case.crisis)
    told = 0
    for person in _there(work, case.team, now):
        if not _was_told(work, case.id, person, now):
            key = f"overflow:{case.id}:{person.id}:{now.timestamp():.0f}"
            told += bool(notices.add(work, key, about, via="telegram", what="urgent", now=now, staff_id=person.id))
    return told


def _there(work: Work, team: str, now: datetime) -> tuple[Staff, ...]:
    crew = Crew(tuple(person for person in all_staff(work) if person.state == "active"), now)
    return tuple(person for person in crew.there(team) or crew.anybody() if "telegram" in ways_to(person, WAYS, all_of_them=True))


def _was_told(work: Work, case_id: int, person: Staff, now: datetime) -> bool:
    theirs = sa.and_(staff_notice.c.case_id == case_id, staff_notice.c.staff_id == person.id, staff_notice.c.via == "telegram")
    return bool(work.execute(sa.select(sa.exists().where(theirs, staff_notice.c.created_at > now - TOLD_LATELY))).scalar())
