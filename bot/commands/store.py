"""`daozhen migrate`, `backup` and `restore`: the database as a whole."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
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
    open_database().engine.dispose()
    print("The database is up to date.")


def backup(file: File) -> None:
    """Write a consistent copy."""
    from bot.database.copying import write_copy

    settings = read_settings()
    open_database(settings).engine.dispose()
    path = settings.sqlite_file
    if path is None:
        _dump(file, settings)
    else:
        write_copy(path, file)
    print(f"Written to {file}. Keep the keys of the data folder elsewhere: without them it cannot be read.")


def restore(file: File, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Replace the database by a backup. The present one is kept beside it."""
    from bot.clock import utc_now
    from bot.database.copying import take_back

    settings = read_settings()
    if not file.exists():
        raise BackupProblem(f"{file} does not exist. Name a file that `daozhen backup` wrote.")
    if not yes:
        typer.confirm("Replace the present database by this backup?", abort=True)
    path = settings.sqlite_file
    made_ready = _made_ready(settings)
    if path is None:
        # All or nothing: half a database would be worse than the present one.
        _postgres(settings, "pg_restore", "--clean", "--if-exists", "--single-transaction", "--dbname={url}", str(file))
        made_ready(settings.database_url)
        print("Restored.")
        return
    old = take_back(file, path, now=utc_now(), prepare=lambda new: made_ready(f"sqlite:///{new}"))
    kept = f" What was there lies in {old}: remove it when you are sure, it holds patients' data." if old else ""
    print(f"Restored.{kept}")


def _made_ready(settings: Settings) -> Callable[[str], None]:
    """Return what makes a restored database ready, by what stands in the present one now: numbers that were given, patients that
    were erased."""
    from bot.clock import utc_now
    from bot.database.numbers import given_in, go_on_after
    from bot.privacy.belonging import prepare_database
    from bot.privacy.encryption import load_cipher
    from bot.privacy.forgotten import erase_again, erased_in

    path, url = settings.sqlite_file, settings.database_url
    there = path is None or path.exists()
    given, erased = (given_in(url), erased_in(url)) if there else ({}, ())

    def make_ready(new: str) -> None:
        prepare_database(settings, new)
        go_on_after(new, given)
        again = erase_again(new, erased, cipher=load_cipher(settings), now=utc_now())
        if again:
            print(f"Erased again, as they were since the backup: {again} patients.")

    return make_ready


def _dump(file: Path, settings: Settings) -> None:
    from bot.database.copying import make_new

    make_new(file)
    try:
        _postgres(settings, "pg_dump", "--format=custom", f"--file={file}", "--dbname={url}")
    except BaseException:
        file.unlink(missing_ok=True)  # half a backup must not be taken for one
        raise


def _postgres(settings: Settings, program: str, *arguments: str) -> None:
    from sqlalchemy.engine import make_url

    url = make_url(settings.database_url).set(drivername="postgresql")
    # The password goes by the environment: everybody on the machine can read the arguments of a program.
    environment = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    address = url.set(password=None).render_as_string(hide_password=False)
    command = [program, *(argument.replace("{url}", address) for argument in arguments)]
    try:
        subprocess.run(command, check=True, capture_output=True, env=environment)
    except FileNotFoundError as error:
        raise BackupProblem(f"{program} is not installed. Install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise BackupProblem(f"{program} failed: {error.stderr.decode()[-300:].strip()} Check {PREFIX}DATABASE_URL.") from error
