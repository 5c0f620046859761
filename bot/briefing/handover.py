"""What one shift hands to the next: what is open, what was promised, what ends soon, who is there, what changed. Figures of teams only.

Nothing here counts a nurse: nobody is faster by being watched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bot.briefing.windows import WINDOWED, windows
from bot.content.load import Content
from bot.content.packs import Pack
from bot.database.engine import Work
from bot.database.tables import care_case, conversation, scheduled_reply, staff_notice
from bot.handoff.case_rows import COLUMNS, Case, case_from
from bot.handoff.events import BEGUN_AT
from bot.handoff.queue import OPEN_STATES
from bot.handoff.visible import listed_for
from bot.staff.people import Staff, on_duty

SHIFT = timedelta(hours=12)
WEEK = timedelta(days=7)
# A median of fewer cases would tell of single people.
FEWEST = 5
MOST = 200
# Files that were written together with all others were not changed but installed.
TOGETHER = timedelta(minutes=10)
REVIEW_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Promise:
    """A reply that a nurse has planned for later."""

    case: Case
    number: int
    who: str
    due_at: datetime


@dataclass(frozen=True)
class Closing:
    """A case whose platform soon takes no reply any more."""

    case: Case
    closes_at: datetime
    left: int | None


@dataclass(frozen=True)
class Change:
    """A pack of the content that was changed this week, or is to be reviewed soon."""

    pack: str
    version: str
    owner: str
    changed_at: datetime | None  # None: it was not changed, but its review is due
    review_date: str


@dataclass(frozen=True)
class TeamFigures:
    """Of the cases of a team that were first answered within the last week. `median_minutes` None: too few to say."""

    team: str
    answered: int
    median_minutes: float | None


@dataclass(frozen=True)
class ShiftPage:
    """All that the next shift has to know. Cases are those that the reader may list."""

    since: datetime
    until: datetime
    open_by_risk: tuple[tuple[int, int], ...]  # (risk, how many), the most urgent first
    open: tuple[Case, ...]  # the most urgent first, as far as MOST
    promises: tuple[Promise, ...]
    waking: tuple[Case, ...]  # snoozes that end in the next shift
    closing: tuple[Closing, ...]
    late_now: tuple[Case, ...]
    breaches: tuple[Case, ...]  # cases that became late in the last shift, answered since or not
    on_duty: tuple[Staff, ...]
    installed_at: datetime | None  # all content was put here together then
    changes: tuple[Change, ...]
    figures: tuple[TeamFigures, ...]


def shift_page(work: Work, staff: Staff, content: Content, now: datetime) -> ShiftPage:
    """Return the page of a handover for `staff` at `now`: the last twelve hours and the next twelve."""
    allowed = listed_for(staff, now=now)
    is_open = care_case.c.state.in_(OPEN_STATES)
    since, until = now - SHIFT, now + SHIFT
    risks = sa.select(care_case.c.risk, sa.func.count().label("count")).where(is_open, allowed)
    order = (care_case.c.risk, care_case.c.waiting_since.is_(None), care_case.c.waiting_since, care_case.c.id)
    installed, changes = content_changes(content.packs, now=now)
    return ShiftPage(
        since=since,
        until=until,
        open_by_risk=tuple(
            (row.risk, row.count) for row in work.execute(risks.group_by(care_case.c.risk).order_by(care_case.c.risk))
        ),
        open=_cases(work, is_open, allowed, order=order),
        promises=_promises(work, allowed),
        waking=_cases(work, is_open, allowed, care_case.c.snoozed_until.between(now, until), order=(care_case.c.snoozed_until,)),
        closing=_closing(work, allowed, now),
        late_now=_cases(work, is_open, allowed, care_case.c.due_at < now, order=(care_case.c.risk, care_case.c.due_at)),
        breaches=_breaches(work, allowed, since),
        on_duty=on_duty(work, now),
        installed_at=installed,
        changes=changes,
        figures=_figures(work, allowed, now),
    )


def _cases(work: Work, *conditions: Any, order: Sequence[Any]) -> tuple[Case, ...]:
    query = sa.select(*COLUMNS).where(*conditions).order_by(*order).limit(MOST)
    return tuple(case_from(row) for row in work.execute(query))


def _promises(work: Work, allowed: Any) -> tuple[Promise, ...]:
    columns = (scheduled_reply.c.id.label("number"), scheduled_reply.c.who, scheduled_reply.c.due_at.label("promised_at"))
    query = sa.select(*COLUMNS, *columns).join(scheduled_reply, scheduled_reply.c.case_id == care_case.c.id)
    rows = work.execute(query.where(scheduled_reply.c.state == "waiting", allowed).order_by(scheduled_reply.c.due_at).limit(MOST))
    names = [column.name for column in COLUMNS]
    return tuple(
        Promise(Case(**{name: row._mapping[name] for name in names}), row.number, row.who, row.promised_at) for row in rows
    )


def _closing(work: Work, allowed: Any, now: datetime) -> tuple[Closing, ...]:
    """The windows of all open chats that have one: those where somebody waits for an answer are lost first."""
    query = sa.select(*COLUMNS).join(conversation, conversation.c.id == care_case.c.conversation_id)
    query = query.where(care_case.c.state.in_(OPEN_STATES), allowed, conversation.c.channel.in_(sorted(WINDOWED)))
    cases = [case_from(row) for row in work.execute(query)]
    found = windows(work, {case.conversation_id for case in cases})
    closing = []
    for case in cases:
        window = found[case.conversation_id]
        if window.closes_at is not None and not window.gone and now < window.closes_at <= now + SHIFT:
            closing.append(Closing(case, window.closes_at, window.left))
    return tuple(sorted(closing, key=lambda one: (one.closes_at, one.case.id))[:MOST])


def _breaches(work: Work, allowed: Any, since: datetime) -> tuple[Case, ...]:
    told = sa.select(staff_notice.c.case_id).where(staff_notice.c.what == "late", staff_notice.c.created_at >= since)
    return _cases(work, care_case.c.id.in_(told), allowed, order=(care_case.c.risk, care_case.c.id))


def _figures(work: Work, allowed: Any, now: datetime) -> tuple[TeamFigures, ...]:
    query = sa.select(care_case.c.team, BEGUN_AT, care_case.c.first_reply_at)
    answered = query.where(care_case.c.first_reply_at >= now - WEEK, allowed)
    minutes: dict[str, list[float]] = {}
    for row in work.execute(answered):
        minutes.setdefault(row.team, []).append((row.first_reply_at - row.begun_at).total_seconds() / 60)
    return tuple(
        TeamFigures(team, len(some), round(median(some), 1) if len(some) >= FEWEST else None)
        for team, some in sorted(minutes.items())
    )


def content_changes(packs: Iterable[Pack], *, now: datetime) -> tuple[datetime | None, tuple[Change, ...]]:
    """Return when all content was put here together, if that was this week, and what was changed since, or is to be reviewed soon."""
    written = {pack: _written(pack.path) for pack in packs if pack.path.exists()}
    if not written:
        return None, ()
    first = min(written.values())
    installed = first if now - first <= WEEK else None
    begin = first + TOGETHER if installed else now - WEEK
    changes = []
    for pack, at in sorted(written.items(), key=lambda one: (one[1], one[0].pack), reverse=True):
        changed, due = at > begin, pack.review_date <= (now + REVIEW_SOON).date()
        if changed or due:
            day = pack.review_date.isoformat()
            changes.append(Change(pack.pack, pack.version, pack.owner, at if changed else None, day))
    return installed, tuple(changes)


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.utc)
