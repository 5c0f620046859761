"""One at a time and in order within a conversation, side by side across them, taken up again after a crash."""

from __future__ import annotations

import asyncio
import random
import threading

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database.tables import inbound, outbound
from bot.handoff import claims
from bot.inbox.effects import store_effects
from bot.messages import Effect
from tests.conversations.bench import Bench


class Slow:
    """Sees whether two turns of one conversation ever overlap."""

    def __init__(self, assistant):
        self._answer, self.open, self.overlapped, self.most = assistant.answer, set(), False, 0

    async def answer(self, turn):
        self.overlapped |= turn.conversation_id in self.open
        self.open.add(turn.conversation_id)
        self.most = max(self.most, len(self.open))
        await asyncio.sleep(random.uniform(0, 0.01))
        self.open.discard(turn.conversation_id)
        return await self._answer(turn)


def told(patient):
    return [item.content["text"].splitlines()[0] for item in patient.latest]


async def test_order_holds_in_each_conversation_and_conversations_run_side_by_side(bench):
    patients = [await bench.patient(language="en").who_agreed() for _ in range(6)]
    slow = Slow(bench.assistant)
    bench.assistant.answer = slow.answer
    for number in range(8):
        await asyncio.gather(*(patient.says(f"m{number}", wait=False) for patient in patients))
    for patient in patients:
        await patient.listens()
        assert told(patient) == [f"(m{number})" for number in range(8)]
    assert not slow.overlapped and slow.most > 1


async def test_what_a_dead_gateway_left_is_answered_by_the_next(tmp_path, database_url):
    bench = Bench(tmp_path, database_url=database_url)
    await bench.services.start()
    patient = await bench.patient(language="en").who_agreed()
    bench.assistant.holds()
    for text in ("one", "two", "three"):
        await patient.says(text, wait=False)
    await asyncio.sleep(0.05)
    await bench.services.stop()
    fresh = Bench(tmp_path, database_url=database_url)
    fresh.database.cipher = bench.database.cipher
    fresh.assistant = fresh.services.assistant
    patient.bench = fresh
    async with fresh:
        await fresh.passes(seconds=5)
        await patient.listens()
        assert told(patient) == ["(one)", "(two)", "(three)"]
        # Somebody may have asked the assistant before: it looks whether it has answered this message already.
        assert [turn.attempt for turn in fresh.assistant.turns] == [2, 2, 2]


async def test_a_message_of_this_process_is_a_first_attempt(bench, patient):
    await patient.says("one")
    assert [turn.attempt for turn in bench.assistant.turns] == [2, 1]  # hello waited for the consent; then "one"


async def test_a_message_that_was_handled_by_another_gateway_meanwhile_is_not_answered_twice(bench, patient, until):
    bench.assistant.holds()
    await patient.says("one", wait=False)
    await until(lambda: len(bench.assistant.turns) == 2)
    await bench.services.write(
        lambda work: work.execute(sa.update(inbound).where(inbound.c.id == patient.receipt.message_id).values(state="handled"))
    )
    bench.assistant.lets_go()
    await patient.listens()
    patient.hears_nothing()


async def test_a_conversation_that_was_erased_meanwhile_is_left_alone(bench, patient, until):
    from bot.privacy.erase import erase_patient

    bench.assistant.holds()
    await patient.says("one", wait=False)
    await until(lambda: len(bench.assistant.turns) == 2)
    patient_id = patient.conversation().patient_id
    await bench.services.write(lambda work: erase_patient(work, patient_id, who="test", now=bench.now()))
    bench.assistant.lets_go()
    await bench.settled()
    with bench.database.read() as work:
        assert not work.execute(sa.select(sa.func.count()).select_from(outbound)).scalar_one()
    assert not bench.mistakes.seen


async def test_typing_is_shown_only_while_a_turn_is_worked_on(bench, patient, until):
    conversation_id = patient.conversation().id
    async with bench.services.feed.subscribe(conversation_id) as events:
        bench.assistant.holds()
        await patient.says("one", wait=False)
        await until(lambda: bench.services.feed.is_typing(conversation_id))
        bench.assistant.lets_go()
        await patient.listens()
        assert not bench.services.feed.is_typing(conversation_id)
        assert [events.get_nowait() for _ in range(events.qsize())] == ["typing_on", "typing_off", "message"]


async def test_no_typing_is_shown_for_what_needs_no_assistant(bench, patient):
    async with bench.services.feed.subscribe(patient.conversation().id) as events:
        await patient.says("privacy")
        assert [events.get_nowait() for _ in range(events.qsize())] == ["message"]


async def test_a_mistake_in_one_lane_does_not_stop_others(bench, patient, monkeypatch):
    other = await bench.patient(language="en").who_agreed()
    answer = bench.assistant.answer

    async def breaks(turn):
        if turn.text == "break":
            return "no answer at all"
        return await answer(turn)

    bench.assistant.answer = breaks
    await patient.says("break", wait=False)
    await other.says("my ear hurts", wait=False)
    await asyncio.sleep(0.3)
    bench.mistakes.seen.clear()
    other.latest = await other._new_messages()
    other.hears("(my ear hurts)")


