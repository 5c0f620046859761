"""One engine per process and short transactions. Reads and writes are told apart because SQLite has one writer."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.errors import OperatorError
from bot.privacy.encryption import Cipher
from bot.settings import PREFIX

BUSY_TIMEOUT_MS = 5_000
# Goes to the disk at the commit, and changes nothing that is stored.
_SMALLEST_WRITE = {"sqlite": "PRAGMA user_version = 0", "postgresql": "SELECT txid_current()"}


class DatabaseProblem(OperatorError):
    """The database cannot be used. The message says what and what to do; try again later."""


def make_engine(url: str) -> Engine:
    """Return the engine for `url`. Raises DatabaseProblem when the address or the folder is wrong."""
    try:
        parsed = sa.engine.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, parsed.database)
        return _postgres(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseProblem(
            f"{PREFIX}DATABASE_URL is not an address of SQLite or PostgreSQL. Write postgresql://user:password@host/db."
        ) from error


def _postgres(url: str) -> Engine:
    engine = sa.create_engine(url, future=True, pool_size=10, max_overflow=10, pool_pre_ping=True)

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        # It compiles what it takes for expensive: half a second, for queries of the desk that then run for ten milliseconds.
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
        connection.commit()

    return engine


def _sqlite(url: str, path: str | None) -> Engine:
    if path:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseProblem(
                f"The folder of {path} cannot be made ({error.strerror}). Set {PREFIX}DATA_DIR to a writable folder."
            ) from error
    # A pool, because 1.4 opens a file anew for every transaction: that was half of the cost of a message.
    pool = {"poolclass": sa.pool.QueuePool, "pool_size": 12, "max_overflow": 12} if path else {}
    arguments = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}
    engine = sa.create_engine(url, future=True, connect_args=arguments, **pool)

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
        cursor = connection.cursor()
        _write_ahead(cursor)
        # WAL with NORMAL: a commit survives kill -9 of the process (not a power cut of the last moment).
        for pragma in (
            "synchronous=NORMAL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "cache_size=-16000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A write lock taken at the start cannot fail half-way as an upgrade from reading can.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def _write_ahead(cursor: Any) -> None:
    # Of processes that start at once on a new file one makes the switch; the others are told "locked" without any waiting.
    for _ in range(100):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            time.sleep(0.05)


@dataclass(frozen=True)
class Work:
    """One transaction: its connection and the cipher for sealed columns."""

    connection: Connection
    cipher: Cipher

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Run a statement in this transaction."""
        return self.connection.execute(statement, parameters) if parameters is not None else self.connection.execute(statement)

    @property
    def is_postgres(self) -> bool:
        """Whether this is PostgreSQL: several gateways may work at once."""
        return bool(self.connection.dialect.name == "postgresql")


class Database:
    """Gives transactions. `write` commits at the end of the block; an exception rolls everything back."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self.engine = engine
        self.cipher = cipher
        # In one process a lock is fairer and faster than SQLite's own waiting, which sleeps in steps.
        one_writer = engine.dialect.name == "sqlite"
        self._writer: AbstractContextManager[Any] = threading.Lock() if one_writer else nullcontext()
        # All that is not urgent queues here first, so that what is urgent waits for one transaction at most.
        self._queue: AbstractContextManager[Any] = threading.Lock() if one_writer else nullcontext()

    @contextmanager
    def write(self, *, urgent: bool = False) -> Iterator[Work]:
        """Yield a transaction that may write. Raises DatabaseProblem when the database cannot be reached.

        `urgent` is for receiving messages: the emergency answer does not stand in a queue.
        """
        with nullcontext() if urgent else self._queue, self._writer, self._transaction(writes=True) as work:
            yield work

    @contextmanager
    def read(self) -> Iterator[Work]:
        """Yield a transaction for reading. Raises DatabaseProblem when the database cannot be reached."""
        with self._transaction(writes=False) as work:
            yield work

    @property
    def has_company(self) -> bool:
        """Whether other gateways may work on this database as well: not on SQLite."""
        return bool(self.engine.dialect.name != "sqlite")

    def ready(self) -> bool:
        """Return whether the database takes something: a full disk answers every question, and stores nothing."""
        try:
            with self.write() as work:
                work.execute(sa.text(_SMALLEST_WRITE[self.engine.dialect.name]))
        except DatabaseProblem:
            return False
        return True

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Work]:
        try:
            with self.engine.connect().execution_options(writes=writes) as connection, connection.begin():
                yield Work(connection, self.cipher)
        except sa.exc.IntegrityError:
            raise  # a rule of ours, not trouble with the database
        except SQLAlchemyError as error:
            # The cause may quote parameters, that is patient data: only its class is told on.
            raise DatabaseProblem(
                f"The database does not take this now ({type(error).__name__}). Is it running, writable and not full?"
            ) from None
