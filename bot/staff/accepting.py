"""Taking an invitation, or a new password: the link is used once, password and codes are set, and the person is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff
from bot.privacy import audit
from bot.privacy.encryption import KeyProblem
from bot.staff import codes, invitations, own, sessions, tries
from bot.staff.invitations import Invitation
from bot.staff.people import Staff

KINDS: tuple[invitations.Kind, ...] = ("invite", "reset")
OFFER_LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class Accepted:
    """Somebody who is in: the token of the session, the mark of the browser, and recovery codes, shown this once."""

    staff: Staff
    token: str
    device: str
    recovery: tuple[str, ...]


def offer(work: Work, *, whose: str, now: datetime) -> tuple[str, str]:
    """Return a fresh secret for the authenticator app, and the same sealed, for the form that brings it back."""
    secret = codes.new_secret()
    sealed = work.cipher.seal({"totp": secret, "whose": whose, "until": (now + OFFER_LASTS).timestamp()})
    return secret, sealed.decode("ascii")


def offered(work: Work, sealed: str, *, whose: str, now: datetime) -> str | None:
    """Return the secret of an offer; None: not ours, another's, or too old."""
    try:
        data = work.cipher.unseal(sealed.encode("ascii", "ignore"))
    except KeyProblem:
        return None
    is_good = isinstance(data, dict) and data.get("whose") == whose and data.get("until", 0) > now.timestamp()
    return str(data["totp"]) if is_good else None


def look(work: Work, token: str, *, now: datetime) -> Invitation | None:
    """Return whose invitation this is, without using it."""
    return invitations.peek(work, token, KINDS, now=now)


def accept(work: Work, token: str, hashed: str, codes_of: tuple[str, int] | None, *, now: datetime) -> Accepted | None:
    """Set password and codes of whose token this is, and let them in. `codes_of`: secret and the step of the code that was typed.

    None: the token is used up, too old, or was never ours; nothing is changed then.
    """
    person = invitations.use(work, token, KINDS, now=now)
    if person is None:
        return None
    work.execute(sa.update(staff).where(staff.c.id == person.id).values(state="active"))
    audit.record(work, who=person.handle, what="accepted an invitation", subject=person.subject, now=now)
    own.set_password(work, person.id, hashed, now=now)
    shown = own.set_codes(work, person.id, *codes_of, now=now) if codes_of else own.remove_codes(work, person.id, now=now)
    return Accepted(person, sessions.start(work, person.id, now=now), tries.new_device(work.cipher, handle=person.handle), shown)
