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


# Statements of every message are built once: building one costs more than running it.
_MINE = outbound.c.conversation_id == sa.bindparam("conversation")
_NOW = sa.bindparam("now", type_=outbound.c.lease_until.type)
_LEFT_BEHIND = sa.and_(outbound.c.state == "sending", outbound.c.lease_until < _NOW, outbound.c.at_most_once.is_(False))
_COLUMNS = tuple(outbound.c[name] for name in ("id", "priority", "author", "state", "created_at", "sealed", "platform_id"))
_IN_TIME = sa.or_(outbound.c.expires_at.is_(None), outbound.c.expires_at > _NOW)
# What its nurse may still take back has not been tried and is early; what is early after a failure is shown all the same.
_HELD = sa.and_(outbound.c.author == "nurse", outbound.c.tries == 0, outbound.c.not_before > _NOW)
_WAITING = (
    sa.select(*_COLUMNS)
    .where(_MINE, sa.or_(outbound.c.state.in_(("pending", "parked")), _LEFT_BEHIND), _IN_TIME, ~_HELD)
    .order_by(outbound.c.priority != EMERGENCY, outbound.c.id)
)
_WAITING_LOCKED = _WAITING.with_for_update(skip_locked=True)
_PARKED = sa.select(sa.exists().where(_MINE, outbound.c.state == "parked"))
_LEAVING = sa.select(sa.exists().where(_MINE, outbound.c.state == "sending", outbound.c.lease_until >= _NOW))
_WROTE = inbound.c.conversation_id == sa.bindparam("conversation")
_UNHANDLED = sa.select(sa.exists().where(_WROTE, inbound.c.state == "received"))
_SAID = sa.select(sa.exists().where(_WROTE, inbound.c.kind != "scan"))
_STATE = sa.select(inbound.c.state).where(inbound.c.id == sa.bindparam("number"))
_RECEIVED_AT = sa.select(inbound.c.received_at).where(inbound.c.id == sa.bindparam("number"))
_EARLY = sa.select(
    sa.exists().where(outbound.c.dedupe_key.in_((sa.bindparam("alarm"), sa.bindparam("moment"))), outbound.c.state != "sent")
)
_UNPARK = sa.update(outbound).where(_MINE, outbound.c.state == "parked").values(state="pending")
_HAND_OVER = sa.update(outbound).where(outbound.c.id == sa.bindparam("number"))
_HAND_OVER = _HAND_OVER.values(state="sending", lease_until=sa.bindparam("until"), tries=outbound.c.tries + 1)
_REST = sa.update(outbound).where(outbound.c.id == sa.bindparam("number"), outbound.c.state == "sending")
_REST = _REST.values(state="pending", not_before=sa.bindparam("at"), lease_until=None, platform_id=sa.bindparam("arrived"))
_NOT_SEEN = sa.update(outbound).where(outbound.c.id == sa.bindparam("number"), outbound.c.state.in_(("sending", "sent")))
_NOT_SEEN = _NOT_SEEN.values(state="pending", not_before=sa.bindparam("at"), lease_until=None, sent_at=None, platform_id=None)
_PRIORITY = sa.select(outbound.c.priority).where(outbound.c.id == sa.bindparam("number"))
_LET_GO = sa.update(conversation).where(
    conversation.c.id == sa.bindparam("conversation"), conversation.c.awaited_until <= sa.bindparam("mine")
)
_LET_GO = _LET_GO.values(awaited_until=None)


def waiting(work: Work, conversation_id: str, *, now: datetime) -> tuple[Waiting, ...]:
    """Return what waits, an emergency first, then the oldest; others are kept from it to the end of the transaction.

    What somebody took who died waits as well, unless it must not be sent twice.
    """
    rows = work.execute(_WAITING_LOCKED if work.is_postgres else _WAITING, {"conversation": conversation_id, "now": now}).all()
    return tuple(_waiting(work, row) for row in rows)


def is_parked(work: Work, conversation_id: str) -> bool:
    """Return whether something was held back for this person."""
    return bool(work.execute(_PARKED, {"conversation": conversation_id}).scalar())


def is_leaving(work: Work, conversation_id: str, *, now: datetime) -> bool:
    """Return whether something for this person is on its way somewhere else."""
    return bool(work.execute(_LEAVING, {"conversation": conversation_id, "now": now}).scalar())


def is_unhandled(work: Work, conversation_id: str) -> bool:
    """Return whether a message of this person still has to be handled."""
    return bool(work.execute(_UNHANDLED, {"conversation": conversation_id}).scalar())


def unpark(work: Work, conversation_id: str) -> None:
    """Let what was held back go the ordinary way: the person has written, so more may be sent."""
    work.execute(_UNPARK, {"conversation": conversation_id})


def is_answered(work: Work, inbound_id: int) -> bool:
    """Return whether a message is done with, or the person is to hear something before that: an alarm, or "one moment"."""
    if is_handled(work, inbound_id):
        return True
    return bool(work.execute(_EARLY, {"alarm": f"safety:{inbound_id}", "moment": f"wait:{inbound_id}:0"}).scalar())


def has_said(work: Work, conversation_id: str) -> bool:
    """Return whether the person has ever written: to have scanned a code is not."""
    return bool(work.execute(_SAID, {"conversation": conversation_id}).scalar())


def is_handled(work: Work, inbound_id: int) -> bool:
    """Return whether nothing more is said to a message; so it is when everything was erased, as the person asked."""
    return bool(work.execute(_STATE, {"number": inbound_id}).scalar() != "received")


def received_at(work: Work, inbound_id: int) -> datetime | None:
    """Return when a message came first, or None when it was erased."""
    at: datetime | None = work.execute(_RECEIVED_AT, {"number": inbound_id}).scalar()
    return at


def hand_over(work: Work, numbers: Iterable[int], *, until: datetime) -> None:
    """Give messages to a request that is being answered."""
    for number in numbers:
        work.execute(_HAND_OVER, {"number": number, "until": until})


def shown(work: Work, number: int, *, arrived: str, whole: bool, now: datetime) -> None:
    """Record that an answer with this message has left; of one that is not `whole` the rest goes on at once."""
    if whole:
        mark_sent(work, number, platform_id=arrived, now=now)
    else:
        work.execute(_REST, {"number": number, "at": now, "arrived": arrived})


def not_seen(work: Work, number: int, *, now: datetime) -> int:
    """Send a message again that was handed over to an answer of which we know that it got lost; returns its priority."""
    work.execute(_NOT_SEEN, {"number": number, "at": now})
    priority: int | None = work.execute(_PRIORITY, {"number": number}).scalar()
    return EMERGENCY if priority is None else priority


def let_go(work: Work, conversation_id: str, *, awaited_until: datetime) -> None:
    """No request waits here any more, unless a later one came since."""
    work.execute(_LET_GO, {"conversation": conversation_id, "mine": awaited_until})


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
