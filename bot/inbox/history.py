"""What a conversation has said so far, for a page that opens or comes back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import inbound, outbound


@dataclass(frozen=True)
class Item:
    """One message. `number` counts the outgoing ones; the patient's own words stand before the answer to them."""

    number: int
    author: Literal["bot", "nurse", "patient"]
    at: datetime
    content: dict[str, Any]  # text, note, kind, buttons, card, language; of the patient's: text, id


# Built once: each open page asks this for each message.
_AFTER = (
    sa.select(outbound.c.id, outbound.c.author, outbound.c.created_at, outbound.c.sealed)
    .where(outbound.c.conversation_id == sa.bindparam("wanted"), outbound.c.id > sa.bindparam("number"))
    .order_by(outbound.c.id)
    .limit(sa.bindparam("most"))
)
_SHOWN_AFTER = _AFTER.where(outbound.c.state == sa.literal("sent"))
_FIRST = sa.select(sa.func.min(outbound.c.id)).where(outbound.c.conversation_id == sa.bindparam("wanted"))


def after(work: Work, conversation_id: str, number: int, *, limit: int = 200, known: Collection[int] = ()) -> tuple[Item, ...]:
    """Return the messages to the patient with a number above `number`, oldest first, without the `known` ones."""
    rows = work.execute(_AFTER, {"wanted": conversation_id, "number": number, "most": limit})
    return tuple(Item(row.id, row.author, row.created_at, work.cipher.unseal(row.sealed)) for row in rows if row.id not in known)


def shown_after(
    work: Work, conversation_id: str, number: int, *, limit: int = 200, known: Collection[int] = ()
) -> tuple[Item, ...]:
    """Like `after`, without what its nurse may still take back: for pages that fetch messages themselves."""
    rows = work.execute(_SHOWN_AFTER, {"wanted": conversation_id, "number": number, "most": limit})
    return tuple(Item(row.id, row.author, row.created_at, work.cipher.unseal(row.sealed)) for row in rows if row.id not in known)


def picture_in(work: Work, conversation_id: str, number: int) -> dict[str, Any] | None:
    """Return the drawing in a message to this person, as it is stored; None: there is none, or the message is somebody else's."""
    query = sa.select(outbound.c.sealed).where(outbound.c.id == number, outbound.c.conversation_id == conversation_id)
    sealed = work.execute(query.where(outbound.c.state == "sent")).scalar()
    picture = None if sealed is None else work.cipher.unseal(sealed).get("picture")
    return picture["drawing"] if picture else None


def first_kept(work: Work, conversation_id: str) -> int:
    """Return the number of the first message to the patient that is kept, 0 when there is none."""
    return int(work.execute(_FIRST, {"wanted": conversation_id}).scalar() or 0)


def own_words(work: Work, conversation_id: str, *, limit: int = 100) -> tuple[Item, ...]:
    """Return the patient's latest messages that are still kept, oldest first; `number` is 0."""
    query = (
        sa.select(inbound.c.external_id, inbound.c.received_at, inbound.c.sealed)
        .where(inbound.c.conversation_id == conversation_id, inbound.c.sealed.isnot(None), inbound.c.kind != "scan")
        .order_by(inbound.c.id.desc())
        .limit(limit)
    )
    rows = list(work.execute(query))[::-1]
    return tuple(
        Item(0, "patient", row.received_at, {"text": work.cipher.unseal(row.sealed)["text"], "id": row.external_id})
        for row in rows
    )


def waits(work: Work, conversation_id: str) -> bool:
    """Return whether a message of the conversation is still to be handled."""
    query = sa.select(sa.func.count()).where(inbound.c.conversation_id == conversation_id, inbound.c.state == "received")
    return bool(work.execute(query).scalar_one())
