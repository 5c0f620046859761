"""What a connector is. The gateway knows connectors only by this; nothing here knows a platform.

A request goes through verify → parse → `Inbox.receive` (stored) and only then is acknowledged. A message of the outbox goes
through `Sender.send`, which raises one of the four errors of `bot.outbox.sender`: Transient, Permanent, Closed, Unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, Protocol

from starlette.routing import BaseRoute

from bot.bootstrap import Services
from bot.messages import Inbound
from bot.outbox.sender import Sender, SendError

# How a platform counts the length of a text. "utf8": bytes.
Unit = Literal["utf16", "characters", "utf8"]


@dataclass(frozen=True)
class Capabilities:
    """What the platform can do, as far as it changes what we send."""

    text_limit: int  # of one message, in `text_unit`
    text_unit: Unit
    buttons: bool  # False: quick replies are numbers to be typed
    button_data_bytes: int = 0  # longest data of a button
    edits: bool = False  # people can change what they wrote
    typing: bool = False
    push_window: timedelta | None = None  # how long after the person's last message we may write; None: at any time
    push_quota: int | None = None  # how many messages within the window; None: as many as pacing allows
    people: bool = True  # False: it tells the staff something, and no patient is there


@dataclass(frozen=True)
class Request:
    """One HTTP request, free of any web framework. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class NotTheirs(Exception):
    """The request was not sent by the platform: no or a wrong signature, or too old. Nothing of it is read or logged."""

    status = 401


class Malformed(Exception):
    """The platform signed it, but it is nothing that can be read. The message names no content."""

    status = 400


@dataclass(frozen=True)
class Happening:
    """Something that is no message of a person: joined, left, blocked, a button to be acknowledged."""

    what: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What one request says. `ignored` names the kind of what is none of our business: it is counted and acknowledged."""

    messages: tuple[Inbound, ...] = ()
    happenings: tuple[Happening, ...] = ()
    ignored: str = ""


class Connector(Protocol):
    """One platform's door. It is made before the services, because the outbox needs its `sender`."""

    channel: str
    capabilities: Capabilities

    @property
    def sender(self) -> Sender:
        """The sending half."""

    def verify(self, request: Request) -> None:
        """Raise NotTheirs unless the platform sent `request`. Compares in constant time; without a secret all are refused."""

    def parse(self, request: Request) -> Parsed:
        """Return what a verified request says. Pure. Raises Malformed; what is only unknown is `ignored`."""

    def error_of(self, failure: Any) -> SendError:
        """Return which of the four errors a failure of the platform's library or an answer of the platform is."""

    def routes(self, services: Services) -> Sequence[BaseRoute]:
        """Return the gateway's routes of this platform."""

    async def start(self, services: Services) -> None:
        """Begin. Must not wait for the platform: the gateway starts without it."""

    async def stop(self) -> None:
        """End what `start` began. Deliveries go on a moment longer."""

    async def close(self) -> None:
        """Close the lines, after the last delivery."""

    def state(self) -> str:
        """Return "ok", or in a few words what is wrong, for /ready: never an id, a token or an address."""
