"""Sessions: a random token in a cookie, locked when nobody is there, ended after a shift or when the account changes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff, staff_session
from bot.staff.people import Staff, person

LASTS = timedelta(hours=12)
# A row is written this often at most: reading a page must not become a write.
TOUCH = timedelta(seconds=30)


@dataclass(frozen=True)
class Session:
    """Who is signed in. `csrf`: what unsafe requests have to carry. `locked`: nothing is read until the password was given."""

    staff: Staff
    locked: bool
    csrf: str
    number: int = 0
    seen_at: datetime | None = None


def start(work: Work, staff_id: int, *, now: datetime) -> str:
    """Return the token of a new session, for the cookie. It is stored as a keyed hash only. Those that have ended are removed."""
    work.execute(sa.delete(staff_session).where(staff_session.c.expires_at <= now))
    token = secrets.token_urlsafe(32)
    row = {"staff_id": staff_id, "lookup": _lookup(work, token), "locked": False, "created_at": now, "seen_at": now}
    work.execute(staff_session.insert().values(**row, expires_at=now + LASTS))
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(seen_at=now))
    return token


def find(work: Work, token: str, *, idle: timedelta, now: datetime) -> Session | None:
    """Return the session of a cookie; None: never begun, ended, or of somebody who is not active. Does not count as activity."""
    columns = (staff, staff_session.c.id.label("number"), staff_session.c.locked, staff_session.c.seen_at.label("session_seen"))
    there = sa.and_(staff_session.c.lookup == _lookup(work, token), staff_session.c.expires_at > now, staff.c.state == "active")
    query = sa.select(*columns).select_from(staff_session.join(staff, staff.c.id == staff_session.c.staff_id)).where(there)
    row = work.execute(query).first()
    if row is None:
        return None
    locked = row.locked or now - row.session_seen > idle
    return Session(person(work, row), locked, csrf_of(work, token), row.number, row.session_seen)


def is_due(session: Session, *, now: datetime) -> bool:
    """Return whether it is time to write down that the person did something."""
    return not session.locked and (session.seen_at is None or now - session.seen_at >= TOUCH)


def touch(work: Work, session: Session, *, now: datetime) -> Session:
    """Say that the person did something. A locked session stays locked."""
    mine = sa.and_(staff_session.c.id == session.number, staff_session.c.locked.is_(False))
    work.execute(sa.update(staff_session).where(mine).values(seen_at=now))
    return replace(session, seen_at=now)


def lock(work: Work, number: int) -> None:
    """Lock a session at once: somebody leaves the desk."""
    work.execute(sa.update(staff_session).where(staff_session.c.id == number).values(locked=True))


def unlock(work: Work, number: int, *, now: datetime) -> None:
    """Open a locked session; the password was right. Its end stays where it was."""
    work.execute(sa.update(staff_session).where(staff_session.c.id == number).values(locked=False, seen_at=now))


def end(work: Work, number: int) -> None:
    """End one session."""
    work.execute(sa.delete(staff_session).where(staff_session.c.id == number))


def end_all(work: Work, staff_id: int) -> None:
    """End all sessions of a person, on every machine."""
    work.execute(sa.delete(staff_session).where(staff_session.c.staff_id == staff_id))


def csrf_of(work: Work, token: str) -> str:
    """Return what unsafe requests of this session carry: only a page of ours could read it."""
    return work.cipher.lookup("staff-csrf", token)


def _lookup(work: Work, token: str) -> str:
    return work.cipher.lookup("staff-session", token)
