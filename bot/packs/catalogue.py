"""Which packs are edited as tables, and what their rows look like. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.languages import LANGUAGES

Room = Literal["faq", "clinical"]
_TEXTS: Mapping[str, Any] = {language: "" for language in LANGUAGES}
_LISTS: Mapping[str, Any] = {language: [] for language in LANGUAGES}
# Of every pack: who answers for it, until when.
HEADER: Mapping[str, Any] = {"owner": "", "reviewer": "", "source": "", "review_date": ""}


@dataclass(frozen=True)
class Table:
    """One table: the entries of all files whose names begin with `files`.

    `columns`: what is shown of a row; `blank`: what a new entry begins as, None: no entries come or go here; `optional`: fields
    that an entry may have and need not; `stops`: an entry whose review is overdue is not served any more, "own": when
    the day is its own, "all": also when it is that of its file; `whole`: of a file that says one thing, what that is called as an entry.
    """

    id: str
    room: Room
    files: str
    columns: tuple[str, ...]
    blank: Mapping[str, Any] | None = None
    optional: Mapping[str, Any] = field(default_factory=dict)
    stops: Literal["", "own", "all"] = ""
    whole: str = ""

    def entries(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the entries of a file by their ids. `data`: what stands below `entries:` there."""
        return {self.whole: data} if self.whole else data

    def place(self, entry: str) -> tuple[str, ...]:
        """Return where an entry stands in its file, "" for the header."""
        if not entry:
            return ()
        return ("entries",) if self.whole else ("entries", entry)


# A place in the house: where it is, and when it is open.
_PLACE = {"names": _TEXTS, "where": _TEXTS, "hours": _TEXTS}
_FAQ = {"source": "", "review_date": ""}
TABLES = (
    Table(
        "logistics", "faq", "content/knowledge/logistics/", ("questions", "answers"),
        {"questions": _LISTS, "answers": _TEXTS}, _FAQ, stops="all",
    ),
    Table(
        "rumours", "faq", "content/knowledge/rumours/", ("questions", "verdict", "answers"),
        {"verdict": "unproven", "questions": _LISTS, "answers": _TEXTS}, _FAQ, stops="all",
    ),
    Table(
        "hospital", "clinical", "content/hospital/hospital.yml", ("region", "time_zone", "child_until"),
        optional={"where": dict(_TEXTS), "hours": dict(_TEXTS)}, whole="hospital",
    ),
    Table(
        "departments", "clinical", "content/hospital/departments.yml", ("names", "exists", "where", "hours", "instead"),
        {"names": _TEXTS, "exists": True, "where": _TEXTS, "hours": _TEXTS, "instead": "GP"},
    ),
    Table("wards", "clinical", "content/hospital/wards.yml", ("names", "where", "hours"), _PLACE),
    Table("routes", "clinical", "content/triage/routes", ("to", "exceptions"), {"to": [], "exceptions": {}}, {"review_date": ""}, stops="own"),
    Table(
        "red_flags", "clinical", "content/triage/red_flags.yml", ("level", "when", "action", "department", "source"),
        {"level": "E2", "when": "", "action": "none", "department": "ED", "source": ""},
    ),
    Table("questions", "clinical", "content/triage/questions.yml", ("text", "when", "raises")),
    Table(
        "hotlines", "clinical", "content/triage/hotlines.yml", ("names", "ambulance", "crisis", "police", "source", "checked_on"),
        {"names": _TEXTS, "ambulance": "", "crisis": "", "police": "", "source": "", "checked_on": ""},
    ),
    Table("plans", "clinical", "content/followup/plans.yml", ("names", "anchor", "consent"), optional={"review_date": ""}, stops="all"),
    Table("plan_questions", "clinical", "content/followup/questions.yml", ("text", "answers")),
    Table("thresholds", "clinical", "content/followup/thresholds.yml", ("unit",)),
)  # fmt: skip
BY_ID: Mapping[str, Table] = {table.id: table for table in TABLES}


def tables_of(room: Room) -> tuple[Table, ...]:
    """Return the tables of a page, in its order."""
    return tuple(table for table in TABLES if table.room == room)


def table_of(file: str) -> Table | None:
    """Return the table that the entries of a file stand in."""
    return next((table for table in TABLES if file.startswith(table.files)), None)
