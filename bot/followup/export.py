"""All readings of a patient for their doctor: what is in it, and as a table that other programs read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content.load import Content
from bot.database.engine import Work
from bot.followup.course import HALF_A_YEAR, Course, course_of
from bot.followup.course_in_words import name_of
from bot.followup.readings import Stored
from bot.followup.saying import Saying
from bot.followup.showing import kinds_by_time, zone_of_patient
from bot.languages import Language

# Programs for tables take what begins with these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Report:
    """The courses of all that was measured since a day, in the order of the reviewed table."""

    courses: tuple[Course, ...]
    saying: Saying
    made_at: datetime


def report_of(
    work: Work, patient_id: str, *, language: Language, content: Content, now: datetime, span: timedelta = HALF_A_YEAR
) -> Report:
    """Return what a patient has measured within `span`; without readings it has no courses."""
    kinds = kinds_by_time(work, patient_id)
    measures = [measure for measure in content.followup.thresholds.by_id.values() if measure.id in kinds]
    courses = (course_of(work, patient_id, measure, now=now, span=span) for measure in measures)
    saying = Saying(language, zone_of_patient(work, patient_id, content), content.phrases)
    return Report(tuple(course for course in courses if course.readings), saying, now)


def csv_of(report: Report, *, words: bool = True) -> bytes:
    """Return the readings as CSV in UTF-8, the oldest first: ISO dates with the zone, points in numbers, each in its unit.

    Numbers and dates are as programs want them in every language; names and headings are the patient's. `words`: as they
    were written, too.
    """
    columns = ("date_and_time", "measure", "value", "unit", "source", *(("as_said",) if words else ()))
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([report.saying.phrase(column) for column in columns])
    rows = [(one.at, _row(course, one, report.saying)) for course in report.courses for one in course.readings]
    writer.writerows(row[: len(columns)] for _, row in sorted(rows, key=lambda pair: pair[0]))
    # With the mark at the beginning, programs for tables know that it is UTF-8.
    return file.getvalue().encode("utf-8-sig")


def _row(course: Course, one: Stored, saying: Saying) -> list[str]:
    values = "/".join(_plain(one.values[name], course) for name in course.measure.values if name in one.values)
    at = one.at.astimezone(saying.zone).isoformat(timespec="minutes")
    said = f"'{one.said}" if one.said.startswith(_FORMULA) else one.said
    return [at, name_of(course, saying), values, saying.unit(course.unit), saying.phrase(f"source_{one.source}"), said]


def _plain(stored: float, course: Course) -> str:
    return f"{course.unit.count(stored):.{course.unit.decimals}f}"
