"""A block that outlives an erasure: else an abuser would be read again after "delete my data".

Kept is the keyed hash by which an address is found, and a time: no words, no history, not who blocked them. It ends
with what is kept of everybody, so many days after the (first) erasure as silence would have taken.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_new
from bot.database.tables import conversation, identity, kept_block

# A block that was taken over from somebody who was erased has nobody's name on it.
_TAKEN_OVER = sa.and_(conversation.c.blocked_at.isnot(None), conversation.c.blocked_by.is_(None))


def keep(work: Work, where: Any, *, now: datetime) -> None:
    """Note who is blocked among the conversations of `where`, which are about to be erased. Erasing twice prolongs nothing."""
    owner = sa.and_(identity.c.patient_id == conversation.c.patient_id, identity.c.channel == conversation.c.channel)
    columns = (identity.c.lookup, conversation.c.blocked_at, conversation.c.blocked_by)
    blocked = sa.select(*columns).join(conversation, owner).where(where, conversation.c.blocked_at.isnot(None))
    for row in work.execute(blocked).all():
        at = now if row.blocked_by else row.blocked_at
        work.execute(insert_new(work, kept_block, {"lookup": row.lookup, "at": at}))


def take(work: Work, lookup: str) -> datetime | None:
    """Return since when somebody with this address counts as blocked, and forget it: it stands in their conversation now."""
    at: datetime | None = work.execute(sa.select(kept_block.c.at).where(kept_block.c.lookup == lookup)).scalar()
    if at is not None:
        work.execute(sa.delete(kept_block).where(kept_block.c.lookup == lookup))
    return at


def end_old(work: Work, *, before: datetime) -> None:
    """End what was kept or taken over since before then: nobody is held to it for ever, and no nurse has a case to end it from."""
    work.execute(sa.delete(kept_block).where(kept_block.c.at < before))
    over = sa.and_(_TAKEN_OVER, conversation.c.blocked_at < before)
    work.execute(sa.update(conversation).where(over).values(blocked_at=None))
