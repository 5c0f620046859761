"""Erasing oneself gives a blocked person no clean slate, leaves nothing else behind, and holds nobody for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import case_event, conversation, identity, inbound, kept_block
from bot.handoff import blocking
from bot.inbox.conversations import leave
from bot.languages import LANGUAGES
from bot.privacy.erase import erase_old, erase_patient


async def blocked(bench, **more):
    patient = await bench.patient(**{"language": "en", **more}).who_agreed()
    await patient.says(
        {"zh-Hant": "真人", "zh-Hans": "人工", "ar": "ممرضة", "de": "Mensch"}.get(more.get("language", "en"), "nurse")
    )
    case = bench.cases()[0]
    content = bench.services.content.current()
    await bench.services.write(lambda work: blocking.block(work, case.id, who="ana", now=bench.now(), content=content))
    await patient.listens()
    return patient


async def erases_everything(patient):
    await patient.says("delete my data")
    await patient.says("yes")


def left(bench, table) -> int:
    with bench.database.read() as work:
        return work.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def erase_due(work, bench):
    erase_old(work, now=bench.now(), days=180)


async def test_who_is_blocked_and_deletes_their_data_is_not_read_afterwards(bench):
    patient = await blocked(bench)

    await erases_everything(patient)
    patient.hears("Everything about you has been deleted", "180 days", "not read")
    await patient.who_agreed()
    await patient.says("nurse")

    patient.hears("no longer read what you write")
    assert not bench.cases() and (left(bench, kept_block), left(bench, case_event)) == (0, 0)


async def test_who_is_not_blocked_is_told_of_nothing_that_stays(bench):
    patient = await bench.patient(language="en").who_agreed()

    await erases_everything(patient)
    patient.hears_not("180 days")
    await patient.who_agreed()
    await patient.says("nurse")

    assert len(bench.cases()) == 1


async def test_a_blocked_person_in_danger_reaches_a_nurse_after_deleting_everything_too(bench):
    patient = await blocked(bench)
    await erases_everything(patient)

    await patient.says("I have crushing chest pain and my left arm is numb")

    patient.hears("120")
    assert [case.level for case in bench.cases()] == ["E1"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_before_they_decide_they_are_told_what_stays(bench, language):
    patient, phrases = await blocked(bench, language=language), bench.services.content.current().phrases

    await patient.says(phrases.get("privacy.erase_button", language))

    patient.hears(phrases.get("privacy.block_stays", language, days=180))


async def test_who_is_erased_by_the_hospital_and_comes_back_is_still_blocked(bench):
    patient = await blocked(bench)
    gone = patient.conversation().patient_id
    await bench.services.write(lambda work: erase_patient(work, gone, who="lea", now=bench.now()))
    assert [left(bench, table) for table in (kept_block, identity, conversation, inbound)] == [1, 0, 0, 0]

    await patient.who_agreed()
    await patient.says("nurse")

    assert not bench.cases() and left(bench, kept_block) == 0


async def test_who_blocks_the_bot_until_they_are_erased_comes_back_blocked(bench):
    patient = await blocked(bench)
    await bench.nurse("Ana").closes(patient, outcome="not_medical")
    chat = patient.conversation().id
    await bench.services.write(lambda work: leave(work, chat, now=bench.now()))
    await bench.passes(days=31)
    await bench.services.write(lambda work: erase_due(work, bench))
    assert (left(bench, conversation), left(bench, kept_block)) == (0, 1)

    await patient.who_agreed()
    await patient.says("nurse")

    assert not bench.cases()


async def test_what_stays_ends_with_the_time_for_which_anything_is_kept(bench):
    patient = await blocked(bench)
    gone = patient.conversation().patient_id
    await bench.services.write(lambda work: erase_patient(work, gone, who="lea", now=bench.now()))

    bench._later += timedelta(days=181)
    await bench.services.write(lambda work: erase_due(work, bench))

    assert left(bench, kept_block) == 0


async def test_nor_does_erasing_again_and_again_prolong_it(bench):
    patient = await blocked(bench)
    for _ in range(4):
        await erases_everything(patient)
        await patient.who_agreed()
        bench._later += timedelta(days=46)
    await bench.services.write(lambda work: erase_due(work, bench))

    await patient.says("nurse")

    assert len(bench.cases()) == 1


async def test_silence_for_as_long_as_anything_is_kept_ends_a_block_as_before(bench):
    patient = await blocked(bench)
    await bench.nurse("Ana").closes(patient, outcome="not_medical")

    bench._later += timedelta(days=181)
    await bench.services.write(lambda work: erase_due(work, bench))

    assert (left(bench, conversation), left(bench, kept_block)) == (0, 0)
