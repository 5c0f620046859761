"""What a connector must be able to do to deliver, and its errors. The policy stands on the error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.outbox.pacing import Pace


@dataclass(frozen=True)
class OutboundMessage:
    """One composed message of the outbox, unsealed for the connector that sends it."""

    id: int
    conversation_id: str  # "" for a message to a group
    channel: str
    recipient: str  # the platform's id of the person or group
    content: dict[str, Any]  # text, note, buttons, card, kind, language
    priority: int = 2
    group_id: int | None = None
    arrived: str = ""  # of a message in parts: the platform's ids of those that arrived
    author: str = "bot"  # bot | nurse

    @property
    def lane(self) -> str:
        """Name of whom it is for: their messages keep their order."""
        return self.conversation_id or f"group:{self.group_id}"


class Sender(Protocol):
    """The sending half of a connector."""

    channel: str

    async def send(self, message: OutboundMessage) -> str:
        """Send and return the platform's message id. Raises SendError."""


class Paced(Protocol):
    """What a sender has besides when its platform counts. `pace` is asked before a message is taken from the outbox."""

    pace: Pace


def pace_of(sender: Sender) -> Pace | None:
    """Return the pace of `sender`, or None when its platform takes everything at once."""
    return getattr(sender, "pace", None)


class SendError(Exception):
    """The platform did not take the message."""

    transient = False  # True: try again later
    unknown = False  # True: it may have arrived
    arrived = ""  # of a message in parts: the platform's ids of those that did arrive


class Transient(SendError):
    """The platform is down or slow: try again, after `retry_after` if it named a time; that does not count as a try."""

    transient = True

    def __init__(self, retry_after: timedelta | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


class Permanent(SendError):
    """The platform will never take this message: stop, and tell the staff."""


class Closed(SendError):
    """The person has blocked the bot or the reply window is closed: stop sending there."""


class Parked(SendError):
    """The platform lets us only answer now: it waits, and the next answer takes it along.

    `unreachable`: the person could not even be told that something waits; the nurse of an open case is told.
    """

    def __init__(self, *, unreachable: bool = False) -> None:
        super().__init__()
        self.unreachable = unreachable


class Unknown(SendError):
    """The line broke after sending: an emergency is sent again, a reminder is not."""

    transient = True
    unknown = True
