"""Shifts: they end by themselves, and what somebody held goes back; a digest when one begins; word when a team has nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, case_event, staff, staff_notice
from bot.duty import notices, truth
from bot.duty.ladder import Crew, Page
from bot.duty.notices import About
from bot.duty.paging import URGENT, Desk, crew_of, send
from bot.duty.teams import Team, Teams
from bot.handoff import claims
from bot.handoff.case_rows import COLUMNS, Case, case_from
from bot.handoff.patient_lines import say_text
from bot.handoff.problems import CaseProblem
from bot.privacy import audit
from bot.staff.people import Staff, set_duty

# A shift that began longer ago needs no digest any more, and one after a break not a second.
DIGEST_WITHIN, ONE_DIGEST_IN = timedelta(minutes=15), timedelta(hours=4)
# So long a team may have nobody before its lead hears of it: shifts change, and people come a minute late.
GRACE = timedelta(minutes=5)
# A team that has had nobody for longer is no news: its lead was told.
NEWS = timedelta(hours=12)
OWN_ACTS = ("claimed", "taken_over", "reply")

# Asked every second: built once, since building a statement costs more than running it.
_NOW, _LATELY, _NO_DIGEST_SINCE = (sa.bindparam(name, type_=staff.c.duty_until.type) for name in ("now", "lately", "since"))
# No shift lasts longer; one that was begun before shifts had an end must not count for ever.
LONGEST = timedelta(hours=24)
_A_DAY_AGO = sa.bindparam("a_day_ago", type_=staff.c.duty_until.type)
_ENDLESS = sa.and_(staff.c.duty_until.is_(None), staff.c.duty_since <= _A_DAY_AGO)
_OVER = sa.and_(staff.c.state == "active", staff.c.duty != "off", sa.or_(staff.c.duty_until <= _NOW, _ENDLESS))
_IS_OVER = sa.select(sa.exists().where(_OVER))
_HELD = sa.and_(care_case.c.state.in_(("claimed", "waiting_for_patient")), care_case.c.claimed_by == staff.c.handle)
_AWAY = sa.or_(sa.and_(staff.c.duty == "off", staff.c.duty_since.isnot(None)), staff.c.state == "disabled")
_OWN_ACT = sa.and_(case_event.c.case_id == care_case.c.id, case_event.c.who == staff.c.handle, case_event.c.what.in_(OWN_ACTS))
_LAST_ACT = sa.select(sa.func.max(case_event.c.at)).where(_OWN_ACT).scalar_subquery()
_LEFT_BEHIND = (
    sa.select(*COLUMNS)
    .join(staff, _HELD)
    .where(_AWAY, sa.or_(staff.c.state == "disabled", staff.c.duty_since > _LAST_ACT))
    .order_by(care_case.c.id)
    .limit(20)
)
_digest = staff_notice.alias("digest")
_HAD_DIGEST = sa.exists().where(
    _digest.c.staff_id == staff.c.id, _digest.c.what == "digest", _digest.c.created_at > _NO_DIGEST_SINCE
)
_ANSWERS = sa.and_(staff.c.state == "active", staff.c.role.in_(("nurse", "lead")))
_WAITED = sa.exists().where(care_case.c.state == "waiting", care_case.c.waiting_since < staff.c.duty_since)
_WITHOUT_DIGEST = sa.select(staff.c.id).where(_ANSWERS, staff.c.duty == "on", staff.c.duty_since > _LATELY, ~_HAD_DIGEST, _WAITED)
_SHIFTS = sa.select(staff.c.teams, staff.c.duty, staff.c.duty_since, staff.c.duty_until).where(
    _ANSWERS, staff.c.duty_since.isnot(None)
)
_IS_TOLD = sa.select(sa.exists().where(staff_notice.c.dedupe_key == sa.bindparam("key")))


@dataclass(frozen=True)
class Manned:
    """One team at a moment: whether it is working time, until when or from when on, and who is there."""

    team: Team
    is_open: bool
    changes_at: datetime | None
    there: tuple[Staff, ...]


@dataclass(frozen=True)
class Waits:
    """So many cases wait unclaimed, and so many of them are emergencies."""

    cases: int
    urgent: int


def on_duty_now(work: Work, teams: Teams, now: datetime) -> Mapping[str, Manned]:
    """Return for each team whether it works now, when that changes, and who has begun their shift; breaks are theirs to show."""
    crew = crew_of(work, now)
    answering = [person for person in crew.people if person.role in ("nurse", "lead") and crew.is_there(person)]
    found = {}
    for team in teams.by_id.values():
        is_open = team.calendar.is_open(now)
        changes = team.calendar.closes_at(now) if is_open else team.calendar.next_opening(now)
        found[team.id] = Manned(team, is_open, changes, tuple(person for person in answering if person.is_in(team.id)))
    return found


def is_due(work: Work, desk: Desk, now: datetime) -> bool:
    """Return whether `settle` may have something to do. Reads only."""
    return bool(
        work.execute(_IS_OVER, _over_at(now)).scalar()
        or next(_left_behind(work), None)
        or _without_digest(work, now)
        or next(_empty_teams(work, desk.content.teams, now), None)
    )


def settle(work: Work, desk: Desk, now: datetime) -> int:
    """End shifts, give back what was held, send digests, tell of teams with nobody. Returns how much that was."""
    ended = _end_shifts(work, now)
    given = _give_back(work, desk, now)
    digests = _send_digests(work, desk, now)
    return ended + given + digests + _tell_empty(work, desk, now)


def _over_at(now: datetime) -> dict[str, datetime]:
    return {"now": now, "a_day_ago": now - LONGEST}


def _end_shifts(work: Work, now: datetime) -> int:
    numbers = list(work.execute(sa.select(staff.c.id).where(_OVER), _over_at(now)).scalars())
    for number in numbers:
        set_duty(work, number, "off", until=None, now=now, by="bot")
    return len(numbers)


def _left_behind(work: Work) -> Iterator[tuple[Case, str]]:
    """Yield the cases of those who went off duty after they last did something there, and who that is.

    Who replies at home without having begun a shift keeps the case: they are at work on it, and the lease ends it.
    """
    for row in work.execute(_LEFT_BEHIND).all():
        case = case_from(row)
        yield case, case.claimed_by or ""


def _give_back(work: Work, desk: Desk, now: datetime) -> int:
    given = 0
    for case, who in list(_left_behind(work)):
        try:
            claims.release(work, case.id, who=who, now=now, phrases=desk.content.phrases)
        except CaseProblem:  # closed, or taken over, in between
            continue
        given += 1
        if case.waiting_since is not None:  # they wait for an answer: they are told from whom and when
            text = truth.waiting_text(work, case, content=desk.content, now=now)
            say_text(work, case, text, dedupe_key=f"shift:{case.id}:{now.timestamp():.3f}", now=now, phrases=desk.content.phrases)
    return given


def _without_digest(work: Work, now: datetime) -> list[int]:
    """Return who has just begun a shift and heard of no digest, while somebody waits."""
    values = {"lately": now - DIGEST_WITHIN, "since": now - ONE_DIGEST_IN}
    return list(work.execute(_WITHOUT_DIGEST, values).scalars())


def _send_digests(work: Work, desk: Desk, now: datetime) -> int:
    """Tell those who begin how much waits: one message, however much it is. Who has no team's case to see gets none."""
    numbers = _without_digest(work, now)
    if not numbers:
        return 0
    crew = crew_of(work, now)
    sent = 0
    for person in crew.people:
        if person.id in numbers:
            about, key = About(), f"digest:{person.id}:{now.timestamp():.3f}"
            notices.add(work, key, about, via="desk", what="digest", now=now, staff_id=person.id)
            if waiting_for(work, person).cases:
                send(work, (Page(person.id, "digest"),), about, key, desk=desk, crew=crew)
            sent += 1
    return sent


