"""What was done, by whom, to which internal id. The database itself refuses to change or remove a line."""

from __future__ import annotations

from datetime import datetime

from bot.database.engine import Work
from bot.database.tables import audit


def record(work: Work, *, who: str, what: str, subject: str, now: datetime) -> None:
    """Append one line. `subject` is an internal id, never a name or words."""
    work.execute(audit.insert().values(at=now, who=who, what=what, subject=subject))
