"""The outbox rows: enqueue within the transaction of the cause, claim what is due, mark what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
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

# Statements of every message are built once: building one costs more than running it.
_ROW = sa.update(outbound).where(outbound.c.id == sa.bindparam("number"))
_CLAIM = _ROW.values(state="sending", lease_until=sa.bindparam("until"), tries=outbound.c.tries + 1)
_SENT = _ROW.values(state="sent", sent_at=sa.bindparam("at"), platform_id=sa.bindparam("platform"), lease_until=None)
_PUT_BACK = _ROW.values(state="pending", not_before=sa.bindparam("until"), lease_until=None, tries=outbound.c.tries - 1)
_OF_GROUP = sa.select(chat_group.c.sealed).where(chat_group.c.id == sa.bindparam("number"))
_WHOSE = sa.select(conversation.c.patient_id).where(conversation.c.id == sa.bindparam("conversation")).scalar_subquery()
_OF_PERSON = sa.select(identity.c.sealed).where(identity.c.patient_id == _WHOSE, identity.c.channel == sa.bindparam("channel"))


@dataclass(frozen=True)
class Place:
    """Where a message goes: the conversation or the group, and the channel. `thread`: a part of the group."""

    conversation_id: str
    channel: str
    group_id: int | None = None
    thread: str = ""


def enqueue(  # noqa: PLR0913 - what a row of the outbox needs
    work: Work,
    place: Place,
    message: Composed,
    *,
    dedupe_key: str,
    now: datetime,
    priority: int = ANSWER,
    at_most_once: bool = False,
    hold: timedelta = timedelta(0),
    expires_at: datetime | None = None,
) -> int | None:
    """Store `message` for sending and return its number, or None when `dedupe_key` was stored before.

    For the time of `hold` it does not leave, and `take_away` can take it away again. What has not left at `expires_at` never does.
    """
    if not isinstance(message, Composed):
        raise TypeError("Only what `compose` made can be sent: it carries the disclaimer.")
    pulled = place.channel in PULLED_CHANNELS and not hold
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
        "not_before": now + hold,
        "expires_at": expires_at,
        "created_at": now,
        "sent_at": now if pulled else None,
        "sealed": work.cipher.seal(content),
    }
    return insert_once(work, outbound, row)


def claim_due(
    work: Work, *, channels: frozenset[str], now: datetime, limit: int = 20, least: int = REMINDER
) -> tuple[OutboundMessage, ...]:
    """Lease and return what is due, emergencies first; of one conversation or group only its oldest unsent message.

    `least`: nothing that is less urgent than this. A claim that is not marked within the lease is due again: at least once,
    unless the row says at most once.
    """
    values = {"now": now, "channels": sorted(channels), "most": limit, "least": least}
    found = [row for overdue in (True, False) for row in work.execute(_due(overdue=overdue, postgres=work.is_postgres), values)]
    found.sort(key=lambda row: (row.priority, row.id))
    return tuple(_claim(work, row, now=now) for row in found[:limit] if not _lost(work, row))


@cache
def _due(*, overdue: bool, postgres: bool) -> Any:
    """Return the query for what waits, or for what somebody took and never marked. It goes along an index and stops early."""
    now = sa.bindparam("now", type_=outbound.c.not_before.type)
    in_time = sa.or_(outbound.c.expires_at.is_(None), outbound.c.expires_at > now)
    waits = sa.and_(outbound.c.state == sa.literal_column("'pending'"), outbound.c.not_before <= now, in_time)
    left_behind = sa.and_(outbound.c.state == sa.literal_column("'sending'"), outbound.c.lease_until < now)
    channel = sa.func.coalesce(conversation.c.channel, chat_group.c.channel)
    columns = ("id", "conversation_id", "chat_group_id", "priority", "author", "sealed", "state", "at_most_once", "platform_id")
    query = (
        sa.select(*(outbound.c[name] for name in columns), channel.label("channel"))
        .outerjoin(conversation, conversation.c.id == outbound.c.conversation_id)
        .outerjoin(chat_group, chat_group.c.id == outbound.c.chat_group_id)
        .where(left_behind if overdue else waits, ~_is_behind("conversation_id"), ~_is_behind("chat_group_id"))
        .where(channel.in_(sa.bindparam("channels", expanding=True)), outbound.c.priority <= sa.bindparam("least"))
        .where(sa.or_(conversation.c.awaited_until.is_(None), conversation.c.awaited_until < now))
        .order_by(outbound.c.priority, outbound.c.id)
        .limit(sa.bindparam("most"))
    )
    return query.with_for_update(of=outbound, skip_locked=True) if postgres else query


def _is_behind(lane: str) -> Any:
    """Whether an earlier message of the same person or group, at least as urgent, has not left yet."""
    earlier = outbound.alias(f"earlier_of_{lane}")
    return sa.exists().where(
        earlier.c[lane] == outbound.c[lane],
        earlier.c.state.in_(("pending", "sending")),
        earlier.c.priority <= outbound.c.priority,
        earlier.c.id < outbound.c.id,
    )


def _lost(work: Work, row: Any) -> bool:
    # The worker that had it died between sending and marking. At most once means: it is not sent again.
    if row.state == "sending" and row.at_most_once:
        work.execute(sa.update(outbound).where(outbound.c.id == row.id).values(state="dead", problem="Unknown"))
        return True
    return False


def _claim(work: Work, row: Any, *, now: datetime) -> OutboundMessage:
    work.execute(_CLAIM, {"number": row.id, "until": now + LEASE})
    recipient = work.cipher.unseal(_address(work, row))
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
        author=row.author,
    )


def _address(work: Work, row: Any) -> bytes:
    if row.chat_group_id is not None:
        return bytes(work.execute(_OF_GROUP, {"number": row.chat_group_id}).scalar_one())
    return bytes(work.execute(_OF_PERSON, {"conversation": row.conversation_id, "channel": row.channel}).scalar_one())


def mark_sent(work: Work, message_id: int, *, platform_id: str, now: datetime) -> None:
    """Record that the platform took the message."""
    work.execute(_SENT, {"number": message_id, "at": now, "platform": platform_id[:128]})


def put_back(work: Work, message_id: int, *, until: datetime) -> None:
    """Return a claimed message that was not sent, because its lane has to rest; it was no try."""
    work.execute(_PUT_BACK, {"number": message_id, "until": until})


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


def expired(work: Work, *, now: datetime, limit: int = 50) -> tuple[int, ...]:
    """Return the numbers of what has not left, be it held back, and is of no use any more."""
    waits = outbound.c.state.in_(("pending", "parked"))
    query = sa.select(outbound.c.id).where(waits, outbound.c.priority == REMINDER, outbound.c.expires_at <= now)
    return tuple(work.execute(query.order_by(outbound.c.id).limit(limit)).scalars())


def drop_expired(work: Work, number: int) -> bool:
    """Give up a message that is of no use any more; False when it has left meanwhile."""
    waits = sa.and_(outbound.c.id == number, outbound.c.state.in_(("pending", "parked")))
    return bool(work.execute(sa.update(outbound).where(waits).values(state="dead", problem="Expired")).rowcount == 1)


def drop_waiting(work: Work, *, conversation_id: str = "", group_id: int | None = None) -> int:
    """Give up all that waits for somebody who cannot be reached; returns how much that was."""
    mine = outbound.c.conversation_id == conversation_id if conversation_id else outbound.c.chat_group_id == group_id
    waiting = sa.and_(mine, outbound.c.state.in_(("pending", "parked")))
    return int(work.execute(sa.update(outbound).where(waiting).values(state="dead", problem="Closed")).rowcount)


def is_outdated(work: Work, conversation_id: str, dedupe_key: str, *, at: datetime) -> bool:
    """Return whether somebody who wrote at `at` may have answered something that was said after the message with this key.

    A notice of the bot asks nothing; what a nurse says always counts.
    """
    asked = sa.select(outbound.c.id).where(outbound.c.dedupe_key == dedupe_key).scalar_subquery()
    later = sa.and_(outbound.c.conversation_id == conversation_id, outbound.c.id > asked, outbound.c.created_at < at)
    asks = sa.or_(outbound.c.author == "nurse", outbound.c.kind != "notice")
    return bool(work.execute(sa.select(sa.exists().where(later, asks))).scalar())


def is_said_after(work: Work, dedupe_key: str, at: datetime) -> bool:
    """Return whether the message with this key was made after `at`."""
    later = sa.exists().where(outbound.c.dedupe_key == dedupe_key, outbound.c.created_at > at)
    return bool(work.execute(sa.select(later)).scalar())


def was_said_before(work: Work, conversation_id: str, kind: str, at: datetime) -> bool:
    """Return whether a message of this kind was made for a conversation before `at`."""
    mine = (outbound.c.conversation_id == conversation_id, outbound.c.kind == kind, outbound.c.created_at <= at)
    return bool(work.execute(sa.select(sa.exists().where(*mine))).scalar())


def recent_payloads(work: Work, conversation_id: str, *, limit: int = 30) -> frozenset[str]:
    """Return the payloads of the buttons in the latest messages: only what was issued here may be pressed here."""
    rows = work.execute(
        sa.select(outbound.c.sealed)
        .where(outbound.c.conversation_id == conversation_id)
        .order_by(outbound.c.id.desc())
        .limit(limit)
    )
    return frozenset(button["payload"] for (sealed,) in rows for button in work.cipher.unseal(sealed).get("buttons", ()))
