"""What lets somebody in once: an invitation, a new password, a link from Telegram. Stored as a keyed hash only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff, staff_token
from bot.staff.people import Staff, of_id

Kind = Literal["invite", "reset", "telegram"]
LASTS: dict[Kind, timedelta] = {"invite": timedelta(hours=72), "reset": timedelta(hours=1), "telegram": timedelta(hours=1)}
# What a nurse sends to the bot in a private chat, with the token behind it; as the payload of a link: `staff_` and the token.
TELEGRAM_COMMAND = "/staff"
TELEGRAM_START = "staff_"


@dataclass(frozen=True)
class Invitation:
    """A token that can be used now, and whose it is."""

    staff: Staff
    kind: Kind
    expires_at: datetime


def issue(work: Work, staff_id: int, kind: Kind, *, now: datetime) -> str:
    """Return a new token; older ones of this kind that nobody used end."""
    mine = sa.and_(staff_token.c.staff_id == staff_id, staff_token.c.kind == kind, staff_token.c.used_at.is_(None))
    work.execute(sa.delete(staff_token).where(sa.or_(mine, staff_token.c.expires_at < now)))
    token = secrets.token_urlsafe(32)
    row = {"staff_id": staff_id, "lookup": _lookup(work, token), "kind": kind, "created_at": now}
    work.execute(staff_token.insert().values(**row, expires_at=now + LASTS[kind]))
    return token


def peek(work: Work, token: str, kinds: tuple[Kind, ...], *, now: datetime) -> Invitation | None:
    """Return what a token is for, without using it: a preview of a link in a chat must not use it up."""
    row = work.execute(sa.select(staff_token).where(_usable(work, token, kinds, now))).first()
    person = None if row is None else of_id(work, row.staff_id)
    if row is None or person is None or person.state == "disabled":
        return None
    return Invitation(person, row.kind, row.expires_at)


def use(work: Work, token: str, kinds: tuple[Kind, ...], *, now: datetime) -> Staff | None:
    """Use a token up and return whose it is. Of two at the same moment one gets it; the other gets None."""
    found = peek(work, token, kinds, now=now)
    if found is None:
        return None
    changed = work.execute(sa.update(staff_token).where(_usable(work, token, kinds, now)).values(used_at=now))
    return found.staff if changed.rowcount == 1 else None


def withdraw_all(work: Work, staff_id: int) -> None:
    """End all tokens of a person that nobody used."""
    work.execute(sa.delete(staff_token).where(staff_token.c.staff_id == staff_id, staff_token.c.used_at.is_(None)))


def _usable(work: Work, token: str, kinds: tuple[Kind, ...], now: datetime) -> object:
    return sa.and_(
        staff_token.c.lookup == _lookup(work, token),
        staff_token.c.kind.in_(kinds),
        staff_token.c.used_at.is_(None),
        staff_token.c.expires_at > now,
    )


def _lookup(work: Work, token: str) -> str:
    return work.cipher.lookup("staff-token", token)


def pending(work: Work, *, now: datetime) -> frozenset[int]:
    """Return who has an invitation or a new password waiting."""
    waiting = sa.and_(staff_token.c.used_at.is_(None), staff_token.c.expires_at > now, staff_token.c.kind != "telegram")
    rows = work.execute(sa.select(staff_token.c.staff_id).join(staff, staff.c.id == staff_token.c.staff_id).where(waiting))
    return frozenset(row.staff_id for row in rows)
