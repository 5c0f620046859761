"""Passwords of the staff: Argon2, a rule of what is too weak, and work that is the same whether there is an account or not."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from bot.staff.guessed_passwords import WORDS

T = TypeVar("T")

SHORTEST, LONGEST = 10, 200
FEWEST_CHARACTERS = 5
# Above what OWASP asks for (19 MiB, 2 rounds): 46 MiB and 2 rounds on one core. One at a time, so the memory is this once.
MEMORY_KIB, ROUNDS = 46 * 1024, 2
# Who waits behind this many is told to come again: sign-ins must not take the processor from patients.
MOST_WAITING = 16
_HASH = PasswordHash((Argon2Hasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1),))
_BEHIND = re.compile(r"^[\d\W_]+|[\d\W_]+$")
_LEET = str.maketrans("013457@$!", "oieastasi")
_nobody: list[str] = []


class Busy(Exception):
    """Too many passwords are being checked. Trying again in a moment helps."""


def weakness(password: str, *, handle: str, name: str = "") -> str | None:
    """Return the key of the sentence that says why a password is refused, or None when it will do."""
    text = normal(password)
    if len(text) < SHORTEST:
        return "weak_short"
    if len(text) > LONGEST:
        return "weak_long"
    lower = text.casefold()
    if any(len(part) > 2 and part in lower for part in (handle.casefold(), *name.casefold().split())):
        return "weak_name"
    return "weak_common" if is_guessed_first(lower) else None


def is_guessed_first(lower: str) -> bool:
    """Return whether a password is among the first that anybody tries: a common word and digits, few characters, a row of keys."""
    if len(set(lower)) < FEWEST_CHARACTERS or _is_row(lower):
        return True
    core = _BEHIND.sub("", lower)
    plain = re.sub(r"[\W_]+", "", core)
    return any(word in WORDS or not word for word in (core, plain, _BEHIND.sub("", core.translate(_LEET)), _halved(plain)))


def normal(password: str) -> str:
    """Return a password as it is hashed: the same for a keyboard that writes wide letters."""
    return unicodedata.normalize("NFKC", password)


def hash_of(password: str) -> str:
    """Return the Argon2 hash. Takes about a tenth of a second: not on the event loop."""
    return _HASH.hash(normal(password))


def fits(password: str, hashed: str | None) -> bool:
    """Return whether `password` is the one. Without a hash it does the same work and says no."""
    if hashed is None:
        _HASH.verify(normal(password[:LONGEST]), _of_nobody())
        return False
    return _HASH.verify(normal(password[:LONGEST]), hashed)


class Hashing:
    """Does the work in a thread, one password at a time."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)
        self._waiting = 0

    async def hash_of(self, password: str) -> str:
        """Return the hash. Raises Busy."""
        return await self._apart(lambda: hash_of(password))

    async def fits(self, password: str, hashed: str | None) -> bool:
        """Return whether it is the password. Raises Busy."""
        return await self._apart(lambda: fits(password, hashed))

    async def _apart(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._one:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def _of_nobody() -> str:
    # Made once, with the same cost as a real one.
    if not _nobody:
        _nobody.append(hash_of("the password of nobody"))
    return _nobody[0]


def _is_row(text: str) -> bool:
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return sum(step in (-1, 0, 1) for step in steps) > len(steps) * 0.7


def _halved(text: str) -> str:
    half = text[: len(text) // 2]
    return half if half and half * 2 == text else text
