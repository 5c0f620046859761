"""Seals every row anew with the newest key, in batches: safe to stop and to start again."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from bot.database.engine import Database
from bot.database.tables import SEALED

BATCH = 500


def renew_all(database: Database) -> Iterator[tuple[str, int]]:
    """Renew all sealed columns; yields (table, rows done) after each batch."""
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
                for row in rows:
                    work.execute(sa.update(table).where(table.c.id == row.id).values(sealed=work.cipher.renew(row.sealed)))
            if not rows:
                break
            done, last = done + len(rows), rows[-1].id
            yield table.name, done
