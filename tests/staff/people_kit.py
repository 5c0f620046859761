"""People of the staff for tests: added as an admin would, invitation taken, code in hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pyotp

from bot.database.engine import Database, Work
from bot.database.tables import care_case, conversation, patient
from bot.staff import accepting, changing, codes
from bot.staff.changing import Person
from bot.staff.people import Role, Staff, of_id

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# Not a real hash: what does not check passwords need not wait for Argon2.
HASHED = "a hash"


def code_at(now: datetime, secret: str = SECRET) -> str:
    return str(pyotp.TOTP(secret).at(now))


def joined(
    work: Work,
    handle: str = "ana",
    role: Role = "nurse",
    *,
    teams: tuple[str, ...] = (),
    hashed: str = HASHED,
    now: datetime = NOW,
    with_codes: bool = True,
) -> Staff:
    """Return somebody who took their invitation."""
    person = Person(handle, role, name=handle.title(), teams=frozenset(teams), languages=frozenset({"en"}))
    _, token = changing.add(work, person, by="operator", now=now)
    step = int(now.timestamp()) // codes.STEP_S
    accepted = accepting.accept(work, token, hashed, (SECRET, step) if with_codes else None, now=now)
    assert accepted is not None
    found = of_id(work, accepted.staff.id)
    assert found is not None
    return found


def a_case(work: Work, *, team: str = "", claimed_by: str | None = None, number: int = 1) -> int:
    """Return the number of an open case of a person of their own."""
    key = f"c{number}"
    work.execute(patient.insert().values(id=key, created_at=NOW))
    work.execute(
        conversation.insert().values(
            id=key, patient_id=key, channel="webchat", lookup=key, language="en", region="CN", region_known=True, level_floor="INFO",
            episode=1, greeted=True, told_waiting=False, asked_to_erase=0, created_at=NOW, last_at=NOW,
        )
    )  # fmt: skip
    row = {"conversation_id": key, "patient_id": key, "reason": "red_flag", "level": "E2", "crisis": False, "risk": 1}
    row |= {"state": "claimed" if claimed_by else "waiting", "claimed_by": claimed_by, "team": team, "opened_at": NOW}
    return int(work.execute(care_case.insert().values(**row, sealed=work.cipher.seal({}))).inserted_primary_key[0])


def lines(database: Database) -> list[tuple[str, str, str]]:
    """Return who, what and subject of the audit, oldest first."""
    from bot.privacy.audit import Wanted, chunk

    with database.read() as work:
        return [(line.who, line.what, line.subject) for line in chunk(work, Wanted())]


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
