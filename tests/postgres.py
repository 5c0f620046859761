"""A PostgreSQL of the tests' own, started from the machine's binaries: nothing to install, nothing left behind."""

from __future__ import annotations

import glob
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.database.tables import metadata


class Postgres:
    """A server on loopback in a folder under /tmp; `database()` makes a database and returns its address."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="daozhen-postgres-"))
        # PostgreSQL refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._port = _free_port()
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-o", options, "-l", str(self._folder / "log"), "-w", "start")
        self._server = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self._shared: str | None = None

    def database(self) -> str:
        """Return the address of a new, empty database."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        with self._server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return self._url(name)

    def emptied(self) -> str:
        """Return the address of one database that has the tables, emptied: ten times quicker than a new one."""
        if self._shared is None:
            self._shared = self.database()
            engine = make_engine(self._shared)
            migrate(engine)
            engine.dispose()
        engine = sa.create_engine(self._shared)
        with engine.begin() as connection:
            _empty(connection)
        engine.dispose()
        return self._shared

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._server.dispose()
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, name: str) -> str:
        return f"postgresql://tester@127.0.0.1:{self._port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        subprocess.run(
            command, check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


def _empty(connection: sa.engine.Connection) -> None:
    """Remove all rows and begin to count anew. Emptying only what holds something takes a tenth of truncating all tables."""
    connection.execute(sa.text("SET LOCAL session_replication_role = replica"))  # no triggers: the audit refuses this
    holds = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in metadata.tables)
    for name in connection.execute(sa.text(holds)).scalars().all():
        connection.execute(sa.text(f"DELETE FROM {name}"))
    sequences = "SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, false) FROM pg_sequences"
    connection.execute(sa.text(sequences))


def start_or_skip() -> Postgres:
    """Return a running server. Skips with the reason when the machine has none, unless skips are forbidden."""
    found = shutil.which("initdb")
    folders = [str(Path(found).resolve().parent)] if found else sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not folders:
        reason = "no PostgreSQL on this machine: install postgresql to run these tests"
        if os.environ.get("DAOZHEN_NO_SKIPS"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Postgres(Path(folders[-1]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
