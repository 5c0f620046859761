"""Nobody gets more than the platform allows, an emergency does not stand in a queue, and a named wait is kept in order."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import utc_now
from bot.database.tables import care_case, case_event, chat_group, outbound
from bot.handoff.cases import Cause, open_case
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.messages import Inbound, Reply
from bot.outbox.compose import compose
from bot.outbox.deliver import deliver_due
from bot.outbox.pacing import Pace, Rate
from bot.outbox.sender import Closed, Transient, Unknown
from bot.outbox.store import EMERGENCY, MOST_UNKNOWN, Place, enqueue

CHANNEL = "telegram"


class Time:
    """Seconds and aware times that pass together, by hand."""

    def __init__(self) -> None:
        self.start, self.passed = utc_now(), 0.0

    def seconds(self) -> float:
        return self.passed

    def now(self):
        return self.start + timedelta(seconds=self.passed)


class PacedSender:
    channel = CHANNEL

    def __init__(self, time: Time, **rates: Rate) -> None:
        rates = {"everything": Rate(25, 5), "person": Rate(1, 3), "group": Rate(0.25, 5), **rates}
        self.pace = Pace(**rates, seconds=time.seconds)
        self.sent, self.errors = [], []

    async def send(self, message):
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)
        return str(len(self.sent))


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def sender(time):
    return PacedSender(time)


@pytest.fixture
def person(database):
    def make(name: str) -> Place:
        with database.write() as work:
            message = Inbound(CHANNEL, name, name, "hi", utc_now())
            made = conversations.create(work, message, language="en", defaults=Defaults("en", "CN"), now=utc_now())
        return Place(made.id, CHANNEL)

    return make


@pytest.fixture
def group(database):
    with database.write() as work:
        values = {"channel": CHANNEL, "lookup": "g", "language": "en", "topics": "", "state": "active", "created_at": utc_now()}
        number = work.execute(chat_group.insert().values(**values, sealed=work.cipher.seal("-100"))).inserted_primary_key[0]
    return Place("", CHANNEL, group_id=number, thread="7")


@pytest.fixture
def put(database, phrases, time):
    def enqueue_text(place: Place, text: str, **more: object) -> None:
        with database.write() as work:
            message = compose(Reply(text), "en", phrases=phrases)
            enqueue(work, place, message, dedupe_key=f"{place}{text}", now=time.now(), **more)

    return enqueue_text


def words(sender) -> list[str]:
    return [message.content["text"].split("\n")[0] for message in sender.sent]


async def run(database, sender, time, *, seconds: float, step: float = 0.05) -> list[float]:
    """Let the worker look every `step` seconds; returns when each message left."""
    left: list[float] = []
    for _ in range(int(seconds / step)):
        await deliver_due(database, senders={CHANNEL: sender}, clock=time.now)
        left += [time.passed] * (len(sender.sent) - len(left))
        time.passed += step
    return left


async def test_one_person_gets_three_at_once_and_then_one_a_second(database, sender, time, person, put):
    place = person("a")
    for number in range(6):
        put(place, f"m{number}")
    left = await run(database, sender, time, seconds=4)

    assert words(sender) == [f"m{number}" for number in range(6)]
    assert left[2] < 0.5 and 0.9 <= left[3] <= 1.3 and 2.8 <= left[5] <= 3.3


def test_altogether_never_more_than_thirty_in_any_second(time):
    pace = PacedSender(time).pace
    left = []
    for _ in range(400):
        for number in range(pace.room()):
            pace.took(f"lane{len(left)}-{number}")
            left.append(time.passed)
        time.passed += 0.01

    assert max(sum(start <= at < start + 1 for at in left) for start in left) <= 30 and len(left) > 80


def test_a_group_never_more_than_twenty_in_any_minute(time):
    pace = PacedSender(time).pace
    left = []
    for _ in range(1800):
        if not pace.wait("group:1"):
            pace.took("group:1")
            left.append(time.passed)
        time.passed += 0.1

    assert max(sum(start <= at < start + 60 for at in left) for start in left) <= 20 and len(left) >= 45


async def test_an_emergency_overtakes_a_full_lane(database, sender, time, person, put):
    place = person("a")
    for number in range(4):
        put(place, f"m{number}")
    await run(database, sender, time, seconds=0.3)
    put(place, "call now", priority=EMERGENCY)
    await run(database, sender, time, seconds=0.1)

    assert words(sender) == ["m0", "m1", "m2", "call now"]


async def test_a_named_wait_keeps_the_order_and_holds_up_nobody_else(database, sender, time, person, put):
    one, other = person("a"), person("b")
    for number in range(3):
        put(one, f"m{number}")
    sender.errors = [Transient(timedelta(seconds=3))]
    await run(database, sender, time, seconds=0.2)
    put(other, "for b")
    put(one, "call now", priority=EMERGENCY)
    await run(database, sender, time, seconds=1)

    assert words(sender) == ["for b"]
    await run(database, sender, time, seconds=4)
    assert words(sender) == ["for b", "call now", "m0", "m1", "m2"]


async def test_a_second_lane_throttled_within_a_second_stops_everything(database, sender, time, person, put):
    for name in "ab":
        put(person(name), f"for {name}")
    sender.errors = [Transient(timedelta(seconds=3)), Transient(timedelta(seconds=3))]
    await run(database, sender, time, seconds=0.1)
    put(person("c"), "for c")

    assert sender.pace.room() == 0
    await run(database, sender, time, seconds=2)
    assert words(sender) == []
    await run(database, sender, time, seconds=3)
    assert sorted(words(sender)) == ["for a", "for b", "for c"]


async def test_a_named_wait_is_no_try(database, sender, time, person, put):
    put(person("a"), "hi")
    sender.errors = [Transient(timedelta(seconds=1)) for _ in range(5)]
    await run(database, sender, time, seconds=8, step=0.5)

    assert words(sender) == ["hi"]
    with database.read() as work:
        assert work.execute(sa.select(outbound.c.tries)).scalar_one() == 1


async def test_a_group_gets_its_messages_in_its_thread(database, sender, time, group, put):
    put(group, "to all")
    await run(database, sender, time, seconds=0.1)

    (message,) = sender.sent
    assert (message.recipient, message.conversation_id, message.content["thread"]) == ("-100", "", "7")


@pytest.mark.parametrize(("more", "tries"), [({"at_most_once": True}, 1), ({}, MOST_UNKNOWN), ({"priority": EMERGENCY}, 16)])
async def test_an_unknown_outcome_a_reminder_once_an_answer_some_times_an_emergency_until_it_arrived(
    database, sender, time, person, put, more, tries
):
    put(person("a"), "hi", **more)
    sender.errors = [Unknown() for _ in range(16)]
    await run(database, sender, time, seconds=12_000, step=30)

    assert 16 - len(sender.errors) == tries and words(sender) == (["hi"] if tries == 16 else [])


async def test_who_blocked_the_bot_gets_nothing_more_and_the_nurse_is_told(database, sender, time, person, put):
    place = person("a")
    for number in range(3):
        put(place, f"m{number}")
    with database.write() as work:
        open_case(work, place.conversation_id, Cause("person_requested", "INFO", "x"), now=time.now())
    sender.errors = [Closed()]
    await run(database, sender, time, seconds=10, step=1)

    assert words(sender) == []
    with database.read() as work:
        assert set(work.execute(sa.select(outbound.c.state)).scalars()) == {"dead"}
        told = sa.select(case_event.c.what).join(care_case, care_case.c.id == case_event.c.case_id)
        assert list(work.execute(told).scalars()) == ["opened", "unreachable"]


async def test_parts_that_arrived_are_remembered(database, sender, time, person, put):
    put(person("a"), "long")
    broken = Transient()
    broken.arrived = "11,12"
    sender.errors = [broken]
    await run(database, sender, time, seconds=5, step=1)

    assert sender.sent[0].arrived == "11,12"
