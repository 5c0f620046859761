"""`kill -9` of each process under load: nothing that was acknowledged is lost, answered twice or out of order."""

from __future__ import annotations

import asyncio
import random
import signal
import uuid
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from bot.database.tables import inbound, outbound, tracker_event
from bot.inbox.rows import count_waiting
from tests.system.real_patient import Patient
from tests.system.real_system import System

pytestmark = pytest.mark.slow

PATIENTS, MESSAGES_EACH = 8, 63
# So many messages of a patient come without a pause: faster than the assistant answers, so that a kill hits work.
BURST = 9
# After so many acknowledged messages this process is killed; the second time the gateway dies while the assistant starts.
KILLS = ((60, "gateway"), (180, "assistant"), (220, "gateway"), (360, "actions"))
LANGUAGES = ("en", "zh-Hans", "de", "ar")
LINES = {
    "en": ("hello", "where do I pay", "when are you open", "can I get an invoice", "do you take insurance"),
    "zh-Hans": ("您好", "在哪里付钱", "怎么开发票", "挂号费多少钱", "医保可以报销吗"),
    "de": ("Guten Tag", "wo bezahle ich", "ich brauche eine Rechnung", "was kostet ein Besuch", "nehmen Sie Karten"),
    "ar": ("مرحبا", "أين أدفع", "أحتاج إلى فاتورة", "كم تكلفة الزيارة", "هل تقبلون البطاقات"),
}
ALL_HANDLED_WITHIN_S = 60.0


@dataclass
class Load:
    """What was acknowledged: per patient the message numbers, in the order of sending."""

    patients: list[Patient]
    sent: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        """How many messages of all patients."""
        return sum(map(len, self.sent.values()))


@dataclass(frozen=True)
class Kept:
    """What the database says about one conversation."""

    states: dict[int, str]
    words: dict[int, str]
    replies: list[tuple[int, str]]  # to which message, and the text
    turns: list[int]  # the messages with which the dialogue was run


@pytest.fixture(scope="module")
def killed(system, phrases) -> tuple[Load, dict[str, dict[str, list[str]]]]:
    """Send the load while the processes are killed; returns it with the answers of a quiet time."""
    return asyncio.run(send_while_killing(system, phrases))


def test_each_process_was_killed_and_started_again(system, killed):
    told = [line for line in system.printed.read_text(encoding="utf-8").splitlines() if "killed by SIGKILL" in line]
    for _, name in KILLS:
        assert any(f"{name}.log" in line for line in told), name


def test_every_acknowledged_message_is_handled(system, killed):
    load, _ = killed
    assert load.acknowledged == PATIENTS * MESSAGES_EACH
    for sent, kept in pairs(system, load):
        assert [number for number, _ in sent] == sorted(kept.states)[-len(sent) :]
        assert {kept.states[number] for number, _ in sent} == {"handled"}
        assert [kept.words[number] for number, _ in sent] == [text for _, text in sent]


def test_no_message_is_stored_twice_whatever_the_client_repeats(system, killed):
    load, _ = killed
    for sent, kept in pairs(system, load):
        before = 2  # hello, and the consent
        assert len(kept.states) == len(sent) + before
        assert len({number for number, _ in sent}) == len(sent)


def test_every_message_gets_the_answer_of_a_quiet_time_exactly_once(system, killed):
    load, expected = killed
    for patient, (sent, kept) in zip(load.patients, pairs(system, load), strict=True):
        for number, text in sent:
            answers = [reply for to, reply in kept.replies if to == number]
            assert answers == expected[patient.language][text], f"message {number}"


def test_answers_come_in_the_order_of_the_messages(system, killed):
    load, _ = killed
    for _, kept in pairs(system, load):
        order = [to for to, _ in kept.replies]
        assert order == sorted(order)


def test_no_dialogue_is_run_twice_with_one_message(system, killed):
    load, _ = killed
    for sent, kept in pairs(system, load):
        run = [number for number in kept.turns if number >= sent[0][0]]
        assert run == [number for number, _ in sent]


def test_who_kills_the_supervisor_leaves_no_process_behind_and_the_next_start_answers(system, phrases):
    asyncio.run(kill_supervisor_and_start_again(system, phrases))


