"""The emergency answer leaves at once, once, whatever else is true; and nothing of it is lost or lowered."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from bot.database.tables import outbound
from bot.messages import Effect

E1, HARMLESS, CRISIS = "I have crushing chest pain and cold sweat", "my ear itches", "I want to kill myself"


def alarms(patient):
    return [item for item in patient.heard if item.content["kind"] in ("emergency", "crisis")]


async def test_it_is_the_first_thing_a_new_patient_hears_and_consent_is_asked_after_it(bench):
    patient = bench.patient(language="en")
    await patient.says(E1)
    patient.hears_kind("emergency", "consent")
    patient.hears("120")


async def test_a_harmless_first_message_brings_no_emergency_answer(bench):
    patient = bench.patient(language="en")
    await patient.says(HARMLESS)
    patient.hears_kind("consent")
    assert not bench.cases()


async def test_it_is_stored_together_with_the_message_before_receive_returns(bench, patient):
    bench.assistant.holds()
    await patient.says(E1, wait=False)
    with bench.database.read() as work:
        key = sa.select(outbound.c.kind).where(outbound.c.dedupe_key == f"safety:{patient.receipt.message_id}")
        assert work.execute(key).scalar() == "emergency"
    bench.assistant.lets_go()


async def test_it_does_not_wait_for_an_earlier_message(bench, patient, until):
    bench.assistant.holds()
    await patient.says(HARMLESS, wait=False)
    await until(lambda: len(bench.assistant.turns) == 2)
    await patient.says(E1, wait=False)
    patient.heard += await patient._new_messages()
    assert len(alarms(patient)) == 1
    bench.assistant.lets_go()
    await patient.listens()
    assert [turn.text for turn in bench.assistant.turns[1:]] == [HARMLESS, E1]


async def test_it_comes_with_the_assistant_down(bench, patient):
    bench.assistant.goes_down()
    await patient.says(E1)
    assert len(alarms(patient)) == 1


async def test_it_comes_while_a_nurse_talks(bench, patient):
    await patient.says("nurse")
    await bench.nurse("Li").claims(patient)
    await patient.says(E1)
    patient.hears_kind("emergency")


async def test_while_a_nurse_talks_a_harmless_message_brings_nothing(bench, patient):
    await patient.says("nurse")
    await bench.nurse("Li").claims(patient)
    await patient.says(HARMLESS)
    patient.hears_nothing()


async def test_it_comes_after_a_refusal(bench):
    patient = bench.patient(language="en")
    await patient.says("Hello")
    await patient.presses("No, thanks")
    await patient.says(E1)
    assert len(alarms(patient)) == 1


async def test_it_reads_to_the_end_of_a_very_long_message(patient):
    await patient.says("I went for a walk in the park. " * 150 + E1)
    assert len(alarms(patient)) == 1


async def test_the_same_message_again_does_not_bring_it_again(patient):
    await patient.says(E1, external_id="twice")
    await patient.says(E1, external_id="twice")
    assert len(alarms(patient)) == 1


async def test_the_assistant_is_told_the_level_and_answers_at_once(bench, patient):
    await patient.says(E1)
    assert bench.assistant.turns[-1].level_floor == "E1"
    assert patient.conversation().level_floor == "E1"


async def test_a_case_is_opened_with_rule_ids_and_no_words(bench, patient):
    await patient.says(E1)
    (case,) = bench.cases()
    assert (case.reason, case.level, case.crisis) == ("red_flag", "E1", False)
    with bench.database.read() as work:
        from bot.handoff.cases import trace

        kept = trace(work, case.id)
    assert kept["red_flags"] and "sweat" not in repr(kept)


async def test_a_crisis_goes_to_a_person_and_not_to_the_assistant(bench, patient):
    asked = len(bench.assistant.turns)
    await patient.says(CRISIS)
    patient.hears_kind("crisis")
    assert len(bench.assistant.turns) == asked and bench.cases()[0].crisis


async def test_after_a_crisis_the_next_message_goes_to_the_assistant_again(bench, patient):
    await patient.says(CRISIS)
    await patient.says(HARMLESS)
    assert bench.assistant.turns[-1].text == HARMLESS


async def test_an_answer_that_was_on_its_way_does_not_lower_the_level(bench, patient, until):
    bench.assistant.replies(
        "itches", "Ear, nose and throat.", effects=[Effect("assessment", {"level": "R", "departments": ["ENT"]})]
    )
    bench.assistant.holds()
    await patient.says(HARMLESS, wait=False)
    await until(lambda: len(bench.assistant.turns) == 2)
    await patient.says(E1, wait=False)
    bench.assistant.lets_go()
    await patient.listens()
    assert patient.conversation().level_floor == "E1"


async def test_an_episode_that_closes_before_does_not_forget_the_alarm_behind_it(bench, patient, until):
    bench.assistant.replies("itches", "Ear, nose and throat.", effects=[Effect("episode_closed")])
    bench.assistant.holds()
    await patient.says(HARMLESS, wait=False)
    await until(lambda: len(bench.assistant.turns) == 2)
    await patient.says(E1, wait=False)
    bench.assistant.lets_go()
    await patient.listens()
    assert bench.assistant.turns[-1].level_floor == "E1"
    assert patient.conversation().level_floor == "E1"


async def test_thanks_does_not_lower_the_level_and_a_new_episode_begins_anew(bench, patient):
    await patient.says(E1)
    await patient.says("thank you, it is better now")
    assert bench.assistant.turns[-1].level_floor == "E1"
    await bench.passes(hours=5)
    await patient.says(HARMLESS)
    assert bench.assistant.turns[-1].level_floor == "INFO"


async def test_red_flags_in_many_conversations_at_once_are_all_answered(bench):
    patients = [bench.patient(language="en") for _ in range(20)]
    await asyncio.gather(*(patient.says(E1) for patient in patients))
    assert [len(alarms(patient)) for patient in patients] == [1] * 20
