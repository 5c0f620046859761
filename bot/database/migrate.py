"""Brings the tables to the newest version. Safe when several processes start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database.engine import DatabaseProblem

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"
# Any number that no other program uses for pg_advisory_lock on this database.
_LOCK = 0x64616F7A


def migrate(engine: Engine) -> None:
    """Upgrade to the newest version. Raises DatabaseProblem when the database cannot be reached or written."""
    try:
        with engine.connect().execution_options(writes=True) as connection, _without_cascades(connection), connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            command.upgrade(configuration(connection), "head")
    except SQLAlchemyError as error:
        raise DatabaseProblem(
            f"The database cannot be prepared ({type(error).__name__}). Check that it runs, that the address in DAOZHEN_DATABASE_URL "
            "is right and that this user may write there."
        ) from error


@contextmanager
def _without_cascades(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew; with foreign keys on, dropping the old one would empty all that refer to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")  # has no effect within a transaction
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def configuration(connection: Connection) -> Config:
    """Return alembic's configuration bound to `connection`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config
