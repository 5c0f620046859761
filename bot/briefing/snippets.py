"""Texts that nurses insert: reviewed ones from a pack, those of a team, and a nurse's own. In five languages, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.briefing.snippet_pack import SHORTCUT, Snippet, SnippetProblem, check, placeholders
from bot.content.load import Content
from bot.database.engine import Work
from bot.database.once import insert_new
from bot.database.tables import conversation, snippet, snippet_use
from bot.handoff.case_rows import Case
from bot.languages import LANGUAGES, Language
from bot.privacy import audit
from bot.staff.access import may
from bot.staff.people import Staff
from bot.triage.hotlines import emergency_number

MOST_OWN = 200
# Who reads one reads the other; then English, then whatever there is.
_NEXT: dict[Language, tuple[Language, ...]] = {"zh-Hans": ("zh-Hant",), "zh-Hant": ("zh-Hans",), "en": (), "de": (), "ar": ()}


@dataclass(frozen=True)
class Filled:
    """A text with its placeholders filled; `missing` are those without a value, which stay visible in the text."""

    text: str
    missing: tuple[str, ...]


def for_staff(work: Work, content: Content, staff: Staff) -> tuple[Snippet, ...]:
    """Return what `staff` may insert, the most used first: their own, those of their teams and of all, and the pack's."""
    used = {row.shortcut: row.used for row in work.execute(sa.select(snippet_use.c.shortcut, snippet_use.c.used))}
    teams = sa.and_(snippet.c.staff_id.is_(None), snippet.c.team.in_(["", *sorted(staff.teams)]))
    rows = work.execute(sa.select(snippet).where(sa.or_(snippet.c.staff_id == staff.id, teams)).order_by(snippet.c.id))
    found = [*(_of_row(row) for row in rows), *content.snippets]
    counted = (Snippet(**{**one.__dict__, "used": int(used.get(one.shortcut, 0))}) for one in found)
    return tuple(sorted(counted, key=lambda one: (-one.used, not one.own, one.shortcut, one.id or 0)))


def _of_row(row: Any) -> Snippet:
    own = row.staff_id is not None
    kind: Literal["own", "team"] = "own" if own else "team"
    return Snippet(row.id, row.shortcut, dict(row.texts), row.team, own=own, approved_by=row.approved_by, kind=kind)


def in_language(one: Snippet, language: Language) -> tuple[str, Language]:
    """Return the text in `language`, or in the language that comes nearest, and which that is: another one is to be shown."""
    for wanted in (language, *_NEXT[language], "en", *LANGUAGES):
        if wanted in one.texts:
            return one.texts[wanted], wanted
    raise KeyError(one.shortcut)  # `check` lets none be kept without a text


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Return `text` with its placeholders filled. One without a value stays as it is, for the nurse to see."""
    missing = sorted(name for name in placeholders(text) if not values.get(name))
    shown = {name: values.get(name) or f"{{{name}}}" for name in placeholders(text)}
    return Filled(text.format_map(shown), tuple(missing))


def values_for(work: Work, case: Case, content: Content, staff: Staff, language: Language) -> dict[str, str]:
    """Return what the placeholders mean in this case: "" where it is not known."""
    columns = (conversation.c.region, conversation.c.region_known)
    row = work.execute(sa.select(*columns).where(conversation.c.id == case.conversation_id)).one()
    tables = content.triage
    department = tables.departments.get(case.outcome_department or case.department)
    return {
        "name": staff.name,
        "department": department.names[language] if department else "",
        "hours": department.hours[language] if department else "",
        "emergency": emergency_number(row.region if row.region_known else None, language, tables=tables),
    }


def save(work: Work, staff: Staff, *, shortcut: str, texts: Mapping[Language, str], team: str | None, now: datetime) -> int:
    """Keep a snippet and return its number; one with the same shortcut of the same owner is replaced.

    `team` None: for oneself. Else for a team, "" for all: then the lead who keeps it has reviewed it. Raises SnippetProblem.
    """
    check(shortcut, texts)
    own = team is None
    if not own and not (may(staff, "manage_snippets") and (staff.role == "admin" or not team or team in staff.teams)):
        raise SnippetProblem("rights", "Snippets of a team are kept by its lead. Keep it for yourself, or ask the lead.")
    mine = snippet.c.staff_id == staff.id if own else sa.and_(snippet.c.staff_id.is_(None), snippet.c.team == team)
    work.execute(sa.delete(snippet).where(mine, snippet.c.shortcut == shortcut))
    if own and work.execute(sa.select(sa.func.count()).where(mine)).scalar_one() >= MOST_OWN:
        raise SnippetProblem("many", f"There are {MOST_OWN} already. Remove one that you do not use.")
    values = {"shortcut": shortcut, "texts": {language: text.strip() for language, text in texts.items()}, "at": now}
    whose = {"staff_id": staff.id if own else None, "team": team or "", "approved_by": None if own else staff.handle}
    number = int(work.execute(snippet.insert().values(**values, **whose)).inserted_primary_key[0])
    audit.record(work, who=staff.handle, what="kept snippet", subject=f"snippet:{number}", now=now)
    return number


def remove(work: Work, staff: Staff, number: int, *, now: datetime) -> None:
    """Remove a snippet of one's own, or as a lead one of the team. Raises SnippetProblem when it is not theirs."""
    row = work.execute(sa.select(snippet.c.staff_id, snippet.c.team).where(snippet.c.id == number)).first()
    if row is None:
        raise SnippetProblem("gone", "This snippet is not there any more.")
    of_team = row.staff_id is None and may(staff, "manage_snippets") and (staff.role == "admin" or staff.is_in(row.team))
    if row.staff_id != staff.id and not of_team:
        raise SnippetProblem("rights", "This snippet is somebody else's.")
    work.execute(sa.delete(snippet).where(snippet.c.id == number))
    audit.record(work, who=staff.handle, what="removed snippet", subject=f"snippet:{number}", now=now)


def count_use(work: Work, shortcut: str) -> None:
    """Count that a snippet was inserted: how useful it is, not by whom."""
    if not SHORTCUT.fullmatch(shortcut):
        return
    work.execute(insert_new(work, snippet_use, {"shortcut": shortcut, "used": 0}))
    work.execute(sa.update(snippet_use).where(snippet_use.c.shortcut == shortcut).values(used=snippet_use.c.used + 1))
