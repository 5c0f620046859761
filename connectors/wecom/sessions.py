"""Who talks with a person, the bot or the staff in the WeCom app, and how the conversation goes from one to the other."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import care_case, case_event, conversation, kf_session, outbound, used_token
from bot.duty.paging import URGENT
from bot.duty.teams import Teams
from bot.handoff.cases import back_from_elsewhere, hold_elsewhere
from bot.inbox import conversations
from bot.languages import Language
from bot.messages import Reply
from bot.outbox.compose import compose
from connectors.right_to_left import for_reading
from connectors.tencent.api import Api, ApiError
from connectors.wecom import calls, windows
from connectors.wecom.messages import CHANNEL, WECOM_STAFF, Customer, StaffCame, StaffLeft, customer_of
from connectors.wecom.windows import BOT, ENDED, NEW, QUEUE, STAFF

logger = logging.getLogger(__name__)

# A session of the staff ends at the latest then, so WeCom says.
SESSION = timedelta(hours=48)
# WeCom lists what is three days old at most.
LISTED = timedelta(days=4)
# So long somebody waits in WeCom's queue; then the case goes back to our desk and the bot speaks again.
IN_QUEUE = timedelta(minutes=10)

Handover = Literal["desk", "queue"]


@dataclass(frozen=True)
class _Talk:
    """One conversation, and whose it is on WeCom."""

    conversation_id: str
    customer: Customer


class Sessions:
    """`handover` "desk": our nurses answer at our desk, through the bot. "queue": who asks for a person goes to WeCom's staff."""

    def __init__(self, services: Services, api: Api, *, handover: Handover) -> None:
        self._services, self._api, self._handover = services, api, handover

    async def came(self, event: StaffCame) -> None:
        """The staff talks: the bot is silent, the safety net is not. Raises DatabaseProblem."""
        now = self._services.clock()

        def hold(work: Work) -> None:
            known = conversations.of_sender(work, CHANNEL, event.customer.sender)
            if known is not None and _is_new(work, event, now=now):
                windows.state_is(work, known.id, STAFF)
                hold_elsewhere(work, known.id, who=WECOM_STAFF, until=now + SESSION, now=now, teams=self._teams)

        await self._services.write(hold)

    async def left(self, event: StaffLeft) -> Language | None:
        """The staff ended the talk: the bot is there again. Returns the language to `say` so in, None when there is no need."""
        now = self._services.clock()

        def let_go(work: Work) -> Language | None:
            known = conversations.of_sender(work, CHANNEL, event.customer.sender)
            if known is None or not _is_new(work, event, now=now):
                return None
            was = windows.state_of(work, known.id)
            windows.state_is(work, known.id, ENDED)
            back_from_elsewhere(work, known.id, who=WECOM_STAFF, ended=True, now=now, teams=self._teams)
            return known.language if was != ENDED and event.code else None

        return await self._services.write(let_go)

    async def look(self) -> None:
        """Hand over who asked for a person, and take back who waited too long."""
        now = self._services.clock()
        if self._handover == "queue":
            for talk in await self._services.read(_to_hand_over):
                await self._quietly(self._to_queue, talk)
        for talk in await self._services.read(lambda work: _forgotten(work, now)):
            await self._quietly(self._from_queue, talk)

    async def _quietly(self, act: Callable[[_Talk], Awaitable[None]], talk: _Talk) -> None:
        try:
            await act(talk)
        except ApiError as error:  # somebody was quicker, or it may not be: the case is at our desk anyway
            logger.warning("a session was not moved", extra={"error": f"error {error.errcode}"})
            state = await calls.state_of(self._api, talk.customer)
            await self._services.write(lambda work: windows.state_is(work, talk.conversation_id, state))

    async def _to_queue(self, talk: _Talk) -> None:
        try:
            await calls.move(self._api, talk.customer, QUEUE)
        except ApiError:
            # An earlier call whose answer got lost may have done it: nobody else would ever take them out of the queue again.
            if await calls.state_of(self._api, talk.customer) != QUEUE:
                raise
        now = self._services.clock()

        def hold(work: Work) -> None:
            windows.state_is(work, talk.conversation_id, QUEUE)
            hold_elsewhere(work, talk.conversation_id, who=WECOM_STAFF, until=now + IN_QUEUE, now=now, teams=self._teams)

        await self._services.write(hold)

    async def _from_queue(self, talk: _Talk) -> None:
        state = await calls.state_of(self._api, talk.customer)
        now = self._services.clock()
        if state == STAFF:
            await self.came(StaffCame(talk.customer, now))
            return
        code = await calls.move(self._api, talk.customer, ENDED) if state == QUEUE else ""

        def back(work: Work) -> Language | None:
            windows.state_is(work, talk.conversation_id, ENDED if state == QUEUE else state)
            back_from_elsewhere(work, talk.conversation_id, who=WECOM_STAFF, ended=False, now=now, teams=self._teams)
            known = conversations.get(work, talk.conversation_id)
            return None if known is None else known.language

        language = await self._services.write(back)
        if code and language is not None:
            await self.say(code, "wecom.nobody_came", language)

    @property
    def _teams(self) -> Teams:
        return self._services.content.current().teams

    async def say(self, code: str, phrase: str, language: Language) -> None:
        """Say a phrase with the code of an event. Raises as a call does."""
        phrases = self._services.content.current().phrases
        message = compose(Reply(phrases.get(phrase, language), kind="notice"), language, phrases=phrases)
        await calls.send_on_event(self._api, code, for_reading(message.text, language))


