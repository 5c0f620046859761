"""How often somebody may be wrong. Pauses grow; nobody is locked out for good, and a known browser has a count of its own."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import login_failure
from bot.privacy.encryption import Cipher

COUNTED_FOR = timedelta(hours=12)
FIRST_PAUSE_S = 15


@dataclass(frozen=True)
class Count:
    """One count: what of, how many tries are free, and the longest pause in seconds."""

    lookup: str
    free: int
    longest_s: int


@dataclass(frozen=True)
class Verdict:
    """Whether a try may be made. `wait_s`: seconds to wait; 0: it was counted as wrong already, under `numbers`, until it proves right."""

    wait_s: int
    numbers: tuple[int, ...] = ()


def counts(cipher: Cipher, *, handle: str, address: str | None, device: str | None) -> tuple[Count, ...]:
    """Return what a sign-in is counted under.

    A browser in which this person signed in before counts by itself, so that a stranger who knows the handle cannot keep them out.
    `address` None: a proxy on this machine; then it says nothing.
    """
    known = device is not None and is_known(cipher, device, handle=handle)
    who = ("staff-try-device", device) if known and device is not None else ("staff-try-handle", handle)
    found = [Count(cipher.lookup(*who), free=5, longest_s=900)]
    # A hospital may have one address for all: its pauses stay short.
    return (*found, *([Count(cipher.lookup("staff-try-address", address), free=30, longest_s=60)] if address else []))


def confirming(cipher: Cipher, session: int) -> tuple[Count, ...]:
    """Return what the password of somebody who is signed in is counted under."""
    return (Count(cipher.lookup("staff-try-session", str(session)), free=5, longest_s=900),)


def begin(work: Work, wanted: Sequence[Count], *, now: datetime) -> Verdict:
    """Count a try as wrong before it is looked at, so that many at the same moment are not one. Refused tries do not count."""
    if work.is_postgres:  # SQLite has one writer; there, tries at the same moment would not see each other
        for lookup in sorted(count.lookup for count in wanted):
            work.execute(sa.select(sa.func.pg_advisory_xact_lock(int(lookup[:15], 16))))
    work.execute(sa.delete(login_failure).where(login_failure.c.at < now - COUNTED_FOR))
    wait_s = max((_wait_s(work, count, now) for count in wanted), default=0)
    if wait_s:
        return Verdict(wait_s)
    rows = [work.execute(login_failure.insert().values(lookup=count.lookup, at=now)).inserted_primary_key[0] for count in wanted]
    return Verdict(0, tuple(rows))


def succeed(work: Work, wanted: Sequence[Count], verdict: Verdict) -> None:
    """Forget the try, which was right, and the wrong ones before it of this person; those of the address stay."""
    work.execute(sa.delete(login_failure).where(login_failure.c.id.in_(verdict.numbers)))
    work.execute(sa.delete(login_failure).where(login_failure.c.lookup == wanted[0].lookup))


def take_back(work: Work, verdict: Verdict) -> None:
    """Forget a try that nobody looked at: it was neither right nor wrong."""
    work.execute(sa.delete(login_failure).where(login_failure.c.id.in_(verdict.numbers)))


def failures(work: Work, count: Count, *, now: datetime) -> int:
    """Return how many tries were wrong lately."""
    return int(work.execute(_of(count, now, sa.func.count())).scalar() or 0)


def pause_s(wrong: int, *, free: int, longest_s: int) -> int:
    """Return the pause after so many wrong tries, in seconds: none, then 15, doubled each time."""
    return 0 if wrong < free else int(min(longest_s, FIRST_PAUSE_S * 2 ** min(wrong - free, 20)))


def new_device(cipher: Cipher, *, handle: str) -> str:
    """Return a mark for a browser in which `handle` has signed in. It lets nobody in."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_device_mark(cipher, nonce, handle)}"


def is_known(cipher: Cipher, device: str, *, handle: str) -> bool:
    """Return whether a mark was made for `handle`."""
    nonce, _, mark = device.partition(".")
    return secrets.compare_digest(mark.encode(), _device_mark(cipher, nonce, handle).encode())


def _device_mark(cipher: Cipher, nonce: str, handle: str) -> str:
    return cipher.lookup("staff-device", nonce, handle)[:32]


def _wait_s(work: Work, count: Count, now: datetime) -> int:
    wrong, last = work.execute(_of(count, now, sa.func.count(), sa.func.max(login_failure.c.at))).one()
    pause = pause_s(wrong, free=count.free, longest_s=count.longest_s)
    return max(0, math.ceil((last + timedelta(seconds=pause) - now).total_seconds())) if pause and last is not None else 0


def _of(count: Count, now: datetime, *columns: object) -> object:
    lately = sa.and_(login_failure.c.lookup == count.lookup, login_failure.c.at >= now - COUNTED_FOR)
    return sa.select(*columns).where(lately)
