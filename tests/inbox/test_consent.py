"""Nothing is kept without consent; with it, what was written first is answered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import inbound
from bot.languages import LANGUAGES
from bot.privacy import consent


def kept(bench):
    """The words of all stored messages."""
    with bench.database.read() as work:
        rows = work.execute(sa.select(inbound.c.sealed).where(inbound.c.sealed.isnot(None))).scalars()
        return [work.cipher.unseal(sealed)["text"] for sealed in rows]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_first_message_is_answered_with_who_is_speaking_and_the_question(bench, language):
    patient = bench.patient(language=language)
    await patient.says("…")
    patient.hears(patient.phrase("consent.greeting"), patient.phrase("consent.ask", days=180))
    patient.hears(patient.phrase("disclaimer.full"))
    assert patient.buttons() == (patient.phrase("consent.yes"), patient.phrase("consent.no"))
    assert not bench.assistant.turns


async def test_yes_answers_what_was_written_first(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await patient.presses("I agree")
    patient.hears("(my ear hurts)")


async def test_yes_answers_everything_that_waited_in_its_order(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await patient.says("since Monday")
    patient.hears(patient.phrase("consent.ask_again"))
    await patient.presses("I agree")
    assert [turn.text for turn in bench.assistant.turns] == ["my ear hurts", "since Monday"]


async def test_typing_yes_works_like_the_button(bench):
    patient = bench.patient(language="de")
    await patient.says("Guten Tag")
    await patient.says("Ja, bitte")
    patient.hears("(Guten Tag)")


async def test_no_blanks_what_was_written_and_says_what_still_works(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await patient.presses("No, thanks")
    patient.hears("Emergency advice still works")
    assert kept(bench) == [] and not bench.assistant.turns


async def test_after_no_nothing_is_kept_and_yes_still_works(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await patient.presses("No, thanks")
    await patient.says("my foot hurts")
    assert kept(bench) == [] and not bench.assistant.turns
    await patient.presses("I agree")
    patient.hears(patient.phrase("consent.thanks"))
    await patient.says("my foot hurts")
    patient.hears("(my foot hurts)")


async def test_yes_before_the_question_is_no_consent(bench):
    patient = bench.patient(language="en")
    await patient.says("ok")
    patient.hears_kind("consent")
    await patient.says("my ear hurts")
    assert not bench.assistant.turns


async def test_a_forged_button_is_no_consent(bench):
    patient = bench.patient(language="en")
    await patient.presses_payload(consent.YES)
    patient.hears_kind("consent")
    assert not bench.assistant.turns


async def test_without_an_answer_the_words_are_blanked_after_the_time(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await bench.passes(minutes=29)
    assert kept(bench) == ["my ear hurts"]
    await bench.passes(minutes=2)
    assert kept(bench) == []


async def test_a_late_yes_asks_for_the_question_again(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await bench.passes(minutes=31)
    await patient.presses("I agree")
    patient.hears(patient.phrase("consent.thanks"))
    assert not bench.assistant.turns


@pytest.mark.parametrize("first", ["nurse", "privacy", "delete my data", "English please"])
async def test_a_command_first_does_not_take_the_question_away(bench, first):
    patient = bench.patient(language="en")
    await patient.says(first)
    await patient.says("my ear hurts")
    assert "Is that all right?" in "".join(item.content["text"] for item in patient.heard)
    assert not bench.assistant.turns


async def test_who_changes_the_language_is_asked_in_that_language(bench):
    patient = bench.patient()
    await patient.says("耳朵疼")
    await patient.says("auf Deutsch bitte")
    patient.hears(patient.phrase("consent.ask", days=180))
    assert patient.conversation().language == "de"


async def test_withdrawing_stops_the_storing(bench, patient):
    await patient.says("my ear hurts")
    await patient.says("withdraw consent")
    await patient.says("my foot hurts")
    assert kept(bench) == [] and bench.assistant.turns[-1].text == "my ear hurts"


async def test_with_consent_nothing_is_asked_again(bench, patient):
    await patient.says("my ear hurts")
    patient.hears_kind("answer")


async def test_a_nurse_can_read_a_patient_who_has_not_answered_yet_and_ok_to_her_is_no_consent(bench):
    patient = bench.patient(language="en")
    await patient.says("my ear hurts")
    await patient.says("nurse")
    await bench.nurse("Li").replies(patient, "Shall I call you?")
    await patient.says("ok")
    patient.hears_nothing()
    assert "ok" in kept(bench)
    with bench.database.read() as work:
        assert consent.state(work, patient.conversation().patient_id, "webchat") == "none"
