"""What passed between patient and nurse while the bot was silent, for the turn in which it answers again."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, inbound, outbound
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

_CHATS = sa.select(conversation.c.id).where(conversation.c.patient_id == sa.bindparam("patient"))
_WROTE = sa.select(
    sa.exists().where(
        outbound.c.conversation_id.in_(_CHATS),
        outbound.c.author == sa.literal("nurse"),
        outbound.c.created_at >= sa.bindparam("since", type_=outbound.c.created_at.type),
    )
)


def nurse_wrote(work: Work, chat: Conversation) -> bool:
    """Return whether a nurse has written to this person, in any chat, since the bot was last asked something."""
    values = {"patient": chat.patient_id, "since": chat.nurse_since}
    return chat.nurse_since is not None and bool(work.execute(_WROTE, values).scalar())


def told_nurse(work: Work, chat: Conversation, number: int) -> tuple[str, ...]:
    """Return the words that the patient wrote to the nurse before message `number`, oldest first; the assistant has not heard them."""
    rows = work.execute(_TOLD, {"conversation": chat.id, "number": number, "since": chat.nurse_since})
    return tuple(work.cipher.unseal(sealed)["text"][:LONGEST] for (sealed,) in reversed(rows.all()))
