"""Inserts that a replay cannot repeat: a unique key that is taken already means that it was done before."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.database.engine import Work


def insert_new(work: Work, table: sa.Table, row: dict[str, Any]) -> Any:
    """Return an INSERT of `row` that does nothing when a unique key is taken already: a replay stores nothing twice."""
    dialect = postgresql if work.is_postgres else sqlite
    return dialect.insert(table).values(**row).on_conflict_do_nothing()  # type: ignore[attr-defined]


def insert_once(work: Work, table: sa.Table, row: dict[str, Any]) -> int | None:
    """Insert `row` and return its number, or None when a unique key is taken already."""
    statement = _insertion(table, tuple(row), postgres=work.is_postgres)
    if work.is_postgres:
        number = work.execute(statement, row).scalar()
        return None if number is None else int(number)
    # SQLAlchemy 1.4 has no RETURNING for SQLite.
    result = work.execute(statement, row)
    return int(result.lastrowid) if result.rowcount else None


@cache
def _insertion(table: sa.Table, names: tuple[str, ...], *, postgres: bool) -> Any:
    # As text, because SQLAlchemy compiles an INSERT … ON CONFLICT anew every time: a sixth of receiving a message.
    columns, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    text = f"INSERT INTO {table.name} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING{' RETURNING id' if postgres else ''}"
    return sa.text(text).bindparams(*(sa.bindparam(name, type_=table.c[name].type) for name in names))
