"""Numbers of rows after a restore: one that was given since the backup must not be given again.

Outside the database others remember them: an open chat reads on after the last number it has, a platform takes a message of a known
number for the one it has sent, a tab of the desk names a case. After a number came back, they would mean somebody else's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.database.engine import DatabaseProblem, make_engine

Numbers = dict[str, int]
# Left out where nobody can say what was given since the backup: more than a large hospital gives in a day.
GAP = 100_000

_GIVEN = {
    "sqlite": "SELECT one.name, coalesce(seq, 0) FROM sqlite_master AS one LEFT JOIN sqlite_sequence AS given ON given.name = one.name "
    "WHERE one.type = 'table' AND one.sql LIKE '%AUTOINCREMENT%'",
    "postgresql": "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = current_schema()",
}
_SET = {
    "sqlite": (
        "DELETE FROM sqlite_sequence WHERE name = :name",
        "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)",
    ),
    "postgresql": ("SELECT setval(CAST(quote_ident(:name) AS regclass), :number)",),
}


def given_in(url: str) -> Numbers:
    """Return the last number that each table at `url` has given; nothing where it cannot be read."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return _given(connection)
    except (SQLAlchemyError, sqlite3.Error):
        return {}
    finally:
        engine.dispose()


def go_on_after(url: str, replaced: Mapping[str, int]) -> None:
    """Let the restored tables at `url` go on behind the numbers of the database that they replace, `replaced`.

    Where that is not what became of the backup (it was lost, or begun anew), GAP numbers are left out. Raises DatabaseProblem.
    """
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            own = _given(connection)
            gap = 0 if replaced and all(replaced.get(name, 0) >= number for name, number in own.items()) else GAP
            for name, number in own.items():
                _set(connection, name, max(number, replaced.get(name, 0)) + gap)
    except SQLAlchemyError as error:
        raise DatabaseProblem(
            f"The restored database cannot be written ({type(error).__name__}). Is there room on its disk?"
        ) from None
    finally:
        engine.dispose()


def _given(connection: Connection) -> Numbers:
    rows = connection.execute(sa.text(_GIVEN[connection.dialect.name]))
    return {str(name): int(number) for name, number in rows}


def _set(connection: Connection, name: str, number: int) -> None:
    for statement in _SET[connection.dialect.name] if number else ():
        connection.execute(sa.text(statement), {"name": name, "number": number})
