"""Several gateways on one PostgreSQL: order holds, nothing is answered twice, a dead one's conversations are taken over."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
import sqlalchemy as sa

from bot.database.tables import outbound
from bot.inbox import history
from bot.inbox.ownership import AdvisoryLocks, OnlyGateway, ownership_for
from tests.conversations.bench import Bench
from tests.conversations.fake_assistant import FakeAssistant


@pytest.fixture
async def gateways(tmp_path, postgres):
    address, assistant = postgres.database(), FakeAssistant()
    one, two = (Bench(tmp_path, database_url=address, assistant=assistant) for _ in range(2))
    two.database.cipher = one.database.cipher
    async with one, two:
        yield one, two


def at(bench, patient):
    """The same patient at another gateway."""
    other = bench.patient(language=patient.language)
    other.sender = patient.sender
    return other


async def test_messages_that_come_through_both_are_answered_once_and_in_order(gateways, until):
    one, two = gateways
    patient = await one.patient(language="en").who_agreed()
    doors, open_turns, overlapped = (patient, at(two, patient)), set(), False
    answer = one.assistant.answer

    async def slow(turn):
        nonlocal overlapped
        overlapped |= turn.conversation_id in open_turns
        open_turns.add(turn.conversation_id)
        await asyncio.sleep(0.01)
        open_turns.discard(turn.conversation_id)
        return await answer(turn)

    one.assistant.answer = slow
    for number in range(20):
        await doors[number % 2].says(f"m{number}", external_id=f"both-{number}", wait=False)
    await until(lambda: len(one.assistant.ran) == 21, seconds=15)
    await asyncio.sleep(0.1)
    await patient.listens()
    assert [item.content["text"].splitlines()[0] for item in patient.latest] == [f"(m{number})" for number in range(20)]
    assert not overlapped and len(set(one.assistant.ran)) == 21


async def test_the_same_message_through_both_at_once_is_one_message(gateways):
    one, two = gateways
    patient = one.patient(language="en")
    doors = (patient, at(two, patient)) * 4
    await asyncio.gather(*(door.says("hello", external_id="same", wait=False) for door in doors))
    assert sorted(door.receipt.duplicate for door in (patient, doors[1])) in ([False, True], [True, True])
    with one.database.read() as work:
        assert work.execute(sa.text("SELECT COUNT(*) FROM inbound")).scalar_one() == 1
        assert work.execute(sa.text("SELECT COUNT(*) FROM conversation")).scalar_one() == 1


async def test_a_page_never_sees_a_lower_number_after_a_higher_one(gateways):
    one, two = gateways
    patient = await one.patient(language="en").who_agreed()
    door, conversation_id, seen, ended = at(two, patient), patient.conversation().id, [], False

    async def page():
        while not ended:
            look = partial(history.after, conversation_id=conversation_id, number=seen[-1] if seen else 0)
            seen.extend(item.number for item in await one.services.read(look))
            await asyncio.sleep(0)

    reading = asyncio.create_task(page())
    for number in range(15):
        await asyncio.gather(
            patient.says(f"m{number}", wait=False), door.says("crushing chest pain", external_id=f"alarm-{number}", wait=False)
        )
    await one.services.lanes.idle()
    await two.services.lanes.idle()
    await asyncio.sleep(0.1)
    ended = True
    await reading
    with one.database.read() as work:
        stored = work.execute(sa.select(outbound.c.id).order_by(outbound.c.id)).scalars().all()
    assert seen == stored


async def test_a_conversation_belongs_to_one_and_a_dead_gateway_gives_it_back(postgres, until):
    engines = [sa.create_engine(postgres.database())]
    engines.append(sa.create_engine(engines[0].url))
    one, two = map(AdvisoryLocks, engines)
    assert one.acquire("a") and not two.acquire("a") and two.acquire("b")
    pid = one._connection.execute(sa.text("SELECT pg_backend_pid()")).scalar()
    with engines[1].begin() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})  # what kill -9 does to the line
    await until(lambda: two.acquire("a"))  # the server notices within moments
    two.release("a")
    assert not one.acquire("a")  # the line is found broken
    assert one.acquire("a")  # and a new one is opened


def test_sqlite_has_one_gateway_and_asks_nobody(postgres):
    assert isinstance(ownership_for(sa.create_engine("sqlite://")), OnlyGateway)
    assert isinstance(ownership_for(sa.create_engine(postgres.database())), AdvisoryLocks)
