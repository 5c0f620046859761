"""What somebody is writing and has not sent: kept for each nurse, case and box. No code leads from here to a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import care_case, case_draft

Mode = Literal["reply", "note"]
LONGEST = 8000


def save(work: Work, case_id: int, staff_id: int, mode: Mode, text: str, now: datetime) -> None:
    """Keep what is in the box; an empty one keeps nothing. A case that is gone takes none."""
    if not text.strip():
        clear(work, case_id, staff_id, mode)
        return
    if work.execute(sa.select(care_case.c.id).where(care_case.c.id == case_id)).first() is None:
        return
    sealed = work.cipher.seal({"text": text[:LONGEST]})
    row = {"case_id": case_id, "staff_id": staff_id, "mode": mode, "at": now, "sealed": sealed}
    if insert_once(work, case_draft, row) is None:
        work.execute(sa.update(case_draft).where(_mine(case_id, staff_id, mode)).values(at=now, sealed=sealed))


def get(work: Work, case_id: int, staff_id: int, mode: Mode) -> str:
    """Return what was kept, "" when nothing was."""
    sealed = work.execute(sa.select(case_draft.c.sealed).where(_mine(case_id, staff_id, mode))).scalar()
    return "" if sealed is None else str(work.cipher.unseal(sealed)["text"])


def clear(work: Work, case_id: int, staff_id: int, mode: Mode) -> None:
    """Keep nothing any more: it was sent, or thrown away."""
    work.execute(sa.delete(case_draft).where(_mine(case_id, staff_id, mode)))


def _mine(case_id: int, staff_id: int, mode: Mode) -> sa.sql.ColumnElement[bool]:
    return sa.and_(case_draft.c.case_id == case_id, case_draft.c.staff_id == staff_id, case_draft.c.mode == mode)
