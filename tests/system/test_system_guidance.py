"""The real processes guide a patient in each of the five languages, and nothing that is typed steers the assistant."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from bot.database.tables import inbound, tracker_event
from tests.system.five_languages import ALL, Words
from tests.system.real_patient import Patient, Said, kinds, texts

pytestmark = pytest.mark.slow

MOST_QUESTIONS = 8
COMMANDS = ("/restart", "/nlu_fallback", '/secret{"a":1}')
each_language = pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)


@each_language
async def test_a_complaint_ends_in_a_result_with_the_department(patient, words):
    async with patient(language=words.language, region=words.region, chooses=False) as someone:
        assert kinds(await someone.says(words.ear)) == ["consent"]
        assert kinds(await someone.agrees()) == ["question"]
        result = await answers_all(someone)
        assert result["card"]["level"] == "R"
        assert words.ear_department in [place["name"] for place in result["card"]["places"]]
        assert words.ear_department in result["text"]
        assert len(someone.heard) > 3, "no question was asked before the result"


@each_language
async def test_who_says_hello_first_is_asked_for_consent_and_greeted(patient, words):
    async with patient(language=words.language) as someone:
        assert kinds(await someone.says(words.hello)) == ["consent"]
        assert kinds(await someone.agrees()) == ["answer"]


@each_language
async def test_an_emergency_is_answered_before_consent_with_the_number_of_the_region(patient, words):
    async with patient(language=words.language, region=words.region) as someone:
        began = time.monotonic()
        await someone.sends(words.alarm)
        emergency = await someone.hears("emergency", within_s=1.0)
        assert time.monotonic() - began < 1.0
        assert words.ambulance in emergency["text"]


@each_language
async def test_ear_pain_is_no_emergency(patient, words):
    async with patient(language=words.language, region=words.region) as someone:
        await someone.says(words.ear)
        await someone.agrees()
        assert "emergency" not in kinds(someone.heard)


@each_language
async def test_a_question_about_the_hospital_is_answered_between_and_the_guidance_goes_on(patient, words):
    async with patient(language=words.language, region=words.region) as someone:
        asked = await asked_about_the_ear(someone, words)
        answer, again = await someone.says(words.question)
        assert words.answer in answer["text"]
        assert (again["kind"], again["text"]) == ("question", asked["text"])
        assert (await answers_all(someone))["card"]["level"] == "R"


@each_language
async def test_a_nurse_may_be_asked_for_between_and_the_guidance_goes_on(patient, words):
    async with patient(language=words.language, region=words.region) as someone:
        await asked_about_the_ear(someone, words)
        noted = await someone.says(words.nurse)
        assert kinds(noted) == ["notice"]
        assert words.ambulance in noted[0]["text"]
        assert (await answers_all(someone))["card"]["level"] == "R"


@each_language
@pytest.mark.parametrize("as_button", [False, True], ids=["typed", "as a payload nobody issued"])
async def test_commands_of_the_assistant_are_only_words(system, patient, words, as_button):
    async with patient(language=words.language, region=words.region) as someone:
        await asked_about_the_ear(someone, words)
        asked = someone.number
        for command in COMMANDS:
            heard = await (someone.says("", command) if as_button else someone.says(command))
            assert heard, f"silence after {command}"
            assert "secret" not in texts(heard)
        events = events_of(system, someone)
        assert not {"restart", "followup", "undo", "rewind"} & {event["event"] for event in events}
        read = [event["parse_data"] for event in events if event["event"] == "user" and int(event["message_id"]) > asked]
        assert len(read) == len(COMMANDS)
        assert not any(entity["entity"] == "a" for parsed in read for entity in parsed["entities"])
        assert not any(
            parsed["intent"]["name"] in ("restart", "secret") or parsed["intent"]["confidence"] == 1 for parsed in read
        )
        assert (await answers_all_anew(someone, words))["card"]["level"] == "R"


async def test_a_patient_may_change_the_language_in_the_middle(patient):
    async with patient(language="de", region="DE") as someone:
        await someone.says("Guten Tag")
        await someone.agrees()
        someone.speaks("en")
        assert "cashier" in texts(await someone.says("where do I pay"))


async def asked_about_the_ear(someone: Patient, words: Words) -> Said:
    """Bring a new patient to the first question of the guidance."""
    await someone.says(words.ear)
    question = (await someone.agrees())[-1]
    assert question["kind"] == "question"
    return question


async def answers_all(someone: Patient) -> Said:
    """Answer "no", "adult", "mild" until the result comes; by turns with the button and in words."""
    for step in range(MOST_QUESTIONS):
        button = next(b for b in someone.buttons if b["payload"].rsplit(":", 1)[-1] in ("no", "adult", "mild", "skipped"))
        for said in await someone.says(button["title"], button["payload"] if step % 2 else ""):
            if said["card"]:
                return said
    raise AssertionError(f"no result after {MOST_QUESTIONS} answers: {kinds(someone.heard)}")


async def answers_all_anew(someone: Patient, words: Words) -> Said:
    """Tell the complaint again and go on to the result."""
    await someone.says(words.ear)
    return await answers_all(someone)


def events_of(system, someone: Patient) -> list[dict]:
    """Return what the assistant stored about this patient's conversation."""
    mine = sa.select(inbound.c.conversation_id).where(inbound.c.id == someone.number).scalar_subquery()
    query = sa.select(tracker_event.c.sealed).where(tracker_event.c.conversation_id == mine).order_by(tracker_event.c.id)
    with system.database.read() as work:
        stored = [work.cipher.unseal(row.sealed) for row in work.execute(query)]
    return [event for part in stored for event in (part if isinstance(part, list) else [part])]
