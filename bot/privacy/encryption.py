"""Encryption at rest with key rotation, and look-up of people by keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import OperatorError
from bot.settings import PREFIX, Settings


class KeyProblem(OperatorError):
    """The encryption keys cannot be used. The message says which setting or file, and what to do."""


class Cipher:
    """Seals JSON data with the newest key, opens what any of the keys sealed.

    Look-ups use a key of their own, so that rotating the encryption keys loses nobody.
    """

    def __init__(self, keys: Sequence[str], lookup_key: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise KeyProblem(
                f"An encryption key is not a Fernet key. Restore {PREFIX}KEYS or the file `keys` in the data folder."
            ) from error
        self._lookup_key = lookup_key.encode()

    def seal(self, data: Any) -> bytes:
        """Return `data` (anything JSON can say) encrypted."""
        return self._fernet.encrypt(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    def unseal(self, sealed: bytes) -> Any:
        """Return what `seal` was given. Raises KeyProblem when none of the keys fits."""
        try:
            return json.loads(self._fernet.decrypt(bytes(sealed)).decode("utf-8", "surrogatepass"))
        except InvalidToken as error:
            raise KeyProblem(
                f"No key opens this row. Restore the older keys in {PREFIX}KEYS or in the file `keys` in the data folder."
            ) from error

    def can_open(self, sealed: bytes) -> bool:
        """Return whether one of the keys fits."""
        try:
            self._fernet.decrypt(bytes(sealed))
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: bytes) -> bytes:
        """Return the same data sealed with the newest key."""
        return self._fernet.rotate(bytes(sealed))

    def lookup(self, *parts: str) -> str:
        """Return the keyed hash under which (channel, platform id…) is found."""
        return hmac.new(self._lookup_key, "\x00".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def new_key() -> str:
    """Return a fresh encryption key."""
    return Fernet.generate_key().decode()


def load_cipher(settings: Settings) -> Cipher:
    """Return the cipher of this installation; its keys are made once, readable by this user only."""
    keys = settings.keys.split(",") if settings.keys else _file(settings.data_dir / "keys").split()
    lookup = settings.lookup_key or _file(settings.data_dir / "lookup-key").strip()
    return Cipher([key.strip() for key in keys if key.strip()], lookup)


def add_key(settings: Settings) -> None:
    """Put a new key in front of the ones in the data folder. Raises KeyProblem when the keys come from a setting."""
    path = _own_file(settings)
    _replace(path, f"{new_key()}\n{_file(path)}")


def drop_old_keys(settings: Settings) -> int:
    """Keep only the newest key in the data folder; returns how many were dropped. Rotate first."""
    path = _own_file(settings)
    keys = _file(path).split()
    _replace(path, keys[0] + "\n")
    return len(keys) - 1


def _own_file(settings: Settings) -> Path:
    if settings.keys:
        raise KeyProblem(f"The keys come from {PREFIX}KEYS. Put the new key in front there, restart, and run the rotation again.")
    return settings.data_dir / "keys"


def _file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return _make(path)
    except OSError as error:
        raise KeyProblem(f"{path} cannot be read ({error.strerror}). Give it back to the user that runs Daozhen.") from error


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
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(new_key() + "\n")
    return path.read_text(encoding="utf-8")


def _replace(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.touch(0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(path)
