"""Pages by e-mail. To the gateway it is a connector nobody writes to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from typing import Any

from starlette.routing import BaseRoute

from bot.bootstrap import Services
from bot.duty.letters import Letter
from bot.outbox.sender import OutboundMessage, Permanent, SendError, Transient
from bot.settings import Settings
from connectors.contract import Capabilities, NotTheirs, Parsed, Request
from connectors.mail.line import TIMEOUT_S, MailLine, check
from connectors.pager import LOOK_S, Pager

CHANNEL = "mail"


class _NobodyToWriteTo:
    channel = CHANNEL

    async def send(self, message: OutboundMessage) -> str:
        """Refuse: patients are not here."""
        raise Permanent


class Mail:
    """Tells persons of the staff that something waits."""

    channel = CHANNEL
    capabilities = Capabilities(text_limit=10_000, text_unit="characters", buttons=False, people=False)

    def __init__(
        self, settings: Settings, *, context: ssl.SSLContext | None = None, look_s: float = LOOK_S, timeout_s: float = TIMEOUT_S
    ) -> None:
        check(settings)
        self._line = MailLine(settings, timeout_s=timeout_s, context=context)
        self.sender = _NobodyToWriteTo()
        self.pager = Pager("email", self._say, look_s=look_s)

    def verify(self, request: Request) -> None:
        """Raise NotTheirs: nobody calls."""
        raise NotTheirs

    def parse(self, request: Request) -> Parsed:
        """Return nothing: nobody calls."""
        return Parsed(ignored="mail")

    def error_of(self, failure: Any) -> SendError:
        """Return which of the four errors a failure is."""
        return failure if isinstance(failure, SendError) else Transient()

    def routes(self, services: Services) -> Sequence[BaseRoute]:
        """Return no route."""
        return []

    async def start(self, services: Services) -> None:
        """Begin to page."""
        self.pager.start(services)

    async def stop(self) -> None:
        """End paging."""
        await self.pager.stop()

    async def close(self) -> None:
        """Do nothing: each message has a line of its own."""

    def state(self) -> str:
        """Return "ok" or what is wrong."""
        return self._line.problem or "ok"

    async def _say(self, letter: Letter) -> None:
        await asyncio.to_thread(self._line.send, letter)
