"""The readings of `tests/triage/measurements.yml` as answers to a check-in, in chat: stored right or asked again, no unit guessed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.content.packs import read_yaml
from bot.database.tables import checkin, conversation, plan_enrolment, reading
from tests.conversations.bench import Bench
from tests.followup.test_checkins import asked

pytestmark = pytest.mark.slow

ROWS = read_yaml(Path(__file__).parents[1] / "triage" / "measurements.yml")
MEASURES = {
    "blood_pressure": ("systolic", "diastolic"),
    "glucose": ("glucose_mmol",),
    "weight": ("weight_kg",),
    "temperature": ("temperature_c",),
    "spo2": ("spo2",),
    "pain": ("pain",),
}
# Numbers of these mean different things in different units.
WITH_UNITS = ("blood_pressure", "glucose", "weight")
# Two readings in one answer: only one was asked for, so the patient says which.
SEVERAL = {"昨晚血压150/95，今早142/88", "早上量血壓 148/92，下午 135/85"}
EACH = [(language, measure) for language in ROWS for measure in MEASURES]


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


def told(language, part, measure):
    """Return the texts with what they say of this measure, all of its values."""
    kinds = MEASURES[measure]
    rows = (row for row in ROWS[language][part] if set(kinds) <= set(row))
    return [(row["text"], {kind: row[kind] for kind in kinds}) for row in rows]


def asks(bench, patient, measure):
    """Let this question be the open one, and nothing be known before."""
    one = patient.conversation()
    with bench.database.write() as work:
        work.execute(sa.delete(reading))
        sealed = work.cipher.seal({"questions": [measure], "answers": {}})
        again = {"state": "open", "question": 0, "closed_at": None, "sealed": sealed}
        number = work.execute(sa.select(checkin.c.id)).scalar_one()
        work.execute(sa.update(checkin).values(**again, expires_at=bench.now() + timedelta(hours=6)))
        work.execute(sa.update(plan_enrolment).values(state="active", ended_because=None))
        mine = conversation.c.id == one.id
        work.execute(sa.update(conversation).where(mine).values(asked_checkin=number, level_floor="INFO"))


def stored(bench):
    with bench.database.read() as work:
        return [(row.kind, work.cipher.unseal(row.sealed)["values"]) for row in work.execute(sa.select(reading))]


async def answers(bench, patient, measure, text):
    """Return what is stored of an answer, None when nothing is: then something was asked again."""
    asks(bench, patient, measure)
    await patient.says(text)
    found = stored(bench)
    if not found:
        assert any(item.content["kind"] == "question" for item in patient.latest), f"{text}: {patient.transcript()}"
        return None
    ((kind, values),) = found
    assert kind == measure
    return values


async def in_check_in(bench, language):
    patient = await bench.patient(language=language).who_agreed()
    await asked(bench, patient, "hypertension")
    return patient


@pytest.mark.parametrize(("language", "measure"), EACH)
async def test_a_reading_that_is_sure_is_stored_as_it_was_meant(bench, language, measure):
    patient = await in_check_in(bench, language)

    wrong = {}
    for text, values in told(language, "read", measure):
        found = await answers(bench, patient, measure, text)
        if found != (None if text in SEVERAL else pytest.approx(values, abs=0.06)):
            wrong[text] = found
    assert not wrong


@pytest.mark.parametrize(("language", "measure"), [one for one in EACH if one[1] in WITH_UNITS])
async def test_a_reading_of_two_meanings_is_asked_again_and_not_stored(bench, language, measure):
    """Only where the unit is written the question has made it clear."""
    patient = await in_check_in(bench, language)

    for text, values in told(language, "ask", measure):
        found = await answers(bench, patient, measure, text)
        assert found == (pytest.approx(values, abs=0.06) if "mg/dl" in text else None), text


@pytest.mark.parametrize("language", ROWS)
@pytest.mark.parametrize("measure", MEASURES)
def test_the_readings_of_a_measure_are_there_to_be_tried(language, measure):
    assert told(language, "read", measure), (language, measure)
