"""What can be wrong with an installation before it runs: its folder, keys, database, ports and platforms. Looks, and makes nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import OperatorError
from bot.settings import PREFIX, ROOT, Settings, handed_on

if TYPE_CHECKING:
    from bot.privacy.encryption import Cipher

# What a platform needs begins so; without any of it no platform has to be asked about its settings.
OF_PLATFORMS = ("telegram_token", "wechat_app_id", "wechat_token", "wecom_", "smtp_host")


class FolderError(OperatorError):
    """The data folder cannot be used. The message names it and the setting that moves it."""


class PortsAlike(OperatorError):
    """Two processes would listen on one port. The message names both settings."""


class PlatformProblem(OperatorError):
    """A platform is only half set up. The message is the one of its connector."""


def installation_problems(settings: Settings) -> Iterator[str]:
    """Yield a sentence, with the setting and the fix, for everything that would keep `daozhen up` from running."""
    for look in (_folder, check_ports_differ, _database, check_platforms):
        try:
            look(settings)
        except OperatorError as error:
            yield str(error)


def check_platforms(settings: Settings) -> None:
    """Raise PlatformProblem when a connector would not start with these settings. Asks a process that knows platforms."""
    if not any(name.startswith(OF_PLATFORMS) and _is_set(settings, name) for name in Settings.__fields__):
        return
    command = [sys.executable, "-m", "connectors.installed"]
    answer = subprocess.run(command, cwd=ROOT, env=handed_on(settings), capture_output=True, text=True, check=False)
    if answer.returncode:
        raise PlatformProblem(answer.stderr.strip().splitlines()[-1] if answer.stderr.strip() else "A platform does not start.")


def not_writable(folder: Path, why: str | None) -> str:
    """Return the sentence of a data folder that cannot be used."""
    return (
        f"The data folder {folder} cannot be written ({why}). "
        f"Give this user the right to write there, or set {PREFIX}DATA_DIR to another folder."
    )


def check_ports_differ(settings: Settings) -> None:
    """Raise PortsAlike when two of our processes would want the same port."""
    ports = {"PORT": settings.port, "ASSISTANT_PORT": settings.assistant_port, "ACTIONS_PORT": settings.actions_port}
    port, times = Counter(ports.values()).most_common(1)[0]
    if times > 1:
        alike = " and ".join(f"{PREFIX}{name}" for name, value in ports.items() if value == port)
        raise PortsAlike(f"{alike} are both {port}. Give each process a port of its own.")


def _is_set(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name) != Settings.__fields__[name].default)


def _folder(settings: Settings) -> None:
    folder = settings.data_dir
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):  # without a name: it leaves nothing behind
            return
    except OSError as error:
        raise FolderError(not_writable(folder, error.strerror)) from error


def _database(settings: Settings) -> None:
    from bot.database import Database, DatabaseProblem, make_engine
    from bot.database.migrate import is_current, refuse_newer
    from bot.privacy.belonging import check_keys

    cipher = _cipher_without_making_it(settings)
    if settings.sqlite_file is not None and not settings.sqlite_file.exists():
        return  # it is made at the first start
    engine = make_engine(settings.database_url)
    database = Database(engine, cipher)
    try:
        if not database.ready():
            raise DatabaseProblem(
                f"The database does not answer, or is none. Check that it runs, that {PREFIX}DATABASE_URL is right and that this user "
                "may use it; after damage, `daozhen restore` brings a backup back."
            )
        refuse_newer(engine)
        if is_current(engine):
            check_keys(database)
    finally:
        engine.dispose()


def _cipher_without_making_it(settings: Settings) -> Cipher:
    from bot.privacy.encryption import load_cipher, new_key

    places = {"keys": "keys", "lookup_key": "lookup-key"}
    missing = [name for name, file in places.items() if not getattr(settings, name) and not (settings.data_dir / file).exists()]
    return load_cipher(settings.copy(update={name: new_key() for name in missing}))
