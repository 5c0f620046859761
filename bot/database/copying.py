"""A copy of an SQLite database and the way back. What is there is replaced only by a copy that was looked through before."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from bot.database.migrate import is_known
from bot.errors import OperatorError

BESIDE = ("-wal", "-shm")


class CopyProblem(OperatorError):
    """A backup cannot be made or taken back; what was there is untouched. The message says why and what to do."""


def make_new(file: Path) -> None:
    """Make the empty `file` of a backup: by us, so that nobody else can read it from its first byte on. Raises CopyProblem."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise CopyProblem(f"{file} exists already. Name a new file.") from error
    except OSError as error:
        raise CopyProblem(f"{file} cannot be written ({error.strerror}). Name a file in a folder that is there.") from error


def write_copy(path: Path, file: Path) -> None:
    """Write a consistent copy of `path`, which may be in use, to the new `file`. Raises CopyProblem and leaves nothing half."""
    make_new(file)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise CopyProblem(f"The backup could not be written ({error}). Is there room on the disk of {file}?") from error


def take_back(file: Path, path: Path, *, now: datetime, prepare: Callable[[Path], None]) -> Path | None:
    """Put the copy `file` in the place of `path`; returns where what was there lies now, None when nothing was.

    `prepare` is given the new file before it counts; what it raises leaves everything as it was. Raises CopyProblem when
    `file` is no backup, or when a program has the database open.
    """
    _look_through(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    try:
        _remove(new)
        shutil.copy(file, new)
        new.chmod(0o600)
        prepare(new)
        _reach_the_disk(new)
        old = _put_aside(path, now) if path.exists() else None
        new.replace(path)
    except OSError as error:
        raise CopyProblem(
            f"{path} cannot be replaced ({error.strerror}). Is its folder writable, with room on the disk?"
        ) from error
    finally:
        _remove(new)
    return old


def _look_through(file: Path) -> None:
    no_backup = (
        f"{file} is not a backup of Daozhen, or it is damaged. Nothing was changed; name a file that `daozhen backup` wrote."
    )
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)) as copy:
            whole = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
            version = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise CopyProblem(no_backup) from error
    if not whole or version is None:
        raise CopyProblem(no_backup)
    if not is_known(version[0]):
        raise CopyProblem(
            f"{file} was written by a newer version of Daozhen. Update this installation first; nothing was changed."
        )


def _put_aside(path: Path, now: datetime) -> Path:
    """Keep what is at `path` under another name as well. It is there at every moment: where nothing was, the next start would make
    an empty database, and everybody who wrote would be somebody new."""
    _refuse_when_open(path)
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}")
    try:
        os.link(path, aside)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second name for a file
        shutil.copy2(path, aside)
    for beside in BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + beside).replace(aside.with_name(aside.name + beside))
    return aside


def _reach_the_disk(path: Path) -> None:
    # Else a power cut could leave the new name, and nothing in it.
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _refuse_when_open(path: Path) -> None:
    # Only who is alone with a database can take it out of its write-ahead mode; that also leaves one file instead of three.
    try:
        with closing(sqlite3.connect(path, timeout=0.5)) as alone:
            alone.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise CopyProblem(
            "The database is in use. End the running system (Ctrl-C, or its service) and try again; nothing was changed."
        ) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged: that is why it is replaced


def _remove(path: Path) -> None:
    for beside in ("", *BESIDE):
        path.with_name(path.name + beside).unlink(missing_ok=True)
