"""Tables, rows, forms and what an edit changes, as the pages of packs get them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from bot.content.packs import day_of
from bot.languages import LANGUAGES, Language
from bot.packs.catalogue import Room, Table, tables_of
from bot.packs.edits import entry_in, fields_of
from bot.packs.expiry import Due, due
from bot.packs.forms import Field, missing_in
from bot.packs.helpful import Judged
from bot.packs.impact import Effect, Impact, Outcome
from bot.packs.source import PackFile
from bot.studio.packs_choices import choices_of
from bot.studio.packs_desk import View
from bot.studio.training_shapes import draft
from bot.triage.tables import FACTS, NUMBERS, Tables

A_PAGE = 60
LONGEST_CELL = 160
MOST_EFFECTS = 60
# Tables whose rows have conditions.
CONDITIONS = ("red_flags", "routes", "questions")
Named = Callable[[str], str]


def rooms_tables(room: Room) -> list[str]:
    """Return the tables of a room, in order."""
    return [table.id for table in tables_of(room)]


def listed(view: View, table: Table, scores: Mapping[str, Judged], *, asked: str, only: str, page: int) -> dict[str, Any]:
    """Return a page of the rows of a table. `only`: "missing" a translation, "due" for review, in the "draft", or "" all."""
    rows = [
        _row(view, table, file, str(name), entry, scores)
        for file in view.in_table(table)
        for name, entry in table.entries(file.entries).items()
        if isinstance(entry, dict) and _fits(str(name), entry, asked.strip().casefold())
    ]
    if only:
        rows = [row for row in rows if row[only]]
    shown = rows[page * A_PAGE : (page + 1) * A_PAGE]
    return {
        "rows": shown,
        "total": len(rows),
        "more": len(rows) > (page + 1) * A_PAGE,
        "files": [_file(one) for one in view.in_table(table)],
        "columns": list(table.columns),
        "grows": table.blank is not None,
        "draft": draft(view.draft),
    }


def _row(
    view: View, table: Table, file: PackFile, name: str, entry: Mapping[str, Any], scores: Mapping[str, Judged]
) -> dict[str, Any]:
    day = day_of(entry.get("review_date") or file.data.get("review_date"))
    language = view.visit.language
    return {
        "file": file.name,
        "entry": name,
        "title": _title(entry, language),
        "cells": {column: _cell(entry.get(column), language) for column in table.columns},
        "missing": list(missing_in(entry)),
        "day": "" if day is None else day.isoformat(),
        "due": day is not None and view.today > day,
        "draft": view.touched(table, file.name, name),
        "helpful": _helpful(scores.get(name, Judged())) if table.room == "faq" else None,
    }


def _helpful(one: Judged) -> dict[str, Any]:
    return {"shown": one.shown, "percent": None if one.share is None else round(100 * one.share), "judged": one.yes + one.no}


def _title(entry: Mapping[str, Any], language: Language) -> str:
    for name in ("questions", "names", "text"):
        said = entry.get(name)
        if isinstance(said, dict) and said.get(language):
            one = said[language]
            return str(one[0] if isinstance(one, list) else one)[:LONGEST_CELL]
    return ""


def _cell(value: Any, language: Language) -> str:
    if isinstance(value, dict):
        if value.keys() & set(LANGUAGES):
            return _cell(value.get(language), language)
        return _cut(" · ".join(f"{name} → {_cell(one, language)}" for name, one in value.items()))
    if isinstance(value, list):
        return _cut(", ".join(_cell(one, language) for one in value))
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return "" if value is None else _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _fits(name: str, entry: Mapping[str, Any], asked: str) -> bool:
    return not asked or asked in f"{name}\n{entry}".casefold()


def _file(one: PackFile) -> dict[str, Any]:
    day = day_of(one.data.get("review_date"))
    header = {name: str(one.data.get(name, "")) for name in ("pack", "owner", "reviewer", "status", "source")}
    return {"file": one.name, **header, "day": "" if day is None else day.isoformat()}


def form(view: View, table: Table, file: PackFile, entry: str, tables: Tables, named: Named) -> dict[str, Any]:
    """Return an entry as a form, "" the header of its file; and where it stands."""
    now = entry_in(table, file, entry)
    return {
        "file": _file(file),
        "entry": entry,
        "title": _title(now, view.visit.language),
        "fields": [
            _field(one, named, _choices(view, table, tables, one) if entry else [], table.optional if entry else ())
            for one in fields_of(table, file, entry)
        ],
        "missing": list(missing_in(now)) if entry else [],
        "retires": bool(entry) and table.blank is not None,
        "draft": view.touched(table, file.name, entry),
        "seen": seen(now),
        "words": _words(tables) if table.id in CONDITIONS and entry else [],
    }


def seen(entry: Mapping[str, Any]) -> str:
    """Return a mark of what was on the screen: another one by now is not overwritten."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]


def _choices(view: View, table: Table, tables: Tables, one: Field) -> list[str]:
    return choices_of(table.id, _last(one), tables=tables, files=view.files) if one.kind in ("text", "list", "pairs") else []


def _last(one: Field) -> str:
    return next(part for part in reversed(one.path) if isinstance(part, str))


def _field(one: Field, named: Named, choices: list[str], optional: Collection[str]) -> dict[str, Any]:
    value = [[name, said] for name, said in one.value.items()] if one.kind == "pairs" else one.value
    label = " › ".join(named(part) if isinstance(part, str) else str(part + 1) for part in one.path)
    return {
        "path": list(one.path),
        "kind": one.kind,
        "value": value,
        "label": label,
        "choices": choices,
        "optional": _last(one) in optional and len(one.path) == 1,
    }


def _words(tables: Tables) -> list[str]:
    """Return what a condition may speak of."""
    return sorted({*tables.lexicon.concepts, *FACTS, *NUMBERS})


def effects(found: Impact, *, patients: bool) -> dict[str, Any]:
    """Return which sentences change, and how many. `patients`: whether who asks may read sentences of patients."""
    shown = found.effects[:MOST_EFFECTS]
    return {
        "asked": found.asked,
        "by_both": found.by_both,
        "count": len(found.effects),
        "lost": sum(one.is_lost for one in found.effects),
        "alarms": sum(one.is_alarm for one in found.effects),
        "milliseconds": found.milliseconds,
        "effects": [_effect(one, patients) for one in shown],
    }


def _effect(one: Effect, patients: bool) -> dict[str, Any]:
    shown = patients or one.sentence.kind != "patient"
    return {
        "text": one.sentence.text if shown else "…",
        "language": one.sentence.language,
        "kind": one.sentence.kind,
        "lost": one.is_lost,
        "alarm": one.is_alarm,
        "before": _outcome(one.before),
        "after": _outcome(one.after),
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {"level": one.level, "crisis": one.crisis, "department": one.department, "alarmed": one.alarmed}


def expiring(view: View, room: Room) -> list[dict[str, Any]]:
    """Return what has to be reviewed now or soon, the longest overdue first."""
    return [_due(one, view) for one in due(view.files, room, today=view.today)]


def _due(one: Due, view: View) -> dict[str, Any]:
    title = _title(view.files[one.file].entries.get(one.entry, {}), view.visit.language) if one.entry else ""
    overdue = one.is_overdue(view.today)
    return {
        "file": one.file, "entry": one.entry, "table": one.table, "title": title, "owner": one.owner, "reviewer": one.reviewer,
        "day": one.day.isoformat(), "overdue": overdue, "count": one.count, "stopped": overdue and one.stops,
    }  # fmt: skip


def owners(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return who answers for what is listed."""
    return sorted({str(row["owner"]) for row in rows})