def waiting_for(work: Work, person: Staff) -> Waits:
    """Return how much waits, unclaimed, in a person's teams."""
    mine = sa.or_(care_case.c.team.in_(sorted(person.teams)), care_case.c.team == "")
    waits = sa.and_(care_case.c.state == "waiting", care_case.c.waiting_since.isnot(None), mine)
    urgent = sa.func.coalesce(sa.func.sum(sa.case((care_case.c.risk <= URGENT, 1), else_=0)), 0)
    row = work.execute(sa.select(sa.func.count(), urgent).where(waits)).one()
    return Waits(int(row[0]), int(row[1]))


def _empty_teams(work: Work, teams: Teams, now: datetime) -> Iterator[tuple[Team, datetime]]:
    """Yield the teams that have nobody in their working time, and since when: the last one left, or nobody came."""
    rows = work.execute(_SHIFTS).all()
    for team in teams.by_id.values():
        members = [row for row in rows if team.id in row.teams.split(",")]
        opened = team.calendar.opened_at(now)
        if not members or opened is None or any(_is_there(row, now) for row in members):
            continue
        since = max(opened, *(row.duty_since for row in members))
        if now - NEWS < since <= now - GRACE and not _was_told(work, _empty_key(team, since)):
            yield team, since


def _is_there(row: sa.engine.Row, now: datetime) -> bool:
    return bool(row.duty != "off" and (row.duty_until is None or row.duty_until > now))


def _empty_key(team: Team, since: datetime) -> str:
    return f"empty:{team.id}:{since.timestamp():.3f}"


def _was_told(work: Work, key: str) -> bool:
    return bool(work.execute(_IS_TOLD, {"key": key}).scalar())


def _tell_empty(work: Work, desk: Desk, now: datetime) -> int:
    empty = list(_empty_teams(work, desk.content.teams, now))
    if not empty:
        return 0
    crew = crew_of(work, now)
    return sum(_tell_one_empty(work, team, since, desk, crew) for team, since in empty)


def _tell_one_empty(work: Work, team: Team, since: datetime, desk: Desk, crew: Crew) -> bool:
    key, about = _empty_key(team, since), About()
    if not notices.add(work, key, about, via="desk", what="empty", now=crew.now):
        return False
    pages = tuple(Page(person.id, "empty") for person in crew.chiefs(team.id))
    send(work, pages, about, key, desk=desk, crew=crew)
    audit.record(work, who="bot", what="team has nobody", subject=team.id, now=crew.now)
    return True
