"""What people change of their own account: language, preferences, Telegram, password, codes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff
from bot.languages import Language
from bot.privacy import audit
from bot.staff import codes, invitations, sessions
from bot.staff.people import Staff, StaffProblem, of_id, of_telegram, subject, telegram_lookup
from bot.staff.rows import locked, reseal, sealed_of

LARGEST_PREFERENCES = 8_000


def set_language(work: Work, staff_id: int, language: Language) -> None:
    """Set the language of a person's pages."""
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(language=language))


def set_preferences(work: Work, staff_id: int, preferences: dict[str, Any]) -> None:
    """Set preferences (shortcuts, sound, theme …); those that are not named stay. Raises StaffProblem when it is too much."""
    row = locked(work, staff_id)
    merged = {**work.cipher.unseal(row.sealed).get("preferences", {}), **preferences}
    if len(json.dumps(merged)) > LARGEST_PREFERENCES:
        raise StaffProblem("problem_preferences", "That is more than preferences can hold.")
    reseal(work, row, preferences=merged)


def set_password(work: Work, staff_id: int, hashed: str, *, now: datetime) -> None:
    """Set a password. All sessions end, and so do links that wait."""
    row = locked(work, staff_id)
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(password=hashed))
    audit.record(work, who=row.handle, what="changed password", subject=subject(staff_id), now=now)
    sessions.end_all(work, staff_id)
    invitations.withdraw_all(work, staff_id)


def set_codes(work: Work, staff_id: int, secret: str, step: int, *, now: datetime) -> tuple[str, ...]:
    """Set the secret of the authenticator app, of which the code of `step` was shown; returns new recovery codes, for once."""
    row = locked(work, staff_id)
    shown = codes.new_recovery()
    reseal(work, row, totp=secret, used_code=step, recovery=codes.recovery_lookups(work, staff_id, shown))
    audit.record(work, who=row.handle, what="changed codes", subject=subject(staff_id), now=now)
    return shown


def remove_codes(work: Work, staff_id: int, *, now: datetime) -> tuple[str, ...]:
    """Let a person in without codes, where the installation allows that; returns no recovery codes."""
    row = locked(work, staff_id)
    reseal(work, row, totp=None, used_code=0, recovery=[])
    audit.record(work, who=row.handle, what="no codes", subject=subject(staff_id), now=now)
    return ()


def security(work: Work, staff_id: int) -> tuple[bool, int]:
    """Return whether there is an authenticator app, and how many recovery codes are left."""
    sealed = sealed_of(work, staff_id)
    return bool(sealed.get("totp")), len(sealed.get("recovery", ()))


def link_telegram(work: Work, token: str, telegram_id: str, *, now: datetime) -> Staff | None:
    """Link a Telegram account to whose one-time token this is. None: no such token, used before, too old, or another's account.

    Without a token nobody becomes staff from a chat, whatever they send.
    """
    found = invitations.peek(work, token, ("telegram",), now=now)
    if found is None or found.staff.state != "active":
        return None
    holder = of_telegram(work, telegram_id)
    if holder is not None and holder.id != found.staff.id:
        return None
    person = invitations.use(work, token, ("telegram",), now=now)
    if person is None:
        return None
    row = locked(work, person.id)
    lookup = telegram_lookup(work, telegram_id)
    work.execute(sa.update(staff).where(staff.c.telegram_lookup == lookup).values(telegram_lookup=None))
    work.execute(sa.update(staff).where(staff.c.id == person.id).values(telegram_lookup=lookup))
    reseal(work, row, telegram=telegram_id)
    audit.record(work, who=person.handle, what="linked telegram", subject=person.subject, now=now)
    return of_id(work, person.id)


def unlink_telegram(work: Work, staff_id: int, *, now: datetime) -> None:
    """Forget a person's Telegram account."""
    row = locked(work, staff_id)
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(telegram_lookup=None))
    reseal(work, row, telegram="")
    audit.record(work, who=row.handle, what="unlinked telegram", subject=subject(staff_id), now=now)
