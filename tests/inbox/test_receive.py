"""A message is stored before it is acknowledged, once, whoever sends it how often and in whatever shape."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.database.engine import DatabaseProblem
from bot.database.tables import conversation, identity, inbound
from bot.database.tables import patient as patient_table
from bot.messages import Inbound


def count(bench, table):
    with bench.database.read() as work:
        return work.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def message(bench, text="hello", *, external_id="one", sender="somebody", **more):
    return Inbound("webchat", external_id, sender, text, bench.now(), **more)


async def test_a_message_is_stored_when_receive_returns(bench):
    bench.assistant.holds()
    receipt = await bench.services.inbox.receive(message(bench))
    with bench.database.read() as work:
        kept = work.execute(sa.select(inbound.c.conversation_id).where(inbound.c.id == receipt.message_id)).scalar_one()
    assert kept == receipt.conversation_id
    bench.assistant.lets_go()


async def test_the_same_message_again_gets_the_same_receipt_and_does_nothing(bench, patient):
    await patient.says("my ear hurts", external_id="twice")
    first = patient.receipt
    await patient.says("my ear hurts", external_id="twice")
    assert (patient.receipt.message_id, patient.receipt.duplicate) == (first.message_id, True)
    patient.hears_nothing()
    assert len(bench.assistant.ran) == 2  # hello, and the ear


async def test_another_message_with_the_same_words_is_answered(bench, patient):
    await patient.says("my ear hurts")
    await patient.says("my ear hurts")
    patient.hears("my ear hurts")


async def test_a_message_sent_many_times_at_once_is_stored_once(bench):
    receipts = await asyncio.gather(*(bench.services.inbox.receive(message(bench)) for _ in range(12)))
    assert sorted(receipt.duplicate for receipt in receipts) == [False] + [True] * 11
    assert len({receipt.message_id for receipt in receipts}) == count(bench, inbound) == 1


async def test_first_messages_of_one_person_at_once_make_one_conversation(bench):
    sent = [message(bench, f"hello {number}", external_id=str(number)) for number in range(12)]
    receipts = await asyncio.gather(*map(bench.services.inbox.receive, sent))
    assert len({receipt.conversation_id for receipt in receipts}) == 1
    assert [count(bench, table) for table in (conversation, identity, patient_table, inbound)] == [1, 1, 1, 12]


async def test_two_people_have_two_conversations_even_with_the_same_message_ids_of_other_channels(bench):
    one = await bench.services.inbox.receive(message(bench, sender="a"))
    other = await bench.services.inbox.receive(Inbound("telegram", "one", "a", "hello", bench.now()))
    assert one.conversation_id != other.conversation_id and not other.duplicate


async def test_a_group_is_a_conversation_of_its_own(bench):
    direct = await bench.services.inbox.receive(message(bench))
    group = await bench.services.inbox.receive(message(bench, external_id="two", group="family"))
    assert direct.conversation_id != group.conversation_id and count(bench, patient_table) == 1


async def test_a_very_long_message_is_kept_cut_and_the_patient_is_told(bench, patient):
    await patient.says("ear " * 1500)
    assert len(bench.assistant.turns[-1].text) == 4000
    patient.hears("4000")


async def test_a_message_of_just_the_limit_is_kept_whole_and_nothing_is_said_about_it(bench, patient):
    await patient.says("x" * 4000)
    patient.hears_not("too long", "very long")


@pytest.mark.parametrize("external_id", ["x" * 5000, "with\x00nul", "new\nline"])
async def test_an_id_that_fits_no_column_still_marks_the_message(bench, external_id):
    first = await bench.services.inbox.receive(message(bench, external_id=external_id))
    again = await bench.services.inbox.receive(message(bench, external_id=external_id))
    assert again.duplicate and again.message_id == first.message_id


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "😀", "a\u202eb", "/restart", '/inform{"x": 1}'])
async def test_any_text_is_stored_and_answered(patient, text):
    await patient.says(text)
    assert patient.latest


async def test_nothing_is_acknowledged_when_the_database_is_away(bench):
    bench.database.engine.dispose()

    def refuse(*_):
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    sa.event.listen(bench.database.engine, "begin", refuse)
    with pytest.raises(DatabaseProblem):
        await bench.services.inbox.receive(message(bench, "secret words"))
    sa.event.remove(bench.database.engine, "begin", refuse)
    assert count(bench, inbound) == 0


async def test_the_region_of_the_client_is_kept_and_known(bench):
    patient = bench.patient(language="de", region="DE")
    await patient.says("Guten Tag")
    assert (patient.conversation().region, patient.conversation().region_known) == ("DE", True)


@pytest.mark.parametrize("region", [None, "de", "Germany", "D1É"])
async def test_without_a_region_the_home_region_is_assumed_and_marked_so(bench, region):
    patient = bench.patient(language="de", region=region)
    await patient.says("Guten Tag")
    assert (patient.conversation().region, patient.conversation().region_known) == ("CN", False)


async def test_the_language_is_read_from_the_words_and_the_choice_of_the_client_wins(bench):
    reading, choosing = bench.patient(), bench.patient(language="en")
    await reading.says("Ich habe seit drei Tagen Ohrenschmerzen")
    await choosing.says("Ich habe seit drei Tagen Ohrenschmerzen")
    assert (reading.conversation().language, choosing.conversation().language) == ("de", "en")


async def test_words_are_not_readable_in_the_database(bench, patient, tmp_path):
    await patient.says("my ear hurts zebra-marker")
    with bench.database.read() as work:
        rows = work.execute(sa.select(inbound)).all() + work.execute(sa.select(identity)).all()
    assert rows and "zebra-marker" not in repr(rows) and patient.sender not in repr(rows)
