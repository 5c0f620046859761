"""What passed between patient and nurse while the bot was silent, for the turn in which it answers again."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import inbound
from bot.inbox.conversations import Conversation

# More than a talk with a nurse has; the latest count.
MOST, LONGEST = 20, 500

_TOLD = (
    sa.select(inbound.c.sealed)
    .where(
        inbound.c.conversation_id == sa.bindparam("conversation"),
        inbound.c.id < sa.bindparam("number"),
        inbound.c.received_at >= sa.bindparam("since", type_=inbound.c.received_at.type),
        inbound.c.state == sa.literal("handled"),
        inbound.c.kind == sa.literal("text"),
        inbound.c.sealed.isnot(None),
    )
    .order_by(inbound.c.id.desc())
    .limit(MOST)
)


def told_nurse(work: Work, conversation: Conversation, number: int) -> tuple[str, ...]:
    """Return the words that the patient wrote to the nurse before message `number`, oldest first; the assistant has not heard them."""
    rows = work.execute(_TOLD, {"conversation": conversation.id, "number": number, "since": conversation.nurse_since})
    return tuple(work.cipher.unseal(sealed)["text"][:LONGEST] for (sealed,) in reversed(rows.all()))
