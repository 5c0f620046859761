"""Rows of the staff that are about to be changed: read under a lock, sealed anew."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff
from bot.staff.people import StaffProblem


def locked(work: Work, staff_id: int) -> Any:
    """Return the row; nobody else changes it until this transaction ends. Raises StaffProblem when there is none."""
    row = work.execute(sa.select(staff).where(staff.c.id == staff_id).with_for_update()).first()
    if row is None:
        raise StaffProblem("problem_nobody", "There is no such person on the staff.")
    return row


def reseal(work: Work, row: Any, **changes: Any) -> None:
    """Change what is sealed in a row that `locked` gave."""
    sealed = {**work.cipher.unseal(row.sealed), **changes}
    work.execute(sa.update(staff).where(staff.c.id == row.id).values(sealed=work.cipher.seal(sealed)))


def sealed_of(work: Work, staff_id: int) -> dict[str, Any]:
    """Return what is sealed in a row, to read only. Empty when there is no such person."""
    sealed = work.execute(sa.select(staff.c.sealed).where(staff.c.id == staff_id)).scalar()
    found: dict[str, Any] = {} if sealed is None else work.cipher.unseal(sealed)
    return found
