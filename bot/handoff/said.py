"""The words of messages and notes by their number: for the search index, and for what a search found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import case_note, conversation, inbound, outbound
from bot.handoff.refs import Kind, Ref

# What was taken back was never said.
GONE_STATES = ("undone", "cancelled")


@dataclass(frozen=True)
class Said:
    """One message of the patient, the bot or a nurse, or a note."""

    ref: Ref
    conversation_id: str  # of a note: ""
    case_id: int  # of a note; else 0
    author: str  # patient | bot | nurse, or of a note the handle
    at: datetime
    language: str
    text: str


def words_of(content: dict[str, Any]) -> str:
    """Return what a sealed message says, without the disclaimer or label that every message has."""
    text, note = str(content.get("text", "")), str(content.get("note", ""))
    return (text[: -len(note)] if note and text.endswith(note) else text).strip()


def said(work: Work, refs: Iterable[Ref]) -> dict[Ref, Said]:
    """Return the messages that are still there and have words, by reference."""
    by_kind: dict[Kind, list[int]] = {"in": [], "out": [], "note": []}
    for ref in refs:
        by_kind[ref.kind].append(ref.number)
    found = [*_inbound(work, by_kind["in"]), *_outbound(work, by_kind["out"]), *_notes(work, by_kind["note"])]
    return {one.ref: one for one in found if one.text}


def _inbound(work: Work, numbers: Collection[int]) -> Iterable[Said]:
    columns = (inbound.c.id, inbound.c.conversation_id, inbound.c.received_at, inbound.c.sealed, conversation.c.language)
    query = sa.select(*columns).join(conversation, conversation.c.id == inbound.c.conversation_id)
    rows = _all(work, query.where(inbound.c.sealed.isnot(None)), inbound.c.id, numbers)
    for row in rows:
        text = words_of(work.cipher.unseal(row.sealed))
        yield Said(Ref("in", row.id), row.conversation_id, 0, "patient", row.received_at, row.language, text)


def _outbound(work: Work, numbers: Collection[int]) -> Iterable[Said]:
    columns = (outbound.c.id, outbound.c.conversation_id, outbound.c.author, outbound.c.created_at, outbound.c.sealed)
    for row in _all(work, sa.select(*columns).where(outbound.c.state.notin_(GONE_STATES)), outbound.c.id, numbers):
        content = work.cipher.unseal(row.sealed)
        language = content.get("language", "")
        yield Said(Ref("out", row.id), row.conversation_id, 0, row.author, row.created_at, language, words_of(content))


def _notes(work: Work, numbers: Collection[int]) -> Iterable[Said]:
    columns = (case_note.c.id, case_note.c.case_id, case_note.c.who, case_note.c.at, case_note.c.sealed)
    for row in _all(work, sa.select(*columns), case_note.c.id, numbers):
        yield Said(Ref("note", row.id), "", row.case_id, row.who, row.at, "", words_of(work.cipher.unseal(row.sealed)))


def _all(work: Work, query: Any, column: Any, numbers: Collection[int]) -> list[Any]:
    return list(work.execute(query.where(column.in_(numbers)))) if numbers else []
