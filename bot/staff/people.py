"""Who is on the staff: found by handle, by number, by Telegram; who is on duty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff
from bot.errors import OperatorError
from bot.languages import LANGUAGES, Language
from bot.privacy import audit

Role = Literal["nurse", "lead", "admin", "auditor", "editor"]
# What can be granted in the studio, beside the role.
Grant = Literal["labeller", "translator", "clinical", "publisher"]
State = Literal["invited", "active", "disabled"]
Duty = Literal["off", "on", "break"]
ROLES: tuple[Role, ...] = ("nurse", "lead", "admin", "auditor", "editor")
GRANTS: tuple[Grant, ...] = ("labeller", "translator", "clinical", "publisher")
HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class StaffProblem(OperatorError):
    """An account cannot be made, changed or used that way. `key` names the sentence in `content/phrases/staff.yml`."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True)
class Staff:
    """A person of the staff. `handle` stands in events, claims and audit lines; `name` is what patients and colleagues read."""

    id: int
    handle: str
    role: Role
    state: State = "active"
    teams: frozenset[str] = frozenset()
    languages: frozenset[Language] = frozenset()
    language: Language = "en"
    duty: Duty = "off"
    duty_until: datetime | None = None
    name: str = ""
    email: str = ""
    telegram: str = ""
    studio: frozenset[Grant] = frozenset()
    preferences: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What audit lines call this person: an internal id."""
        return subject(self.id)

    def is_in(self, team: str) -> bool:
        """Whether a case of `team` is theirs; a case without a team is everybody's."""
        return not team or team in self.teams


def subject(staff_id: int) -> str:
    """Return what audit lines call a person of the staff."""
    return f"staff:{staff_id}"


def normal(handle: str) -> str:
    """Return a handle as it is stored; what was typed may have capitals or blanks around."""
    return handle.strip().lower()


def askable(handle: str) -> str:
    """Return a handle that the database can be asked for; what cannot be one becomes "", which nobody has."""
    return normal(handle) if HANDLE.fullmatch(normal(handle)) else ""


def of_handle(work: Work, handle: str) -> Staff | None:
    """Return the person with this handle, whatever their state."""
    return _one(work, staff.c.handle == askable(handle))


def of_id(work: Work, staff_id: int) -> Staff | None:
    """Return the person with this number, whatever their state."""
    return _one(work, staff.c.id == staff_id)


def of_telegram(work: Work, telegram_id: str) -> Staff | None:
    """Return the active person who linked this Telegram account."""
    return _one(work, sa.and_(staff.c.telegram_lookup == telegram_lookup(work, telegram_id), staff.c.state == "active"))


def telegram_lookup(work: Work, telegram_id: str) -> str:
    """Return the keyed hash under which a Telegram account is found."""
    return work.cipher.lookup("staff-telegram", telegram_id)


def all_staff(work: Work) -> tuple[Staff, ...]:
    """Return everybody, by handle, with those who were disabled."""
    return tuple(person(work, row) for row in work.execute(sa.select(staff).order_by(staff.c.handle)))


def on_duty(work: Work, now: datetime) -> tuple[Staff, ...]:
    """Return who is there to answer at `now`: active, on duty, not on a break, and the shift has not ended."""
    is_there = sa.or_(staff.c.duty_until.is_(None), staff.c.duty_until > now)
    wanted = sa.and_(staff.c.state == "active", staff.c.duty == "on", is_there)
    return tuple(person(work, row) for row in work.execute(sa.select(staff).where(wanted).order_by(staff.c.handle)))


def names(work: Work) -> Mapping[str, str]:
    """Return the name of each handle, with those who were disabled: old events still say who."""
    rows = work.execute(sa.select(staff.c.handle, staff.c.sealed))
    return {row.handle: work.cipher.unseal(row.sealed)["name"] for row in rows}


def end_of_shift(one: Staff, duty: Duty, now: datetime, shift: timedelta) -> datetime:
    """Return when a shift ends for which nobody said so: who forgets to go off duty must not be waited for by somebody in danger.

    A break, and coming back from it, leave the end where it was.
    """
    runs = one.duty_until if one.duty != "off" and one.duty_until is not None and one.duty_until > now else None
    return runs if runs is not None and "break" in (duty, one.duty) else now + shift


def set_duty(work: Work, staff_id: int, duty: Duty, *, until: datetime | None, now: datetime, by: str = "") -> None:
    """Begin a shift, a break, or end it; `until` ends the shift by itself. `by`: the handle of who did it, if another."""
    found = of_id(work, staff_id)
    if found is None or found.state != "active":
        raise StaffProblem("problem_not_active", "This person is not active: they cannot be on duty.")
    values = {"duty": duty, "duty_since": now, "duty_until": until if duty != "off" else None}
    work.execute(sa.update(staff).where(staff.c.id == staff_id).values(**values))
    audit.record(work, who=by or found.handle, what=f"duty {duty}", subject=found.subject, now=now)


def person(work: Work, row: Any) -> Staff:
    """Return what a row of the table says."""
    sealed = work.cipher.unseal(row.sealed)
    return Staff(
        id=row.id,
        handle=row.handle,
        role=row.role,
        state=row.state,
        teams=listed(row.teams),
        languages=cast(frozenset[Language], listed(row.languages) & frozenset(LANGUAGES)),
        language=row.language,
        duty=row.duty,
        duty_until=row.duty_until,
        name=sealed["name"],
        email=sealed.get("email", ""),
        telegram=sealed.get("telegram", ""),
        studio=cast(frozenset[Grant], listed(row.studio) & frozenset(GRANTS)),
        preferences=sealed.get("preferences", {}),
    )


def listed(column: str) -> frozenset[str]:
    """Return the parts of a column that holds several, with commas."""
    return frozenset(part for part in column.split(",") if part)


def _one(work: Work, condition: Any) -> Staff | None:
    row = work.execute(sa.select(staff).where(condition)).first()
    return None if row is None else person(work, row)
