"""`daozhen backup` and `restore`: words come back readable, nothing is replaced by what cannot be used, on both databases."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clock import utc_now
from bot.commands import store
from bot.commands.installation import installation_problems
from bot.commands.services import open_database
from bot.database.copying import CopyProblem
from bot.database.engine import DatabaseProblem
from bot.database.numbers import GAP
from bot.database.tables import identity, patient
from bot.errors import OperatorError
from bot.privacy.encryption import KeyProblem, new_key
from bot.privacy.erase import erase_patient
from bot.settings import read_settings


@pytest.fixture
def daozhen(tmp_path, monkeypatch):
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if isinstance(result.exception, OperatorError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def writes(name: str) -> None:
    database = open_database()
    with database.write() as work:
        work.execute(patient.insert().values(id=name, created_at=utc_now()))
        row = {"patient_id": name, "channel": "telegram", "lookup": work.cipher.lookup("identity", "telegram", name)}
        work.execute(identity.insert().values(**row, sealed=work.cipher.seal(name)))
    database.engine.dispose()


def who_wrote() -> list[str]:
    database = open_database()
    with database.read() as work:
        names = [
            work.cipher.unseal(sealed) for sealed in work.execute(sa.select(identity.c.sealed).order_by(identity.c.id)).scalars()
        ]
    database.engine.dispose()
    return names


@pytest.fixture
def restored(daozhen, tmp_path, monkeypatch, database_url):
    """Both databases, after a restore: Ana wrote before the backup, Ben since."""
    if database_url:
        monkeypatch.setenv("DAOZHEN_DATABASE_URL", database_url)
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    writes("Ben")

    daozhen("restore", tmp_path / "copy", "--yes")


def test_what_was_written_before_the_backup_comes_back_readable_on_both_databases(restored):
    assert who_wrote() == ["Ana"]


def numbers() -> list[int]:
    database = open_database()
    with database.read() as work:
        found = work.execute(sa.select(identity.c.id).order_by(identity.c.id)).scalars().all()
    database.engine.dispose()
    return list(found)


def test_a_number_that_was_given_since_the_backup_is_not_given_again(restored):
    """An open chat reads on after the last number it has, and a tab of the desk names its case by one."""
    writes("Cem")

    first, last = numbers()
    assert last == first + 2


@pytest.mark.parametrize("begins_anew", [False, True])
def test_where_nobody_knows_what_was_given_numbers_are_left_out(daozhen, tmp_path, begins_anew):
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    (tmp_path / "data" / "daozhen.sqlite").unlink()
    if begins_anew:
        daozhen("migrate")

    daozhen("restore", tmp_path / "copy", "--yes")
    writes("Cem")

    assert numbers() == [1, 1 + GAP + 1]


def test_who_was_erased_since_the_backup_does_not_come_back_with_it(daozhen, tmp_path, monkeypatch, database_url):
    if database_url:
        monkeypatch.setenv("DAOZHEN_DATABASE_URL", database_url)
    writes("Ana")
    writes("Ben")
    daozhen("backup", tmp_path / "copy")
    database = open_database()
    with database.write() as work:
        erase_patient(work, "Ana", who="patient", now=utc_now())
    database.engine.dispose()

    said = daozhen("restore", tmp_path / "copy", "--yes")

    assert who_wrote() == ["Ben"] and "Erased again, as they were since the backup: 1" in said


def test_what_was_replaced_is_kept_and_named(daozhen, tmp_path):
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    writes("Ben")

    said = daozhen("restore", tmp_path / "copy", "--yes")

    (kept,) = (tmp_path / "data").glob("daozhen.sqlite.before-*")
    assert str(kept) in said
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT count(*) FROM identity").fetchone() == (2,)


@pytest.mark.parametrize("links", [True, False])
def test_a_restore_that_ends_at_its_last_step_leaves_the_database_where_it_was(daozhen, tmp_path, monkeypatch, links):
    """The power goes, or the disk refuses: the next start must not make an empty database in its place."""
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    writes("Ben")
    replace, link = Path.replace, os.link

    def refused(source: Path, target: Path) -> Path:
        if source.name.endswith(".new"):
            raise OSError(errno.EIO, "Input/output error")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr(os, "link", link if links else _no_links)
    with pytest.raises(CopyProblem, match="cannot be replaced"):
        daozhen("restore", tmp_path / "copy", "--yes")
    monkeypatch.undo()
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path / "data"))

    assert who_wrote() == ["Ana", "Ben"]


def _no_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
def test_what_was_there_is_kept_whole_also_where_the_disk_knows_no_links(daozhen, tmp_path, monkeypatch, links):
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    writes("Ben")
    monkeypatch.setattr(os, "link", os.link if links else _no_links)

    daozhen("restore", tmp_path / "copy", "--yes")

    assert who_wrote() == ["Ana"]
    (kept,) = (tmp_path / "data").glob("*.before-*")
    monkeypatch.setenv("DAOZHEN_DATABASE_URL", f"sqlite:///{kept}")
    assert who_wrote() == ["Ana", "Ben"]


@pytest.mark.parametrize("damaged", [b"not a database at all" * 300, b""])
def test_a_file_that_is_no_backup_replaces_nothing(daozhen, tmp_path, damaged):
    writes("Ana")
    (tmp_path / "other").write_bytes(damaged)

    with pytest.raises(CopyProblem, match="is not a backup"):
        daozhen("restore", tmp_path / "other", "--yes")

    assert who_wrote() == ["Ana"]


def test_a_backup_of_other_keys_replaces_nothing(daozhen, tmp_path, monkeypatch):
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("DAOZHEN_KEYS", new_key())
    writes("Ben")

    with pytest.raises(KeyProblem, match="Put back the file `keys`"):
        daozhen("restore", tmp_path / "copy", "--yes")

    assert who_wrote() == ["Ben"]
    assert {path.name for path in (tmp_path / "elsewhere").glob("*.new*")} == set()


def test_nothing_is_replaced_under_a_running_system(daozhen, tmp_path):
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    database = open_database()
    with database.read() as work:
        work.execute(sa.select(identity.c.id)).all()
        with pytest.raises(CopyProblem, match="End the running system"):
            daozhen("restore", tmp_path / "copy", "--yes")
    database.engine.dispose()


def test_a_damaged_database_can_be_replaced(daozhen, tmp_path):
    writes("Ana")
    daozhen("backup", tmp_path / "copy")
    (tmp_path / "data" / "daozhen.sqlite").write_bytes(b"\0" * 50_000)

    daozhen("restore", tmp_path / "copy", "--yes")

    assert who_wrote() == ["Ana"]


def test_a_backup_of_a_newer_version_says_so(daozhen, tmp_path):
    daozhen("migrate")
    daozhen("backup", tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
        copy.commit()

    with pytest.raises(CopyProblem, match="newer version"):
        daozhen("restore", tmp_path / "copy", "--yes")


def test_a_dump_is_nobody_elses_from_its_first_byte_on_and_half_a_one_does_not_stay(tmp_path, monkeypatch):
    file, modes = tmp_path / "copy", []

    def disk_is_full(*_, **__):
        modes.append(file.stat().st_mode & 0o777)
        raise subprocess.CalledProcessError(1, "pg_dump", stderr=b"No space left on device")

    monkeypatch.setattr(store.subprocess, "run", disk_is_full)
    with pytest.raises(store.BackupProblem, match="No space left"):
        store._dump(file, read_settings({"DAOZHEN_DATABASE_URL": "postgresql://nobody@localhost/none"}))

    assert modes == [0o600] and not file.exists()


def test_a_backup_into_a_folder_that_is_not_there_is_one_sentence(daozhen, tmp_path):
    with pytest.raises(CopyProblem, match="Name a file in a folder that is there"):
        daozhen("backup", tmp_path / "nowhere" / "copy")


def test_a_database_of_a_newer_version_is_left_alone_and_said(daozhen, tmp_path):
    daozhen("migrate")
    with closing(sqlite3.connect(tmp_path / "data" / "daozhen.sqlite")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()

    for command in (("migrate",), ("cases", "list")):
        with pytest.raises(DatabaseProblem, match="made by a newer version"):
            daozhen(*command)
    assert any("made by a newer version" in problem for problem in installation_problems(read_settings()))
