"""The outbox rows: enqueue within the transaction of the cause, claim what is due, mark what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.database.engine import Work
from bot.database.tables import conversation, identity, outbound
from bot.outbox.backoff import next_delay
from bot.outbox.compose import Composed
from bot.outbox.sender import OutboundMessage

# Channels whose client fetches messages by number itself: stored is delivered.
PULLED_CHANNELS = frozenset({"webchat"})
LEASE = timedelta(seconds=60)
EMERGENCY, NURSE, ANSWER, REMINDER = 0, 1, 2, 3


@dataclass(frozen=True)
class Place:
    """Where a message goes: the conversation and its channel."""

    conversation_id: str
    channel: str


def enqueue(
    work: Work,
    place: Place,
    message: Composed,
    *,
    dedupe_key: str,
    now: datetime,
    priority: int = ANSWER,
    at_most_once: bool = False,
) -> int | None:
    """Store `message` for sending and return its number, or None when `dedupe_key` was stored before."""
    if not isinstance(message, Composed):
        raise TypeError("Only what `compose` made can be sent: it carries the disclaimer.")
    pulled = place.channel in PULLED_CHANNELS
    row = {
        "conversation_id": place.conversation_id,
        "dedupe_key": dedupe_key,
        "priority": priority,
        "author": message.author,
        "kind": message.kind,
        "at_most_once": at_most_once,
        "state": "sent" if pulled else "pending",
        "tries": 0,
        "not_before": now,
        "created_at": now,
        "sent_at": now if pulled else None,
        "sealed": work.cipher.seal(message.content()),
    }
    return insert_once(work, outbound, row)


def insert_new(work: Work, table: sa.Table, row: dict[str, Any]) -> Any:
    """Return an INSERT of `row` that does nothing when a unique key is taken already: a replay stores nothing twice."""
    dialect = postgresql if work.is_postgres else sqlite
    return dialect.insert(table).values(**row).on_conflict_do_nothing()  # type: ignore[attr-defined]


def insert_once(work: Work, table: sa.Table, row: dict[str, Any]) -> int | None:
    """Insert `row` and return its number, or None when a unique key is taken already."""
    if work.is_postgres:
        number = work.execute(_insertion(table, postgres=True), row).scalar()
        return None if number is None else int(number)
    # SQLAlchemy 1.4 has no RETURNING for SQLite.
    result = work.execute(_insertion(table, postgres=False), row)
    return int(result.lastrowid) if result.rowcount else None


@cache  # building a statement costs more than running it
def _insertion(table: sa.Table, *, postgres: bool) -> Any:
    if postgres:
        return postgresql.insert(table).on_conflict_do_nothing().returning(table.c.id)
    return sqlite.insert(table).on_conflict_do_nothing()


def claim_due(work: Work, *, channels: frozenset[str], now: datetime, limit: int = 20) -> tuple[OutboundMessage, ...]:
    """Lease and return what is due, emergencies first; of one conversation only its oldest unsent message.

    A claim that is not marked within the lease is due again: at least once, unless the row says at most once.
    """
    due = sa.or_(outbound.c.state == "pending", sa.and_(outbound.c.state == "sending", outbound.c.lease_until < now))
    earlier = outbound.alias("earlier")
    blocked = sa.exists().where(
        earlier.c.conversation_id == outbound.c.conversation_id,
        earlier.c.state.in_(("pending", "sending")),
        earlier.c.priority <= outbound.c.priority,
        earlier.c.id < outbound.c.id,
    )
    query = (
        sa.select(
            outbound.c.id,
            outbound.c.conversation_id,
            outbound.c.sealed,
            outbound.c.state,
            outbound.c.at_most_once,
            conversation.c.patient_id,
            conversation.c.channel,
        )
        .join(conversation, conversation.c.id == outbound.c.conversation_id)
        .where(due, outbound.c.not_before <= now, conversation.c.channel.in_(channels), ~blocked)
        .order_by(outbound.c.priority, outbound.c.id)
        .limit(limit)
    )
    if work.is_postgres:
        query = query.with_for_update(of=outbound, skip_locked=True)
    return tuple(_claim(work, row, now=now) for row in work.execute(query).all() if not _lost(work, row))


def _lost(work: Work, row: Any) -> bool:
    # The worker that had it died between sending and marking. At most once means: it is not sent again.
    if row.state == "sending" and row.at_most_once:
        work.execute(sa.update(outbound).where(outbound.c.id == row.id).values(state="dead", problem="Unknown"))
        return True
    return False


def _claim(work: Work, row: Any, *, now: datetime) -> OutboundMessage:
    work.execute(
        sa.update(outbound)
        .where(outbound.c.id == row.id)
        .values(state="sending", lease_until=now + LEASE, tries=outbound.c.tries + 1)
    )
    person = sa.select(identity.c.sealed).where(identity.c.patient_id == row.patient_id, identity.c.channel == row.channel)
    recipient = work.cipher.unseal(work.execute(person).scalar_one())
    return OutboundMessage(row.id, row.conversation_id, row.channel, recipient, work.cipher.unseal(row.sealed))


def mark_sent(work: Work, message_id: int, *, platform_id: str, now: datetime) -> None:
    """Record that the platform took the message."""
    work.execute(
        sa.update(outbound)
        .where(outbound.c.id == message_id)
        .values(state="sent", sent_at=now, platform_id=platform_id, lease_until=None)
    )


def mark_failed(work: Work, message_id: int, *, problem: str, again: timedelta | None, now: datetime) -> bool:
    """Record a failure: try `again` after that time (timedelta(0): after the usual pause), None: give up.

    Returns whether it will be tried again.
    """
    tries = work.execute(sa.select(outbound.c.tries).where(outbound.c.id == message_id)).scalar_one()
    pause = next_delay(tries) if again is not None else None
    if pause is None:
        work.execute(
            sa.update(outbound).where(outbound.c.id == message_id).values(state="dead", problem=problem, lease_until=None)
        )
        return False
    later = now + max(pause, again or timedelta(0))
    work.execute(
        sa.update(outbound)
        .where(outbound.c.id == message_id)
        .values(state="pending", not_before=later, problem=problem, lease_until=None)
    )
    return True


def recent_payloads(work: Work, conversation_id: str, *, limit: int = 30) -> frozenset[str]:
    """Return the payloads of the buttons in the latest messages: only what was issued here may be pressed here."""
    rows = work.execute(
        sa.select(outbound.c.sealed)
        .where(outbound.c.conversation_id == conversation_id)
        .order_by(outbound.c.id.desc())
        .limit(limit)
    )
    return frozenset(button["payload"] for (sealed,) in rows for button in work.cipher.unseal(sealed).get("buttons", ()))
