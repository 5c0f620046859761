"""One look at the database for all open pages together: what changed since the last, whoever wrote it, here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import audit, care_case, case_event, conversation, outbound, presence, staff, staff_session
from bot.desk import rows
from bot.desk.rights import all_broken
from bot.desk.rows import RowFacts, Seen
from bot.handoff.events import erased_after
from bot.staff.people import Staff, all_staff

# Numbers are given before they are committed (PostgreSQL): so many before the last one may still become visible.
LOOK_BACK = 100
# What was not sent yet is asked after by number. More wait only when a platform is away.
MOST_WATCHED = 500
UNFINISHED = ("pending", "sending", "parked")
# Events of urgent cases that a nurse on duty has to hear. The first step of the ladder comes with them and is not heard again.
HEARD = ("opened", "raised", "urgent", "reopened")
RAISED = ("raised", "urgent")  # by the patient's words, by somebody's hand


@dataclass(frozen=True)
class Pages:
    """What is asked about the open pages: their sessions, and who they are."""

    sessions: frozenset[int]
    people: frozenset[int]
    now: datetime


@dataclass(frozen=True)
class Heard:
    """A case that is to be heard, and why. `to`: whom the ladder wakes beside those on duty."""

    event: int
    case_id: int
    what: str  # urgent | raised: it has become so, also under somebody's hands | unclaimed
    to: frozenset[str] = frozenset()
    by: str = ""  # who made it so


@dataclass(frozen=True)
class Changes:
    """What a look found. `sessions`: those that still run, with the time of the last act, and whether they were locked."""

    rows: tuple[RowFacts, ...] = ()
    heard: tuple[Heard, ...] = ()
    here: Mapping[int, tuple[Seen, ...]] = field(default_factory=dict)
    sessions: Mapping[int, tuple[bool, datetime]] = field(default_factory=dict)
    staff: Mapping[int, Staff] | None = None  # None: as before
    glass: frozenset[tuple[int, int]] = frozenset()
    event: int = 0
    erased: tuple[int, ...] = ()
    everything: tuple[Any, ...] | None = None  # of the open cases, now and then


class Looking:
    """Remembers what was seen. Used by one thread at a time."""

    def __init__(self) -> None:
        self._events: frozenset[int] | None = None
        self._last = 0
        self._sent: dict[int, tuple[Any, ...]] = {}
        self._last_sent = 0
        self._here: dict[int, tuple[Seen, ...]] = {}
        self._staff: tuple[Any, ...] = ()
        self._at: datetime | None = None
        self._audit = 0
        self._erased: frozenset[tuple[int, int]] = frozenset()

    def look(self, work: Work, pages: Pages, *, more: frozenset[int] = frozenset(), everything: bool = False) -> Changes:
        """Return what changed, with the rows of the cases that did, and of `more`. What fails counts as not seen."""
        before = vars(self).copy()
        try:
            return self._look(work, pages, more, everything=everything)
        except BaseException:
            vars(self).update(before)
            raise

    def _look(self, work: Work, pages: Pages, more: frozenset[int], *, everything: bool) -> Changes:
        first = self._events is None
        events = self._new_events(work)
        turned = self._turned(work, pages.now)
        changed = {event.case_id for event in events} | self._changed_sent(work, first=first) | turned | more
        return Changes(
            rows=rows.of_ids(work, changed),
            heard=tuple(heard for event in events for heard in _heard(work, event)),
            here=self._changed_here(work, pages.now),
            sessions=_sessions(work, pages.sessions, now=pages.now),
            staff=self._changed_staff(work),
            glass=all_broken(work, pages.people, now=pages.now),
            event=self._last,
            erased=self._newly_erased(work),
            everything=tuple(work.execute(_OPEN_CASES).all()) if everything else None,
        )

    def _turned(self, work: Work, now: datetime) -> set[int]:
        """Return the cases whose clock has run out since the last look."""
        if self._at is None:
            self._at = now
        found = set(work.execute(_TURNED, {"since": self._at, "now": now}).scalars()) if self._at < now else set()
        self._at = max(self._at, now)
        return found

    def _newly_erased(self, work: Work) -> tuple[int, ...]:
        last = int(work.execute(sa.select(sa.func.max(audit.c.id))).scalar() or 0)
        lines = frozenset(erased_after(work, max(0, (self._audit or last) - LOOK_BACK)))
        new, self._audit, self._erased = lines - self._erased, last, lines
        return tuple(sorted(case_id for _, case_id in new))

    def _new_events(self, work: Work) -> list[Any]:
        if self._events is None:
            self._last = int(work.execute(sa.select(sa.func.max(case_event.c.id))).scalar() or 0)
        found = work.execute(_EVENTS, {"above": max(0, self._last - LOOK_BACK)}).all()
        new = [] if self._events is None else [row for row in found if row.id not in self._events]
        self._last = max((row.id for row in found), default=self._last)
        self._events = frozenset(row.id for row in found if row.id > self._last - 2 * LOOK_BACK)
        return new

    def _changed_sent(self, work: Work, *, first: bool) -> set[int]:
        """Return the cases of messages to patients that are new, or of which something became."""
        if first:
            self._last_sent = int(work.execute(sa.select(sa.func.max(outbound.c.id))).scalar() or 0)
            found = work.execute(_WAITING, {"most": MOST_WATCHED}).all()
        else:
            watched = [
                number for number, state in self._sent.items() if state[1] in UNFINISHED or number > self._last_sent - LOOK_BACK
            ]
            found = work.execute(_NEWER, {"above": self._last_sent - LOOK_BACK}).all()
            found += work.execute(_WATCHED, {"watched": watched[-MOST_WATCHED:]}).all() if watched else []
        states = {row.id: (row.case_id, row.state, row.sent_at, row.problem) for row in found}
        changed = set() if first else {state[0] for number, state in states.items() if self._sent.get(number) != state}
        self._sent = states
        self._last_sent = max([self._last_sent, *states])
        return changed

    def _changed_here(self, work: Work, now: datetime) -> dict[int, tuple[Seen, ...]]:
        here: dict[int, tuple[Seen, ...]] = {}
        for row in work.execute(_HERE, {"now": now}):
            here[row.case_id] = (*here.get(row.case_id, ()), Seen(row.staff_id, row.handle, row.state, row.until))
        before, self._here = self._here, here
        return {case: here.get(case, ()) for case in {*here, *before} if _who(here.get(case, ())) != _who(before.get(case, ()))}

    def _changed_staff(self, work: Work) -> Mapping[int, Staff] | None:
        known = tuple(work.execute(_STAFF).all())
        if known == self._staff:
            return None
        self._staff = known
        return {person.id: person for person in all_staff(work)}


@dataclass(frozen=True)
class Missed:
    """What happened while a page was away. `heard`: events that it would have made a sound for, with their cases.

    `known`: those before, which it has heard.
    """

    cases: frozenset[int] = frozenset()
    heard: Mapping[int, int] = field(default_factory=dict)
    known: frozenset[int] = frozenset()


def missed(work: Work, after: int, *, most: int) -> Missed | None:
    """Return the cases with events after a number; None: more than `most`, or a number that is none of ours."""
    last = int(work.execute(sa.select(sa.func.max(case_event.c.id))).scalar() or 0)
    if after > last:
        return None
    numbers = sa.select(case_event.c.case_id).distinct()
    cases = frozenset(work.execute(numbers.where(case_event.c.id > max(0, after - LOOK_BACK)).limit(most + 1)).scalars())
    if len(cases) > most:
        return None
    sounds = sa.select(case_event.c.id, case_event.c.case_id).where(case_event.c.what.in_((*HEARD, "paged")))
    found = {row.id: row.case_id for row in work.execute(sounds.where(case_event.c.id > max(0, after - LOOK_BACK)))}
    # What it may have heard already makes no sound again.
    heard = {number: case_id for number, case_id in found.items() if number > after}
    return Missed(cases, heard, frozenset(found) - frozenset(heard))


def _heard(work: Work, event: Any) -> Iterable[Heard]:
    if event.what in HEARD:
        yield Heard(event.id, event.case_id, "raised" if event.what in RAISED else "urgent", by=event.who)
    elif event.what == "paged" and event.sealed is not None:
        content = work.cipher.unseal(event.sealed)
        if content.get("what") != "urgent":
            yield Heard(event.id, event.case_id, "unclaimed", frozenset(content.get("to") or ()))


def _who(seen: Iterable[Seen]) -> set[tuple[str, str]]:
    return {(one.handle, one.state) for one in seen}


def _sessions(work: Work, numbers: frozenset[int], *, now: datetime) -> dict[int, tuple[bool, datetime]]:
    columns = sa.select(staff_session.c.id, staff_session.c.locked, staff_session.c.seen_at)
    runs = sa.and_(staff_session.c.id.in_(sorted(numbers)), staff_session.c.expires_at > now)
    return {row.id: (row.locked, row.seen_at) for row in work.execute(columns.where(runs))}


# Only the ladder's steps are opened: of the rest it is enough to know that they happened.
_STEP = sa.case((case_event.c.what == "paged", case_event.c.sealed), else_=None).label("sealed")
_EVENTS = sa.select(case_event.c.id, case_event.c.case_id, case_event.c.what, case_event.c.who, _STEP).where(
    case_event.c.id > sa.bindparam("above")
)
_OF_OPEN = (
    sa.select(outbound.c.id, outbound.c.state, outbound.c.sent_at, outbound.c.problem, care_case.c.id.label("case_id"))
    .join(conversation, conversation.c.id == outbound.c.conversation_id)
    .join(care_case, care_case.c.patient_id == conversation.c.patient_id)
    .where(care_case.c.state != "closed")
)
# Two statements: for one with OR a database walks through the whole outbox.
_NEWER = _OF_OPEN.where(outbound.c.id > sa.bindparam("above"))
_WATCHED = _OF_OPEN.where(outbound.c.id.in_(sa.bindparam("watched", expanding=True)))
_WAITING = _OF_OPEN.where(outbound.c.state.in_(UNFINISHED)).limit(sa.bindparam("most"))
_HERE = (
    sa.select(presence.c.case_id, presence.c.staff_id, presence.c.state, presence.c.until, staff.c.handle)
    .join(staff, staff.c.id == presence.c.staff_id)
    .where(presence.c.until > sa.bindparam("now", type_=presence.c.until.type))
    .order_by(staff.c.handle)
)
_STAFF = sa.select(
    staff.c.id, staff.c.handle, staff.c.role, staff.c.state, staff.c.teams, staff.c.languages, staff.c.duty, staff.c.duty_until,
    staff.c.language,
).order_by(staff.c.id)  # fmt: skip
_OPEN_CASES = sa.select(
    care_case.c.id, care_case.c.team, care_case.c.claimed_by, care_case.c.assigned_to, care_case.c.state
).where(care_case.c.state != "closed")
_SINCE, _NOW = (sa.bindparam(name, type_=care_case.c.due_at.type) for name in ("since", "now"))
# The end of a sleep is an event of its own (`bot.handoff.moving.wake_due`).
_TURNED = sa.select(care_case.c.id).where(
    care_case.c.state.in_(("waiting", "claimed", "waiting_for_patient")), care_case.c.due_at > _SINCE, care_case.c.due_at <= _NOW
)
