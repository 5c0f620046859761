"""A "yes" answers what was asked last: not an older question of ours about deleting or linking, when somebody asked something since."""

from __future__ import annotations

import re

import pytest

from bot.messages import Button, Reply
from bot.outbox.compose import compose
from bot.outbox.store import REMINDER, Place, enqueue


async def asks(bench, patient, text):
    """A check-in comes."""
    chat = patient.conversation()

    def send(work):
        message = compose(Reply(text, "question"), chat.language, phrases=bench.services.content.current().phrases)
        enqueue(work, Place(chat.id, chat.channel), message, dedupe_key="reminder:1", now=bench.now(), priority=REMINDER)

    await bench.services.write(send)
    await patient.listens()


async def wants_to_be_forgotten(patient):
    """Let a patient write so, and be asked whether everything is to be deleted; returns who they are until then."""
    await patient.says("delete my data")
    return patient.conversation().patient_id


async def test_a_yes_to_a_check_in_deletes_nothing(bench, patient):
    before = await wants_to_be_forgotten(patient)
    await bench.passes(days=1)
    await asks(bench, patient, "Have you looked at the wound today?")
    await patient.says("yes")
    assert patient.conversation().patient_id == before
    patient.hears("(yes)")


async def test_a_yes_to_a_nurse_deletes_nothing(bench, patient):
    await patient.says("nurse")
    before = await wants_to_be_forgotten(patient)
    ana = bench.nurse("Ana")
    await ana.claims(patient)
    await ana.replies(patient, "Is the pain still there?")
    await patient.says("yes")
    assert patient.conversation().patient_id == before


async def test_the_yes_on_a_button_of_an_older_question_deletes_nothing(bench, patient):
    bench.assistant.replies(
        "ear", Reply("Do you have a fever?", "question", (Button("Yes", "fever:yes"), Button("No", "fever:no")))
    )
    await patient.says("my ear hurts")
    before = await wants_to_be_forgotten(patient)
    await patient.says("Yes", payload="fever:yes", kind="button")
    assert patient.conversation().patient_id == before
    assert bench.assistant.turns[-1].payload == "fever:yes"


async def test_a_notice_in_between_changes_nothing(bench, patient):
    await patient.says("nurse")
    before = await wants_to_be_forgotten(patient)
    ana = bench.nurse("Ana")
    await ana.claims(patient)
    await ana.releases(patient)
    await patient.says("yes")
    assert patient.conversation().patient_id != before


async def test_a_yes_to_a_check_in_is_no_answer_about_linking(bench, patient):
    other = await bench.patient(language="en", channel="telegram").who_agreed()
    await other.says("link")
    code = re.search(r"\d{4}-\d{4}-\d{4}", other.transcript())[0]
    await patient.says(code)
    await asks(bench, patient, "Have you looked at the wound today?")
    await patient.says("yes")
    patient.hears("(yes)")
    assert patient.conversation().patient_id != other.conversation().patient_id


@pytest.mark.parametrize("held", [False, True])
async def test_the_button_still_deletes(bench, patient, held):
    await patient.says("nurse")
    before = await wants_to_be_forgotten(patient)
    ana = bench.nurse("Ana")
    await ana.claims(patient)
    await ana.replies(patient, "Is the pain still there?")
    if not held:
        await ana.releases(patient)
    await patient.presses("Yes, delete everything")
    assert patient.conversation().patient_id != before


async def test_a_yes_right_after_the_question_deletes_also_while_a_nurse_is_there(bench, patient):
    await patient.says("nurse")
    await bench.nurse("Ana").claims(patient)
    before = await wants_to_be_forgotten(patient)
    await patient.says("yes")
    assert patient.conversation().patient_id != before