@pytest.mark.parametrize(
    ("effect", "table"),
    [
        (Effect("assessment", {"level": "U", "departments": ["ENT"]}), "assessment"),
        (Effect("faq_shown", {"entry": "hours"}), "faq_feedback"),
        (Effect("faq_feedback", {"entry": "hours", "helpful": True}), "faq_feedback"),
        (Effect("unanswered"), "unanswered"),
        (Effect("profile", {"who": "self", "age_years": 40}), "profile"),
        (Effect("open_case", {"reason": "misunderstood", "level": "INFO"}), "care_case"),
    ],
)
async def test_effects_are_stored_with_the_answer(bench, patient, effect, table):
    bench.assistant.replies("ear", "Noted.", effects=[effect])
    await patient.says("my ear hurts")
    with bench.database.read() as work:
        assert work.execute(sa.text(f"SELECT COUNT(*) FROM {table}")).scalar_one() == 1


async def test_an_answer_without_effects_stores_none(bench, patient):
    await patient.says("my ear hurts")
    with bench.database.read() as work:
        for table in ("assessment", "faq_feedback", "unanswered", "profile", "care_case"):
            assert work.execute(sa.text(f"SELECT COUNT(*) FROM {table}")).scalar_one() == 0


async def test_an_emergency_that_only_the_answers_together_show_opens_a_case(bench, patient):
    bench.assistant.replies("ear", "Go now.", effects=[Effect("assessment", {"level": "E2", "red_flags": ["RF1"]})])
    await patient.says("my ear hurts")
    assert [(case.reason, case.level) for case in bench.cases()] == [("red_flag", "E2")]


async def test_when_storing_fails_half_way_nothing_of_it_is_stored(bench, patient, monkeypatch):
    def breaks(*args, **more):
        yield from store_effects(*args, **more)
        raise ValueError("in the middle")

    monkeypatch.setattr("bot.inbox.answered.store_effects", breaks)
    bench.assistant.replies("ear", "Noted.", effects=[Effect("faq_shown", {"entry": "hours"})])
    await patient.says("my ear hurts", wait=False)
    await asyncio.sleep(0.3)
    with bench.database.read() as work:
        assert work.execute(sa.text("SELECT COUNT(*) FROM faq_feedback")).scalar_one() == 0
    assert not await patient._new_messages()
    monkeypatch.undo()
    bench.mistakes.seen.clear()
    await bench.passes(seconds=5)
    await patient.listens()
    patient.hears("Noted.")


STEP = st.one_of(
    st.tuples(st.just("says"), st.integers(0, 1), st.sampled_from(["my ear hurts", "crushing chest pain", "ok", "no", "nurse"])),
    st.tuples(st.sampled_from(["down", "back", "again"]), st.integers(0, 1), st.just("")),
)


@given(steps=st.lists(STEP, min_size=1, max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_every_message_is_handled_once_and_carries_the_disclaimer(tmp_path_factory, steps):
    async with Bench(tmp_path_factory.mktemp("any")) as bench:
        patients = [bench.patient(language="en"), bench.patient(language="ar", region="EG")]
        sent = set()
        for what, who, text in steps:
            if what == "says":
                external_id = bench.next_id()
                sent.add(external_id)
                await patients[who].says(text, external_id=external_id)
            elif what == "again" and sent:
                await patients[who].says("again", external_id=min(sent), wait=False)
            elif what == "down":
                bench.assistant.goes_down()
            elif what == "back":
                bench.assistant.comes_back()
        bench.assistant.comes_back()
        await bench.passes(seconds=20)
        for patient in patients:
            if patient.receipt and not patient.receipt.duplicate:
                await patient.listens()
        with bench.database.read() as work:
            states = work.execute(sa.select(inbound.c.external_id, inbound.c.state)).all()
        assert {row.external_id for row in states} == sent and len(states) == len(sent)
        assert all(row.state in ("handled", "held") for row in states)
        assert len(bench.assistant.ran) == len(set(bench.assistant.ran))


async def test_what_comes_is_received_before_lanes_go_on(tmp_path, monkeypatch):
    async with Bench(tmp_path) as bench:
        patients = [await bench.patient(language="en").who_agreed() for _ in range(12)]
        all_of_them, busy = stored(bench) + len(patients), threading.Event()
        answer, when_asked = bench.assistant.answer, []

        async def noted(turn):
            when_asked.append(stored(bench))
            return await answer(turn)

        monkeypatch.setattr(bench.assistant, "answer", noted)
        bench.services.executors[2].submit(busy.wait)  # all twelve come while the thread is at something else
        saying = [asyncio.create_task(patient.says("hello", wait=False)) for patient in patients]
        for _ in range(50):
            await asyncio.sleep(0)
        busy.set()
        await asyncio.gather(*saying)
        await bench.services.lanes.idle()
    assert len(when_asked) == len(patients)
    # A lane reads and asks in two steps; with one thread for both, all twelve are stored before the first has asked.
    assert sum(count < all_of_them for count in when_asked) <= 2


def stored(bench: Bench) -> int:
    with bench.database.read() as work:
        return int(work.execute(sa.select(sa.func.count()).select_from(inbound)).scalar_one())


async def test_a_nurse_who_leaves_while_a_message_is_taken_up_leaves_it_to_the_assistant(bench, patient):
    await patient.says("nurse")
    ana = bench.nurse("Ana")
    await ana.claims(patient)
    lanes = bench.services.lanes
    take, left = lanes._take, []

    def takes_and_then_she_leaves(conversation_id):
        known = take(conversation_id)
        if known is not None and not left:
            left.append(known)
            with bench.database.write() as work:
                claims.release(work, known.case.id, who="ana", now=bench.now(), phrases=bench.services.content.current().phrases)
        return known

    lanes._take = takes_and_then_she_leaves
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")
    patient.hears_not(patient.phrase("inbox.not_text", emergency="")[:20])
