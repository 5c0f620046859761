"""What an enrolment sends: the steps of its plan, or the one step of a reminder that the patient has worded. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.followup.enrolments import OWN, Enrolment
from bot.followup.moved import with_moved
from bot.followup.offsets import Offset, Quiet
from bot.followup.plans import Condition, Plans, Step
from bot.followup.schedule import Rhythm

# A reminder of one's own is worth sending for so long after its time.
OWN_WINDOW = timedelta(hours=2)
OWN_STEP = "own"


def steps_of(enrolment: Enrolment, plans: Plans) -> tuple[Step, ...]:
    """Return what this enrolment sends. A plan that the content no longer has sends nothing."""
    if enrolment.plan == OWN:
        days = enrolment.details.get("days") or [enrolment.details.get("after_days", 0)]
        return tuple(own_step(enrolment.details, number, int(day)) for number, day in enumerate(days))
    plan = plans.by_id.get(enrolment.plan)
    return () if plan is None else tuple(with_moved(step, enrolment.details) for step in plan.steps)


def own_step(details: Mapping[str, Any], number: int = 0, day: int = 0) -> Step:
    """Return a step of an own reminder from its details: times (HH:MM), every (days, months) or None, until (days).

    There is one for each of its weekdays: it begins on the `day` after the anchor.
    """
    every = details.get("every")
    return Step(
        id=f"{OWN_STEP}{number or ''}",
        after=Offset(days=day),
        times=tuple(time.fromisoformat(one) for one in details["times"]),
        every=None if every is None else Offset(**every),
        until=Offset(days=int(details["until_days"])) if details.get("until_days") is not None else None,
        window=OWN_WINDOW,
        late="useful",
        group=OWN_STEP,
        texts={},
        questions=(),
        retry=None,
        condition=Condition(),
    )


def rhythm_of(enrolment: Enrolment, *, quiet: str) -> Rhythm:
    """Return how this patient is reached. A time of day that they named themselves holds to the minute, also at night."""
    zone = zone_of(enrolment.zone)
    if enrolment.plan == OWN:
        return Rhythm(zone, Quiet(time(0), time(0)), exact=True)
    return Rhythm(zone, quiet_of(quiet), spread_key=enrolment.patient_id)


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of this name, or UTC when there is none: a reminder an hour off is better than a stopped round."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def quiet_of(text: str) -> Quiet:
    """Return the quiet hours written as 21:00-08:00, the usual ones for ""."""
    if not text:
        return Quiet()
    start, _, end = text.partition("-")
    return Quiet(time.fromisoformat(start), time.fromisoformat(end))
