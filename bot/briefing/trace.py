"""How the bot came to its level, line by line, for the nurse: the same account as `daozhen guide --explain`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.briefing.story import Story, story_of
from bot.content.load import Content
from bot.database.engine import Work
from bot.handoff.case_rows import Case
from bot.handoff.cases import trace
from bot.triage.account import account
from bot.triage.tables import Tables
from bot.triage.types import Assessment

# Width of the first column of an account.
_COLUMN = 13


@dataclass(frozen=True)
class TraceLine:
    """One step. `kind`: level | finding | patient | since | words | number | answered | red_flag | second_reader | department | ask."""

    kind: str
    text: str
    rule: str = ""
    version: str = ""


@dataclass(frozen=True)
class Trace:
    """All steps. `source`: stored with the talk, read again just now, or nothing. `raw`: as it was stored."""

    level: str
    departments: tuple[str, ...]
    content_version: str
    source: str
    lines: tuple[TraceLine, ...]
    raw: dict[str, Any]


_KINDS = {
    "red flag": "red_flag",
    "2nd reader": "second_reader",
    "words say": "words",
    "would ask": "ask",
}


def trace_of(work: Work, case: Case, content: Content, *, story: Story | None = None) -> Trace:
    """Return the trace of a case. `story`: what `story_of` gave, if it is at hand."""
    told = story or story_of(work, case, content)
    found, opened = told.assessment, trace(work, case.id)
    if found is None:
        flags = tuple(TraceLine("red_flag", one, one) for one in opened.get("red_flags", ()))
        version = str(opened.get("content_version", ""))
        return Trace(case.level, (), version, told.source, (TraceLine("level", case.level), *flags), {"opened": opened})
    departments = tuple(dict.fromkeys(one.department for one in found.departments))
    raw = {"assessment": asdict(found), "opened": opened}
    return Trace(found.level, departments, found.content_version, told.source, tuple(_lines(found, content.triage)), raw)


def _lines(found: Assessment, tables: Tables) -> list[TraceLine]:
    lines: list[TraceLine] = []
    for line in account(found, tables=tables):
        key, text = line[:_COLUMN].strip(), line[_COLUMN:].strip()
        if not key:  # it goes on: the condition and source of the line before
            last = lines.pop()
            lines.append(TraceLine(last.kind, f"{last.text}; {text}", last.rule, last.version))
        elif key != "packs":
            lines.append(_line(key, text, found.content_version))
    return lines


def _line(key: str, text: str, version: str) -> TraceLine:
    if key[0].isdigit():  # "1. NEURO": the place and the department
        department = key.split()[1]
        return TraceLine("department", f"{department} {text}", text.split()[1] if " " in text else "", version)
    kind = _KINDS.get(key, key)
    return TraceLine(kind, text, text.split(maxsplit=1)[0] if kind == "red_flag" else "", version)
