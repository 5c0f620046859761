"""The JSON of the queue: a row, and who has a case open. See shapes.py for the calls."""

from __future__ import annotations

from typing import Literal, TypedDict

from bot.languages import Language

Direction = Literal["ltr", "rtl"]
PresenceState = Literal["viewing", "idle", "typing"]


class Colleague(TypedDict):
    """A person of the staff."""

    handle: str
    name: str


class Present(Colleague):
    """Who has a case open. Never the one who asks."""

    state: PresenceState


class OnDuty(Colleague):
    """Who is on duty, or on a break."""

    duty: Literal["on", "break"]


class Row(TypedDict):
    """A case in the queue. No words of the patient."""

    id: int
    number: str  # "A17"
    level: Literal["E1", "E2", "U", "R", "INFO"]
    crisis: bool
    risk: int  # 0 first
    reason: str  # red_flag | crisis | person_requested | misunderstood | complaint | failed | worrying_checkin | rule
    state: Literal["waiting", "claimed", "waiting_for_patient", "closed"]
    team: str  # "": of all
    department: str  # id of the pack, or ""
    language: Language
    channel: str
    opened_at: str
    waiting_since: str | None  # the patient's first words that no person has answered
    due_at: str | None
    clock: Literal["ok", "warn", "late", "none"]
    window_closes_at: str | None  # after that the platform takes no reply
    claimed_by: Colleague | None  # also of a program elsewhere ("WeCom"): then name == handle
    mine: bool
    assigned_to: Colleague | None
    snoozed_until: str | None  # a time, or "reply": until the patient writes
    closed_at: str | None
    outcome: str | None
    blocked: bool
    presence: list[Present]
    unread: bool  # the patient wrote since this nurse last had it open
    version: int  # number of its last event


class Queue(TypedDict):
    """A page of the queue, most urgent first."""

    rows: list[Row]
    more: str | None  # for `after=`
    counts: dict[str, int]  # tab -> how many
    on_duty: list[OnDuty]
    now: str
    resume: int  # listen from here: stream?after=
