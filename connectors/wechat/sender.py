"""Sends what no request waits for: pushed inside the window, else the person is told that it waits, else a nurse is.

"Customer service messages" have no key against doubles: after an outcome that nobody knows the policy of the outbox decides.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.outbox.pacing import Pace, Rate
from bot.outbox.reach import Way
from bot.outbox.sender import Closed, OutboundMessage, Parked, SendError, Transient, Unknown
from bot.outbox.store import ANSWER, EMERGENCY, NURSE
from bot.settings import Settings
from connectors.pictures import png_of
from connectors.tencent.api import Api, ApiError, describe
from connectors.tencent.errors import error_of, is_set_up
from connectors.tencent.media import image_message
from connectors.wechat import ledger
from connectors.wechat.incoming import CHANNEL
from connectors.wechat.notices import Notices
from connectors.wechat.rendering import Look, parts_of

logger = logging.getLogger(__name__)

# Half a second between two messages to one person keeps their order on the phone.
EVERYTHING, PERSON, GROUP = Rate(50.0, 20), Rate(2.0, 1), Rate(1.0, 1)
UNAUTHORISED = 48001
SET_UP_PAUSE_S = 60.0
NOT_YET_KNOWN = timedelta(seconds=2)


class WeChatSender:
    """The sending half. `attach` gives it the services, which need it first. `may_push`: None as long as nobody knows."""

    channel = CHANNEL

    def __init__(self, api: Api, settings: Settings, *, look: Look) -> None:
        self._api, self._look = api, look
        self._notices = Notices(api, settings)
        self.pace = Pace(everything=EVERYTHING, person=PERSON, group=GROUP)
        self.may_push: bool | None = {"on": True, "off": False}.get(settings.wechat_push)
        self._services: Services | None = None

    def attach(self, services: Services) -> None:
        """Use the database, the clock and the content of this gateway."""
        self._services = services

    async def send(self, message: OutboundMessage) -> str:
        """Push and return one mark for each part that arrived. Raises SendError: Parked when it waits for the person."""
        if self._services is None:
            raise Transient
        arrived = [mark for mark in message.arrived.split(",") if mark]
        try:
            parts = parts_of(message.content, message.id, look=self._look)
            for part in parts[len(arrived) :]:
                if arrived:
                    await self._rest(message)
                await self._push(message, {"msgtype": "text", "text": {"content": part.text}})
                arrived.append("p")
            if len(arrived) == len(parts):
                await self._push_picture(message)
        except SendError as error:
            outcome = await self._tell(message) if isinstance(error, Closed) else error
            outcome.arrived = ",".join(arrived)
            raise outcome from None
        return ",".join(arrived)

    async def _push_picture(self, message: OutboundMessage) -> None:
        """Push the picture of a message behind its words. Where it may not go, they stand alone. Raises Transient."""
        drawn = await png_of(message.content) if self.may_push else None
        if drawn is None:
            return
        await self._rest(message)
        try:
            await self._push(message, await self._uploaded(drawn))
        except SendError as error:
            if isinstance(error, Transient):
                raise
            logger.warning("a picture was not pushed, its text has arrived", extra={"outbound_id": message.id})

    async def _uploaded(self, drawn: bytes) -> dict[str, object]:
        try:
            return await image_message(self._api, drawn)
        except Exception as failure:
            raise self._what_became(failure) from None  # its text may hold an address with the token

    def way(self, work: Work, conversation_id: str, *, now: datetime) -> Way:
        """Return how this person can be written to now: pushed to, told that something waits, or not before they write."""
        way = ledger.way(work, conversation_id, now=now)
        if way in ("open", "gone"):
            # An account that may not push can only answer.
            return "gone" if way == "gone" else "open" if self.may_push else "closed"
        return "notice" if way == "notice" and self._notices.can_tell(work, conversation_id) else "closed"

    async def _push(self, message: OutboundMessage, words: dict[str, object]) -> None:
        """Push one part. Raises Closed when nothing may be pushed to this person now, or another SendError."""
        services, conversation_id = self._services, message.conversation_id
        assert services is not None
        if self.may_push is None:
            raise Transient(NOT_YET_KNOWN)
        if not self.may_push:
            raise Closed
        # "Nurse Li is with you" is the bot's: it must not use up what is kept for her words.
        for_person, now = message.author == "nurse" or message.priority == EMERGENCY, services.clock()
        way = await services.write(lambda work: ledger.reserve(work, conversation_id, for_person=for_person, now=now))
        if way is None:
            raise Closed
        payload = {"touser": message.recipient, **words}
        try:
            await self._api.call("cgi-bin/message/custom/send", payload)
        except Exception as failure:
            error = self._what_became(failure)
            if isinstance(error, Closed):
                await services.write(lambda work: ledger.close(work, conversation_id))
            elif not isinstance(error, Unknown):
                await services.write(lambda work: ledger.give_back(work, conversation_id, way))
            raise error from None  # its text may hold an address with the token

    def _what_became(self, failure: Exception) -> SendError:
        services = self._services
        error = error_of(failure, now=None if services is None else services.clock())
        if isinstance(failure, ApiError) and failure.errcode == UNAUTHORISED:
            if self.may_push:
                logger.error("the account may not push: answers come with the person's next message (48001, is it verified?)")
            self.may_push = False
            return Closed()
        if is_set_up(failure):
            # Wrong for every message: they wait until the operator has mended it.
            logger.error("WeChat refuses the set-up: nothing is pushed", extra={"error": describe(failure)})
            self.pace.pause(SET_UP_PAUSE_S)
            return Transient()
        if isinstance(error, Transient) and error.retry_after is not None:
            self.pace.pause(error.retry_after.total_seconds())
        return error

    async def _tell(self, message: OutboundMessage) -> SendError:
        """Let the person know that the message waits for them; returns Parked, or Transient when that has to be tried again."""
        assert self._services is not None
        if message.author == "bot" and message.priority in (ANSWER, NURSE):
            return Parked()  # they asked themselves, or a nurse's own words follow
        try:
            return Parked(unreachable=not await self._notices.tell(message, self._services))
        except Transient as error:
            return error

    async def _rest(self, message: OutboundMessage) -> None:
        await asyncio.sleep(self.pace.wait(message.lane, urgent=message.priority == EMERGENCY))
        self.pace.took(message.lane)
