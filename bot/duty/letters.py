"""What a person of the staff reads outside the desk: that something waits, how urgent it is, and where to look. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.content.load import Content
from bot.database.engine import Work
from bot.duty.ladder import Crew
from bot.duty.notices import PERSONAL, Notice, Via, add, ways_to
from bot.duty.notices import About as _About
from bot.duty.shifts import waiting_for
from bot.languages import Language
from bot.staff.people import Staff, of_id

# What reaches somebody who is off duty: that nobody else is there, and that a case in their own hands has become urgent.
WAKES = frozenset({"nobody", "empty", "raised"})
URGENT = frozenset({"urgent", "raised", "unclaimed", "nobody"})


@dataclass(frozen=True)
class Letter:
    """A page in words, in the language of its reader."""

    to: Staff
    subject: str
    text: str
    language: Language


def letter_of(work: Work, notice: Notice, *, content: Content, link: str, now: datetime) -> Letter | None:
    """Return what to tell whom, or None when it is not for them any more: they left the house, or their shift has ended."""
    person = None if notice.staff_id is None else of_id(work, notice.staff_id)
    if person is None or person.state != "active":
        return None
    if notice.what not in WAKES and not Crew((person,), now).is_there(person):
        return None
    waits = waiting_for(work, person)
    values = {
        "number": notice.case_id or "",
        "level": "CRISIS" if notice.crisis else notice.level,
        "count": waits.cases,
        "urgent": waits.urgent,
        "link": link,
    }
    text = content.phrases.get(f"paging.{notice.what}", person.language, **values).strip()
    subject = content.phrases.get(f"paging.subject_{_kind(notice)}", person.language, **values)
    return Letter(person, subject, text, person.language)


def _kind(notice: Notice) -> str:
    if notice.what in URGENT or (notice.case_id is not None and notice.level in ("E1", "E2")):
        return "urgent"
    return notice.what if notice.what in ("digest", "empty") else "waiting"


def try_instead(work: Work, notice: Notice, via: Via, *, ways: frozenset[str], now: datetime) -> bool:
    """Page the person on another way than `via`, which cannot reach them at all; False when there is none."""
    person = None if notice.staff_id is None else of_id(work, notice.staff_id)
    others = () if person is None else ways_to(person, ways - {via}, all_of_them=True)
    about = _About(notice.case_id, notice.level, notice.crisis)
    return any(
        add(work, f"instead:{notice.id}:{other}", about, via=other, what=notice.what, now=now, staff_id=notice.staff_id)
        for other in others
        if other in PERSONAL
    )
