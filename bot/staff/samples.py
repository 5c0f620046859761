"""Sample people for trying the desk out: only on an empty staff, and each with an invitation, never with a password."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import staff
from bot.languages import LANGUAGES, Language
from bot.staff import changing
from bot.staff.changing import Person
from bot.staff.people import Role

SAMPLES: tuple[tuple[str, Role, str], ...] = (
    ("ana", "nurse", "Ana"),
    ("lin", "lead", "Lin"),
    ("omar", "admin", "Omar"),
    ("eva", "auditor", "Eva"),
)


@dataclass(frozen=True)
class Sample:
    """Somebody who was added, and the token of the invitation."""

    handle: str
    role: Role
    token: str


def is_empty(work: Work) -> bool:
    """Return whether nobody is on the staff."""
    return work.execute(sa.select(staff.c.id).limit(1)).first() is None


def seed(work: Work, *, teams: Iterable[str], language: Language, now: datetime) -> tuple[Sample, ...]:
    """Add the sample people of all `teams`; nothing when there is anybody already."""
    if not is_empty(work):
        return ()
    added = []
    for handle, role, name in SAMPLES:
        person = Person(handle, role, name, frozenset(teams), frozenset(LANGUAGES), language)
        _, token = changing.add(work, person, by="demo", now=now)
        added.append(Sample(handle, role, token))
    return tuple(added)
