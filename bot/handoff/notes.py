"""What colleagues read and patients never. A file and a table of their own: from here no code leads to a channel.

The contract "Notes have no way to a channel" in pyproject.toml proves it: neither this file nor anything that it imports, however
far away, knows `bot.outbox` or a connector.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import case_note
from bot.handoff.case_rows import case_of
from bot.handoff.events import LONGEST_KEY, add_event
from bot.handoff.problems import CaseProblem
from bot.privacy import audit

LONGEST = 8000


@dataclass(frozen=True)
class Note:
    """A note of `who`, a handle."""

    id: int
    who: str
    at: datetime
    text: str


def add_note(work: Work, case_id: int, text: str, *, who: str, dedupe_key: str, now: datetime) -> int:
    """Write something down that the patient never sees, and return its number; the same `dedupe_key` writes nothing twice.

    Closed cases take notes as well. Raises CaseProblem when there is no such case, or when there are no words.
    """
    case_of(work, case_id)
    if not text.strip():
        raise CaseProblem("There are no words in this note.", key="empty")
    key = f"note:{case_id}:{dedupe_key}"[:LONGEST_KEY]
    row = {"case_id": case_id, "who": who, "dedupe_key": key, "at": now, "sealed": work.cipher.seal({"text": text[:LONGEST]})}
    number = insert_once(work, case_note, row)
    if number is None:
        return int(work.execute(sa.select(case_note.c.id).where(case_note.c.dedupe_key == key)).scalar_one())
    add_event(work, case_id, "note", who=who, dedupe_key=key, now=now, content={"note": number})
    audit.record(work, who=who, what="wrote note", subject=str(case_id), now=now)
    return number


def notes(work: Work, case_id: int) -> tuple[Note, ...]:
    """Return the notes on a case, oldest first."""
    query = sa.select(case_note.c.id, case_note.c.who, case_note.c.at, case_note.c.sealed).where(case_note.c.case_id == case_id)
    return tuple(
        Note(row.id, row.who, row.at, work.cipher.unseal(row.sealed)["text"])
        for row in work.execute(query.order_by(case_note.c.id))
    )
