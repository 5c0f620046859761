"""Sends what is due. The loop body is one function, so that a test calls it once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from bot.clock import Clock
from bot.database.engine import Database
from bot.outbox.sender import OutboundMessage, Sender, SendError
from bot.outbox.store import claim_due, mark_failed, mark_sent

logger = logging.getLogger(__name__)


async def deliver_due(database: Database, *, senders: Mapping[str, Sender], clock: Clock) -> int:
    """Send what is due now and return how many were tried. A crash at any moment loses nothing (see `claim_due`)."""

    def claim() -> tuple[OutboundMessage, ...]:
        with database.write() as work:
            return claim_due(work, channels=frozenset(senders), now=clock())

    claimed = await asyncio.to_thread(claim)
    await asyncio.gather(*(_send(database, message, senders=senders, clock=clock) for message in claimed))
    return len(claimed)


async def _send(database: Database, message: OutboundMessage, *, senders: Mapping[str, Sender], clock: Clock) -> None:
    try:
        platform_id = await senders[message.channel].send(message)
    except SendError as error:
        await asyncio.to_thread(_failed, database, message, error, clock)
        return

    def sent() -> None:
        with database.write() as work:
            mark_sent(work, message.id, platform_id=platform_id, now=clock())

    await asyncio.to_thread(sent)


def _failed(database: Database, message: OutboundMessage, error: SendError, clock: Clock) -> None:
    again = (getattr(error, "retry_after", None) or timedelta(0)) if error.transient else None
    with database.write() as work:
        kept = mark_failed(work, message.id, problem=type(error).__name__, again=again, now=clock())
    logger.warning("delivery failed", extra={"outbound_id": message.id, "error": type(error).__name__, "tried_again": kept})
