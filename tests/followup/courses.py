"""Courses of readings to draw."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.followup.charts import chart
from bot.followup.course import Course, unit_of, wanted
from bot.followup.readings import Stored
from bot.followup.saying import Saying
from bot.messages import Picture, Reply
from tests.contents import the_content

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 11, 2, 8, 5, tzinfo=ZONE)
NAMES = {"glucose": "glucose_mmol", "weight": "weight_kg", "temperature": "temperature_c", "ketones": "ketones_mmol"}


def saying(language):
    return Saying(language, ZONE, the_content().phrases)


def of_values(kind, values, *, said="{}", every=timedelta(days=1)):
    """One reading after the other: numbers, or pairs for blood pressure."""
    return tuple(
        Stored(number, kind, "OK", FIRST + number * every, "checkin", _values(kind, value), said.format(value))
        for number, value in enumerate(values)
    )


def _values(kind, value):
    if kind == "blood_pressure":
        return {"systolic": float(value[0]), "diastolic": float(value[1])}
    return {NAMES.get(kind, kind): float(value)}


def course(readings, *, details=(), plans=()):
    measure = the_content().followup.thresholds.by_id[readings[0].kind]
    aim = wanted(measure, list(details), frozenset(plans))
    return Course(measure, tuple(readings), unit_of(measure, readings), aim, readings[0].at, readings[-1].at)


PRESSURES = of_values("blood_pressure", [(128, 82), (142, 88), (151, 93), (133, 84), (126, 79)])
SUGARS = of_values("glucose", [6.2, 7.1, 3.6, 12.1], said="{} mmol/L")
WEIGHTS = of_values("weight", [80.3, 80.9, 82.3], said="{} kg")
EACH = (PRESSURES, SUGARS, WEIGHTS, *(of_values(kind, values) for kind, values in {
    "pulse": [62, 71], "spo2": [97, 95], "temperature": [38.4], "ketones": [0.2, 0.7], "peak_flow": [350, 410], "pain": [3, 5]
}.items()))  # fmt: skip


def picture_reply(language="en", readings=PRESSURES, text="128/82, 142/88"):
    """A reply that shows a chart."""
    drawn = chart(course(readings), saying(language))
    return Reply(text, picture=Picture(drawn.alt, drawn.drawing.to_json()))
