"""Brings the tables to the newest version. Safe when several processes start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database.engine import DatabaseProblem

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"
# Any number that no other program uses for pg_advisory_lock on this database.
_LOCK = 0x64616F7A


def migrate(engine: Engine) -> None:
    """Upgrade to the newest version. Raises DatabaseProblem when the database cannot be reached or written."""
    if is_current(engine):
        return
    refuse_newer(engine)
    # Only here: alembic is 11 MB, and a gateway whose tables were made before it started has no use for it.
    from alembic import command

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


def is_current(engine: Engine) -> bool:
    """Return whether the tables are of the newest version already; False also when nothing can be read."""
    return version_of(engine) == newest()


def refuse_newer(engine: Engine) -> None:
    """Raise DatabaseProblem when a newer program made the tables: this one must not write into what it does not know."""
    found = version_of(engine)
    if found and not is_known(found):
        raise DatabaseProblem(
            "The database was made by a newer version of Daozhen. Update this installation, or name another database in "
            "DAOZHEN_DATABASE_URL; nothing was changed."
        )


def version_of(engine: Engine) -> str:
    """Return the version of the tables; "" when there are none, or nothing can be read."""
    try:
        with engine.connect() as connection:
            return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")
    except SQLAlchemyError:
        return ""


def newest() -> str:
    """Return the version that this program needs."""
    return max(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def is_known(version: str) -> bool:
    """Return whether this program can bring tables of `version` to its own."""
    return any((SCRIPTS / "versions").glob(f"{version}_*.py"))


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
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config
