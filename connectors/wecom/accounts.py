"""How far the messages of each account were fetched. A callback is noted before it is acknowledged; a cursor after its batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import kf_account

# Without a callback we look all the same: one may have been lost.
LOOK_EVERY = timedelta(minutes=5)
# Longer than a page takes; it is prolonged with each.
LEASE = timedelta(seconds=30)
# A token of a callback is good for ten minutes.
TOKEN_LASTS = timedelta(minutes=9)


@dataclass(frozen=True)
class Account:
    """One account whose turn it is. `calls`: how many callbacks there were, to see whether another one came meanwhile."""

    id: int
    account: str
    cursor: str
    token: str
    calls: int


def called(work: Work, account: str, token: str, *, now: datetime) -> None:
    """Note that there is something in `account`."""
    lookup = work.cipher.lookup("kf account", account)
    content = {"account": account, "cursor": "", "token": token, "token_at": now.timestamp()}
    row = {"lookup": lookup, "due_at": now, "calls": 1, "sealed": work.cipher.seal(content)}
    if insert_once(work, kf_account, row) is not None:
        return
    known = _content(work, kf_account.c.lookup == lookup)
    values = {"due_at": now, "calls": kf_account.c.calls + 1}
    sealed = work.cipher.seal({**known, "token": token, "token_at": now.timestamp()})
    work.execute(sa.update(kf_account).where(kf_account.c.lookup == lookup).values(sealed=sealed, **values))


def take_due(work: Work, *, now: datetime) -> tuple[Account, ...]:
    """Lease and return the accounts whose turn it is. Nobody else fetches from them until `done`, `failed` or the lease's end."""
    free = sa.or_(kf_account.c.lease_until.is_(None), kf_account.c.lease_until < now)
    due = sa.and_(free, kf_account.c.due_at <= now)
    query = sa.select(kf_account.c.id, kf_account.c.calls, kf_account.c.sealed).where(due).order_by(kf_account.c.due_at)
    rows = work.execute(query.with_for_update(skip_locked=True) if work.is_postgres else query).all()
    for row in rows:
        _change(work, row.id, lease_until=now + LEASE)
    return tuple(_account(work, row, now) for row in rows)


def is_due(work: Work, *, now: datetime) -> bool:
    """Return whether there is an account whose turn it is, or that is being fetched from."""
    waits = sa.or_(kf_account.c.due_at <= now, kf_account.c.lease_until >= now)
    return bool(work.execute(sa.select(sa.exists().where(waits))).scalar())


def progress(work: Work, number: int, cursor: str, *, now: datetime) -> None:
    """Record that everything before `cursor` is stored."""
    content = {**_content(work, kf_account.c.id == number), "cursor": cursor}
    _change(work, number, sealed=work.cipher.seal(content), lease_until=now + LEASE)


def done(work: Work, account: Account, *, now: datetime, more: bool) -> None:
    """End the lease; `more`, or another callback, makes it due again at once."""
    calls = work.execute(sa.select(kf_account.c.calls).where(kf_account.c.id == account.id)).scalar()
    again = more or calls != account.calls
    _change(work, account.id, lease_until=None, due_at=now if again else now + LOOK_EVERY)


def failed(work: Work, account: Account, *, until: datetime, forget: str = "") -> None:
    """End the lease after a failure; it is tried again then. `forget`: "token" or "cursor", the one that was refused."""
    values: dict[str, Any] = {"lease_until": None, "due_at": until}
    if forget:
        content = _content(work, kf_account.c.id == account.id)
        changed = forget == "token" and content["token"] != account.token  # a callback has brought a new one
        values["sealed"] = work.cipher.seal(content if changed else {**content, forget: ""})
    _change(work, account.id, **values)


def take_back(work: Work, *, now: datetime) -> None:
    """End all leases and look at all accounts: for a gateway that is alone and starts after a crash."""
    work.execute(sa.update(kf_account).values(lease_until=None, due_at=now))


def _account(work: Work, row: Any, now: datetime) -> Account:
    content = work.cipher.unseal(row.sealed)
    fresh = now.timestamp() - content["token_at"] < TOKEN_LASTS.total_seconds()
    return Account(row.id, content["account"], content["cursor"], content["token"] if fresh else "", row.calls)


def _content(work: Work, which: Any) -> dict[str, Any]:
    query = sa.select(kf_account.c.sealed).where(which)
    sealed = work.execute(query.with_for_update() if work.is_postgres else query).scalar_one()
    return dict(work.cipher.unseal(sealed))


def _change(work: Work, number: int, **values: Any) -> None:
    work.execute(sa.update(kf_account).where(kf_account.c.id == number).values(**values))
