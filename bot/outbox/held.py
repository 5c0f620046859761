"""What a nurse has just sent and may still take away: it leaves when a moment has passed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, outbound
from bot.outbox.store import PULLED_CHANNELS

_HELD = sa.and_(outbound.c.state == "pending", outbound.c.author == "nurse")
_NOW = sa.bindparam("now", type_=outbound.c.not_before.type)
# Other channels have somebody who sends what is due. Here stored is delivered, so it is only now to be seen.
_OVER = (
    sa.select(outbound.c.id, outbound.c.conversation_id, outbound.c.not_before)
    .join(conversation, conversation.c.id == outbound.c.conversation_id)
    .where(_HELD, outbound.c.not_before <= _NOW, conversation.c.channel.in_(sorted(PULLED_CHANNELS)))
    .order_by(outbound.c.id)
)


def take_away(work: Work, number: int, *, now: datetime) -> bool:
    """Remove a message that is still held; False when it has left, or is about to."""
    held = sa.delete(outbound).where(outbound.c.id == number, _HELD, outbound.c.not_before > now, outbound.c.tries == 0)
    return bool(work.execute(held).rowcount == 1)


def is_over(work: Work, now: datetime) -> bool:
    """Return whether `let_go` has something to do: asked without holding up anybody."""
    return work.execute(_OVER.limit(1), {"now": now}).first() is not None


def let_go(work: Work, now: datetime) -> frozenset[str]:
    """Show what was held long enough to those whose client fetches it; returns in which conversations."""
    over = work.execute(_OVER, {"now": now}).all()
    for row in over:
        shown = sa.update(outbound).where(outbound.c.id == row.id, outbound.c.state == "pending")
        work.execute(shown.values(state="sent", sent_at=row.not_before))
    return frozenset(row.conversation_id for row in over)
