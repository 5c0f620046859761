"""Until when a platform takes what we write: WeChat and WeCom count from the person's latest message, the others do not.

The connectors count for themselves before each call; this reads the same tables and times for whom it is shown to. What a channel
allows is one pure function, `window_of`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, inbound, kf_session, wechat_follower

LENGTH, QUOTA = timedelta(hours=48), 5
WINDOWED = frozenset({"wechat", "wecom"})
# A tap on WeChat's menu is stored like a message, and opens a minute only.
_NO_WORDS = "event."
AT_ONCE = 500
_LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Window:
    """`closes_at` None: it never closes. `left` None: no quota. `gone`: the person has left the channel."""

    closes_at: datetime | None = None
    left: int | None = None
    gone: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether a nurse's reply would be taken now."""
        in_time = self.closes_at is None or self.closes_at > now
        return in_time and self.left != 0 and not self.gone


def window_of(channel: str, *, wrote_at: datetime | None, used: int, gone: bool = False) -> Window:
    """Return the window of a channel after the person's latest message; `used`: replies that were sent since then. Pure."""
    if channel not in WINDOWED:
        return Window(gone=gone)
    if wrote_at is None:  # never wrote: nothing may be pushed
        return Window(_LONG_AGO, 0, gone)
    return Window(wrote_at + LENGTH, max(0, QUOTA - used), gone)


def windows(work: Work, conversation_ids: Collection[str]) -> Mapping[str, Window]:
    """Return the windows of these conversations, in a few statements however many they are."""
    wanted, found = sorted(set(conversation_ids)), {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in work.execute(_LEDGERS, {"wanted": wanted[start : start + AT_ONCE]}):
            found[row.id] = _window(row)
    return found


def _window(row: Any) -> Window:
    gone = row.erase_after is not None or row.left_at is not None
    if row.channel == "wecom":
        return window_of("wecom", wrote_at=row.kf_wrote, used=row.kf_used or 0, gone=gone)
    if row.channel != "wechat":
        return window_of(row.channel, wrote_at=None, used=0, gone=gone)
    # The ledger looks at the inbox only when it is about to push: a message since then begins the count anew.
    newer = row.wrote is not None and (row.follower_wrote is None or row.wrote > row.follower_wrote)
    wrote_at = row.wrote if newer else row.follower_wrote
    return window_of("wechat", wrote_at=wrote_at, used=0 if newer else row.follower_used or 0, gone=gone)


_WROTE = (
    sa.select(sa.func.max(inbound.c.received_at))
    .where(inbound.c.conversation_id == conversation.c.id, ~inbound.c.external_id.startswith(_NO_WORDS, autoescape=True))
    .scalar_subquery()
)
_LEDGERS = (
    sa.select(
        conversation.c.id,
        conversation.c.channel,
        conversation.c.erase_after,
        wechat_follower.c.wrote_at.label("follower_wrote"),
        wechat_follower.c.used.label("follower_used"),
        wechat_follower.c.left_at,
        kf_session.c.wrote_at.label("kf_wrote"),
        kf_session.c.used.label("kf_used"),
        # Looked for only where it counts.
        sa.case((conversation.c.channel == "wechat", _WROTE)).label("wrote"),
    )
    .select_from(
        conversation.outerjoin(wechat_follower, wechat_follower.c.conversation_id == conversation.c.id).outerjoin(
            kf_session, kf_session.c.conversation_id == conversation.c.id
        )
    )
    .where(conversation.c.id.in_(sa.bindparam("wanted", expanding=True)))
)
