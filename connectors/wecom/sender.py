"""Sends one composed message to WeCom, part by part, within what its window allows, and says what became of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.handoff.cases import back_from_elsewhere
from bot.outbox.pacing import Pace, Rate
from bot.outbox.reach import Way
from bot.outbox.sender import Closed, OutboundMessage, Parked, Permanent, SendError, Transient
from bot.outbox.store import ANSWER, EMERGENCY, NURSE, REMINDER
from connectors.pictures import has_picture, png_of
from connectors.right_to_left import for_reading
from connectors.tencent.api import Api, ApiError
from connectors.tencent.errors import TOKEN_PAUSE, error_of, is_set_up
from connectors.tencent.media import image_message
from connectors.wecom import calls, windows
from connectors.wecom.messages import CHANNEL, WECOM_STAFF, Customer, customer_of
from connectors.wecom.rendering import Part, parts_of
from connectors.wecom.windows import ENDED, QUEUE, STAFF

logger = logging.getLogger(__name__)

# WeCom allows 10,000 calls a minute and 150,000 an hour of one kind; parts of one message keep apart.
EVERYTHING, PERSON = Rate(40.0, 100), Rate(2.0, 3)


@dataclass(frozen=True)
class _Step:
    """One part of one message on its way."""

    message: OutboundMessage
    customer: Customer
    part: Part
    place: int
    is_last: bool


class WeComSender:
    """The sending half. `attach` gives it the line and the services, which need it first."""

    channel = CHANNEL

    def __init__(self, *, pace: Pace | None = None) -> None:
        self.pace = pace or Pace(everything=EVERYTHING, person=PERSON, group=PERSON)
        self._services: Services | None = None
        self._api: Api | None = None

    def attach(self, services: Services, api: Api) -> None:
        """Use the database and the clock of this gateway, and this line."""
        self._services, self._api = services, api

    async def send(self, message: OutboundMessage) -> str:
        """Send and return our ids of its parts, with commas. Raises SendError."""
        if self._services is None:
            raise Transient
        arrived = [one for one in message.arrived.split(",") if one]
        parts = parts_of(message.content, message.id)
        customer = customer_of(message.recipient)
        try:
            for place, part in list(enumerate(parts))[len(arrived) :]:
                await self._send(_Step(message, customer, part, place, place == len(parts) - 1))
                arrived.append(self.msgid(message, place))
            if len(arrived) == len(parts) and has_picture(message.content):
                await self._send_picture(message, customer, place=len(parts))
        except SendError as error:
            error.arrived = ",".join(arrived)
            raise
        return ",".join(arrived)

    def way(self, work: Work, conversation_id: str, *, now: datetime) -> Way:
        """Return how this person can be written to now."""
        return windows.way(work, conversation_id, now=now)

    def msgid(self, message: OutboundMessage, place: int) -> str:
        """Return our own id of a part: the same at every try, another in every installation and conversation."""
        assert self._services is not None
        cipher = self._services.database.cipher
        # Five of these, with commas, fit where the outbox keeps what arrived.
        return cipher.lookup("kf message", message.conversation_id, str(message.id), str(place))[:20]

    async def _send(self, step: _Step) -> None:
        assert self._services is not None and self._api is not None
        part = await self._counted(step)
        try:
            await calls.send(self._api, step.customer, self.msgid(step.message, step.place), part.payload())
        except Exception as failure:
            error = await self._what_became(step, failure)
            if error is not None:
                raise error from None  # its text may hold the address with the token

    async def _send_picture(self, message: OutboundMessage, customer: Customer, *, place: int) -> None:
        """Send the picture of a message behind its words, if it is not the last that may be said. Raises Transient, Unknown."""
        assert self._services is not None and self._api is not None
        drawn, now, msgid = await png_of(message.content), self._services.clock(), self.msgid(message, place)
        if drawn is None or not await self._services.write(
            lambda work: windows.take(work, message.conversation_id, msgid, priority=REMINDER, now=now) in ("yes", "last")
        ):
            return
        try:
            await calls.send(self._api, customer, msgid, await image_message(self._api, drawn))
        except Exception as failure:
            error = error_of(failure, now=now)
            if error.transient:
                raise error from None  # its text may hold the address with the token
            await self._services.write(lambda work: windows.give_back(work, message.conversation_id, msgid))
            logger.warning("a picture was not sent, its text has arrived", extra={"outbound_id": message.id})

    async def _counted(self, step: _Step) -> Part:
        """Count the part, and return it as it is to be said. Raises Parked when it has to wait for the person."""
        assert self._services is not None
        message, now = step.message, self._services.clock()
        msgid = self.msgid(message, step.place)

        def count(work: Work) -> tuple[windows.Verdict, bool, bool]:
            verdict = windows.take(work, message.conversation_id, msgid, priority=message.priority, now=now)
            more = not step.is_last or windows.more_waits(work, message.conversation_id, message.id)
            return verdict, more, step.place == 0 and windows.is_late(work, message.id)

        verdict, more, late = await self._services.write(count)
        if verdict in ("full", "over"):
            raise _parked(message)
        # With choices below it every answer opens the window again: no number of its own is needed.
        below = "wechat.more" if verdict == "last" and more and not step.part.choices else ""
        return step.part.with_lines(
            above=self._phrase("wechat.earlier" if late else "", message), below=self._phrase(below, message)
        )

    def _phrase(self, key: str, message: OutboundMessage) -> str:
        assert self._services is not None
        language = message.content["language"]
        return for_reading(self._services.content.current().phrases.get(key, language), language) if key else ""

    async def _what_became(self, step: _Step, failure: Exception) -> SendError | None:
        """Return the error of a failed part, or None when it was said in another way."""
        assert self._services is not None
        conversation = step.message.conversation_id
        code = failure.errcode if isinstance(failure, ApiError) else 0
        if code in (calls.TOO_MANY, calls.TOO_LATE):
            await self._services.write(lambda work: windows.used_up(work, conversation))
            return _parked(step.message)
        error = await self._meaning(step, failure, code)
        if error is not None and not error.transient:
            msgid = self.msgid(step.message, step.place)
            await self._services.write(lambda work: windows.give_back(work, conversation, msgid))
        return error

    async def _meaning(self, step: _Step, failure: Exception, code: int) -> SendError | None:
        assert self._services is not None
        if code in (calls.WRONG_STATE, calls.NO_SESSION):
            return await self._in_wrong_state(step)
        if is_set_up(failure):
            # Nothing is wrong with the message: it waits until the setting is right.
            logger.error("WeCom refuses our settings (error %d): nothing is sent until they are right", code)
            self.pace.pause(TOKEN_PAUSE.total_seconds())
            return Transient(TOKEN_PAUSE)
        return error_of(failure, now=self._services.clock())

    async def _in_wrong_state(self, step: _Step) -> SendError | None:
        """Ask whose the conversation is. The staff's: the bot is silent. Nobody's: it waits until the person writes."""
        assert self._services is not None and self._api is not None
        conversation = step.message.conversation_id
        try:
            state = await calls.state_of(self._api, step.customer)
            await self._services.write(lambda work: windows.state_is(work, conversation, state))
            if state == QUEUE and step.message.priority == EMERGENCY:
                return await self._out_of_the_queue(step)
        except Exception as failure:
            return error_of(failure, now=self._services.clock())
        if state == ENDED:
            return _parked(step.message)
        if state not in (QUEUE, STAFF):
            return Transient()
        # Of an alarm or a nurse's words somebody has to know; an answer of the bot is not needed any more.
        return Closed() if step.message.priority in (EMERGENCY, NURSE) else Permanent()

    async def _out_of_the_queue(self, step: _Step) -> SendError | None:
        """Nobody reads a queue: an alarm is said with the code that ends it, and the person can go on writing here."""
        assert self._services is not None and self._api is not None
        code = await calls.move(self._api, step.customer, ENDED)
        conversation, now = step.message.conversation_id, self._services.clock()

        teams = self._services.content.current().teams

        def back(work: Work) -> None:
            windows.state_is(work, conversation, ENDED)
            back_from_elsewhere(work, conversation, who=WECOM_STAFF, ended=False, now=now, teams=teams)

        await self._services.write(back)
        if not code:
            return _parked(step.message)
        await calls.send_on_event(self._api, code, f"{step.part.body}\n{step.part.note}")
        return None


def _parked(message: OutboundMessage) -> Parked:
    # An answer is read with the next word; of an alarm, a nurse's words or a reminder that do not arrive somebody has to know.
    return Parked(unreachable=message.priority != ANSWER)
