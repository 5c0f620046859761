"""Wakes somebody for what waits: steps of the ladder, warnings before a clock ends, and what is late. Stops when it is claimed.

Looked at often by reading alone; what is found is looked at again in the transaction that writes, and the keys of the rows see
to it that two gateways, or a replay, page once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import care_case, staff_notice
from bot.duty import clocks, notices, truth
from bot.duty.ladder import Crew, Page, Told, Waiting, climb, remind, step_due
from bot.duty.notices import About, ways_to
from bot.duty.routing import Need, team_for
from bot.duty.teams import Teams
from bot.handoff.case_rows import COLUMNS, ELSEWHERE, Case, case_from, change, locked
from bot.handoff.events import add_event, held_since
from bot.messages import LEVELS
from bot.settings import Settings
from bot.staff.people import all_staff

MOST_AT_ONCE, A_TURN = 500, 20
URGENT = LEVELS.index("E2")  # the last `risk` that is; a crisis is 0
# Who was told of something that is not urgent is left in peace for so long: the desk shows the rest.
QUIET = timedelta(minutes=10)
# Asked every second: built once, since building a statement costs more than running it.
_NOW, _SOON = (sa.bindparam(name, type_=care_case.c.due_at.type) for name in ("now", "soon"))
_DUE, _WARNED = care_case.c.due_at, care_case.c.warned_at
_AWAKE = sa.or_(care_case.c.snoozed_until.is_(None), care_case.c.snoozed_until <= _NOW)
_UNCLAIMED = (
    sa.select(*COLUMNS)
    .where(care_case.c.state == "waiting", care_case.c.risk <= URGENT, care_case.c.waiting_since.isnot(None), _AWAKE)
    .order_by(care_case.c.risk, care_case.c.waiting_since)
    .limit(MOST_AT_ONCE)
)
# A warning comes before the clock's end, the word that it is late after it: `warned_at` tells which was said.
_LATE = sa.and_(_DUE <= _NOW, sa.or_(_WARNED.is_(None), _WARNED < _DUE))
_NEAR = sa.and_(_DUE > _NOW, _DUE <= _SOON, _WARNED.is_(None))
_OURS = sa.or_(care_case.c.claimed_by.is_(None), care_case.c.claimed_by.notin_(sorted(ELSEWHERE)))
_IS_OPEN = care_case.c.state.in_(("waiting", "claimed", "waiting_for_patient"))  # not "not closed": so the index serves
# Taken when its clock had run out already: whoever took an emergency and does not answer is reminded as well.
_TAKEN_LATE = sa.and_(
    care_case.c.state == "claimed",
    care_case.c.risk <= URGENT,
    care_case.c.waiting_since.isnot(None),
    _DUE <= _NOW,
    _WARNED >= _DUE,
)
_OF_HOLDERS = sa.select(*COLUMNS).where(_TAKEN_LATE, _OURS).order_by(_DUE).limit(MOST_AT_ONCE)
_OF_CLOCKS = sa.select(*COLUMNS).where(_IS_OPEN, sa.or_(_LATE, _NEAR), _OURS, _AWAKE).order_by(_DUE).limit(MOST_AT_ONCE)
# Opened where no teams were at hand, or given back by another program: nobody's clock runs for them yet.
_UNTIMED = sa.select(*COLUMNS).where(_IS_OPEN, _DUE.is_(None), care_case.c.waiting_since.isnot(None), _OURS).limit(MOST_AT_ONCE)
OF_CLOCKS = ("due", "late")


@dataclass(frozen=True)
class Desk:
    """What paging depends on besides the database. `ways`: how persons can be reached from this installation."""

    content: Content
    ways: frozenset[str]


@dataclass(frozen=True)
class Todo:
    """Something is due for a case: a step of the ladder, a warning, or that it is late. `due`: of which clock."""

    case: Case
    what: Literal["step", "due", "late"]
    step: int = 0
    due: datetime | None = None


def ways_of(settings: Settings) -> frozenset[str]:
    """Return how persons can be reached outside the desk."""
    set_up = {"telegram": settings.telegram_token, "email": settings.smtp_host}
    return frozenset(way for way, value in set_up.items() if value)


def waiting_of(case: Case) -> Waiting:
    """Return what the ladder asks of a case."""
    since = case.waiting_since or case.opened_at
    holder = case.claimed_by if case.state != "waiting" else None
    return Waiting(case.id, case.team, case.level, case.crisis, case.language, since, holder, case.assigned_to)


def crew_of(work: Work, now: datetime) -> Crew:
    """Return everybody who is active."""
    return Crew(tuple(person for person in all_staff(work) if person.state == "active"), now)


def look(work: Work, teams: Teams, now: datetime) -> tuple[Todo, ...]:
    """Return what is due now. Reads only, along indexes."""
    return (*_steps(work, teams, now), *_clocks(work, teams, now))


def is_untimed(work: Work, desk: Desk, now: datetime) -> bool:
    """Return whether somebody waits for whom no clock runs."""
    return work.execute(_UNTIMED.limit(1)).first() is not None


def start_clocks(work: Work, desk: Desk, now: datetime) -> int:
    """Give a team and a clock to every case in which somebody waits without. Returns how many."""
    return sum(_start_clock(work, case_from(row), desk.content.teams, now) for row in work.execute(_UNTIMED).all())


def _start_clock(work: Work, case: Case, teams: Teams, now: datetime) -> bool:
    need = Need(case.level, case.crisis, case.department, case.language)
    team = case.team or team_for(need, teams, now)
    assert case.waiting_since is not None
    kind: clocks.Kind = "next" if case.first_reply_at else "first"
    due = clocks.due_at(teams.of(team), kind, level=case.level, crisis=case.crisis, start=case.waiting_since)
    return change(work, case.id, _DUE.is_(None), team=team, due_at=due, warned_at=None)


def page_due(work: Work, desk: Desk, now: datetime) -> int:
    """Do what is due now, the first few of it, and return how much that was: so that nobody waits long for the database."""
    todos = look(work, desk.content.teams, now)[:A_TURN]
    if not todos:
        return 0
    crew = crew_of(work, now)
    todos = tuple(sorted(todos, key=lambda todo: todo.case.id))  # all gateways hold conversations in the same order
    return sum(_step(work, todo, desk, crew) if todo.what == "step" else _clock(work, todo, desk, crew) for todo in todos)


def _steps(work: Work, teams: Teams, now: datetime) -> list[Todo]:
    cases = [case_from(row) for row in work.execute(_UNCLAIMED, {"now": now})]
    told = _told(work, cases)
    found = []
    for case in cases:
        clock = teams.of(case.team).clock_of(case.level, crisis=case.crisis)
        step = step_due(told.get(_round(case)), clock, now)
        if step is not None:
            found.append(Todo(case, "step", step))
    return found


def _round(case: Case) -> str:
    """Return the name of one climb: it begins anew when the patient waits anew, or when it becomes more urgent."""
    priority = clocks.priority_of(case.level, crisis=case.crisis)
    since = case.waiting_since or case.opened_at
    return f"step:{case.id}:{since.timestamp():.3f}:{priority}"


def _told(work: Work, cases: Iterable[Case]) -> Mapping[str, Told]:
    """Return the last step of each climb."""
    numbers = [case.id for case in cases]
    if not numbers:
        return {}
    of_steps = sa.and_(staff_notice.c.case_id.in_(numbers), staff_notice.c.via == "desk", staff_notice.c.staff_id.is_(None))
    query = sa.select(staff_notice.c.dedupe_key, staff_notice.c.created_at).where(of_steps).order_by(staff_notice.c.id)
    last = {}
    for key, at in work.execute(query):
        climb_of, _, step = key.rpartition(":")
        last[climb_of] = Told(int(step), at)
    return last


def _clocks(work: Work, teams: Teams, now: datetime) -> list[Todo]:
    longest = max(clock.warn for team in teams.by_id.values() for clock in team.clocks.values())
    rows = work.execute(_OF_CLOCKS, {"now": now, "soon": now + timedelta(minutes=longest)})
    found = [_todo(case_from(row), teams, now) for row in rows]
    found += [_of_holder(work, case_from(row), teams, now) for row in work.execute(_OF_HOLDERS, {"now": now})]
    return [todo for todo in found if todo is not None]


def _of_holder(work: Work, case: Case, teams: Teams, now: datetime) -> Todo | None:
    taken = held_since(work, case.id, case.claimed_by or "")
    if taken is None or case.due_at is None or case.warned_at is None or taken <= case.due_at:
        return None
    kind: clocks.Kind = "next" if case.first_reply_at else "first"
    due = clocks.due_at(teams.of(case.team), kind, level=case.level, crisis=case.crisis, start=taken)
    return Todo(case, "late", due=due) if case.warned_at < due <= now else None


def _todo(case: Case, teams: Teams, now: datetime) -> Todo | None:
    assert case.due_at is not None
    warn = clocks.warn_at(teams.of(case.team), case.due_at, level=case.level, crisis=case.crisis)
    status = clocks.status(case.due_at, warn=warn, now=now)
    if status == "late":
        return Todo(case, "late", due=case.due_at)
    return Todo(case, "due", due=case.due_at) if status == "warn" else None


def _step(work: Work, todo: Todo, desk: Desk, crew: Crew) -> bool:
    """Take one step of the ladder, unless it was taken."""
    case, now = todo.case, crew.now
    key = f"{_round(case)}:{todo.step}"
    about = About(case.id, case.level, case.crisis)
    what: Literal["urgent", "unclaimed"] = "urgent" if todo.step == 0 else "unclaimed"
    if not notices.add(work, key, about, via="desk", what=what, now=now):
        return False
    if todo.step > 0:  # the first is told to the groups with the case itself
        notices.add(work, f"group:{key}", about, via="group", what=what, now=now)
    pages = climb(waiting_of(case), todo.step, crew)
    send(work, pages, about, key, desk=desk, crew=crew)
    content = {"what": what, "step": todo.step, "to": _handles(pages, crew)}
    add_event(work, case.id, "paged", who="bot", dedupe_key=f"paged:{key}", now=now, content=content)
    return True


def _clock(work: Work, todo: Todo, desk: Desk, crew: Crew) -> bool:
    """Say that a clock comes near its end or has passed it, unless it was said or the clock was stopped meanwhile."""
    now = crew.now
    case = locked(work, todo.case.id)  # the conversation first, as everybody does who writes to a patient
    assert todo.what != "step" and todo.due is not None
    if case.due_at is None or case.due_at != todo.case.due_at:
        return False
    as_it_was = care_case.c.due_at == case.due_at, care_case.c.state != "closed"
    unsaid = care_case.c.warned_at.is_(None)
    if todo.what == "late":
        unsaid = sa.or_(unsaid, care_case.c.warned_at < todo.due)
    if not change(work, case.id, *as_it_was, unsaid, warned_at=now):
        return False
    key = f"{todo.what}:{case.id}:{todo.due.timestamp():.3f}"
    pages = remind(waiting_of(case), todo.what, crew)
    about = About(case.id, case.level, case.crisis)
    send(work, pages, about, key, desk=desk, crew=crew)
    content = {"to": _handles(pages, crew)}
    what = "due_soon" if todo.what == "due" else "late"
    add_event(work, case.id, what, who="bot", dedupe_key=key, now=now, content=content)
    if todo.what == "late":
        truth.tell_late(work, case, content=desk.content, key=key, crew=crew)
    return True


def send(work: Work, pages: Iterable[Page], about: About, key: str, *, desk: Desk, crew: Crew) -> None:
    """Store the pages for each way on which a person can be reached."""
    by_id = {person.id: person for person in crew.people}
    for page in pages:
        person = by_id[page.staff_id]
        urgent = clocks.is_urgent(about.level, crisis=about.crisis) or page.what in ("nobody", "empty")
        if not urgent and page.what in OF_CLOCKS and _was_told_lately(work, person.id, crew.now):
            continue
        for via in ways_to(person, desk.ways, all_of_them=urgent):
            notices.add(work, f"{key}:{person.id}:{via}", about, via=via, what=page.what, now=crew.now, staff_id=person.id)


def _was_told_lately(work: Work, staff_id: int, now: datetime) -> bool:
    of_person = sa.and_(staff_notice.c.staff_id == staff_id, staff_notice.c.what.in_((*OF_CLOCKS, "digest")))
    return bool(work.execute(sa.select(sa.exists().where(of_person, staff_notice.c.created_at > now - QUIET))).scalar())


def _handles(pages: Iterable[Page], crew: Crew) -> list[str]:
    by_id = {person.id: person.handle for person in crew.people}
    return [by_id[page.staff_id] for page in pages]
