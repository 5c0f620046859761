"""When WeCom lets the bot remind somebody: in the window, with one message left, and while the conversation is the bot's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound
from bot.outbox.store import REMINDER
from connectors.wecom import windows
from connectors.wecom.windows import BOT, ENDED, QUEUE, STAFF

NOW = utc_now()


@pytest.fixture
def someone(database) -> str:
    with database.write() as work:
        known = conversations.create(
            work, Inbound("wecom", "1", "o1", "", NOW), language="en", defaults=Defaults("en", "CN"), now=NOW
        )
        windows.wrote(work, known.id, at=NOW)
    return known.id


@pytest.mark.parametrize(("hours", "way"), [(0, "open"), (47.9, "open"), (48, "closed")])
def test_the_window_is_open_for_48_hours(database, someone, hours, way):
    with database.read() as work:
        assert windows.way(work, someone, now=NOW + timedelta(hours=hours)) == way


def test_the_last_message_is_left_to_a_nurse(database, someone):
    with database.write() as work:
        for number in range(4):
            assert windows.way(work, someone, now=NOW) == "open"
            windows.take(work, someone, f"m{number}", priority=REMINDER, now=NOW)
        assert windows.way(work, someone, now=NOW) == "closed"


@pytest.mark.parametrize(("state", "way"), [(BOT, "open"), (QUEUE, "closed"), (STAFF, "closed"), (ENDED, "closed")])
def test_while_the_staff_has_the_conversation_no_reminder_comes_between(database, someone, state, way):
    with database.write() as work:
        windows.state_is(work, someone, state)
        assert windows.way(work, someone, now=NOW) == way
