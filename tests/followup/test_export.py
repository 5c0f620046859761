"""A doctor gets every reading with its unit, its time and its zone; a program for tables gets no formula from a patient."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta, timezone

import pypdfium2
import pytest

from bot.database.tables import patient
from bot.followup.export import Report, csv_of, report_of
from bot.followup.export_pdf import pdf_of
from bot.languages import LANGUAGES
from tests.contents import the_content
from tests.followup.courses import PRESSURES, WEIGHTS, ZONE, course, of_values, saying
from tests.followup.test_showing import NOW, tell

MADE = datetime(2026, 11, 30, 9, 0, tzinfo=ZONE)
SUGARS = of_values("glucose", [6.2, 7.1], said="128 mg/dL")


def report(language="en", courses=(PRESSURES, SUGARS, WEIGHTS)):
    return Report(tuple(course(readings) for readings in courses), saying(language), MADE)


def rows(found):
    return list(csv.DictReader(io.StringIO(found.decode("utf-8-sig"))))


def pages(data):
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_table_has_every_reading_in_the_order_of_time_with_unit_and_zone():
    found = rows(csv_of(report()))

    assert len(found) == len(PRESSURES) + len(SUGARS) + len(WEIGHTS)
    assert [row["Date and time"] for row in found] == sorted(row["Date and time"] for row in found)
    assert found[0]["Date and time"] == "2026-11-02T08:05+08:00"
    pressure = next(row for row in found if row["Measure"] == "Blood pressure")
    assert (pressure["Value"], pressure["Unit"], pressure["Source"]) == ("128/82", "mmHg", "answer to a check-in")
    assert {row["Value"] for row in found if row["Unit"] == "mg/dL"} == {"112", "128"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_a_table_are_for_programs_in_every_language(language):
    found = csv_of(report(language)).decode("utf-8-sig")

    assert "80.3" in found
    assert not re.search("[٠-٩]", found)


def test_what_a_patient_wrote_is_never_a_formula():
    found = rows(csv_of(report(courses=[of_values("weight", [70.0], said='=HYPERLINK("x")')])))

    assert found[0]["As the patient wrote it"].startswith("'=")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_says_what_it_is_and_how_far_it_can_be_trusted(language):
    first = pages(pdf_of(report(language)))[0]

    if language != "ar":  # joined letters are other characters in a PDF
        phrases = the_content().phrases
        assert phrases.get("readings.report_title", language) in first
        assert phrases.get("readings.report_no_diagnosis", language) in first
        assert "151/93" in first
    assert pages(pdf_of(report(language)))[0] == first


def test_many_readings_go_on_over_pages_and_none_is_lost():
    many = of_values("pulse", [60 + number % 40 for number in range(400)], every=timedelta(hours=10))
    found = pages(pdf_of(report(courses=[many])))

    assert len(found) > 1
    times = re.findall(r"\d{1,2} [A-Z][a-z]{2} \d\d:\d\d", " ".join(found))
    assert len(times) >= len(many)


def test_a_report_holds_what_was_measured_within_half_a_year_and_of_nobody_else(database):
    with database.write() as work:
        for name in ("p", "q"):
            work.execute(patient.insert().values(id=name, created_at=NOW - timedelta(days=400)))
    tell(database, "weight", (70,), days_ago=1)
    tell(database, "weight", (99,), days_ago=300)
    tell(database, "pulse", (71,), days_ago=1, whose="q")

    with database.read() as work:
        found = report_of(work, "p", language="en", content=the_content(), now=NOW)

    assert [one.measure.id for one in found.courses] == ["weight"]
    assert [one.values["weight_kg"] for one in found.courses[0].readings] == [70.0]


def test_without_readings_a_report_is_empty(database):
    with database.read() as work:
        found = report_of(work, "p", language="en", content=the_content(), now=datetime.now(timezone.utc))

    assert found.courses == ()
    assert "any readings of yours yet" in pages(pdf_of(found))[0]
