"""Seals every row anew with the newest key, in batches: safe to stop and to start again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Database, Work
from bot.database.tables import SEALED
from bot.privacy.encryption import KeyProblem

BATCH = 500


def renew_all(database: Database) -> Iterator[tuple[str, int]]:
    """Renew all sealed columns; yields (table, rows done) after each batch.

    What no key opens (its key was dropped before) stays as it is: one such row must not keep the others from a new key.
    """
    for table in SEALED:
        done, last = 0, 0
        while True:
            with database.write() as work:
                query = (
                    sa.select(table.c.id, table.c.sealed)
                    .where(table.c.id > last, table.c.sealed.isnot(None))
                    .order_by(table.c.id)
                    .limit(BATCH)
                )
                rows = work.execute(query).all()
                done += sum(_renewed(work, table, row) for row in rows)
            if not rows:
                break
            last = rows[-1].id
            yield table.name, done


def _renewed(work: Work, table: sa.Table, row: Any) -> bool:
    try:
        sealed = work.cipher.renew(row.sealed)
    except KeyProblem:
        return False
    # Only what is still there: on PostgreSQL others write meanwhile, and what they wrote would be gone.
    same = sa.and_(table.c.id == row.id, table.c.sealed == row.sealed)
    return bool(work.execute(sa.update(table).where(same).values(sealed=sealed)).rowcount)
