"""How a patient keeps to a plan: of how many check-ins of the last month they answered how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import checkin

SPAN = timedelta(days=30)


@dataclass(frozen=True)
class Adherence:
    """Check-ins of the last month by what became of them. `open`: it may still be answered, and does not count."""

    answered: int = 0
    worrying: int = 0
    unanswered: int = 0
    open: int = 0

    @property
    def asked(self) -> int:
        """How many could have been answered by now."""
        return self.answered + self.worrying + self.unanswered

    @property
    def kept(self) -> int:
        """How many were answered, whatever was said."""
        return self.answered + self.worrying


def adherence_of(work: Work, enrolment_ids: Iterable[int], *, now: datetime) -> Mapping[int, Adherence]:
    """Return how these enrolments are kept to; one without check-ins has zeros."""
    mine = sa.and_(checkin.c.enrolment_id.in_(list(enrolment_ids)), checkin.c.opened_at >= now - SPAN)
    query = sa.select(checkin.c.enrolment_id, checkin.c.state, sa.func.count()).where(mine)
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for number, state, count in work.execute(query.group_by(checkin.c.enrolment_id, checkin.c.state)):
        found[number][state] = int(count)
    return defaultdict(Adherence, {number: Adherence(**counts) for number, counts in found.items()})
