"""What waits for a person whose platform takes it only as the answer to a request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.database.tables import outbound
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound, Reply
from bot.outbox import waiting
from bot.outbox.compose import compose, compose_from_nurse
from bot.outbox.deliver import deliver_due
from bot.outbox.held import take_away
from bot.outbox.sender import Parked
from bot.outbox.store import EMERGENCY, NURSE, Place, claim_due, drop_waiting, enqueue
from tests.outbox.test_delivery import FakeSender

NOW = utc_now()
CHANNEL = "wechat"
LATER = NOW + timedelta(seconds=20)


@pytest.fixture
def place(database) -> Place:
    message = Inbound(CHANNEL, "1", "o-4711", "hi", NOW, awaited_until=LATER)
    with database.write() as work:
        made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
    return Place(made.id, CHANNEL)


@pytest.fixture
def put(database, place, phrases):
    def enqueue_text(text: str, **more: object) -> int | None:
        with database.write() as work:
            return enqueue(work, place, compose(Reply(text), "en", phrases=phrases), dedupe_key=text, now=NOW, **more)

    return enqueue_text


def texts(database, place, now=NOW) -> list[str]:
    with database.write() as work:
        return [one.content["text"].partition("\n")[0] for one in waiting.waiting(work, place.conversation_id, now=now)]


def states(database) -> list[str]:
    with database.read() as work:
        return [row.state for row in work.execute(outbound.select().order_by(outbound.c.id))]


def test_while_a_request_waits_the_worker_leaves_the_conversation_alone_and_afterwards_it_does_not(database, put):
    put("one")
    with database.write() as work:
        assert claim_due(work, channels=frozenset({CHANNEL}), now=NOW) == ()
        assert len(claim_due(work, channels=frozenset({CHANNEL}), now=LATER + timedelta(seconds=1))) == 1


def test_letting_go_ends_the_wait_but_not_that_of_a_later_request(database, put, place):
    put("one")
    with database.write() as work:
        waiting.let_go(work, place.conversation_id, awaited_until=LATER - timedelta(seconds=1))
        assert claim_due(work, channels=frozenset({CHANNEL}), now=NOW) == ()
        waiting.let_go(work, place.conversation_id, awaited_until=LATER)
        assert len(claim_due(work, channels=frozenset({CHANNEL}), now=NOW)) == 1


def test_an_emergency_is_first_and_the_others_keep_their_order(database, put, place):
    for text, priority in (("one", 2), ("two", 1), ("help", EMERGENCY)):
        put(text, priority=priority)

    assert texts(database, place) == ["help", "one", "two"]


def test_what_a_nurse_may_still_take_back_is_not_shown_with_an_answer_to_something_else(database, put, place, phrases):
    with database.write() as work:
        words = compose_from_nurse("For somebody else.", "en", name="Li", phrases=phrases)
        number = enqueue(work, place, words, dedupe_key="nurse", now=NOW, priority=NURSE, hold=timedelta(seconds=5))
    put("alarm", priority=EMERGENCY)
    assert texts(database, place) == ["alarm"]
    with database.write() as work:
        assert take_away(work, number, now=NOW)


def test_what_a_nurse_said_is_shown_once_she_cannot_take_it_back(database, put, place, phrases):
    with database.write() as work:
        words = compose_from_nurse("Please come at nine.", "en", name="Li", phrases=phrases)
        enqueue(work, place, words, dedupe_key="nurse", now=NOW, priority=NURSE, hold=timedelta(seconds=5))
    assert texts(database, place, now=NOW + timedelta(seconds=5)) == ["Please come at nine."]


def test_what_was_handed_over_waits_no_more_until_its_taker_has_died(database, put, place):
    number = put("one")
    with database.write() as work:
        waiting.hand_over(work, [number], until=LATER)
        assert waiting.is_leaving(work, place.conversation_id, now=NOW)
    assert texts(database, place) == [] and texts(database, place, LATER + timedelta(seconds=1)) == ["one"]


def test_what_must_not_be_sent_twice_is_not_taken_from_the_dead(database, put, place):
    number = put("one", at_most_once=True)
    with database.write() as work:
        waiting.hand_over(work, [number], until=LATER)
    assert texts(database, place, LATER + timedelta(seconds=1)) == []


def test_what_was_shown_in_part_goes_on_where_it_stopped(database, put, place):
    number = put("one")
    with database.write() as work:
        waiting.hand_over(work, [number], until=LATER)
        waiting.shown(work, number, arrived="w", whole=False, now=NOW)
        (rest,) = waiting.waiting(work, place.conversation_id, now=NOW)
    assert rest.arrived == "w"


async def test_what_cannot_be_pushed_is_parked_kept_and_taken_by_the_next_answer(database, put, place):
    put("one")
    with database.write() as work:
        waiting.let_go(work, place.conversation_id, awaited_until=LATER)
    await deliver_due(database, senders={CHANNEL: FakeSender(Parked())}, clock=lambda: NOW)

    assert states(database) == ["parked"] and texts(database, place) == ["one"]
    assert await deliver_due(database, senders={CHANNEL: FakeSender()}, clock=lambda: NOW + timedelta(days=2)) == 0


async def test_a_parked_message_does_not_hold_up_what_comes_after_it(database, put, place):
    put("one")
    put("two")
    with database.write() as work:
        waiting.let_go(work, place.conversation_id, awaited_until=LATER)
    sender = FakeSender(Parked())
    for _ in range(2):
        await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW)

    assert states(database) == ["parked", "sent"]


async def test_who_cannot_be_reached_any_more_has_nothing_parked(database, put, place):
    put("one")
    with database.write() as work:
        waiting.let_go(work, place.conversation_id, awaited_until=LATER)
    await deliver_due(database, senders={CHANNEL: FakeSender(Parked())}, clock=lambda: NOW)
    with database.write() as work:
        drop_waiting(work, conversation_id=place.conversation_id)

    assert states(database) == ["dead"]
