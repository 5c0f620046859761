"""The outbox rows: enqueue within the transaction of the cause, claim what is due, mark what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.database.engine import Work
from bot.database.tables import chat_group, conversation, identity, outbound
from bot.outbox.backoff import next_delay
from bot.outbox.compose import Composed
from bot.outbox.sender import OutboundMessage, Parked, SendError, Transient

# Channels whose client fetches messages by number itself: stored is delivered.
PULLED_CHANNELS = frozenset({"webchat"})
LEASE = timedelta(seconds=60)
EMERGENCY, NURSE, ANSWER, REMINDER = 0, 1, 2, 3
# The line broke after sending, again and again for more than an hour: another copy helps nobody. An emergency is sent until it
# surely arrived.
MOST_UNKNOWN = 12


@dataclass(frozen=True)
class Place:
    """Where a message goes: the conversation or the group, and the channel. `thread`: a part of the group."""

    conversation_id: str
    channel: str
    group_id: int | None = None
    thread: str = ""


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
    content = message.content()
    if place.thread:
        content["thread"] = place.thread
    row = {
        "conversation_id": place.conversation_id or None,
        "chat_group_id": place.group_id,
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
        "sealed": work.cipher.seal(content),
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
    """Lease and return what is due, emergencies first; of one conversation or group only its oldest unsent message.

    A claim that is not marked within the lease is due again: at least once, unless the row says at most once.
    """
    to_people = (conversation.c.id == outbound.c.conversation_id, conversation, outbound.c.conversation_id)
    to_groups = (chat_group.c.id == outbound.c.chat_group_id, chat_group, outbound.c.chat_group_id)
    found: list[Any] = []
    for joined, table, lane in (to_people, to_groups):
        query = _due(lane, now).join(table, joined).where(table.c.channel.in_(channels)).limit(limit)
        query = query.add_columns(table.c.channel)
        if table is conversation:
            query = query.where(sa.or_(conversation.c.awaited_until.is_(None), conversation.c.awaited_until < now))
        found += work.execute(query.with_for_update(of=outbound, skip_locked=True) if work.is_postgres else query).all()
    found.sort(key=lambda row: (row.priority, row.id))
    return tuple(_claim(work, row, now=now) for row in found[:limit] if not _lost(work, row))


def _due(lane: Any, now: datetime) -> Any:
    due = sa.or_(outbound.c.state == "pending", sa.and_(outbound.c.state == "sending", outbound.c.lease_until < now))
    earlier = outbound.alias("earlier")
    blocked = sa.exists().where(
        earlier.c[lane.name] == lane,
        earlier.c.state.in_(("pending", "sending")),
        earlier.c.priority <= outbound.c.priority,
        earlier.c.id < outbound.c.id,
    )
    columns = ("id", "conversation_id", "chat_group_id", "priority", "sealed", "state", "at_most_once", "platform_id")
    return (
        sa.select(*(outbound.c[name] for name in columns))
        .where(due, outbound.c.not_before <= now, ~blocked)
        .order_by(outbound.c.priority, outbound.c.id)
    )


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
    recipient = work.cipher.unseal(work.execute(_address(row)).scalar_one())
    content = work.cipher.unseal(row.sealed)
    return OutboundMessage(
        row.id,
        row.conversation_id or "",
        row.channel,
        recipient,
        content,
        priority=row.priority,
        group_id=row.chat_group_id,
        arrived=row.platform_id or "",
    )


def _address(row: Any) -> Any:
    if row.chat_group_id is not None:
        return sa.select(chat_group.c.sealed).where(chat_group.c.id == row.chat_group_id)
    whose = sa.select(conversation.c.patient_id).where(conversation.c.id == row.conversation_id).scalar_subquery()
    return sa.select(identity.c.sealed).where(identity.c.patient_id == whose, identity.c.channel == row.channel)


def mark_sent(work: Work, message_id: int, *, platform_id: str, now: datetime) -> None:
    """Record that the platform took the message."""
    work.execute(
        sa.update(outbound)
        .where(outbound.c.id == message_id)
        .values(state="sent", sent_at=now, platform_id=platform_id[:128], lease_until=None)
    )


def put_back(work: Work, message_id: int, *, until: datetime) -> None:
    """Return a claimed message that was not sent, because its lane has to rest; it was no try."""
    work.execute(
        sa.update(outbound)
        .where(outbound.c.id == message_id)
        .values(state="pending", not_before=until, lease_until=None, tries=outbound.c.tries - 1)
    )


def take_back(work: Work, *, now: datetime) -> int:
    """End all leases at once: for a gateway that is alone and starts after a crash. Returns how many there were."""
    flying = sa.update(outbound).where(outbound.c.state == "sending")
    return int(work.execute(flying.values(lease_until=now - timedelta(seconds=1))).rowcount)


def mark_failed(work: Work, message_id: int, error: SendError, *, now: datetime) -> bool:
    """Record a failure and when to try again, if at all. Returns whether it will be tried again."""
    columns = sa.select(outbound.c.tries, outbound.c.at_most_once, outbound.c.priority, outbound.c.platform_id)
    row = work.execute(columns.where(outbound.c.id == message_id)).first()
    if row is None:  # erased meanwhile
        return False
    pause, tries = _pause(error, row)
    values: dict[str, Any] = {"problem": type(error).__name__, "lease_until": None, "tries": tries}
    values["platform_id"] = error.arrived[:128] or row.platform_id
    if isinstance(error, Parked):
        values["state"] = "parked"
    else:
        values |= {"state": "dead"} if pause is None else {"state": "pending", "not_before": now + pause}
    work.execute(sa.update(outbound).where(outbound.c.id == message_id).values(**values))
    return pause is not None or isinstance(error, Parked)


def _pause(error: SendError, row: Any) -> tuple[timedelta | None, int]:
    """Return how long to wait (None: give up) and how many tries there were."""
    if not error.transient:
        return None, row.tries
    if error.unknown and (row.at_most_once or (row.tries >= MOST_UNKNOWN and row.priority != EMERGENCY)):
        return None, row.tries
    if isinstance(error, Transient) and error.retry_after is not None:
        return error.retry_after, row.tries - 1
    return next_delay(row.tries), row.tries


def drop_waiting(work: Work, *, conversation_id: str = "", group_id: int | None = None) -> int:
    """Give up all that waits for somebody who cannot be reached; returns how much that was."""
    mine = outbound.c.conversation_id == conversation_id if conversation_id else outbound.c.chat_group_id == group_id
    waiting = sa.and_(mine, outbound.c.state.in_(("pending", "parked")))
    return int(work.execute(sa.update(outbound).where(waiting).values(state="dead", problem="Closed")).rowcount)


def recent_payloads(work: Work, conversation_id: str, *, limit: int = 30) -> frozenset[str]:
    """Return the payloads of the buttons in the latest messages: only what was issued here may be pressed here."""
    rows = work.execute(
        sa.select(outbound.c.sealed)
        .where(outbound.c.conversation_id == conversation_id)
        .order_by(outbound.c.id.desc())
        .limit(limit)
    )
    return frozenset(button["payload"] for (sealed,) in rows for button in work.cipher.unseal(sealed).get("buttons", ()))
