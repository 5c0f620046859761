"""Reminders to a platform that hangs do not hold up what somebody waits for."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import utc_now
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound, Reply
from bot.outbox.compose import compose
from bot.outbox.deliver import KEPT_FREE, MOST_FLYING, Deliveries
from bot.outbox.store import ANSWER, EMERGENCY, NURSE, REMINDER, Place, enqueue

NOW = utc_now()
CHANNEL = "telegram"


class Hanging:
    """Takes messages and does not answer."""

    channel = CHANNEL

    def __init__(self):
        self.taken = []

    async def send(self, message):
        self.taken.append(message.priority)
        await asyncio.Event().wait()


@pytest.fixture
def put(database, phrases):
    def enqueue_one(number, priority):
        message = Inbound(CHANNEL, str(number), f"chat-{number}", "hi", NOW)
        with database.write() as work:
            made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
            text = compose(Reply("text"), "en", phrases=phrases)
            enqueue(work, Place(made.id, CHANNEL), text, dedupe_key=str(number), now=NOW, priority=priority)

    return enqueue_one


async def test_with_every_way_taken_by_reminders_an_emergency_a_nurse_and_an_answer_still_leave(database, put):
    for number in range(MOST_FLYING + 10):
        put(number, REMINDER)
    sender = Hanging()
    deliveries = Deliveries(database, senders={CHANNEL: sender}, clock=lambda: NOW)
    while await deliveries.start_due():
        await asyncio.sleep(0)
    assert len(sender.taken) == MOST_FLYING - KEPT_FREE
    for number, priority in enumerate((ANSWER, NURSE, EMERGENCY), 1000):
        put(number, priority)
    while await deliveries.start_due():
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    await deliveries.land(0.0)
    assert sender.taken[MOST_FLYING - KEPT_FREE :] == [EMERGENCY, NURSE, ANSWER]