def _is_new(work: Work, event: StaffCame | StaffLeft, *, now: datetime) -> bool:
    """Return whether this entry was not seen to before. A page comes again after a crash, and three days of them after a lost cursor.

    A session of yesterday would take an emergency of today from our desk, and close it as it ended.
    """
    if not event.msgid:
        return True
    work.execute(sa.delete(used_token).where(used_token.c.expires_at < now))
    lookup = work.cipher.lookup("kf event", event.customer.sender, event.msgid)
    return insert_once(work, used_token, {"lookup": lookup, "expires_at": now + LISTED}) is not None


def _talks(work: Work, query: sa.sql.Select) -> tuple[_Talk, ...]:
    found = [(row.id, conversations.address(work, row.id, CHANNEL)) for row in work.execute(query)]
    return tuple(_Talk(number, customer_of(sender)) for number, sender in found if sender is not None)


def _to_hand_over(work: Work) -> tuple[_Talk, ...]:
    """Return who asked for a person, was told so, and is not with WeCom's staff; once for each case.

    An emergency stays at our desk: in a queue it would wake nobody.
    """
    unsent = sa.exists().where(
        outbound.c.conversation_id == conversation.c.id, outbound.c.state.in_(("pending", "sending", "parked"))
    )
    was_there = sa.exists().where(
        case_event.c.case_id == care_case.c.id, case_event.c.what == "released", case_event.c.who == WECOM_STAFF
    )
    query = (
        sa.select(conversation.c.id)
        .join(care_case, care_case.c.conversation_id == conversation.c.id)
        .join(kf_session, kf_session.c.conversation_id == conversation.c.id)
        .where(care_case.c.state == "waiting", care_case.c.reason == "person_requested", care_case.c.risk > URGENT)
        .where(kf_session.c.service_state.in_((NEW, BOT)), ~unsent, ~was_there)
    )
    return _talks(work, query)


def _forgotten(work: Work, now: datetime) -> tuple[_Talk, ...]:
    """Return who has waited too long in WeCom's queue."""
    query = (
        sa.select(conversation.c.id)
        .join(care_case, care_case.c.conversation_id == conversation.c.id)
        .join(kf_session, kf_session.c.conversation_id == conversation.c.id)
        .where(care_case.c.state != "closed", care_case.c.claimed_by == WECOM_STAFF, care_case.c.lease_until < now)
        .where(kf_session.c.service_state.in_((QUEUE, ENDED, NEW)))
    )
    return _talks(work, query)
