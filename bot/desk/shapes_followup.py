"""The JSON of follow-up on the desk: what stands on a patient's card, the ward, the scheduler.

GET  cases/{id}/followup       -> FollowupView
POST cases/{id}/enrol          {plan, day: "2026-03-01"|null, zone: str, limits: {value: {low, high}}, client_id} -> Done, followup
POST cases/{id}/plan           {id, what, …, client_id}   -> Done, followup
     what: ask | resume | stop {because: "done"|"staff"|"died"|"moved"} | pause {until: day|null} | visited {group} | limits {limits}
GET  ward?plan=&team=&standing= -> Ward
POST ward/seen                 {id}                       -> {}         a nurse has seen to this enrolment
POST ward/case                 {id}                       -> {case}     opens the patient's case, a new one where there is none
GET  scheduler                 -> Scheduler
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from bot.desk.shapes_rows import Colleague, Direction


class Upcoming(TypedDict):
    """Something that will be sent. `group`: a visit settles all of it."""

    due_at: str
    group: str
    again: bool  # the gentle second try


class Kept(TypedDict):
    """Check-ins of the last 30 days; `open` may still be answered."""

    asked: int
    kept: int
    worrying: int
    open: int


class Enrolled(TypedDict):
    """A plan that the patient is in, or was."""

    id: int
    plan: str
    name: str
    state: Literal["asked", "active", "paused", "ended", "stopped"]
    day: str
    zone: str
    by: Colleague | None  # of the staff; None: `source` says it
    source: Literal["staff", "patient", "link", "program"]
    created_at: str
    consented_at: str | None
    paused_until: str | None
    limits: dict[str, dict[str, float]]
    best: float | None
    kept: Kept
    next: list[Upcoming]


class Reading(TypedDict):
    """A line of the table. `level`: of the reviewed table."""

    day: str
    clock: str
    value: str
    level: str


class CourseView(TypedDict):
    """The readings of one measure: a picture, what it shows in words, and the same as a table, the newest first."""

    measure: str
    name: str
    unit: str
    aim: str
    alt: str
    svg: str
    rows: list[Reading]


class Offered(TypedDict):
    """A plan that may be begun, and the measures of its questions: values with what can be measured at all."""

    id: str
    name: str
    consent: str
    anchor: str
    values: list[dict[str, Any]]  # {id, name, unit, low, high}


class FollowupView(TypedDict):
    """What stands on the card."""

    enrolments: list[Enrolled]
    ended: list[Enrolled]
    courses: list[CourseView]
    offered: list[Offered]
    values: dict[str, list[dict[str, Any]]]  # of the plans of `enrolments`, as in Offered
    zone: str  # of the patient, else of the hospital
    may: bool  # this nurse may change it
    dir: Direction


class WardLine(TypedDict):
    """One enrolment on the ward. No words of the patient, and no name: nobody here has one."""

    id: int
    plan: str
    standing: Literal["worrying", "silent", "due", "answered", "asked", "quiet"]
    paused: bool
    language: str
    channel: str
    asked_at: str | None
    closed_at: str | None
    due_at: str | None
    in_a_row: int
    case: dict[str, Any] | None  # {id, number, open, team}
    kept: Kept


class Ward(TypedDict):
    """The ward. `counts`: how many stand how, of the plan and team that are shown."""

    lines: list[WardLine]
    counts: dict[str, int]
    plans: dict[str, str]
    offered: list[str]  # of `plans`, those that can be begun
    now: str
    all: bool  # everybody was looked at


class Code(TypedDict):
    """A code to scan. `picture`: a data URI; `ends`: of one for one person, the last day on which it can be opened."""

    link: str
    picture: str
    ends: str | None


class Scheduler(TypedDict):
    """What the rounds did and what comes next. No names and no words."""

    rounds: list[dict[str, Any]]  # {name, ran_at, next_at, did, failed, problem, late}
    waiting: dict[str, int]  # {overdue, hour, day, later}
    lately: dict[str, int]  # of the last 24 h: state -> how many
    next: list[dict[str, Any]]  # {enrolment, plan, step, due_at, again, why}
    given_up: list[dict[str, Any]]  # {enrolment, plan, step, wanted_at, state, why}
    now: str
