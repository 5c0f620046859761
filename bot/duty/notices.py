"""Notices to the staff, to groups and to persons: stored with their cause, told until told, and without any content.

A row with `via="desk"` is told by being there: it says that a step of the ladder was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import care_case, staff_notice
from bot.duty.ladder import What
from bot.messages import EMERGENCY_LEVELS, Level
from bot.outbox.backoff import next_delay
from bot.staff.people import Staff

Via = Literal["group", "telegram", "email", "desk"]
# An older notice tells nobody anything new: the desk shows the case. Persons were paged again by then.
WORTH_TELLING = timedelta(hours=12)
WORTH_TELLING_A_PERSON = timedelta(hours=1)
KEPT = timedelta(days=2)
LEASE = timedelta(seconds=60)
PERSONAL: tuple[Via, ...] = ("telegram", "email")
# Of a case that somebody took meanwhile these are not told any more.
OF_UNCLAIMED = ("urgent", "unclaimed", "nobody")


@dataclass(frozen=True)
class Notice:
    """One notice on its way. `told`: the places of the groups that have it already. `staff_id`: of a person."""

    id: int
    case_id: int | None
    level: Level
    crisis: bool
    tries: int
    told: frozenset[int]
    what: What = "urgent"
    staff_id: int | None = None


@dataclass(frozen=True)
class About:
    """What a notice is about: a case and how urgent it is, or with None something that is not one case."""

    case_id: int | None = None
    level: Level = "INFO"
    crisis: bool = False


def note(work: Work, case_id: int, *, level: Level, crisis: bool, now: datetime, occasion: int | None = None) -> None:
    """Have it told to the groups that this case is urgent, once for each level that it rises to. One that is not is not told.

    `occasion`: a number for each time that the case is opened; without it, it is the latest one.
    """
    if level not in EMERGENCY_LEVELS and not crisis:
        return
    key = f"{case_id}:{occasion or _occasion(work, case_id)}:{level}:{crisis}"
    add(work, key, About(case_id, level, crisis), via="group", what="urgent", now=now)


def add(
    work: Work,
    key: str,
    about: About,
    *,
    via: Via,
    what: What,
    now: datetime,
    staff_id: int | None = None,
) -> bool:
    """Store one notice; False when `key` was stored before, by us or by another gateway."""
    row = {
        "case_id": about.case_id,
        "dedupe_key": key,
        "level": about.level,
        "crisis": about.crisis,
        "via": via,
        "what": what,
        "staff_id": staff_id,
        "state": "sent" if via == "desk" else "pending",
        "tries": 0,
        "told": "",
        "not_before": now,
        "created_at": now,
    }
    return insert_once(work, staff_notice, row) is not None


def ways_to(person: Staff, ways: frozenset[str], *, all_of_them: bool) -> tuple[Via, ...]:
    """Return how to reach somebody outside the desk: for what is urgent all ways, else the first. Preferences may leave out some."""
    address = {"telegram": person.telegram, "email": person.email}
    wanted = person.preferences.get("pages", PERSONAL)
    found = tuple(via for via in PERSONAL if via in ways and via in wanted and address[via])
    return found if all_of_them else found[:1]


def is_due(work: Work, *, now: datetime, via: Via = "group") -> bool:
    """Return whether something may be to be told now."""
    due = sa.and_(staff_notice.c.state == "pending", staff_notice.c.not_before <= now, staff_notice.c.via == via)
    return bool(work.execute(sa.select(sa.exists().where(due))).scalar())


def take_due(work: Work, *, now: datetime, limit: int, via: Via = "group") -> tuple[Notice, ...]:
    """Lease and return what is to be told now, oldest first. One that is not marked within the lease is due again."""
    _forget(work, now)
    free = sa.or_(staff_notice.c.lease_until.is_(None), staff_notice.c.lease_until < now)
    due = sa.and_(staff_notice.c.state == "pending", staff_notice.c.not_before <= now, free, staff_notice.c.via == via)
    columns = ("id", "case_id", "level", "crisis", "tries", "told", "what", "staff_id")
    query = sa.select(*(staff_notice.c[name] for name in columns)).where(due).order_by(staff_notice.c.id).limit(limit)
    rows = work.execute(query.with_for_update(skip_locked=True) if work.is_postgres else query).all()
    numbers = [row.id for row in rows]
    if numbers:
        work.execute(sa.update(staff_notice).where(staff_notice.c.id.in_(numbers)).values(lease_until=now + LEASE))
    return tuple(Notice(**{**row._mapping, "told": _places(row.told)}) for row in rows)


def told(work: Work, notice: Notice, places: frozenset[int], *, whole: bool, now: datetime) -> None:
    """Record which groups have the notice; what is not `whole` is tried again, with growing pauses."""
    _set(work, notice, told=",".join(map(str, sorted(places))))
    if whole:
        sent(work, notice)
    else:
        failed(work, notice, now=now)


def sent(work: Work, notice: Notice) -> None:
    """Record that the person has the notice."""
    _set(work, notice, state="sent", tries=notice.tries + 1, lease_until=None)


def failed(work: Work, notice: Notice, *, now: datetime, for_good: bool = False) -> None:
    """Record a failure: it is tried again with growing pauses, unless that is no use."""
    pause = None if for_good else next_delay(notice.tries + 1)
    state, not_before = ("dead", now) if pause is None else ("pending", now + pause)
    _set(work, notice, state=state, not_before=not_before, tries=notice.tries + 1, lease_until=None)


def give_up(work: Work, notice: Notice) -> None:
    """Tell it to nobody: who it is for has gone, or it is not for them any more."""
    _set(work, notice, state="dead", lease_until=None)


def put_back(work: Work, notice: Notice, *, until: datetime, told: frozenset[int] = frozenset()) -> None:
    """Tell it later; this was no try. `told`: the groups that have it by now."""
    places = notice.told | told
    _set(work, notice, told=",".join(map(str, sorted(places))), not_before=until, lease_until=None)


def _set(work: Work, notice: Notice, **values: object) -> None:
    work.execute(sa.update(staff_notice).where(staff_notice.c.id == notice.id).values(**values))


def _occasion(work: Work, case_id: int) -> int:
    """Return the occasion of the latest notice of a case to the groups, 0 for none."""
    of_case = sa.and_(staff_notice.c.case_id == case_id, staff_notice.c.via == "group", staff_notice.c.what == "urgent")
    key = work.execute(sa.select(staff_notice.c.dedupe_key).where(of_case).order_by(staff_notice.c.id.desc()).limit(1)).scalar()
    return int(key.split(":")[1]) if key and key.count(":") == 3 else 0


def _forget(work: Work, now: datetime) -> None:
    created, waits = staff_notice.c.created_at, staff_notice.c.state == "pending"
    closed = sa.exists().where(care_case.c.id == staff_notice.c.case_id, care_case.c.state == "closed")
    taken = sa.exists().where(care_case.c.id == staff_notice.c.case_id, care_case.c.state != "waiting")
    old = sa.or_(
        created < now - WORTH_TELLING, sa.and_(staff_notice.c.staff_id.isnot(None), created < now - WORTH_TELLING_A_PERSON)
    )
    of_unclaimed = sa.and_(staff_notice.c.what.in_(OF_UNCLAIMED), taken)
    work.execute(sa.update(staff_notice).where(waits, sa.or_(old, closed, of_unclaimed)).values(state="dead"))
    work.execute(sa.delete(staff_notice).where(created < now - KEPT))


def _places(told: str) -> frozenset[int]:
    return frozenset(int(place) for place in told.split(",") if place)
