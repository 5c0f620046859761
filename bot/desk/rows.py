"""What a row of the queue needs besides the case itself, for many cases in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.briefing.windows import Window, windows
from bot.database.engine import Work
from bot.database.tables import care_case, case_event, conversation, presence, staff

# What makes a case unread for who has seen it before: somebody needs us, or what was to reach them did not.
NEWS = ("opened", "raised", "message", "reopened", "not_sent", "unreachable")
COLUMNS = tuple(column for column in care_case.c if column.name != "sealed")
# SQLite takes at most 32,766 values in a statement, and a plan with thousands is slow.
AT_ONCE = 500


@dataclass(frozen=True)
class Seen:
    """That somebody has a case open, or had until `until`."""

    staff_id: int
    handle: str
    state: str
    until: datetime


@dataclass(frozen=True)
class RowFacts:
    """A case as the queue shows it, but for who looks."""

    case: Any  # with the columns of care_case as attributes
    channel: str
    blocked: bool
    window: Window
    version: int
    news_at: datetime | None
    seen: tuple[Seen, ...]

    def unread_by(self, staff_id: int) -> bool:
        """Whether the patient wrote since this person last had the case open."""
        last = next((one.until for one in self.seen if one.staff_id == staff_id), None)
        return self.news_at is not None and (last is None or last < self.news_at)

    def here(self, now: datetime, *, but: str) -> tuple[Seen, ...]:
        """Return who has the case open now, without one of them."""
        return tuple(one for one in self.seen if one.until > now and one.handle != but)


def of_ids(work: Work, case_ids: Collection[int]) -> tuple[RowFacts, ...]:
    """Return the rows of these cases, in the order of their numbers; those that are gone are left out."""
    found: list[Any] = []
    numbers = sorted(case_ids)
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        found += work.execute(sa.select(*COLUMNS).where(care_case.c.id.in_(part)).order_by(care_case.c.id)).all()
    return of_cases(work, found)


def of_cases(work: Work, cases: Sequence[Any]) -> tuple[RowFacts, ...]:
    """Return the rows of `cases`, in their order, with five statements however many there are."""
    if not cases:
        return ()
    numbers = [case.id for case in cases]
    chats = {case.conversation_id for case in cases}
    places, closing = _places(work, chats), windows(work, chats)
    versions, news = _events(work, numbers)
    seen = _seen(work, numbers)
    rows = []
    for case in cases:
        place = places.get(case.conversation_id)
        if place is not None:
            window, blocked = closing[case.conversation_id], place.blocked_at is not None
            version, at = versions.get(case.id, 0), news.get(case.id)
            rows.append(RowFacts(case, place.channel, blocked, window, version, at, tuple(seen.get(case.id, ()))))
    return tuple(rows)


def _places(work: Work, conversations: Iterable[str]) -> dict[str, Any]:
    columns = (conversation.c.id, conversation.c.channel, conversation.c.blocked_at)
    query = sa.select(*columns).where(conversation.c.id.in_(list(conversations)))
    return {row.id: row for row in work.execute(query)}


def _events(work: Work, numbers: Sequence[int]) -> tuple[dict[int, int], dict[int, datetime]]:
    rows = work.execute(_LATEST, {"numbers": numbers}).all()
    news = {row.id: max((at for at in row[2:] if at is not None), default=None) for row in rows}
    return {row.id: row.last for row in rows if row.last}, {number: at for number, at in news.items() if at is not None}


# One step along an index for the last event, and for the last of each kind that is news, however many a case has.
_MINE = case_event.c.case_id == care_case.c.id
_LAST = sa.select(sa.func.max(case_event.c.id)).where(_MINE).correlate(care_case).scalar_subquery()
_LATEST_OF = [
    sa.select(case_event.c.at)
    .where(_MINE, case_event.c.what == what)
    .order_by(case_event.c.id.desc())
    .limit(1)
    .correlate(care_case)
    .scalar_subquery()
    .label(what)
    for what in NEWS
]
_LATEST = sa.select(care_case.c.id, _LAST.label("last"), *_LATEST_OF).where(
    care_case.c.id.in_(sa.bindparam("numbers", expanding=True))
)


def _seen(work: Work, numbers: Sequence[int]) -> Mapping[int, list[Seen]]:
    query = sa.select(presence, staff.c.handle).join(staff, staff.c.id == presence.c.staff_id)
    found: defaultdict[int, list[Seen]] = defaultdict(list)
    for row in work.execute(query.where(presence.c.case_id.in_(numbers)).order_by(staff.c.handle)):
        found[row.case_id].append(Seen(row.staff_id, row.handle, row.state, row.until))
    return found
