"""Who asked to be forgotten stays forgotten when an older backup comes back: their words are in it, the wish is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.database.engine import Database, make_engine
from bot.database.tables import audit
from bot.privacy.encryption import Cipher
from bot.privacy.erase import ERASED_PATIENT, erase_patient


def erased_in(url: str) -> tuple[str, ...]:
    """Return the ids of the patients that were erased, by the audit of the database at `url`; nothing where it cannot be read."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return tuple(connection.execute(sa.select(audit.c.subject).where(audit.c.what == ERASED_PATIENT)).scalars())
    except (SQLAlchemyError, sqlite3.Error):
        return ()
    finally:
        engine.dispose()


def erase_again(url: str, patients: Iterable[str], *, cipher: Cipher, now: datetime) -> int:
    """Erase those of `patients` that the restored database at `url` knows; return how many. Raises DatabaseProblem."""
    engine = make_engine(url)
    try:
        with Database(engine, cipher).write() as work:
            return sum(erase_patient(work, one, who="restore", now=now) for one in patients)
    finally:
        engine.dispose()
