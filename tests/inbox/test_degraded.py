"""With the assistant down: told once, nothing lost, order kept, answered when it is back; a bad message goes to a person."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.database.tables import inbound
from bot.inbox.handle import RETRY_LONGEST, put_off
from bot.inbox.trouble import ALONE_AFTER_S, POISON_AFTER_S, Trouble
from bot.languages import LANGUAGES
from bot.triage.hotlines import isolated
from tests.conversations.fake_assistant import FakeAssistant


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_patient_is_told_once_with_what_to_do_in_an_emergency(bench, language):
    patient = await bench.patient(language=language, region="CN").who_agreed()
    bench.assistant.goes_down()
    await patient.says("…")
    patient.hears(patient.phrase("inbox.one_moment", emergency=isolated("120", language)))
    await patient.says("…")
    patient.hears_nothing()


async def test_when_it_is_back_everything_is_answered_in_its_order(bench, patient, until):
    bench.assistant.goes_down()
    for text in ("one", "two", "three"):
        await patient.says(text)
    bench.assistant.comes_back()
    await until(lambda: len(bench.assistant.ran) == 4)
    await patient.listens()
    assert [item.content["text"].splitlines()[0] for item in patient.latest] == ["(one)", "(two)", "(three)"]


async def test_the_next_outage_is_told_again(bench, patient, until):
    for _ in range(2):
        bench.assistant.goes_down()
        await patient.says("one")
        patient.hears("One moment")
        bench.assistant.comes_back()
        await until(lambda: not bench.services.lanes._running)


async def test_one_waiting_patient_does_not_keep_another_from_an_answer(bench, patient, until):
    bench.assistant.fails_on("bad")
    other = await bench.patient(language="en").who_agreed()
    await patient.says("bad")
    await other.says("my ear hurts")
    other.hears("(my ear hurts)")


async def test_an_assistant_that_hangs_is_known_to_be_down_and_others_are_told_at_once(bench, patient):
    bench.assistant.goes_down()
    await patient.says("one")
    other = bench.patient(language="en")
    await other.says("Hello")
    await other.presses("I agree")
    other.hears("One moment")
    assert [turn.text for turn in bench.assistant.turns] == ["Hello", "one"]  # the other's turn was not even tried


def test_pauses_grow_to_fifteen_seconds():
    class Handling:
        nurse_is_here, work = True, None

        class rules:
            from datetime import datetime, timezone

            now = datetime.now(timezone.utc)

    class Work:
        def execute(self, *_):
            return None

    def pause(attempts):
        from types import SimpleNamespace as Some

        known = Some(conversation=Some(told_waiting=True, id="c"), row=Some(id=1, attempts=attempts))
        return put_off(Some(known=known, work=Work(), nurse_is_here=True, rules=Handling.rules, note_for_case=lambda: None))

    assert [pause(attempts).total_seconds() for attempts in range(7)] == [0.5, 1, 2, 4, 8, 15, 15]
    assert pause(400) == RETRY_LONGEST == timedelta(seconds=15)


async def test_a_bad_message_goes_to_a_person_and_the_next_is_answered(bench, patient, monkeypatch, until):
    monkeypatch.setattr("bot.inbox.trouble.POISON_ATTEMPTS", 2)
    monkeypatch.setattr("bot.inbox.trouble.ALONE_AFTER_S", 0.2)
    bench.assistant.fails_on("bad")
    await patient.says("bad")
    await patient.says("my ear hurts")
    await until(bench.cases)
    await patient.listens()
    patient.hears("asked a nurse", "(my ear hurts)")
    with bench.database.read() as work:
        states = [row.state for row in work.execute(inbound.select().order_by(inbound.c.id))]
    assert states[-2:] == ["failed", "handled"]


class Seconds:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def assistant():
    return FakeAssistant()


@pytest.fixture
def trouble(assistant, seconds):
    return Trouble(assistant, seconds=seconds)


async def failures(trouble, seconds, number, *, every):
    found = []
    for _ in range(number):
        found.append(await trouble.is_poison(7))
        seconds.now += every
    return found


async def test_it_is_the_message_when_others_are_answered_meanwhile(trouble, seconds):
    await trouble.is_poison(7)
    seconds.now += POISON_AFTER_S / 2
    trouble.answered(8)
    assert any(await failures(trouble, seconds, 6, every=POISON_AFTER_S / 4))


async def test_it_may_be_the_assistant_when_nothing_else_was_answered(trouble, seconds):
    assert not any(await failures(trouble, seconds, 10, every=POISON_AFTER_S / 9))
    seconds.now += ALONE_AFTER_S
    assert await trouble.is_poison(7)


async def test_an_outage_counts_against_no_message(trouble, seconds, assistant):
    assistant.goes_down()
    assert not any(await failures(trouble, seconds, 50, every=60))
    assistant.comes_back()
    trouble.answered(8)
    assert not await trouble.is_poison(7)


async def test_a_few_quick_failures_are_not_the_message(trouble, seconds):
    assert not any(await failures(trouble, seconds, 20, every=0.1))


async def test_an_assistant_that_is_down_is_asked_at_most_twice_a_second(trouble, seconds, assistant):
    asked = 0
    ready = assistant.ready

    async def counting():
        nonlocal asked
        asked += 1
        return await ready()

    assistant.ready = counting
    assistant.goes_down()
    await trouble.is_poison(7)
    assert all(await asyncio.gather(*(trouble.is_down() for _ in range(100)))) and asked == 1
    assistant.comes_back()
    seconds.now += 1
    assert not await trouble.is_down() and asked == 2


async def test_who_waits_costs_nothing_until_it_is_back_and_then_is_answered_soon(bench, patient, until):
    bench.assistant.goes_down()
    await patient.says("one")
    await until(lambda: all(lane.resting for lane in bench.services.lanes._running.values()))
    await asyncio.sleep(0.7)  # the first short pause is over, and it is still down
    writes = 0
    write = bench.database.write

    def counting(**how):
        nonlocal writes
        writes += 1
        return write(**how)

    bench.database.write = counting
    await asyncio.sleep(1.5)
    assert writes == 0
    bench.assistant.comes_back()
    await until(lambda: len(bench.assistant.ran) == 2, seconds=3)


async def test_being_back_is_told_once(assistant, seconds):
    told = []
    trouble = Trouble(assistant, seconds=seconds, on_back=lambda: told.append(seconds()))
    trouble.answered(1)
    assistant.goes_down()
    await trouble.is_poison(1)
    assistant.comes_back()
    seconds.now += 1
    await trouble.is_down()
    trouble.answered(1)
    assert told == [1001.0]
