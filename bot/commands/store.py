"""`daozhen migrate`, `backup` and `restore`: the database as a whole."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.services import open_database
from bot.errors import OperatorError
from bot.settings import PREFIX, Settings, read_settings

File = Annotated[Path, typer.Argument(help="The backup file.")]


class BackupProblem(OperatorError):
    """A backup cannot be made or taken back. The message says why and what to do."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("migrate", help="Bring the tables to the newest version.")(migrate)
    app.command("backup", help="Write the database to a file; the system may run meanwhile. Words stay encrypted.")(backup)
    app.command("restore", help="Take a backup back; end the system first. The keys are not part of a backup.")(restore)


def migrate() -> None:
    """Upgrade the database."""
    open_database()
    print("The database is up to date.")


def backup(file: File) -> None:
    """Write a consistent copy."""
    settings = read_settings()
    open_database(settings)
    if file.exists():
        raise BackupProblem(f"{file} exists already. Name a new file.")
    if _sqlite_path(settings) is None:
        _postgres("pg_dump", "--format=custom", f"--file={file}", settings.database_url)
    else:
        with sqlite3.connect(str(_sqlite_path(settings))) as source, sqlite3.connect(file) as target:
            source.backup(target)
    file.chmod(0o600)
    print(f"Written to {file}. Keep the keys of the data folder elsewhere: without them it cannot be read.")


def restore(file: File, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Replace the database by a backup."""
    settings = read_settings()
    if not file.exists():
        raise BackupProblem(f"{file} does not exist. Name a file that `daozhen backup` wrote.")
    if not yes:
        typer.confirm("Replace the present database by this backup?", abort=True)
    path = _sqlite_path(settings)
    if path is None:
        _postgres("pg_restore", "--clean", "--if-exists", f"--dbname={settings.database_url}", str(file))
    else:
        for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            old.unlink(missing_ok=True)
        shutil.copy(file, path)
    open_database(settings)
    print("Restored.")


def _sqlite_path(settings: Settings) -> Path | None:
    prefix = "sqlite:///"
    return Path(settings.database_url[len(prefix) :]) if settings.database_url.startswith(prefix) else None


def _postgres(program: str, *arguments: str) -> None:
    try:
        subprocess.run([program, *arguments], check=True, capture_output=True)
    except FileNotFoundError as error:
        raise BackupProblem(f"{program} is not installed. Install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise BackupProblem(f"{program} failed: {error.stderr.decode()[-300:].strip()} Check {PREFIX}DATABASE_URL.") from error
