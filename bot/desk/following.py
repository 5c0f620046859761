"""Follow-up of a case's patient as their card shows it: plans, how they are kept to, readings as pictures and tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk.serialise import Viewing, direction, when
from bot.desk.shapes_followup import CourseView, Enrolled, FollowupView, Kept, Offered, Upcoming
from bot.followup import enrolments, reminders
from bot.followup.adherence import Adherence, adherence_of
from bot.followup.charts import chart
from bot.followup.course import course_of
from bot.followup.course_in_words import aim_of, name_of
from bot.followup.enrolling import is_offered, today_of
from bot.followup.enrolments import OPEN, OWN, Enrolment
from bot.followup.limits import BEST, LIMITS, PEAK_FLOW
from bot.followup.plans import Plan
from bot.followup.reminders import Reminder
from bot.followup.saying import Saying
from bot.followup.showing import kinds_by_time, zone_of_patient
from bot.followup.steps import steps_of
from bot.handoff.case_rows import Case
from bot.languages import Language

MOST_ENDED, MOST_COMING = 5, 4
MOST_READINGS = 40


def view(work: Work, case: Case, content: Content, viewing: Viewing, *, may: bool) -> FollowupView:
    """Return what stands on the card. A reminder that the patient has worded themselves is theirs alone, and not shown."""
    language = viewing.staff.language
    known = [one for one in enrolments.of_patient(work, case.patient_id, open_only=False) if one.plan != OWN]
    mine = [one for one in known if one.state in OPEN]
    ended = [one for one in known if one.state not in OPEN][::-1][:MOST_ENDED]
    kept = adherence_of(work, [one.id for one in known], now=viewing.now)
    coming = reminders.upcoming(work, patient_id=case.patient_id)
    shown = {one.id: _enrolled(one, kept[one.id], _next(one, coming, content), content, viewing) for one in [*mine, *ended]}
    return {
        "enrolments": [shown[one.id] for one in mine],
        "ended": [shown[one.id] for one in ended],
        "courses": _courses(work, case.patient_id, content, viewing),
        "offered": [_offered(plan, content, language) for plan in _free(mine, content, viewing.now)],
        "values": {one.plan: values_of_plan(one.plan, content, language) for one in mine},
        "zone": zone_of_patient(work, case.patient_id, content).key,
        "may": may,
        "dir": direction(language),
    }


def kept_of(found: Adherence) -> Kept:
    """Return how a plan is kept to."""
    return {"asked": found.asked, "kept": found.kept, "worrying": found.worrying, "open": found.open}


def plan_name(plan: str, content: Content, language: Language) -> str:
    """Return what a plan is called; one that the content no longer has, its id."""
    known = content.followup.plans.by_id.get(plan)
    return plan if known is None else known.names[language]


def _enrolled(one: Enrolment, kept: Adherence, coming: list[Upcoming], content: Content, viewing: Viewing) -> Enrolled:
    source = _source(one.enrolled_by)
    return {
        "id": one.id,
        "plan": one.plan,
        "name": plan_name(one.plan, content, viewing.staff.language),
        "state": one.state,
        "day": one.anchor.isoformat(),
        "zone": one.zone,
        "by": viewing.colleague(one.enrolled_by) if source == "staff" else None,
        "source": source,
        "created_at": str(when(one.created_at)),
        "consented_at": when(one.consented_at),
        "paused_until": when(one.paused_until),
        "limits": {name: dict(sides) for name, sides in (one.details.get(LIMITS) or {}).items()},
        "best": one.details.get(BEST),
        "kept": kept_of(kept),
        "next": coming,
    }


def _source(enrolled_by: str) -> Any:
    if enrolled_by in ("patient", "link"):
        return enrolled_by
    return "program" if enrolled_by.startswith("api:") else "staff"


def _next(one: Enrolment, coming: Iterable[Reminder], content: Content) -> list[Upcoming]:
    groups = {step.id: step.group for step in steps_of(one, content.followup.plans)}
    mine = [waiting for waiting in coming if waiting.enrolment_id == one.id and waiting.step in groups][:MOST_COMING]
    return [
        {"due_at": str(when(waiting.due_at)), "group": groups[waiting.step], "again": waiting.attempt > 0} for waiting in mine
    ]


def _courses(work: Work, patient_id: str, content: Content, viewing: Viewing) -> list[CourseView]:
    """Return the readings of each measure, in the nurse's language, by the patient's clock; the latest measure first."""
    saying = Saying(viewing.staff.language, zone_of_patient(work, patient_id, content), content.phrases)
    found: list[CourseView] = []
    for kind in kinds_by_time(work, patient_id):
        measure = content.followup.thresholds.by_id.get(kind)
        course = None if measure is None else course_of(work, patient_id, measure, now=viewing.now)
        if course is None or not course.readings:
            continue
        drawn = chart(course, saying)
        rows = [{"day": row.day, "clock": row.clock, "value": row.value, "level": row.level} for row in drawn.rows[::-1]]
        found.append(
            {
                "measure": kind,
                "name": name_of(course, saying),
                "unit": saying.unit(course.unit),
                "aim": aim_of(course, saying),
                "alt": drawn.alt,
                "svg": drawn.svg,
                "rows": rows[:MOST_READINGS],  # type: ignore[typeddict-item]
            }
        )
    return found


def _free(mine: Iterable[Enrolment], content: Content, now: datetime) -> list[Plan]:
    today, taken = today_of(content, now), {one.plan for one in mine}
    return [plan for plan in content.followup.plans.by_id.values() if is_offered(plan, today) and plan.id not in taken]


def _offered(plan: Plan, content: Content, language: Language) -> Offered:
    return {
        "id": plan.id,
        "name": plan.names[language],
        "consent": plan.consent[language],
        "anchor": plan.anchor,
        "values": values_of(plan, content, language),
    }


def values_of_plan(plan: str, content: Content, language: Language) -> list[dict[str, Any]]:
    """Return the values of a plan by its id; none of one that the content no longer has."""
    known = content.followup.plans.by_id.get(plan)
    return [] if known is None else values_of(known, content, language)


def values_of(plan: Plan, content: Content, language: Language) -> list[dict[str, Any]]:
    """Return the values of a plan's questions for which limits may be set, in the units in which they are stored."""
    questions = (content.followup.plans.questions[name] for step in plan.steps for name in step.questions)
    measures = dict.fromkeys(question.measure for question in questions if question.measure)
    found = []
    for name in measures:
        measure = content.followup.thresholds.by_id[name]
        for value in measure.values:
            low, high = measure.plausible[value]
            label = _label(value, name, content, language)
            found.append({"id": value, "name": label, "unit": measure.unit, "low": low, "high": high})
    if PEAK_FLOW in measures:
        low, high = content.followup.thresholds.by_id[PEAK_FLOW].plausible[PEAK_FLOW]
        found.append(
            {"id": BEST, "name": "", "unit": content.followup.thresholds.by_id[PEAK_FLOW].unit, "low": low, "high": high}
        )
    return found


def _label(value: str, measure: str, content: Content, language: Language) -> str:
    own = f"value_{value}"
    return content.phrases.get(f"readings.{own if f'readings.{own}' in content.phrases.texts else f'name_{measure}'}", language)
