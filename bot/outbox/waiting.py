"""What waits for a person whose platform takes it only as the answer to a request: looked at, handed over, shown.

A row that is handed over is "sending" until the answer has left. When the process dies before that, its lease ends and the
row goes the ordinary way; until `conversation.awaited_until` the platform's next request comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, inbound, outbound
from bot.outbox.store import EMERGENCY, mark_sent


@dataclass(frozen=True)
class Waiting:
    """One composed message that waits for its person."""

    id: int
    priority: int
    author: str  # bot | nurse
    parked: bool  # it was held back once: it belongs to an earlier message, or nobody asked for it
    created_at: datetime
    content: dict[str, Any]
    arrived: str = ""  # of a message in parts: what was shown already


def waiting(work: Work, conversation_id: str, *, now: datetime) -> tuple[Waiting, ...]:
    """Return what waits, an emergency first, then the oldest; others are kept from it to the end of the transaction.

    What somebody took who died waits as well, unless it must not be sent twice.
    """
    columns = ("id", "priority", "author", "state", "created_at", "sealed", "platform_id")
    left_behind = sa.and_(outbound.c.state == "sending", outbound.c.lease_until < now, outbound.c.at_most_once.is_(False))
    waits = sa.or_(outbound.c.state.in_(("pending", "parked")), left_behind)
    mine = sa.and_(outbound.c.conversation_id == conversation_id, waits)
    query = sa.select(*(outbound.c[name] for name in columns)).where(mine)
    query = query.order_by(outbound.c.priority != EMERGENCY, outbound.c.id)
    rows = work.execute(query.with_for_update(skip_locked=True) if work.is_postgres else query).all()
    return tuple(_waiting(work, row) for row in rows)


def is_parked(work: Work, conversation_id: str) -> bool:
    """Return whether something was held back for this person."""
    mine = sa.and_(outbound.c.conversation_id == conversation_id, outbound.c.state == "parked")
    return bool(work.execute(sa.select(sa.exists().where(mine))).scalar())


def is_leaving(work: Work, conversation_id: str, *, now: datetime) -> bool:
    """Return whether something for this person is on its way somewhere else."""
    flies = sa.and_(outbound.c.state == "sending", outbound.c.lease_until >= now)
    mine = sa.and_(outbound.c.conversation_id == conversation_id, flies)
    return bool(work.execute(sa.select(sa.exists().where(mine))).scalar())


def is_unhandled(work: Work, conversation_id: str) -> bool:
    """Return whether a message of this person still has to be handled."""
    mine = sa.and_(inbound.c.conversation_id == conversation_id, inbound.c.state == "received")
    return bool(work.execute(sa.select(sa.exists().where(mine))).scalar())


def unpark(work: Work, conversation_id: str) -> None:
    """Let what was held back go the ordinary way: the person has written, so more may be sent."""
    mine = sa.and_(outbound.c.conversation_id == conversation_id, outbound.c.state == "parked")
    work.execute(sa.update(outbound).where(mine).values(state="pending"))


def is_answered(work: Work, inbound_id: int) -> bool:
    """Return whether a message is done with, or the person is to hear something before that: an alarm, or "one moment"."""
    if is_handled(work, inbound_id):
        return True
    said = outbound.c.dedupe_key.in_((f"safety:{inbound_id}", f"wait:{inbound_id}:0"))
    return bool(work.execute(sa.select(sa.exists().where(said, outbound.c.state != "sent"))).scalar())


def has_said(work: Work, conversation_id: str) -> bool:
    """Return whether the person has ever written: to have scanned a code is not."""
    mine = sa.and_(inbound.c.conversation_id == conversation_id, inbound.c.kind != "scan")
    return bool(work.execute(sa.select(sa.exists().where(mine))).scalar())


def is_handled(work: Work, inbound_id: int) -> bool:
    """Return whether nothing more is said to a message; so it is when everything was erased, as the person asked."""
    state = work.execute(sa.select(inbound.c.state).where(inbound.c.id == inbound_id)).scalar()
    return bool(state != "received")


def received_at(work: Work, inbound_id: int) -> datetime | None:
    """Return when a message came first, or None when it was erased."""
    at: datetime | None = work.execute(sa.select(inbound.c.received_at).where(inbound.c.id == inbound_id)).scalar()
    return at


def hand_over(work: Work, numbers: Iterable[int], *, until: datetime) -> None:
    """Give messages to a request that is being answered."""
    rows = sa.update(outbound).where(outbound.c.id.in_(list(numbers)))
    work.execute(rows.values(state="sending", lease_until=until, tries=outbound.c.tries + 1))


def shown(work: Work, number: int, *, arrived: str, whole: bool, now: datetime) -> None:
    """Record that an answer with this message has left; of one that is not `whole` the rest goes on at once."""
    if whole:
        mark_sent(work, number, platform_id=arrived, now=now)
        return
    rest = sa.update(outbound).where(outbound.c.id == number, outbound.c.state == "sending")
    work.execute(rest.values(state="pending", not_before=now, lease_until=None, platform_id=arrived))


def let_go(work: Work, conversation_id: str, *, awaited_until: datetime) -> None:
    """No request waits here any more, unless a later one came since."""
    mine = sa.and_(conversation.c.id == conversation_id, conversation.c.awaited_until <= awaited_until)
    work.execute(sa.update(conversation).where(mine).values(awaited_until=None))


def _waiting(work: Work, row: Any) -> Waiting:
    return Waiting(
        row.id,
        row.priority,
        row.author,
        row.state == "parked",
        row.created_at,
        work.cipher.unseal(row.sealed),
        row.platform_id or "",
    )
