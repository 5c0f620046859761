"""A person, privacy, one's data, the language: in every state, also while an earlier message waits for the assistant."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, inbound, metadata, outbound
from bot.inbox.handle import ERASE_YES
from bot.languages import LANGUAGES

PERSON = {"zh-Hans": "转人工", "zh-Hant": "轉人工", "en": "a person please", "de": "Mitarbeiter bitte", "ar": "ممرضة"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_person_opens_a_case_and_the_truth_about_waiting_is_told(bench, language):
    patient = await bench.patient(language=language).who_agreed()
    await patient.says(PERSON[language])
    (case,) = bench.cases()
    assert case.reason == "person_requested"
    patient.hears(str(case.id), "120")


async def test_a_message_that_only_names_a_nurse_opens_no_case(bench, patient):
    await patient.says("the nurse told me to rest")
    assert not bench.cases()


async def test_asking_again_opens_no_second_case(bench, patient):
    await patient.says("nurse")
    await patient.says("nurse")
    patient.hears("already waiting")
    assert len(bench.cases()) == 1


async def test_hello_of_somebody_who_waits_is_met_with_the_truth_about_waiting_and_not_with_a_greeting(bench, patient):
    await patient.says("nurse")
    await patient.says("hello??")
    patient.hears("already waiting")
    patient.hears_not("(hello??)")


async def test_hello_of_somebody_who_does_not_wait_is_a_greeting(patient):
    await patient.says("hello??")
    patient.hears("(hello??)")


async def test_asking_after_an_emergency_tells_the_truth_about_waiting(bench, patient):
    await patient.says("I have crushing chest pain and cold sweat")
    await patient.says("nurse")
    patient.hears_not("already waiting")
    assert len(bench.cases()) == 1


async def test_while_the_case_waits_the_bot_goes_on_helping(patient):
    await patient.says("nurse")
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")


async def test_while_a_nurse_holds_it_the_bot_is_silent_and_the_message_is_noted(bench, patient):
    await patient.says("nurse")
    nurse = bench.nurse("Li")
    await nurse.replies(patient, "Hello, this is Li.")
    patient.hears("a person wrote this")
    asked = len(bench.assistant.turns)
    await patient.says("my ear hurts")
    patient.hears_nothing()
    assert len(bench.assistant.turns) == asked
    assert bench.cases()[0].state == "claimed"  # it was waiting for the patient


@pytest.mark.parametrize("ends", ["closes", "releases"])
async def test_when_the_nurse_ends_the_bot_answers_again(bench, patient, ends):
    await patient.says("nurse")
    nurse = bench.nurse("Li")
    await nurse.claims(patient)
    await getattr(nurse, ends)(patient)
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")


async def test_a_nurse_who_is_gone_for_long_does_not_leave_the_patient_in_silence(bench, patient):
    await patient.says("nurse")
    await bench.nurse("Li").claims(patient)
    await bench.passes(minutes=21)
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")


async def test_an_answer_that_was_on_its_way_when_the_nurse_came_is_not_said(bench, patient, until):
    await patient.says("nurse")
    bench.assistant.holds()
    await patient.says("my ear hurts", wait=False)
    await until(lambda: bench.assistant.turns[-1].text == "my ear hurts")
    case = bench.cases()[0]
    from bot.handoff import claims

    phrases = bench.services.content.current().phrases
    await bench.services.write(lambda work: claims.claim(work, case.id, who="li", name="Li", now=bench.now(), phrases=phrases))
    bench.assistant.lets_go()
    await patient.listens()
    patient.hears_not("(my ear hurts)")


@pytest.mark.parametrize("words", ["privacy", "what do you know about me", "nurse", "auf Deutsch bitte", "delete my data"])
async def test_they_work_with_the_assistant_down(bench, patient, words):
    bench.assistant.goes_down()
    asked = len(bench.assistant.turns)
    await patient.says(words)
    assert patient.latest and len(bench.assistant.turns) == asked


@pytest.mark.parametrize("words", ["privacy", "what do you know about me", "nurse", "auf Deutsch bitte", "delete my data"])
async def test_they_overtake_a_message_that_waits_for_the_assistant(bench, patient, words):
    bench.assistant.goes_down()
    await patient.says("my ear hurts")
    await patient.says(words)
    assert patient.latest and "One moment" not in patient.transcript()


async def test_other_words_do_not_overtake(bench, patient):
    bench.assistant.goes_down()
    await patient.says("my ear hurts")
    await patient.says("and my foot")
    patient.hears_nothing()


async def test_they_overtake_an_assistant_that_thinks_for_long(bench, patient, until):
    bench.assistant.holds()
    await patient.says("my ear hurts", wait=False)
    await until(lambda: len(bench.assistant.turns) == 2)
    await patient.says("nurse", wait=False)
    await until(bench.cases)
    bench.assistant.lets_go()
    await patient.listens()
    patient.hears("(my ear hurts)")


async def test_nothing_is_deleted_while_the_assistant_thinks_since_it_would_store_again(bench, patient, until):
    await patient.says("delete my data")
    before = patient.conversation().patient_id
    await patient.says("my ear hurts")  # settles the question: nothing is deleted
    bench.assistant.holds()
    await patient.says("my foot hurts", wait=False)
    await patient.says("delete my data", wait=False)
    await patient.says("yes", wait=False)
    await until(lambda: patient.conversation().asked_to_erase)
    await asyncio.sleep(0.2)
    assert patient.conversation().patient_id == before
    bench.assistant.lets_go()
    await bench.settled()
    assert patient.conversation().patient_id != before


async def test_deleting_asks_first_and_then_leaves_nothing(bench, patient):
    await patient.says("my ear hurts")
    await patient.says("delete my data")
    assert len(bench.assistant.turns) == 2
    old = patient.conversation()
    await patient.presses("Yes, delete everything")
    patient.hears("has been deleted")
    kept = patient.conversation()
    assert kept.id == old.id and kept.patient_id != old.patient_id
    with bench.database.read() as work:
        counts = {
            table.name: work.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.tables.values()
        }
    own = {name: number for name, number in counts.items() if number and name not in ("alembic_version", "audit")}
    assert own == {"patient": 1, "identity": 1, "conversation": 1, "outbound": 1}


async def test_after_deleting_we_start_anew_with_the_question(bench, patient):
    await patient.says("delete my data")
    await patient.says("yes")
    await patient.says("my ear hurts")
    patient.hears_kind("consent")


async def test_no_keeps_everything(bench, patient):
    await patient.says("my ear hurts")
    await patient.says("delete my data")
    await patient.presses("No, keep it")
    patient.hears("nothing was deleted")
    with bench.database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(inbound)).scalar_one() == 5


async def test_another_word_after_the_question_deletes_nothing_and_a_later_yes_is_no_answer(bench, patient):
    await patient.says("delete my data")
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")
    await patient.says("yes")
    patient.hears("(yes)")


async def test_a_forged_yes_deletes_nothing(bench, patient):
    await patient.presses_payload(ERASE_YES)
    patient.hears_not("deleted")


async def test_a_message_that_waits_is_deleted_too_and_never_answered(bench, patient):
    bench.assistant.goes_down()
    await patient.says("my ear hurts")
    await patient.says("delete my data")
    await patient.presses("Yes, delete everything")
    patient.hears("has been deleted")
    bench.assistant.comes_back()
    await bench.passes(seconds=30)
    await patient.listens()
    patient.hears_nothing()


async def test_only_buttons_of_this_conversation_reach_the_assistant(bench, patient):
    from bot.messages import Button, Reply

    bench.assistant.replies("ear", Reply("Since when?", buttons=(Button("Today", "answer:onset:today"),)))
    await patient.says("my ear hurts")
    await patient.presses("Today")
    assert bench.assistant.turns[-1].payload == "answer:onset:today"
    await patient.presses_payload("answer:onset:week")
    assert (bench.assistant.turns[-1].payload, bench.assistant.turns[-1].text) == ("", "…")
    stranger = await bench.patient(language="en").who_agreed()
    await stranger.presses_payload("answer:onset:today")
    assert bench.assistant.turns[-1].payload == ""


@pytest.mark.parametrize("kind", ["image", "voice", "other"])
async def test_what_is_not_text_gets_an_honest_answer(bench, patient, kind):
    asked = len(bench.assistant.turns)
    await patient.says("", kind=kind)
    patient.hears("in words", "120")
    assert len(bench.assistant.turns) == asked


async def test_what_is_known_is_told_in_counts(bench, patient):
    await patient.says("my ear hurts")
    await patient.says("what do you know about me")
    patient.hears("4 messages of yours", "English", "CN")


async def test_conversations_are_found_again_after_deleting(bench, patient):
    await patient.says("delete my data")
    await patient.says("yes")
    with bench.database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(conversation)).scalar_one() == 1
        assert work.execute(sa.select(sa.func.count()).select_from(outbound)).scalar_one() == 1
