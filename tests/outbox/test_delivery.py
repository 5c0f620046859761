"""What is to be sent is sent: in order, retried, once or at least once as the row says, by one worker at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.database.tables import outbound
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound, Reply
from bot.outbox.backoff import GIVE_UP_AFTER_TRIES, LONGEST, next_delay
from bot.outbox.compose import compose
from bot.outbox.deliver import deliver_due
from bot.outbox.sender import Closed, OutboundMessage, Permanent, SendError, Transient, Unknown
from bot.outbox.store import EMERGENCY, LEASE, Place, claim_due, enqueue

NOW = utc_now()
CHANNEL = "telegram"


class FakeSender:
    """Takes messages, or fails with what it was told to."""

    channel = CHANNEL

    def __init__(self, *errors: SendError) -> None:
        self.sent: list[OutboundMessage] = []
        self.errors = list(errors)

    async def send(self, message: OutboundMessage) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)
        return f"p{len(self.sent)}"


@pytest.fixture
def place(database) -> Place:
    message = Inbound(CHANNEL, "1", "chat-4711", "hi", NOW)
    with database.write() as work:
        made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
    return Place(made.id, CHANNEL)


@pytest.fixture
def put(database, place, phrases):
    def enqueue_text(text: str, **more: object) -> int | None:
        with database.write() as work:
            return enqueue(work, place, compose(Reply(text), "en", phrases=phrases), dedupe_key=text, now=NOW, **more)

    return enqueue_text


def states(database) -> list[str]:
    with database.read() as work:
        return list(work.execute(sa.select(outbound.c.state).order_by(outbound.c.id)).scalars())


async def test_messages_of_a_conversation_leave_in_order_to_the_person(database, put):
    for text in ("one", "two", "three"):
        put(text)
    sender = FakeSender()
    while await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW):
        pass

    assert [message.content["text"].split("\n")[0] for message in sender.sent] == ["one", "two", "three"]
    assert {message.recipient for message in sender.sent} == {"chat-4711"} and set(states(database)) == {"sent"}


async def test_an_emergency_overtakes(database, put):
    put("ordinary")
    put("urgent", priority=EMERGENCY)
    sender = FakeSender()
    await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW)

    assert sender.sent[0].content["text"].startswith("urgent")


def test_the_same_key_is_stored_once(put, database):
    assert put("one") is not None and put("one") is None and states(database) == ["pending"]


@pytest.mark.parametrize("error", [Transient(), Unknown()])
async def test_trouble_that_passes_is_tried_again_later(database, put, error):
    put("one")
    sender = FakeSender(error)
    await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW)

    assert await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW) == 0
    assert await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW + timedelta(minutes=1)) == 1
    assert states(database) == ["sent"]


async def test_a_named_waiting_time_is_kept(database, put):
    put("one")
    sender = FakeSender(Transient(timedelta(minutes=5)))
    await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW)

    assert await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW + timedelta(minutes=4)) == 0
    assert await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW + timedelta(minutes=6)) == 1


@pytest.mark.parametrize("error", [Permanent(), Closed()])
async def test_a_final_no_is_not_tried_again(database, put, error):
    put("one")
    sender = FakeSender(error)
    await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW)

    assert await deliver_due(database, senders={CHANNEL: sender}, clock=lambda: NOW + timedelta(days=2)) == 0
    assert states(database) == ["dead"]


def test_a_worker_that_died_gives_back_what_it_had_after_its_lease(database, put):
    put("one")
    with database.write() as work:
        assert len(claim_due(work, channels=frozenset({CHANNEL}), now=NOW)) == 1
    with database.write() as work:
        assert claim_due(work, channels=frozenset({CHANNEL}), now=NOW + LEASE / 2) == ()
    with database.write() as work:
        assert len(claim_due(work, channels=frozenset({CHANNEL}), now=NOW + LEASE * 2)) == 1


def test_at_most_once_is_not_sent_again_after_a_crash(database, put):
    put("reminder", at_most_once=True)
    with database.write() as work:
        claim_due(work, channels=frozenset({CHANNEL}), now=NOW)
    with database.write() as work:
        assert claim_due(work, channels=frozenset({CHANNEL}), now=NOW + LEASE * 2) == ()
    assert states(database) == ["dead"]


def test_two_workers_never_take_the_same_message(database, phrases):
    with database.write() as work:
        for number in range(20):
            message = Inbound(CHANNEL, str(number), f"chat-{number}", "hi", NOW)
            made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=NOW)
            enqueue(work, Place(made.id, CHANNEL), compose(Reply("x"), "en", phrases=phrases), dedupe_key=str(number), now=NOW)
    taken: list[int] = []

    def work_through() -> None:
        while True:
            with database.write() as work:
                claimed = claim_due(work, channels=frozenset({CHANNEL}), now=NOW, limit=3)
            if not claimed:
                return
            taken.extend(message.id for message in claimed)

    workers = [threading.Thread(target=work_through) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(taken) == len(set(taken)) == 20


def test_pauses_grow_to_a_bound_and_end():
    pauses = [next_delay(tries) for tries in range(1, GIVE_UP_AFTER_TRIES)]

    assert pauses == sorted(pauses) and pauses[-1] == LONGEST and next_delay(GIVE_UP_AFTER_TRIES) is None
