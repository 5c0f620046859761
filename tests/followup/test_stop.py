""" "Stop" stops at once, in every language and in ordinary words; of somebody without reminders it is left to the dialogue."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import reminder
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.sending import plan_all, send_due
from bot.privacy.words import is_stop, read_command
from tests.conversations.bench import Bench


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


async def reminded(bench, language):
    patient = await bench.patient(language=language).who_agreed()
    one = patient.conversation()
    with bench.database.write() as work:
        day = bench.now().date() + timedelta(days=1)
        for plan in ("medicine", "after_operation"):
            entry = Entry(one.patient_id, one.id, plan, "1", day, "UTC", "ana", f"{plan}:{one.id}", True)
            enrolment, _ = enrolments.enrol(work, entry, now=bench.now())
            plan_all(work, enrolment, bench.services.content.current(), now=bench.now())
    return patient


WORDS = [
    ("zh-Hans", "停止"), ("zh-Hans", "退订"), ("zh-Hans", "停止提醒"), ("zh-Hans", "别再提醒我了"), ("zh-Hant", "停止提醒"),
    ("zh-Hant", "退訂"), ("en", "STOP"), ("en", "stop reminders"), ("en", "please unsubscribe"), ("de", "Stopp"),
    ("de", "Stopp Erinnerungen"), ("de", "abmelden"), ("de", "keine Erinnerungen mehr"), ("ar", "إيقاف"), ("ar", "إيقاف التذكيرات"),
    ("ar", "توقف"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "words"), WORDS)
async def test_stop_ends_every_reminder_at_once(bench, language, words):
    patient = await reminded(bench, language)
    await patient.says(words)
    patient.hears(patient.phrase("followup.stopped", emergency="120").split("120")[0][:12])
    with bench.database.write() as work:
        assert set(work.execute(sa.select(reminder.c.state)).scalars()) == {"cancelled"}
        assert send_due(work, bench.services.content.current(), now=bench.now() + timedelta(days=60)).sent == 0
        assert enrolments.of_patient(work, patient.conversation().patient_id) == ()


async def test_stop_works_while_the_assistant_is_away(bench):
    patient = await reminded(bench, "en")
    bench.assistant.goes_down()
    await patient.says("stop")
    patient.hears("no more reminders")


async def test_stop_of_somebody_without_reminders_is_for_the_dialogue(bench):
    patient = await bench.patient(language="en").who_agreed()
    bench.assistant.replies("stop", "All right, we begin anew.")
    await patient.says("stop")
    patient.hears("All right, we begin anew.")


async def test_after_a_stop_the_word_means_what_it_meant_before(bench):
    patient = await reminded(bench, "en")
    await patient.says("stop")
    bench.assistant.replies("stop", "All right, we begin anew.")
    await patient.says("stop")
    patient.hears("All right, we begin anew.")


@pytest.mark.parametrize(
    "text",
    [
        "the bleeding does not stop",
        "it stopped yesterday",
        "Stopp, das tut weh",
        "不要停药可以吗",
        "停经三个月",
        "لا يتوقف النزيف",
        "stop taking the pill?",
    ],
)
def test_a_sentence_with_the_word_is_no_order(text):
    assert not is_stop(text) and read_command(text) is None
