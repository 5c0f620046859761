"""In how many conversations a patient wrote, week by week, found by the numbers of the messages: they have no index on time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, inbound
from bot.insight.weeks import Week
from bot.languages import Language


def active(work: Work, weeks: Sequence[Week]) -> Mapping[tuple[int, Language], int]:
    """Return how many conversations there were in each week and language."""
    starts = [first_number(work, week.begins) for week in weeks]
    ends = [*starts[1:], first_number(work, weeks[-1].ends)]
    found: dict[tuple[int, Language], int] = {}
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        found |= {(number, language): count for language, count in _active(work, start, end).items()}
    return found


def first_number(work: Work, at: datetime) -> int:
    """Return a number that parts the messages: those below it came before `at`, the others at `at` or later."""
    low = 0
    high = int(work.execute(sa.select(sa.func.coalesce(sa.func.max(inbound.c.id), 0))).scalar_one()) + 1
    while low < high:
        middle = (low + high) // 2
        row = work.execute(
            sa.select(inbound.c.id, inbound.c.received_at).where(inbound.c.id >= middle).order_by(inbound.c.id).limit(1)
        ).first()
        if row is None or row.received_at >= at:
            high = middle
        else:
            low = int(row.id) + 1
    return low


def _active(work: Work, start: int, end: int) -> Mapping[Language, int]:
    query = sa.select(conversation.c.language, sa.func.count(inbound.c.conversation_id.distinct()).label("number")).select_from(
        inbound.join(conversation, conversation.c.id == inbound.c.conversation_id)
    )
    rows = work.execute(query.where(inbound.c.id >= start, inbound.c.id < end).group_by(conversation.c.language))
    return {cast(Language, row.language): int(row.number) for row in rows}
