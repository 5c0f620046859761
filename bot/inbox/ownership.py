"""Which gateway works on a conversation. One at a time, and a dead gateway gives everything back at once."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine


class Ownership(Protocol):
    """Holds conversations for this process."""

    alone: bool  # this process is the only gateway: there is nothing to ask

    def acquire(self, conversation_id: str) -> bool:
        """Return whether this process may work on the conversation now."""

    def release(self, conversation_id: str) -> None:
        """Let others work on it."""


class OnlyGateway:
    """SQLite: there is one gateway, and it owns everything."""

    alone = True

    def acquire(self, conversation_id: str) -> bool:
        """Always."""
        return True

    def release(self, conversation_id: str) -> None:
        """Nothing to give back."""


class AdvisoryLocks:
    """PostgreSQL: session-level advisory locks on one connection. `kill -9` closes it, so nothing waits for a lease to end."""

    alone = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def acquire(self, conversation_id: str) -> bool:
        """Try the lock of this conversation; False when another gateway has it."""
        return bool(self._call("SELECT pg_try_advisory_lock(:key)", conversation_id))

    def release(self, conversation_id: str) -> None:
        """Give the lock back."""
        self._call("SELECT pg_advisory_unlock(:key)", conversation_id)

    def _call(self, statement: str, conversation_id: str) -> object:
        key = int.from_bytes(hashlib.sha256(conversation_id.encode()).digest()[:8], "big", signed=True)
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                return self._connection.execute(sa.text(statement), {"key": key}).scalar()
            except sa.exc.SQLAlchemyError:
                # The line broke, so PostgreSQL has released all locks: begin anew at the next call.
                self._give_up_line()
                return False

    def _give_up_line(self) -> None:
        line, self._connection = self._connection, None
        if line is not None:
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                line.invalidate()
                line.close()


def ownership_for(engine: Engine) -> Ownership:
    """Return the way of ownership that fits the database."""
    return AdvisoryLocks(engine) if engine.dialect.name == "postgresql" else OnlyGateway()
