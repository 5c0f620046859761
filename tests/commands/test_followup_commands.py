"""`daozhen followup`: plans are listed, a patient is enrolled once, what waits is shown without words, a stop ends it."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clock import utc_now
from bot.commands.services import open_database
from bot.database.tables import audit, conversation, guidance_outcome, patient
from bot.followup.readings import Given, Told, take
from bot.followup.thresholds import About
from tests.contents import the_content


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path))
    with open_database().write() as work:
        now = utc_now()
        work.execute(patient.insert().values(id="p", created_at=now))
        values = {
            "channel": "webchat",
            "lookup": "l",
            "language": "en",
            "region": "CN",
            "region_known": True,
            "level_floor": "INFO",
        }
        flags = {"episode": 1, "greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": now, "last_at": now}
        work.execute(conversation.insert().values(id="c", patient_id="p", **values, **flags))
    return lambda *words: CliRunner().invoke(app, ["followup", *words])


def test_the_plans_are_listed(run):
    found = json.loads(run("plans", "--json").stdout)
    assert {"after_operation", "hypertension"} <= {one["id"] for one in found}


def test_a_patient_is_enrolled_once_shown_and_stopped(run):
    assert "Enrolled: number 1, 1 reminders planned." in run("enrol", "c", "medicine").stdout
    assert "Enrolled already" in run("enrol", "c", "medicine").stdout
    waiting = json.loads(run("due", "--json").stdout)
    assert [one["step"] for one in waiting["waiting"]] == ["daily"] and waiting["counts"] == {"waiting": 1}
    assert "1 plans ended" in run("stop", "c").stdout
    assert json.loads(run("due", "--json").stdout)["counts"] == {"cancelled": 1}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("enrol", "c", "nonsense"), "There is no plan nonsense"),
        (("enrol", "nobody", "medicine"), "There is no conversation nobody"),
        (("stop", "c", "--because", "bored"), "bored is no reason"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(run, words, sentence):
    assert sentence in str(run(*words).exception)


def test_readings_are_written_to_a_file_for_the_doctor(run, tmp_path):
    with open_database().write() as work:
        measure = the_content().followup.thresholds.by_id["weight"]
        told = Told("p", measure, Given({"weight_kg": 70.5}, "70.5 kg"), utc_now(), About(), ZoneInfo("UTC"), "chat", "k")
        take(work, told)

    assert "1 readings" in run("readings", "c", "--out", str(tmp_path / "r.csv")).stdout
    assert "70.5" in (tmp_path / "r.csv").read_text()
    run("readings", "c", "--out", str(tmp_path / "r.pdf"), "--lang", "de")
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    with open_database().read() as work:
        assert [row.what for row in work.execute(audit.select())].count("exported readings") == 2


def test_without_readings_no_file_is_written(run, tmp_path):
    out = tmp_path / "r.csv"
    assert "no readings" in str(run("readings", "c", "--out", str(out)).exception)
    assert not out.exists()
    assert "neither a PDF nor a table" in str(run("readings", "c", "--out", "x.doc").exception)


def test_outcomes_are_counted_by_the_department_that_was_named(run):
    assert "Nobody was asked yet" in run("outcomes").stdout
    now = utc_now()
    with open_database().write() as work:
        for number, (went, right, seen) in enumerate(
            [(True, True, None), (True, False, "DERM"), (False, None, None), (None, None, None)]
        ):
            answered = now if went is not None else None
            row = {"conversation_id": "c", "department": "ENT", "went": went, "was_right": right, "department_seen": seen}
            work.execute(guidance_outcome.insert().values(**row, dedupe_key=str(number), asked_at=now, answered_at=answered))
    said = run("outcomes").stdout
    assert "ENT" in said and "asked    4, answered    3, went    2, right    1, wrong    1  seen by DERM 1" in said
    (row,) = json.loads(run("outcomes", "--json", "--days", "7").stdout)
    assert row["asked"] == 4 and row["seen"] == {"DERM": 1}
