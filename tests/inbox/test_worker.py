"""Deliveries leave at once, retention is kept, and a bad sender or row ends neither."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.bootstrap import build
from bot.database.tables import conversation, outbound, search_token
from bot.outbox.sender import Permanent, Transient
from tests.conversations.bench import Bench


class FakeSender:
    channel = "telegram"

    def __init__(self):
        self.sent, self.problems = [], []

    async def send(self, message):
        if self.problems:
            raise self.problems.pop(0)
        self.sent.append(message)
        return f"platform-{len(self.sent)}"


@pytest.fixture
def sender():
    return FakeSender()


@pytest.fixture
async def bench(tmp_path, database_url, sender):
    def with_sender(*arguments, **more):
        return build(*arguments, **more, senders={"telegram": sender})

    async with Bench(tmp_path, database_url=database_url, build_services=with_sender) as running:
        yield running


def states(bench):
    with bench.database.read() as work:
        return work.execute(sa.select(outbound.c.state).order_by(outbound.c.id)).scalars().all()


async def test_an_answer_is_sent_at_once_to_the_person(bench, sender, until):
    patient = bench.patient(language="en", channel="telegram")
    await patient.says("Hello")
    await until(lambda: sender.sent, seconds=0.4)  # quicker than the next round: the bell rang
    assert sender.sent[0].recipient == patient.sender
    await until(lambda: states(bench) == ["sent"])


async def test_the_web_chat_fetches_itself_and_nothing_is_sent(bench, sender):
    await bench.patient(language="en").says("Hello")
    assert states(bench) == ["sent"] and not sender.sent


async def test_a_platform_that_is_down_gets_it_later(bench, sender, until):
    sender.problems = [Transient()]
    await bench.patient(language="en", channel="telegram").says("Hello")
    await until(lambda: states(bench) == ["pending"])
    await bench.passes(seconds=5)
    await until(lambda: states(bench) == ["sent"])


async def test_a_refusal_for_ever_is_not_tried_again(bench, sender, until):
    sender.problems = [Permanent()]
    await bench.patient(language="en", channel="telegram").says("Hello")
    await until(lambda: states(bench) == ["dead"])


async def test_a_sender_with_a_mistake_does_not_end_the_deliveries(bench, sender, until):
    sender.problems = [ValueError("zebramarker")]
    patient = bench.patient(language="en", channel="telegram")
    await patient.says("Hello", wait=False)
    await until(lambda: bench.mistakes.seen)
    bench.mistakes.seen.clear()
    other = bench.patient(language="en", channel="telegram")
    await other.says("Hello")
    await until(lambda: states(bench) == ["sending", "sent"])
    assert [message.recipient for message in sender.sent] == [other.sender]
    await bench.passes(seconds=61)  # the lease of the first ends: it is sent after all
    await until(lambda: len(sender.sent) == 2)


async def test_old_conversations_are_erased_and_young_ones_stay(bench):
    await bench.patient(language="en").says("Hello")
    await bench.passes(days=179)
    young = bench.patient(language="en")
    await young.says("Hello")
    await bench.passes(days=2)
    with bench.database.read() as work:
        assert work.execute(sa.select(conversation.c.id)).scalars().all() == [young.conversation().id]


async def test_gauges_tell_what_waits(bench, sender):
    sender.problems = [Transient()]
    await bench.patient(language="en", channel="telegram").says("Hello")
    bench.assistant.goes_down()
    patient = await bench.patient(language="en").who_agreed()
    await asyncio.sleep(0.1)
    await bench.services.worker.measure()
    registry = bench.services.metrics.registry
    assert registry.get_sample_value("daozhen_outbox_waiting") == 1
    assert registry.get_sample_value("daozhen_inbox_waiting") == 1
    bench.assistant.comes_back()
    await bench.settled()
    assert patient.latest


async def test_what_is_said_in_a_case_can_be_searched_after_a_round(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("nurse")
    await bench.passes(minutes=1)
    await bench.services.worker.index()

    with bench.database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(search_token)).scalar_one() > 0
