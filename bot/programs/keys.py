"""Keys of other programs: shown once, kept as a keyed hash, each for some acts only, taken back at once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import api_key
from bot.errors import OperatorError
from bot.privacy import audit

# enrol: enrolments and letters; visit: visits that took place; read: how an enrolment of its own stands.
SCOPES = ("enrol", "visit", "read")
NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
PREFIX = "dzk_"
# "Last used" is written down this often, not with each call.
NOTED_EVERY = timedelta(minutes=1)


class KeyNameProblem(OperatorError):
    """A key cannot be made or taken back. The message says what to do."""


@dataclass(frozen=True)
class ApiKey:
    """A key as it is kept: without its secret."""

    id: int
    name: str
    scopes: frozenset[str]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def handle(self) -> str:
        """What stands in the audit and in enrolments."""
        return f"api:{self.name}"


_COLUMNS = tuple(api_key.c[name] for name in ApiKey.__dataclass_fields__)


def add(work: Work, name: str, scopes: Iterable[str], *, who: str, now: datetime) -> str:
    """Make a key and return it: the only time that it can be read. Raises KeyNameProblem."""
    wanted = sorted(set(scopes))
    if not NAME.fullmatch(name):
        raise KeyNameProblem(f"{name!r} is no name for a key. Use 2 to 32 of a-z, 0-9 and -, beginning with a letter.")
    if not wanted or set(wanted) - set(SCOPES):
        raise KeyNameProblem(f"A key may be for {', '.join(SCOPES)}. Name one or more of them with --scope.")
    key = PREFIX + secrets.token_urlsafe(32)
    row = {"name": name, "lookup": _lookup(work, key), "scopes": ",".join(wanted), "created_at": now}
    if insert_once(work, api_key, row) is None:
        raise KeyNameProblem(f"There is, or was, a key {name}. Choose another name: the audit tells keys apart by it.")
    audit.record(work, who=who, what="added key", subject=name, now=now)
    return key


def revoke(work: Work, name: str, *, who: str, now: datetime) -> None:
    """Take a key back, at once and for good. Raises KeyNameProblem when there is none that is valid."""
    valid = sa.and_(api_key.c.name == name, api_key.c.revoked_at.is_(None))
    if work.execute(sa.update(api_key).where(valid).values(revoked_at=now)).rowcount != 1:
        raise KeyNameProblem(f"There is no valid key {name}. `daozhen followup key list` shows all.")
    audit.record(work, who=who, what="revoked key", subject=name, now=now)


def listed(work: Work) -> tuple[ApiKey, ...]:
    """Return all keys, also those that were taken back."""
    return tuple(_key(row) for row in work.execute(sa.select(*_COLUMNS).order_by(api_key.c.name)))


def find(work: Work, key: str) -> ApiKey | None:
    """Return whose key this is, or None. What is compared is a keyed hash: the time it takes says nothing of a key."""
    mine = sa.and_(api_key.c.lookup == _lookup(work, key), api_key.c.revoked_at.is_(None))
    row = work.execute(sa.select(*_COLUMNS).where(mine)).first()
    return None if row is None else _key(row)


def touch(work: Work, key: ApiKey, *, now: datetime) -> None:
    """Write down that a key is used, once in a while."""
    if key.used_at is None or now - key.used_at >= NOTED_EVERY:
        work.execute(sa.update(api_key).where(api_key.c.id == key.id).values(used_at=now))


def _lookup(work: Work, key: str) -> str:
    return work.cipher.lookup("api-key", key)


def _key(row: sa.engine.Row) -> ApiKey:
    return ApiKey(**{**row._mapping, "scopes": frozenset(row.scopes.split(","))})
