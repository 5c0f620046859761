"""Corrected, forwarded and captioned messages: each is read for danger, and none is taken for what it is not."""

from __future__ import annotations

import pytest

from bot.database.tables import inbound


def states(bench):
    with bench.database.read() as work:
        return [row.state for row in work.execute(inbound.select().order_by(inbound.c.id))]


def kept(bench):
    with bench.database.read() as work:
        rows = work.execute(inbound.select().where(inbound.c.sealed.isnot(None))).all()
        return [work.cipher.unseal(row.sealed)["text"] for row in rows]


async def corrects(patient, number, text, **more):
    await patient.says(text, external_id=f"{number}.9{number}", kind="edited", corrects=f"{number}.", **more)


async def test_a_correction_before_the_answer_is_answered_instead(bench, patient):
    bench.assistant.goes_down()
    await patient.says("my ear hurts", external_id="70.1")
    await corrects(patient, 70, "my eye hurts")
    bench.assistant.comes_back()
    await bench.passes(seconds=20)
    await patient.listens()
    patient.hears("(my eye hurts)")
    assert [turn.text for turn in bench.assistant.turns if turn.message_id in bench.assistant.ran][1:] == ["my eye hurts"]


async def test_a_correction_after_the_answer_is_told_honestly_and_not_run_again(bench, patient):
    await patient.says("my ear hurts", external_id="71.1")
    ran = len(bench.assistant.ran)
    await corrects(patient, 71, "my eye hurts")
    patient.hears(patient.phrase("inbox.edited", emergency="120 (China; elsewhere your local emergency number)")[:40])
    assert len(bench.assistant.ran) == ran


async def test_a_correction_that_says_danger_is_an_emergency(bench, patient):
    await patient.says("my chest feels fine", external_id="72.1")
    await corrects(patient, 72, "crushing chest pain and my left arm is numb")
    assert "emergency" in [item.content["kind"] for item in patient.latest]


async def test_an_edit_that_changes_no_word_is_nothing(bench, patient):
    await patient.says("my ear hurts", external_id="73.1")
    await corrects(patient, 73, "my ear hurts")
    patient.hears_nothing()


async def test_somebody_else_cannot_correct_my_message(bench, patient):
    bench.assistant.goes_down()
    await patient.says("my ear hurts", external_id="74.1")
    other = bench.patient(language="en")
    await corrects(other, 74, "nothing hurts")
    assert states(bench)[-2] == "received"
    bench.assistant.comes_back()
    await bench.passes(seconds=20)


async def test_a_correction_before_consent_waits_in_the_place_of_the_first(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts", external_id="75.1")
    await corrects(patient, 75, "my eye hurts")
    patient.hears_nothing()
    await patient.presses("I agree")
    patient.hears("(my eye hurts)")
    patient.hears_not("(my ear hurts)")


async def test_without_consent_both_versions_are_blanked(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts", external_id="76.1")
    await corrects(patient, 76, "my eye hurts")
    await bench.passes(minutes=31)
    await bench.services.worker.clean()
    assert kept(bench) == []


async def test_with_consent_both_versions_are_kept(bench, patient):
    bench.assistant.goes_down()
    await patient.says("my ear hurts", external_id="77.1")
    await corrects(patient, 77, "my eye hurts")
    assert {"my ear hurts", "my eye hurts"} <= set(kept(bench))


async def test_who_takes_back_a_word_of_a_crisis_before_consent_is_still_read_by_a_nurse(bench):
    patient = bench.patient(language="en")
    await patient.says("I want to kill myself", external_id="78.1")
    await corrects(patient, 78, "never mind")
    assert {"I want to kill myself", "never mind"} <= set(kept(bench))


async def test_somebody_elses_words_are_read_for_danger_and_not_answered_as_the_patients_own(bench, patient):
    ran = len(bench.assistant.ran)
    await patient.says("my knee hurts a little", kind="forwarded")
    patient.hears("somebody else's words")
    await patient.says("crushing chest pain and my left arm is numb", kind="forwarded")
    assert "emergency" in [item.content["kind"] for item in patient.latest] and len(bench.assistant.ran) == ran


async def test_a_forwarded_order_is_no_order(bench, patient):
    await patient.says("delete my data", kind="forwarded")
    patient.hears("somebody else's words")
    patient.hears_not("Shall I delete")


async def test_words_under_a_picture_are_answered_and_the_picture_is_not_pretended_to_be_seen(bench, patient):
    await patient.says("rash on my arm", kind="image")
    patient.hears("I have read only your words", "(rash on my arm)")


async def test_a_picture_without_words_is_answered_honestly_with_a_person_offered(bench, patient):
    await patient.says("", kind="image")
    patient.hears("cannot read pictures")
    assert len(patient.buttons()) == 1


@pytest.mark.parametrize(("said", "expected"), [("/language", 5), ("Sprache", 5), ("language of love", 0)])
async def test_which_language_is_asked_with_a_button_for_each(bench, patient, said, expected):
    await patient.says(said)
    assert len(patient.buttons()) == expected


async def test_a_pressed_language_is_spoken(bench, patient):
    await patient.says("/language")
    await patient.presses("Deutsch")
    patient.hears("wir sprechen Deutsch")


@pytest.mark.parametrize(
    ("hint", "text", "expected"), [("de", "ok", "de"), ("ar", "", "ar"), ("de", "my ear hurts since two days", "en")]
)
async def test_the_apps_language_decides_only_where_the_words_do_not(bench, hint, text, expected):
    patient = bench.patient()
    await patient.says(text, kind="text" if text else "image", language_hint=hint)
    assert patient.conversation().language == expected
