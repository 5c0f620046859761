"""The second factor: codes of an authenticator app, each counted once, and recovery codes on paper."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import pyotp

from bot.database.engine import Work

# Clocks of telephones are off by some seconds, and people type slowly: the code before and the one after count as well.
STEPS_AROUND = 1
STEP_S = 30
RECOVERY_CODES = 10
# Without 0, 1, i, l, o: they are written down by hand. 10 of 31 characters are 49 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 10
_OF_NOBODY = "A" * 32


def new_secret() -> str:
    """Return a fresh secret for an authenticator app, 160 bits."""
    return str(pyotp.random_base32())


def address(secret: str, *, handle: str, issuer: str) -> str:
    """Return what the QR code says: how an authenticator app stores the secret."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=handle, issuer_name=issuer))


def step_of(secret: str | None, code: str, *, used: int, now: datetime) -> int | None:
    """Return the time step of a right code that is later than the `used` one, else None. Without a secret: the same work, and None."""
    totp = pyotp.TOTP(secret or _OF_NOBODY)
    typed, present = digits(code), int(now.timestamp()) // STEP_S
    found = None
    for step in range(present - STEPS_AROUND, present + STEPS_AROUND + 1):
        # All are compared, whichever fits: how long it takes says nothing.
        is_right = secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode())
        found = step if is_right and step > used else found
    return found if secret else None


def digits(code: str) -> str:
    """Return a typed code without blanks, in plain digits: keyboards write wide and Arabic ones."""
    return "".join(str(unicodedata.decimal(sign, "?")) for sign in code if not sign.isspace() and sign not in "-\u200e\u200f")


def new_recovery() -> tuple[str, ...]:
    """Return codes for the day on which the telephone is lost, as they are shown once."""
    return tuple(_grouped("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH))) for _ in range(RECOVERY_CODES))


def recovery_lookups(work: Work, staff_id: int, codes: Sequence[str]) -> list[str]:
    """Return what is stored of recovery codes: keyed hashes."""
    return [_lookup(work, staff_id, code) for code in codes]


def without_used(work: Work, staff_id: int, stored: Sequence[str], typed: str) -> list[str] | None:
    """Return `stored` without the code that was typed, or None when it is none of them."""
    wanted = _lookup(work, staff_id, typed)
    found = [secrets.compare_digest(one, wanted) for one in stored]
    return [one for one, is_it in zip(stored, found, strict=True) if not is_it] if any(found) else None


def _lookup(work: Work, staff_id: int, code: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", code).lower() if sign in _LETTERS)
    return work.cipher.lookup("staff-recovery", str(staff_id), plain)


def _grouped(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"