async def kill_supervisor_and_start_again(system: System, phrases: object) -> None:
    """A message acknowledged before the end of everything is answered after the next start."""
    async with Patient(system, phrases, language="en") as someone:
        await someone.says("hello")
        await someone.agrees()
        asked = await someone.sends("where do I pay")
        assert system.kill_supervisor() == []
        system.start()
        await someone.is_seen_to(asked)
        await someone.listens()
        assert sum("cashier" in said["text"] for said in someone.heard) == 1


async def send_while_killing(system: System, phrases: object) -> tuple[Load, dict[str, dict[str, list[str]]]]:
    """Return the load, once all is handled, and what is answered in a quiet time, per language and line."""
    expected = {language: await quiet_answers(system, phrases, language) for language in LANGUAGES}
    patients = [Patient(system, phrases, language=LANGUAGES[i % len(LANGUAGES)]) for i in range(PATIENTS)]
    load = Load(patients)
    for patient in patients:
        await patient.says(LINES[patient.language][0])
        await patient.agrees()
    await asyncio.gather(kill_in_turn(system, load), *(send(load, patient) for patient in patients))
    system.wait_ready()
    for patient in patients:
        await patient.is_seen_to(patient.number, within_s=ALL_HANDLED_WITHIN_S)
        await patient.listens()
        await patient.__aexit__(None, None, None)
    return load, expected


async def quiet_answers(system: System, phrases: object, language: str) -> dict[str, list[str]]:
    """Return what is answered to each line when nothing is killed."""
    async with Patient(system, phrases, language=language) as someone:
        await someone.says(LINES[language][0])
        await someone.agrees()
        return {line: [said["text"] for said in await someone.says(line)] for line in LINES[language]}


async def send(load: Load, patient: Patient) -> None:
    """Send one patient's messages in bursts, not waiting for answers; every tenth is sent twice."""
    chance = random.Random(load.patients.index(patient))
    sent = load.sent.setdefault(patient.token, [])
    for turn in range(MESSAGES_EACH):
        line, message_id = chance.choice(LINES[patient.language]), uuid.uuid4().hex
        number = await patient.sends(line, message_id=message_id)
        if turn % 10 == 0:
            assert await patient.sends(line, message_id=message_id) == number
        sent.append((number, line))
        if turn % BURST == BURST - 1:
            await asyncio.sleep(chance.uniform(1.5, 3.0))


async def kill_in_turn(system: System, load: Load) -> None:
    """Kill each process when it is its turn, while messages wait; the supervisor starts it again."""
    for after, name in KILLS:
        while load.acknowledged < after or name not in system.pids() or not waiting(system):
            await asyncio.sleep(0.005)
        system.hurt(name, signal.SIGKILL)


def waiting(system: System) -> int:
    """Return how many messages are stored and not handled yet."""
    with system.database.read() as work:
        return count_waiting(work)


def pairs(system: System, load: Load) -> list[tuple[list[tuple[int, str]], Kept]]:
    """Return per patient what was sent and what the database kept of it."""
    return [(load.sent[patient.token], kept_of(system, patient.number)) for patient in load.patients]


def kept_of(system: System, number: int) -> Kept:
    """Return what is stored about the conversation of a message."""
    with system.database.read() as work:
        mine = work.execute(sa.select(inbound.c.conversation_id).where(inbound.c.id == number)).scalar_one()
        came = list(work.execute(sa.select(inbound).where(inbound.c.conversation_id == mine).order_by(inbound.c.id)))
        went = list(work.execute(sa.select(outbound).where(outbound.c.conversation_id == mine).order_by(outbound.c.id)))
        said = sa.select(tracker_event.c.sealed).where(tracker_event.c.conversation_id == mine).order_by(tracker_event.c.id)
        events = [event for row in work.execute(said) for event in work.cipher.unseal(row.sealed)]
        keys = [(row.dedupe_key.split(":"), work.cipher.unseal(row.sealed)["text"]) for row in went]
        return Kept(
            states={row.id: row.state for row in came},
            words={row.id: work.cipher.unseal(row.sealed)["text"] for row in came},
            replies=[(int(key[1]), text) for key, text in keys if key[0] == "in"],
            turns=[int(event["message_id"]) for event in events if event["event"] == "user"],
        )
