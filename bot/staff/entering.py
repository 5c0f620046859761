"""Signing in and opening a locked page: handle, password and code together, one answer for all that is wrong.

Three steps, so that the password is checked outside of any transaction: `begin` counts the try, the caller checks the password,
`finish` checks the code and lets in. Each does the same work for a handle that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff
from bot.privacy import audit
from bot.staff import codes, sessions, tries
from bot.staff.people import Staff, askable, normal, of_id, subject
from bot.staff.rows import reseal
from bot.staff.sessions import Session
from bot.staff.tries import Count, Verdict

NOBODY = "nobody"  # who was not let in


@dataclass(frozen=True)
class Attempt:
    """What was typed, and from where. `address` None: unknown behind a proxy. `device`: the mark of a browser, if it has one."""

    handle: str
    code: str
    address: str | None = None
    device: str | None = None
    codes_optional: bool = False


@dataclass(frozen=True)
class Begun:
    """A try that was counted. `wait_s`: it may not be made yet. `hashed`: what the password has to fit; None: nobody's."""

    counts: tuple[Count, ...]
    verdict: Verdict
    hashed: str | None

    @property
    def wait_s(self) -> int:
        """Seconds until a try may be made; 0: now."""
        return self.verdict.wait_s


@dataclass(frozen=True)
class Entered:
    """Somebody is in: the token of the session, the mark of the browser, recovery codes left when one was used."""

    staff: Staff
    token: str
    device: str
    recovery_left: int | None = None


def begin(work: Work, attempt: Attempt, *, now: datetime) -> Begun:
    """Count a try to sign in, and return what the password has to fit."""
    handle = normal(attempt.handle)
    wanted = tries.counts(work.cipher, handle=handle, address=attempt.address, device=attempt.device)
    row = work.execute(sa.select(staff.c.password).where(staff.c.handle == askable(handle), staff.c.state == "active")).first()
    return Begun(wanted, tries.begin(work, wanted, now=now), None if row is None else row.password)


def finish(work: Work, attempt: Attempt, begun: Begun, *, fits: bool, now: datetime) -> Entered | None:
    """Let somebody in whose password fitted `begun.hashed` and whose code is right and new; else None, whatever was wrong."""
    handle = normal(attempt.handle)
    row = work.execute(sa.select(staff).where(staff.c.handle == askable(handle)).with_for_update()).first()
    sealed: dict[str, Any] = {} if row is None else work.cipher.unseal(row.sealed)
    change = _code(work, 0 if row is None else row.id, sealed, attempt, now=now)
    # Disabled, or another password meanwhile: what fitted is not the one any more.
    is_current = row is not None and row.state == "active" and row.password is not None and row.password == begun.hashed
    if not (fits and is_current and change is not None):
        audit.record(work, who=NOBODY, what="sign-in refused", subject=subject(0 if row is None else row.id), now=now)
        return None
    tries.succeed(work, begun.counts, begun.verdict)
    if change:
        reseal(work, row, **change)
    person = of_id(work, row.id)
    assert person is not None
    left = len(change["recovery"]) if "recovery" in change else None
    what = "signed in" if left is None else "signed in with a recovery code"
    audit.record(work, who=handle, what=what, subject=person.subject, now=now)
    return Entered(person, sessions.start(work, row.id, now=now), tries.new_device(work.cipher, handle=handle), left)


def begin_confirm(work: Work, session: Session, *, now: datetime) -> Begun:
    """Count a try of the password of who is signed in: to open a locked page, or before something that matters."""
    wanted = tries.confirming(work.cipher, session.number)
    hashed = work.execute(sa.select(staff.c.password).where(staff.c.id == session.staff.id)).scalar()
    return Begun(wanted, tries.begin(work, wanted, now=now), hashed)


def finish_confirm(work: Work, session: Session, begun: Begun, *, fits: bool, what: str, now: datetime) -> bool | None:
    """Return whether it was the password, and open the page; None: wrong so often that the session has ended.

    `what`: what the audit calls it.
    """
    person = session.staff
    if fits:
        tries.succeed(work, begun.counts, begun.verdict)
        sessions.unlock(work, session.number, now=now)
        audit.record(work, who=person.handle, what=what, subject=person.subject, now=now)
        return True
    audit.record(work, who=NOBODY, what=f"not {what}", subject=person.subject, now=now)
    if tries.failures(work, begun.counts[0], now=now) < begun.counts[0].free:
        return False
    sessions.end(work, session.number)
    return None


def _code(work: Work, staff_id: int, sealed: dict[str, Any], attempt: Attempt, *, now: datetime) -> dict[str, Any] | None:
    """Return what a right code changes in the row (it counts once); None: it is not right."""
    secret, stored = sealed.get("totp"), sealed.get("recovery", [])
    step = codes.step_of(secret, attempt.code, used=int(sealed.get("used_code", 0)), now=now)
    left = codes.without_used(work, staff_id, stored, attempt.code)
    if step is not None:
        return {"used_code": step}
    if left is not None:
        return {"recovery": left}
    return {} if secret is None and attempt.codes_optional and not attempt.code.strip() else None
