"""What follow-up knows of a patient is in the export of everything, and gone after an erasure; other people's is neither."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, conversation, guidance_outcome, patient, plan_enrolment, reading, reminder
from bot.followup import enrolments, reminders
from bot.followup.readings import Given, Told, take
from bot.followup.schedule import Due
from bot.followup.thresholds import About
from bot.privacy.erase import erase_patient
from bot.privacy.export import export
from tests.contents import the_content

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=timezone.utc)
TABLES = (plan_enrolment, reminder, checkin, reading, guidance_outcome)


@pytest.fixture
def two(database):
    """Two patients of whom follow-up knows the same."""
    with database.write() as work:
        for who in ("p", "q"):
            followed(work, who)
    return database


def followed(work, who):
    chat = f"c-{who}"
    work.execute(patient.insert().values(id=who, created_at=NOW))
    values = {"channel": "webchat", "lookup": chat, "language": "en", "region": "CN", "region_known": True, "level_floor": "INFO"}
    flags = {"episode": 1, "greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": NOW, "last_at": NOW}
    work.execute(conversation.insert().values(id=chat, patient_id=who, **values, **flags))
    entry = enrolments.Entry(who, chat, "hypertension", "1", NOW.date(), "UTC", "ana", who, True, {"text": f"own words of {who}"})
    enrolment, _ = enrolments.enrol(work, entry, now=NOW)
    due = Due("weekly", 0, NOW.date(), NOW, NOW + timedelta(hours=4))
    number = reminders.plan(work, enrolment.id, due, priority=1)
    asked = {"state": "open", "question": 0, "opened_at": NOW, "expires_at": NOW, "sealed": work.cipher.seal({})}
    work.execute(checkin.insert().values(reminder_id=number, enrolment_id=enrolment.id, conversation_id=chat, **asked))
    outcome = {"department": "ENT", "dedupe_key": who, "asked_at": NOW}
    work.execute(guidance_outcome.insert().values(conversation_id=chat, **outcome))
    measure = the_content().followup.thresholds.by_id["weight"]
    given = Given({"weight_kg": 70.0}, f"70 kg says {who}")
    take(work, Told(who, measure, given, NOW, About(), ZoneInfo("UTC"), "checkin", who, enrolment.id))


def test_the_export_holds_what_follow_up_knows_and_nothing_of_others(two):
    with two.read() as work:
        data = export(work, "p")

    assert {table.name: len(data[table.name]) for table in TABLES} == dict.fromkeys((table.name for table in TABLES), 1)
    assert data["reading"][0]["content"]["said"] == "70 kg says p"
    assert data["plan_enrolment"][0]["content"] == {"text": "own words of p"}


def test_erasing_leaves_nothing_of_it_and_everything_of_others(two):
    with two.write() as work:
        erase_patient(work, "p", who="patient", now=NOW)
    with two.read() as work:
        counts = {table.name: work.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in TABLES}

    assert counts == dict.fromkeys((table.name for table in TABLES), 1)
