"""The JSON of what stands beside queue and thread: summary, trace, card, search, snippets, handover. Calls: shapes.py."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from bot.desk.shapes_rows import Colleague, Direction, OnDuty, Row
from bot.languages import Language

# A case's card: the fields of bot.briefing.card.PatientCard as they are, but for `conditions`, words in the nurse's language,
# `scene`, the name of the place whose poster led here, `blocked_by`, a Colleague, and `number` in each of `earlier`.
Card = dict[str, Any]


class Window(TypedDict):
    """Until when the platform takes a reply. `closes_at` null: always; `left`: so many more, null: any; `gone`: they left."""

    closes_at: str | None
    left: int | None
    gone: bool
    advice: str | None  # phrases summary.advice_…, before one writes


class Summary(TypedDict):
    """SBAR, in the nurse's language: sentences."""

    situation: list[str]
    background: list[str]
    assessment: list[str]
    recommendation: list[str]
    masked: bool


class Finding(TypedDict):
    """A line of the triage trace: what was said, which rule, and what it meant."""

    kind: str
    text: str
    rule: str
    version: str


class Trace(TypedDict):
    """How the bot came to its level, for the nurse: lines in the order in which it thought."""

    level: str
    departments: list[str]
    content_version: str
    source: Literal["stored", "read_again", "nothing"]
    lines: list[Finding]
    raw: dict[str, Any]  # the whole trace, masked


class Draft(TypedDict):
    """What this nurse was writing."""

    reply: str
    note: str


class Scheduled(TypedDict):
    """A reply to be sent later."""

    id: int
    text: str
    masked: bool
    who: Colleague
    due_at: str
    state: Literal["waiting", "sent", "cancelled", "refused"]
    problem: str | None


class Hit(TypedDict):
    """A message or note with the words that were looked for. `marks`: [start, end] in `text`."""

    id: int  # of the case
    number: str
    key: str
    kind: str
    at: str
    text: str
    marks: list[list[int]]
    masked: bool
    language: Language
    dir: Direction
    row: Row


class Search(TypedDict):
    """What was found, latest first."""

    hits: list[Hit]
    more: str | None
    looked_at_all: bool


class Snippet(TypedDict):
    """A text to insert. With `?case=` the placeholders are filled for that case; `missing`: those still in braces."""

    id: int | None  # None: of the pack
    shortcut: str
    texts: dict[str, str]
    missing: list[str]
    team: str
    own: bool
    approved_by: str | None  # a name
    used: int
    kind: Literal["pack", "team", "own"]


class Handover(TypedDict):
    """What one shift hands to the next. `rows` holds each case once; the lists name them by id, in their order."""

    now: str
    since: str  # the last shift
    until: str  # the next one
    rows: list[Row]
    open_by_risk: list[dict[str, int]]  # {risk, count}
    open: list[int]
    late_now: list[int]
    breaches: list[int]  # became late in the last shift
    waking: list[int]  # snoozes that end in the next one: Row.snoozed_until
    closing: list[dict[str, Any]]  # {case, closes_at, left}: the platform takes no more then
    promises: list[dict[str, Any]]  # {case, id, who: Colleague, due_at}: replies that are to be sent
    on_duty: list[OnDuty]
    installed_at: str | None
    changes: list[dict[str, Any]]  # {pack, version, owner, changed_at, review_date}
    figures: list[dict[str, Any]]  # {team, answered, median_minutes}: of teams, never of persons


class Person(Colleague):
    """A colleague whom a case may be given to."""

    role: str
    duty: str
    teams: list[str]
    languages: list[Language]
