"""The inbox rows: stored once, taken in order, handled once, blanked when they may not be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import inbound
from bot.messages import Inbound
from bot.outbox.store import insert_new

LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Row:
    """A stored message that waits to be handled."""

    id: int
    conversation_id: str
    kind: str
    attempts: int
    received_at: datetime
    not_before: datetime | None
    text: str
    payload: str
    crisis: bool  # the safety net answered it: a person takes over, the assistant is not asked
    cut: bool


def store(work: Work, conversation_id: str, message: Inbound, *, crisis: bool, now: datetime) -> int | None:
    """Store `message` and return its number, or None when (channel, external id) was stored before."""
    content = {
        "text": message.text[:LONGEST_TEXT],
        "payload": message.payload,
        "crisis": crisis,
        "cut": len(message.text) > LONGEST_TEXT,
    }
    row = {
        "conversation_id": conversation_id,
        "channel": message.channel,
        "external_id": message.external_id,
        "kind": message.kind,
        "state": "received",
        "attempts": 0,
        "received_at": now,
        "sealed": work.cipher.seal(content),
    }
    number = work.execute(insert_new(work, inbound, row).returning(inbound.c.id)).scalar()
    return None if number is None else int(number)


def number_of(work: Work, message: Inbound) -> tuple[int, str] | None:
    """Return (number, conversation id) of a message that was stored before, or None."""
    query = sa.select(inbound.c.id, inbound.c.conversation_id).where(
        inbound.c.channel == message.channel, inbound.c.external_id == message.external_id
    )
    row = work.execute(query).first()
    return None if row is None else (row.id, row.conversation_id)


def next_row(work: Work, conversation_id: str) -> Row | None:
    """Return the oldest message of the conversation that is not handled, or None."""
    query = (
        sa.select(inbound)
        .where(inbound.c.conversation_id == conversation_id, inbound.c.state == "received")
        .order_by(inbound.c.id)
        .limit(1)
    )
    row = work.execute(query).first()
    if row is None:
        return None
    content = {"text": "", "payload": "", "crisis": False, "cut": False} if row.sealed is None else work.cipher.unseal(row.sealed)
    return Row(row.id, row.conversation_id, row.kind, row.attempts, row.received_at, row.not_before, **content)


def waiting_conversations(work: Work) -> list[str]:
    """Return the conversations that have unhandled messages, oldest first."""
    query = sa.select(inbound.c.conversation_id).where(inbound.c.state == "received").group_by(inbound.c.conversation_id)
    return list(work.execute(query.order_by(sa.func.min(inbound.c.id))).scalars())


def mark(work: Work, number: int, state: str, *, blank: bool = False, **values: Any) -> None:
    """Set the state of a message; `blank` removes its words."""
    if blank:
        values["sealed"] = None
    work.execute(sa.update(inbound).where(inbound.c.id == number).values(state=state, **values))


def release_held(work: Work, conversation_id: str) -> int:
    """Let held messages be handled now, in their order; returns how many."""
    held = sa.and_(inbound.c.conversation_id == conversation_id, inbound.c.state == "held")
    return int(work.execute(sa.update(inbound).where(held).values(state="received")).rowcount)


def blank_all(work: Work, conversation_id: str) -> None:
    """Remove the words of all messages of a conversation and leave nothing to handle."""
    mine = inbound.c.conversation_id == conversation_id
    work.execute(sa.update(inbound).where(mine).values(sealed=None))
    work.execute(sa.update(inbound).where(mine, inbound.c.state == "held").values(state="handled"))
