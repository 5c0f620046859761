"""What WeChat lets us push to a follower, counted before anything is sent.

Five messages within 48 hours of the person's latest message, three within a minute of a follow, a scan or a tap on the menu
(Tencent, "customer service messages"; 5 since 2023-06-12). The times stand in the inbox already; here it is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_new
from bot.database.tables import inbound, wechat_follower
from bot.inbox import conversations
from connectors.wechat.incoming import EVENT_PREFIX

WINDOW, MOST = timedelta(hours=48), 5
BRIEF, MOST_BRIEF = timedelta(minutes=1), 3
# Kept for a nurse: the bot's own answers stop one short.
KEPT = 1

Way = Literal["window", "brief"]


@dataclass(frozen=True)
class _Follower:
    wrote_at: datetime | None
    used: int
    acted_at: datetime | None
    used_brief: int
    noticed_at: datetime | None
    left_at: datetime | None


def reserve(work: Work, conversation_id: str, *, for_person: bool, now: datetime) -> Way | None:
    """Count one push and return what it is counted against; None: nothing may be pushed now.

    `for_person`: a nurse's words or an alarm may use what is kept for them.
    """
    known = _look(work, conversation_id)
    if known.left_at is not None:
        return None
    if known.acted_at is not None and now - known.acted_at < BRIEF and known.used_brief < MOST_BRIEF:
        _set(work, conversation_id, used_brief=known.used_brief + 1)
        return "brief"
    most = MOST if for_person else MOST - KEPT
    if known.wrote_at is not None and now - known.wrote_at < WINDOW and known.used < most:
        _set(work, conversation_id, used=known.used + 1)
        return "window"
    return None


def way(work: Work, conversation_id: str, *, now: datetime) -> Literal["open", "notice", "noticed", "gone"]:
    """Return what is left for the bot now, and counts nothing: a push, or a notice that something waits, which is said once."""
    known = _look(work, conversation_id)
    if known.left_at is not None:
        return "gone"
    if known.acted_at is not None and now - known.acted_at < BRIEF and known.used_brief < MOST_BRIEF:
        return "open"
    if known.wrote_at is not None and now - known.wrote_at < WINDOW and known.used < MOST - KEPT:
        return "open"
    return "noticed" if _is_noticed(known) else "notice"


def give_back(work: Work, conversation_id: str, way: Way) -> None:
    """The push surely did not arrive: it does not count."""
    column = wechat_follower.c.used if way == "window" else wechat_follower.c.used_brief
    _set(work, conversation_id, **{column.name: sa.case((column > 0, column - 1), else_=0)})


def close(work: Work, conversation_id: str) -> None:
    """WeChat says that nothing may be pushed until the person writes again."""
    _look(work, conversation_id)
    _set(work, conversation_id, used=MOST, used_brief=MOST_BRIEF)


def noticed(work: Work, conversation_id: str, *, now: datetime) -> None:
    """The person was told that something waits for them."""
    _set(work, conversation_id, noticed_at=now)


def not_noticed(work: Work, conversation_id: str) -> None:
    """The notice did not arrive: the next message may try again."""
    _set(work, conversation_id, noticed_at=None)


def is_noticed(work: Work, conversation_id: str) -> bool:
    """Return whether the person was told so since they wrote."""
    return _is_noticed(_look(work, conversation_id))


def has_left(work: Work, conversation_id: str) -> bool:
    """Return whether the person does not follow the account any more."""
    return _look(work, conversation_id).left_at is not None


def leave(work: Work, conversation_id: str, *, now: datetime) -> None:
    """The person does not follow the account any more: nothing is sent, and what is kept ends soon."""
    _look(work, conversation_id)
    _set(work, conversation_id, left_at=now)
    conversations.leave(work, conversation_id, now=now)


def _is_noticed(known: _Follower) -> bool:
    return known.noticed_at is not None and (known.wrote_at is None or known.noticed_at > known.wrote_at)


def _look(work: Work, conversation_id: str) -> _Follower:
    """Return the counts, begun anew when the person has written or acted since they were taken."""
    columns = [wechat_follower.c[name] for name in _Follower.__dataclass_fields__]
    mine = wechat_follower.c.conversation_id == conversation_id
    query = sa.select(*columns).where(mine)
    row = work.execute(query.with_for_update() if work.is_postgres else query).first()
    wrote, acted = _latest(work, conversation_id, events=False), _latest(work, conversation_id, events=True)
    if row is None:
        fresh = {"used": 0, "used_brief": 0, "wrote_at": wrote, "acted_at": acted}
        work.execute(insert_new(work, wechat_follower, {"conversation_id": conversation_id, **fresh}))
        return _Follower(wrote, 0, acted, 0, None, None)
    known = _Follower(**row._mapping)
    changes: dict[str, object] = {}
    if wrote is not None and (known.wrote_at is None or wrote > known.wrote_at):
        changes |= {"wrote_at": wrote, "used": 0}
    if acted is not None and (known.acted_at is None or acted > known.acted_at):
        changes |= {"acted_at": acted, "used_brief": 0}
    if known.left_at is not None and any(time is not None and time > known.left_at for time in (wrote, acted)):
        changes["left_at"] = None
    if changes:
        _set(work, conversation_id, **changes)
    return _Follower(**{**row._mapping, **changes})


def _latest(work: Work, conversation_id: str, *, events: bool) -> datetime | None:
    is_event = inbound.c.external_id.startswith(EVENT_PREFIX, autoescape=True)
    mine = sa.and_(inbound.c.conversation_id == conversation_id, is_event if events else ~is_event)
    found: datetime | None = work.execute(
        sa.select(inbound.c.received_at).where(mine).order_by(inbound.c.id.desc()).limit(1)
    ).scalar()
    return found


def _set(work: Work, conversation_id: str, **values: object) -> None:
    work.execute(sa.update(wechat_follower).where(wechat_follower.c.conversation_id == conversation_id).values(**values))
