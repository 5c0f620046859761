"""Readings in patients' words, and their rows. A unit is never guessed: what could be two things is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import reading
from bot.followup.thresholds import About, Judgement, Level, Measure, Values, is_plausible, judge, worse
from bot.followup.trends import Reading, worrying
from bot.languages import Language
from bot.triage.measurements import measurements
from bot.triage.normalise import normalise
from bot.triage.numerals import in_digits
from bot.triage.types import Measurement

Ask = Literal["number", "both", "unit", "order", "again", "meter"]
# Put before a bare answer, so that the grammar of measurements knows what was asked: "6.2" becomes "glucose 6.2".
_CUES = {
    "blood_pressure": "blood pressure ",
    "glucose": "glucose ",
    "weight": "weight ",
    "temperature": "temperature ",
    "spo2": "spo2 ",
    "pulse": "pulse ",
    "pain": "pain ",
}
_NUMBER = re.compile(r"(?<![\d.,/])\d{1,4}(?:[.,]\d{1,2})?(?![\d/])")
# Of these there is one number without any unit: asked for as such.
_PLAIN = {"peak_flow": "peak_flow", "ketones": "ketones_mmol", "pain": "pain"}
SLOTS = ("before_breakfast", "morning", "evening", "other")


@dataclass(frozen=True)
class Given:
    """What was understood: values in the measure's units, and the words."""

    values: Values
    said: str


@dataclass(frozen=True)
class Unclear:
    """What has to be asked: for a number, both numbers, the unit, which is the upper one, the whole again, or whether the meter shows
    letters."""

    ask: Ask
    said: str = ""


def parse(measure: Measure, text: str, language: Language) -> Given | Unclear:
    """Return the reading in an answer to a question for `measure`, or what to ask. Never guesses a unit."""
    plain = normalise(text).text
    found = _found(measure, plain, language)
    if not _is_whole(measure, found):  # a cue before words that name the reading themselves would take the wrong number
        found = _found(measure, _CUES.get(measure.id, "") + plain, language)
    if not found:
        return _plain(measure, plain, language)
    values: dict[str, float] = {}
    for one in found:
        values.setdefault(one.kind, one.value)
    said = found[0].said
    if not all(one.sure for one in found) and not _was_asked_for(measure, found):
        return Unclear(_what(measure, found, plain), said)
    if any(values[one.kind] != one.value for one in found):  # of this morning and of last night: only one was asked for
        return Unclear("again", said)
    if set(measure.values) - set(values):
        return Unclear("both", said)
    return Given(values, said) if is_plausible(measure, values) else Unclear("again", said)


def _is_whole(measure: Measure, found: list[Measurement]) -> bool:
    return all(one.sure for one in found) and {one.kind for one in found} == set(measure.values)


def _found(measure: Measure, plain: str, language: Language) -> list[Measurement]:
    return [one for one in measurements(plain, language) if one.kind in measure.values]


def _was_asked_for(measure: Measure, found: list[Measurement]) -> bool:
    # "7" is 7 of 10 when that was the question; of a temperature the grammar is unsure only without a word for it.
    return measure.id == "pain" or (
        measure.id == "temperature" and len(found) == 1 and "." in f"{found[0].said}".replace(",", ".")
    )


def _what(measure: Measure, found: list[Measurement], plain: str) -> Ask:
    if measure.id == "blood_pressure":
        # 12/8 is centimetres, 16/10 kilopascals: the grammar shows them in mmHg, the patient's own numbers are small.
        numbers = [float(number) for number in re.findall(r"\d+", plain)]
        return "unit" if numbers and max(numbers) < 40 else "order"
    return "again" if len(found) > 1 or measure.id in ("spo2", "temperature") else "unit"


def _plain(measure: Measure, plain: str, language: Language) -> Given | Unclear:
    """Read a number that needs no unit."""
    numbers = [match.group(0).replace(",", ".") for match in _NUMBER.finditer(in_digits(plain, language[:2]).text)]
    name = _PLAIN.get(measure.id)
    if name is None or len(numbers) != 1:
        return Unclear("number" if not numbers else "again")
    values = {name: float(numbers[0])}
    return Given(values, numbers[0]) if is_plausible(measure, values) else Unclear("again", numbers[0])


@dataclass(frozen=True)
class Stored:
    """One stored reading."""

    id: int
    kind: str
    level: str
    at: datetime
    source: str
    values: Values
    said: str


@dataclass(frozen=True)
class Told:
    """A reading that a patient has told: whose, when, and what is known of them."""

    patient_id: str
    measure: Measure
    given: Given
    at: datetime
    about: About
    zone: ZoneInfo
    source: Literal["chat", "checkin", "nurse", "api"]
    dedupe_key: str
    enrolment_id: int | None = None


def take(work: Work, told: Told) -> Judgement:
    """Store a reading, once, and return what it means alone and in its course: the more urgent of the two."""
    alone = judge(told.measure, told.given.values, told.about)
    row = {
        "patient_id": told.patient_id,
        "enrolment_id": told.enrolment_id,
        "kind": told.measure.id,
        "level": alone.level,
        "source": told.source,
        "dedupe_key": told.dedupe_key,
        "at": told.at,
        "sealed": work.cipher.seal({"values": dict(told.given.values), "unit": told.measure.unit, "said": told.given.said}),
    }
    insert_once(work, reading, row)
    course = [Reading(one.at, one.values) for one in of_patient(work, told.patient_id, told.measure.id) if one.at <= told.at]
    trend = worrying(told.measure, course, told.about, zone=told.zone)
    return trend if trend is not None and worse(trend.level, alone.level) != alone.level else alone


def judge_again(measure: Measure, values: Values, about: About) -> Level:
    """Return what a reading means with what is known by now: the symptoms may have been told after it."""
    return judge(measure, values, about).level


def of_patient(work: Work, patient_id: str, kind: str, *, since: datetime | None = None, limit: int = 400) -> tuple[Stored, ...]:
    """Return a patient's readings of one kind in the order of time, at most the latest `limit`."""
    query = sa.select(reading).where(reading.c.patient_id == patient_id, reading.c.kind == kind)
    query = query.where(reading.c.at >= since) if since is not None else query
    rows = work.execute(query.order_by(reading.c.at.desc(), reading.c.id.desc()).limit(limit)).all()
    return tuple(_stored(work, row) for row in reversed(rows))


def kinds_of(work: Work, patient_id: str) -> Mapping[str, int]:
    """Return of which kinds there are readings of a patient, and how many."""
    query = sa.select(reading.c.kind, sa.func.count()).where(reading.c.patient_id == patient_id).group_by(reading.c.kind)
    return {kind: int(count) for kind, count in work.execute(query)}


def _stored(work: Work, row: Any) -> Stored:
    kept = work.cipher.unseal(row.sealed)
    return Stored(row.id, row.kind, row.level, row.at, row.source, kept["values"], kept["said"])
