"""Enrols a patient who is asked in chat: by a nurse, by another program of the hospital, by a code that they opened themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import conversation, patient
from bot.followup import enrolments
from bot.followup.asking import ask
from bot.followup.enrolments import Enrolment, Entry
from bot.followup.limits import LimitProblem, read_limits
from bot.followup.plans import Plan
from bot.followup.steps import zone_of
from bot.privacy import consent

# A day farther away than this is a slip of the pen.
FARTHEST = timedelta(days=400)

Key = Literal["plan", "expired", "day", "zone", "limits", "gone", "died", "stopped", "left", "blocked", "no_consent", "already"]


class EnrolProblem(Exception):
    """Somebody cannot be enrolled. `key` says why; `value`: of a limit, whose it is."""

    def __init__(self, key: Key, value: str = "") -> None:
        super().__init__(key)
        self.key, self.value = key, value


@dataclass(frozen=True)
class Wish:
    """Which plan, counted from which day (None: today there), by whom. `zone`: IANA, "": the patient's or the hospital's.

    `limits`: as `bot.followup.limits.read_limits` takes them. `dedupe_key`: the same again enrols nobody twice.
    """

    plan: str
    by: str
    dedupe_key: str
    day: date | None = None
    zone: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)


def enrol(work: Work, conversation_id: str, wish: Wish, content: Content, *, now: datetime) -> tuple[Enrolment, bool]:
    """Enrol the person of a conversation in the state "asked" and ask them; returns the enrolment and whether it is new.

    Raises EnrolProblem.
    """
    known = enrolments.of_key(work, wish.dedupe_key)
    if known is not None:
        return known, False
    person = _person(work, conversation_id, wish)
    entry = _entry(person, wish, content, now=now)
    if any(one.plan == wish.plan for one in enrolments.of_patient(work, entry.patient_id)):
        raise EnrolProblem("already")
    enrolment, new = enrolments.enrol(work, entry, now=now)
    if new:
        ask(work, enrolment, content, now=now)
    return enrolment, new


def is_offered(plan: Plan, today: date) -> bool:
    """Return whether a plan can be offered: reviewed in time; and what is asked after a guidance begins with that guidance only."""
    return plan.anchor != "guidance" and not plan.is_expired(today)


def today_of(content: Content, now: datetime) -> date:
    """Return the day in the hospital: of that day plans are reviewed in time, or not."""
    return now.astimezone(zone_of(content.followup.zone)).date()


def check(wish: Wish, content: Content, *, now: datetime) -> tuple[date, str, dict[str, Any]]:
    """Return day, zone and details of a wish that can be fulfilled. Raises EnrolProblem."""
    plan = content.followup.plans.by_id.get(wish.plan)
    if plan is not None and plan.is_expired(today_of(content, now)):
        raise EnrolProblem("expired")
    if plan is None or not is_offered(plan, today_of(content, now)):
        raise EnrolProblem("plan")
    zone = _zone(wish.zone or content.followup.zone)
    today = now.astimezone(zone).date()
    day = wish.day or today
    if abs(day - today) > FARTHEST:
        raise EnrolProblem("day")
    try:
        return day, zone.key, read_limits(wish.limits, content.followup.thresholds)
    except LimitProblem as problem:
        raise EnrolProblem("limits", problem.value) from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a path is no zone
        raise EnrolProblem("zone") from None


def _person(work: Work, conversation_id: str, wish: Wish) -> Any:
    """Return patient, channel and zone of a conversation to which may be written. Raises EnrolProblem."""
    columns = (conversation.c.id, conversation.c.patient_id, conversation.c.channel, conversation.c.erase_after)
    more = (conversation.c.blocked_at, patient.c.zone, patient.c.no_reminders_because)
    query = sa.select(*columns, *more).join(patient, patient.c.id == conversation.c.patient_id)
    row = work.execute(query.where(conversation.c.id == conversation_id)).first()
    if row is None:
        raise EnrolProblem("gone")
    if row.no_reminders_because == "died":
        raise EnrolProblem("died")
    # They were told that they may tell a nurse; no other program undoes a "stop".
    if row.no_reminders_because and wish.by.startswith("api:"):
        raise EnrolProblem("stopped")
    if row.erase_after is not None or row.blocked_at is not None:
        raise EnrolProblem("blocked" if row.erase_after is None else "left")
    if consent.state(work, row.patient_id, row.channel) != "granted":
        raise EnrolProblem("no_consent")
    return row


def _entry(person: Any, wish: Wish, content: Content, *, now: datetime) -> Entry:
    day, zone, details = check(replace(wish, zone=wish.zone or person.zone), content, now=now)
    return Entry(
        patient_id=person.patient_id,
        conversation_id=person.id,
        plan=wish.plan,
        version=content.version[:16],
        anchor=day,
        zone=zone,
        enrolled_by=wish.by,
        dedupe_key=wish.dedupe_key,
        details=details,
    )
