"""How somebody can be written to now. Platforms have windows and grants; a connector that has them says so before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol, cast

from bot.database.engine import Work
from bot.outbox.sender import Sender
from bot.outbox.store import PULLED_CHANNELS

# open: a message leaves. notice: the person is told that one waits, and reads it when they write. closed: not before they
# write themselves. gone: they have left or blocked us.
Way = Literal["open", "notice", "closed", "gone"]


class Reach(Protocol):
    """What a sender has besides when its platform does not let us write at any time."""

    def way(self, work: Work, conversation_id: str, *, now: datetime) -> Way:
        """Return how this person can be written to now. Counts nothing, and asks nobody outside the database."""


def way_to(senders: Mapping[str, Sender], work: Work, conversation_id: str, channel: str, *, now: datetime) -> Way:
    """Return how the person of a conversation can be written to now; on a channel that is switched off not at all."""
    if channel in PULLED_CHANNELS:
        return "open"
    sender = senders.get(channel)
    if sender is None:
        return "closed"
    return cast(Reach, sender).way(work, conversation_id, now=now) if hasattr(sender, "way") else "open"
