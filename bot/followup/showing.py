"""Shows patients their own readings: a picture where the channel takes one, and always the same as a table."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import patient, reading
from bot.followup.charts import chart
from bot.followup.course import Course, course_of
from bot.followup.course_in_words import aim_of, name_of, period_of, rows_of
from bot.followup.saying import Saying
from bot.followup.steps import zone_of
from bot.languages import Language
from bot.messages import Picture, Reply

# A table on a phone; the picture shows them all.
MOST_ROWS = 10
# Between a time and a value; several plain spaces become one on a page.
_GAP = "\u2003"
_SEPARATORS: dict[Language, str] = {"zh-Hans": "、", "zh-Hant": "、", "ar": "، "}


def show_readings(
    work: Work, patient_id: str, measure: str, *, language: Language, content: Content, now: datetime, emergency: str
) -> Reply:
    """Return the patient's readings of a measure ("" or an unknown one: of which they told last) as picture and table.

    `emergency` is the number to call there, as text. Says what is there and nothing of what it means.
    """
    kinds = kinds_by_time(work, patient_id)
    wanted = content.followup.thresholds.by_id.get(measure or next(iter(kinds), ""))
    saying = Saying(language, zone_of_patient(work, patient_id, content), content.phrases)
    if wanted is None:
        return Reply(saying.phrase("none_at_all"))
    course = course_of(work, patient_id, wanted, now=now)
    others = _others(kinds, wanted.id, saying)
    if not course.readings:
        return Reply("\n".join([saying.phrase("none", name=name_of(course, saying)), *others]))
    lines = [*table_lines(course, saying), *others, saying.phrase("symptoms_count", emergency=emergency)]
    drawn = chart(course, saying)
    return Reply("\n".join(lines), picture=Picture(drawn.alt, drawn.drawing.to_json()))


def table_lines(course: Course, saying: Saying, *, most: int = MOST_ROWS) -> list[str]:
    """Return the latest readings as lines of text, the newest first, with what they are compared with."""
    unit, rows = saying.unit(course.unit), rows_of(course, saying)
    lines = [saying.phrase("head", name=name_of(course, saying), unit=unit, period=period_of(course, saying))]
    lines += [f"{row.day} {row.clock}{_GAP}{row.value}" for row in reversed(rows[-most:])]
    if len(rows) > most:
        lines.append(saying.phrase("earlier", count=str(len(rows) - most)))
    aim = aim_of(course, saying)
    if aim and course.wanted is not None:
        lines.append(aim)
        lines += [] if course.wanted.own else [saying.phrase("usual_may_differ")]
    return lines


def kinds_by_time(work: Work, patient_id: str) -> dict[str, datetime]:
    """Return of which kinds there are readings of a patient, and when the latest was: the latest first."""
    latest = sa.func.max(reading.c.at)
    query = sa.select(reading.c.kind, latest.label("at")).where(reading.c.patient_id == patient_id).group_by(reading.c.kind)
    return {row.kind: row.at for row in work.execute(query.order_by(latest.desc(), reading.c.kind))}


def zone_of_patient(work: Work, patient_id: str, content: Content) -> ZoneInfo:
    """Return the patient's own time zone, else the hospital's."""
    own = work.execute(sa.select(patient.c.zone).where(patient.c.id == patient_id)).scalar()
    return zone_of(own or content.followup.zone)


def _others(kinds: dict[str, datetime], shown: str, saying: Saying) -> list[str]:
    names = [saying.phrase(f"name_{kind}") for kind in kinds if kind != shown and f"readings.name_{kind}" in saying.phrases.texts]
    return [saying.phrase("others", names=_SEPARATORS.get(saying.language, ", ").join(names))] if names else []
