"""What admins do to accounts: add, change, disable. Who is changed is signed out everywhere, at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import staff
from bot.languages import LANGUAGES, Language
from bot.privacy import audit
from bot.staff import invitations, sessions
from bot.staff.people import GRANTS, HANDLE, ROLES, Grant, Role, Staff, StaffProblem, normal, of_id
from bot.staff.rows import locked, reseal

LONGEST_NAME = 80
# A hospital's own mail server may have a name without a dot.
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


@dataclass(frozen=True)
class Person:
    """What an admin says of somebody."""

    handle: str
    role: Role
    name: str
    teams: frozenset[str] = frozenset()
    languages: frozenset[Language] = frozenset()
    language: Language = "en"
    email: str = ""
    studio: frozenset[Grant] = frozenset()


def add(work: Work, person: Person, *, by: str, now: datetime) -> tuple[Staff, str]:
    """Add somebody and return them with the token of their invitation, which is shown once. Raises StaffProblem.

    There is no other way onto the staff: nobody registers by themselves.
    """
    handle = normal(person.handle)
    _check(person, handle)
    row = {
        "handle": handle,
        "role": person.role,
        "state": "invited",
        "teams": _joined(person.teams),
        "languages": _joined(person.languages),
        "language": person.language,
        "studio": _joined(person.studio),
        "duty": "off",
        "created_at": now,
        "sealed": work.cipher.seal({"name": person.name.strip(), "email": person.email.strip()}),
    }
    number = insert_once(work, staff, row)
    if number is None:
        raise StaffProblem("problem_handle_taken", f"{handle} is on the staff already. Choose another handle.")
    added = of_id(work, number)
    assert added is not None
    audit.record(work, who=by, what=f"invited {person.role}", subject=added.subject, now=now)
    return added, invitations.issue(work, number, "invite", now=now)


def change(work: Work, staff_id: int, person: Person, *, by: str, now: datetime) -> Staff:
    """Change role, grants, name, teams, languages and e-mail. With another role, other grants or teams they have to sign in again.

    Raises StaffProblem: nobody changes their own role or rights, and one admin has to stay.
    """
    row, before = _found(work, staff_id)
    _check(person, before.handle)
    if person.role != before.role:
        if before.handle == by:
            raise StaffProblem("problem_own_role", "Nobody changes their own role. Ask another admin.")
        _keep_an_admin(work, before)
    if person.studio != before.studio and before.handle == by:
        raise StaffProblem("problem_own_grants", "Nobody gives themselves rights in the studio. Ask another admin.")
    values = {"role": person.role, "teams": _joined(person.teams), "languages": _joined(person.languages)}
    values["studio"] = _joined(person.studio)
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(**values))
    reseal(work, row, name=person.name.strip(), email=person.email.strip())
    if (person.role, person.teams, person.studio) != (before.role, before.teams, before.studio):
        sessions.end_all(work, staff_id)
    for what in _changes(before, person):
        audit.record(work, who=by, what=what, subject=before.subject, now=now)
    changed = of_id(work, staff_id)
    assert changed is not None
    return changed


def disable(work: Work, staff_id: int, *, by: str, now: datetime) -> None:
    """Let somebody in no more, from this moment: sessions, invitations and the link to Telegram end, and their duty."""
    row, before = _found(work, staff_id)
    if before.handle == by:
        raise StaffProblem("problem_own_account", "Nobody disables their own account. Ask another admin.")
    _keep_an_admin(work, before)
    values = {"state": "disabled", "password": None, "duty": "off", "duty_until": None, "telegram_lookup": None}
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(**values, duty_since=now))
    reseal(work, row, telegram="", totp=None, recovery=[])
    sessions.end_all(work, staff_id)
    invitations.withdraw_all(work, staff_id)
    audit.record(work, who=by, what="disabled", subject=before.subject, now=now)


def reset(work: Work, staff_id: int, *, by: str, now: datetime) -> tuple[str, invitations.Kind]:
    """Return a token for a new password and code, and its kind. The old ones hold until it is used.

    Who never signed in, or was disabled, gets a new invitation.
    """
    _, before = _found(work, staff_id)
    kind: invitations.Kind = "reset" if before.state == "active" else "invite"
    if before.state == "disabled":
        work.execute(sa.update(staff).where(staff.c.id == staff_id).values(state="invited"))
        audit.record(work, who=by, what="enabled", subject=before.subject, now=now)
    audit.record(work, who=by, what=f"gave a link: {kind}", subject=before.subject, now=now)
    return invitations.issue(work, staff_id, kind, now=now), kind


def _found(work: Work, staff_id: int) -> tuple[Any, Staff]:
    row = locked(work, staff_id)
    before = of_id(work, staff_id)
    assert before is not None
    return row, before


def _check(person: Person, handle: str) -> None:
    if not HANDLE.fullmatch(handle):
        raise StaffProblem(
            "problem_handle", "A handle has 2 to 32 small letters, digits, dots or dashes, and begins with a letter or a digit."
        )
    if person.role not in ROLES:
        raise StaffProblem("problem_role", f"There is no such role. Choose {', '.join(ROLES)}.")
    if not 1 <= len(person.name.strip()) <= LONGEST_NAME:
        raise StaffProblem("problem_name", f"A name has 1 to {LONGEST_NAME} characters: patients and colleagues read it.")
    if person.email.strip() and not _EMAIL.fullmatch(person.email.strip()):
        raise StaffProblem("problem_email", f"{person.email.strip()} is no e-mail address: nobody could be paged there.")
    if any("," in team or not team.strip() for team in person.teams) or len(_joined(person.teams)) > 256:
        raise StaffProblem("problem_teams", "A team is named by its id in content/handoff/teams.yml.")
    if not person.studio <= frozenset(GRANTS):
        raise StaffProblem("problem_grants", f"There is no such right in the studio. Choose of {', '.join(GRANTS)}.")
    if not person.languages <= frozenset(LANGUAGES) or person.language not in LANGUAGES:
        raise StaffProblem("problem_languages", f"There is no such language. Choose of {', '.join(LANGUAGES)}.")


def _keep_an_admin(work: Work, before: Staff) -> None:
    if before.role != "admin" or before.state != "active":
        return
    # Locked, so that two admins cannot remove each other at the same moment.
    admins = work.execute(
        sa.select(staff.c.id).where(staff.c.role == "admin", staff.c.state == "active").order_by(staff.c.id).with_for_update()
    ).all()
    if len(admins) < 2:
        raise StaffProblem("problem_last_admin", "This is the only admin. Make another one first.")


def _changes(before: Staff, after: Person) -> Iterable[str]:
    if after.role != before.role:
        yield f"role {before.role} to {after.role}"
    if after.teams != before.teams:
        yield "changed teams"
    if after.studio != before.studio:
        yield f"studio rights: {_joined(after.studio) or 'none'}"
    if (after.name.strip(), after.email.strip(), after.languages) != (before.name, before.email, before.languages):
        yield "changed account"


def _joined(parts: Iterable[str]) -> str:
    return ",".join(sorted(parts))
