"""A nurse takes a patient's readings along for the doctor: written down, without the patient's words, and only of their own cases."""

from __future__ import annotations

import pytest

from bot.desk.api import readings_file
from bot.posters.fonts import NoFont
from tests.desk.test_desk_followup import told


@pytest.fixture
def case(desk):
    number = desk.case()
    told(desk, number, "blood_pressure", {"systolic": 128.0, "diastolic": 82.0}, hours=3)
    return number


async def test_the_table_has_readings_and_none_of_the_words(desk, case):
    answer = await desk.nurse().get(f"cases/{case}/readings.csv")

    assert answer.headers["content-disposition"] == f'attachment; filename="readings-{case}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert "128/82,mmHg" in answer.text
    assert "SECRET" not in answer.text


async def test_the_pdf_is_one_and_taking_it_is_written_down(desk, case):
    answer = await desk.nurse().get(f"cases/{case}/readings.pdf")

    assert answer.content.startswith(b"%PDF")
    assert ("ana", "exported readings", str(case)) in desk.audit()


@pytest.mark.parametrize("role", ["admin", "auditor"])
async def test_who_may_not_see_the_case_takes_nothing_and_nothing_is_written_down(desk, case, role):
    answer = await desk.nurse("ina", role).get(f"cases/{case}/readings.csv")

    assert answer.status_code == 403
    assert not [line for line in desk.audit() if line[1] == "exported readings"]


async def test_another_kind_of_file_there_is_not(desk, case):
    assert (await desk.nurse().get(f"cases/{case}/readings.exe")).status_code == 404


async def test_without_a_font_it_is_said_what_to_do(desk, case, monkeypatch):
    def none(_):
        raise NoFont("no font")

    monkeypatch.setattr(readings_file, "_pdf", none)
    answer = await desk.nurse().get(f"cases/{case}/readings.pdf")

    assert (answer.status_code, answer.json()["error"]) == (503, "no_pdf")
    assert "Take the table" in answer.json()["sentence"]
