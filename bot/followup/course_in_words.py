"""What a course of readings says in words: its table, its period, what it is compared with, and a chart for who cannot see it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from bot.followup.course import Course
from bot.followup.saying import Saying


@dataclass(frozen=True)
class Row:
    """One reading as a line of a table, in the patient's language; `level` is of the reviewed table, for the staff."""

    day: str
    clock: str
    value: str
    level: str
    at: datetime


def rows_of(course: Course, saying: Saying) -> tuple[Row, ...]:
    """Return the readings as lines of a table, the oldest first."""
    return tuple(
        Row(saying.day(one.at), saying.clock(one.at), saying.values(one.values, course.measure, course.unit), one.level, one.at)
        for one in course.readings
    )


def alt_of(course: Course, saying: Saying) -> str:
    """Return in a sentence what a picture of the course shows."""
    lowest, _, highest = spread(course)
    found = {
        "name": name_of(course, saying),
        "period": period_of(course, saying),
        "count": str(len(course.readings)),
        "lowest": saying.values(lowest, course.measure, course.unit),
        "highest": saying.values(highest, course.measure, course.unit),
        "latest": saying.values(course.readings[-1].values, course.measure, course.unit),
        "unit": saying.unit(course.unit),
    }
    aim = aim_of(course, saying)
    return saying.phrase("alt", **found) + (f" {aim}" if aim else "")


def spread(course: Course) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return lowest, middle and highest of each value, in stored units."""
    columns = {name: [one.values[name] for one in course.readings if name in one.values] for name in course.measure.values}
    known = {name: values for name, values in columns.items() if values}
    of = (min, median, max)
    low, middle, high = ({name: float(each(values)) for name, values in known.items()} for each in of)  # type: ignore[operator]
    return low, middle, high


def name_of(course: Course, saying: Saying) -> str:
    """Return what is measured."""
    return saying.phrase(f"name_{course.measure.id}")


def period_of(course: Course, saying: Saying) -> str:
    """Return from when to when the readings are; one day alone when they are of one."""
    first, last = (saying.day(one.at) for one in (course.readings[0], course.readings[-1]))
    return first if first == last else saying.phrase("period", first=first, last=last)


def aim_of(course: Course, saying: Saying) -> str:
    """Return in words where readings are wanted, "" when nothing is known of that."""
    if course.wanted is None:
        return ""
    key = "own" if course.wanted.own else "usual_fasting" if course.measure.id == "glucose" else "usual"
    unit = saying.unit(course.unit)
    between = saying.bounds(course.wanted.bounds, course.measure, course.unit)
    return saying.phrase(key, range=f"{between} {unit}".strip())
