"""Encryption at rest with key rotation, and look-up of people by keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import OperatorError
from bot.settings import PREFIX, Settings


class KeyProblem(OperatorError):
    """The encryption keys cannot be used. The message says which setting or file, and what to do."""


class Cipher:
    """Seals JSON data with the newest key, opens what any of the keys sealed.

    Look-ups use a key of their own, so that rotating the encryption keys loses nobody. `file`: where the keys stand, one a line. It is
    read again when it was written: without that a running system could read nothing that a rotation has sealed anew, and would go
    on to seal with a key that is dropped.
    """

    def __init__(self, keys: Sequence[str], lookup_key: str, *, file: Path | None = None) -> None:
        self._file = file
        self._stamp: tuple[int, ...] = ()
        self._fernet = _fernet(keys)
        self._lookup_key = lookup_key.encode()

    @property
    def _current(self) -> MultiFernet:
        stamp = _stamp(self._file)
        if self._file is not None and stamp and stamp != self._stamp:
            with suppress(OSError, KeyProblem):  # half a file: those that are known serve on
                self._fernet = _fernet(self._file.read_text(encoding="utf-8").split())
                self._stamp = stamp
        return self._fernet

    def seal(self, data: Any) -> bytes:
        """Return `data` (anything JSON can say) encrypted."""
        return self._current.encrypt(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    def unseal(self, sealed: bytes) -> Any:
        """Return what `seal` was given. Raises KeyProblem when none of the keys fits."""
        try:
            return json.loads(self._current.decrypt(bytes(sealed)).decode("utf-8", "surrogatepass"))
        except InvalidToken as error:
            raise KeyProblem(
                f"No key opens this row. Restore the older keys in {PREFIX}KEYS or in the file `keys` in the data folder."
            ) from error

    def can_open(self, sealed: bytes) -> bool:
        """Return whether one of the keys fits."""
        try:
            self._current.decrypt(bytes(sealed))
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: bytes) -> bytes:
        """Return the same data sealed with the newest key. Raises KeyProblem when none of the keys fits."""
        try:
            return self._current.rotate(bytes(sealed))
        except InvalidToken as error:
            raise KeyProblem("No key opens this row.") from error

    def lookup(self, *parts: str) -> str:
        """Return the keyed hash under which (channel, platform id…) is found."""
        return hmac.new(self._lookup_key, "\x00".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def new_key() -> str:
    """Return a fresh encryption key."""
    return Fernet.generate_key().decode()


def load_cipher(settings: Settings) -> Cipher:
    """Return the cipher of this installation; its keys are made once, readable by this user only."""
    lookup = settings.lookup_key or _file(settings.data_dir / "lookup-key").strip()
    if settings.keys:
        return Cipher([key.strip() for key in settings.keys.split(",") if key.strip()], lookup)
    path = settings.data_dir / "keys"
    return Cipher(_file(path).split(), lookup, file=path)


def add_key(settings: Settings) -> None:
    """Put a new key in front of the ones in the data folder. Raises KeyProblem when the keys come from a setting."""
    if settings.keys:
        raise KeyProblem(f"The keys come from {PREFIX}KEYS. Put the new key in front there, restart, and run the rotation again.")
    path = settings.data_dir / "keys"
    _replace(path, f"{new_key()}\n{_file(path)}")


def drop_old_keys(settings: Settings) -> int:
    """Keep only the newest key in the data folder; returns how many were dropped. Rotate first. Raises KeyProblem as above."""
    if settings.keys:
        raise KeyProblem(f"The keys come from {PREFIX}KEYS. Leave only the first one there, and restart.")
    path = settings.data_dir / "keys"
    keys = _file(path).split()
    _replace(path, keys[0] + "\n")
    return len(keys) - 1


def _fernet(keys: Sequence[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise KeyProblem(
            f"An encryption key is not a Fernet key. Restore {PREFIX}KEYS or the file `keys` in the data folder."
        ) from error


def _stamp(path: Path | None) -> tuple[int, ...]:
    try:
        about = os.stat(path) if path is not None else None
    except OSError:
        about = None
    return () if about is None else (about.st_ino, about.st_mtime_ns, about.st_size)


def _file(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = _make(path)
    except OSError as error:
        raise KeyProblem(f"{path} cannot be read ({error.strerror}). Give it back to the user that runs Daozhen.") from error
    if not text.strip():
        # An empty key would serve in silence, and everybody could find people by their platform ids.
        raise KeyProblem(f"{path} is empty. Put it back from where you keep the keys; remove it where nothing is stored yet.")
    return text


def _make(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # O_EXCL: of two processes that start at once one makes the key and the other reads it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyProblem(
            f"{path} cannot be written ({error.strerror}). Make the data folder writable, or set {PREFIX}DATA_DIR."
        ) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(new_key() + "\n")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise KeyProblem(f"{path} cannot be written ({error.strerror}). Make room on the disk of the data folder.") from error
    return path.read_text(encoding="utf-8")


def _replace(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.touch(0o600)
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # after a power cut an empty file would be all that is left of the keys
    except OSError as error:
        new.unlink(missing_ok=True)
        raise KeyProblem(
            f"{path} cannot be written ({error.strerror}); the keys are what they were. Make room, and again."
        ) from error
    new.replace(path)
