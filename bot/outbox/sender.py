"""What a connector must be able to do to deliver, and its errors. The policy stands on the error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol


@dataclass(frozen=True)
class OutboundMessage:
    """One composed message of the outbox, unsealed for the connector that sends it."""

    id: int
    conversation_id: str
    channel: str
    recipient: str  # the platform's id of the person
    content: dict[str, Any]  # text, note, buttons, card, kind, language


class Sender(Protocol):
    """The sending half of a connector."""

    channel: str

    async def send(self, message: OutboundMessage) -> str:
        """Send and return the platform's message id. Raises SendError."""


class SendError(Exception):
    """The platform did not take the message."""

    transient = False  # True: try again later
    unknown = False  # True: it may have arrived


class Transient(SendError):
    """The platform is down or slow: try again, after `retry_after` if it named a time."""

    transient = True

    def __init__(self, retry_after: timedelta | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


class Permanent(SendError):
    """The platform will never take this message: stop, and tell the staff."""


class Closed(SendError):
    """The person has blocked the bot or the reply window is closed: stop sending there."""


class Unknown(SendError):
    """The line broke after sending: an emergency is sent again, a reminder is not."""

    transient = True
    unknown = True
