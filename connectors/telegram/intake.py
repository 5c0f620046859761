"""The one pipeline of webhook and polling: an update is read, what it means is stored, and only then it is done."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.inbox.mistakes import log_mistake
from bot.outbox.pacing import Pace
from connectors.contract import Malformed
from connectors.telegram.api import Api
from connectors.telegram.desk.desk import Desk
from connectors.telegram.groups import Groups
from connectors.telegram.language import hinted
from connectors.telegram.private import Private, command_of, inbound_of
from connectors.telegram.updates import GroupMessage, Ignored, Membership, Message, Migration, Press, read

logger = logging.getLogger(__name__)

LONGEST_TOAST = 190


class Intake:
    """Takes updates. Calls to Telegram that only make it nicer run beside and may fail."""

    def __init__(self, api: Api, services: Services, *, pace: Pace) -> None:
        self._api, self._services, self._pace = api, services, pace
        self._private, self._groups = Private(services), Groups(api, services)
        self.desk = Desk(api, pace, services)
        self._beside: set[asyncio.Task[None]] = set()

    async def take(self, update: Any) -> None:
        """See to one update. Raises DatabaseProblem when it could not be stored: it must come again.

        What cannot be read, or is met by a mistake of ours, is counted and done with: Telegram would repeat it for a day
        and keep the messages of others back behind it.
        """
        try:
            await self._take(update)
        except Malformed:
            self._count("malformed")
        except DatabaseProblem:
            raise
        except Exception as error:
            log_mistake(logger, "an update was not understood by a mistake of ours", error)
            self._count("mistake")

    def typing(self, conversation_id: str) -> None:
        """Show that an answer is being worked on. Must be called on the event loop."""
        if self._pace.room():  # else messages are waiting, and more important
            self._run(self._type(conversation_id))

    async def stop(self) -> None:
        """Let go of what runs beside."""
        await self.desk.stop()
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def _take(self, update: Any) -> None:
        of_staff = self.desk.event_of(update)
        if of_staff is not None:  # before anything else: a staff group is never one of patients
            await self.desk.take(of_staff)
            return
        event = read(update, self._api.me)
        if isinstance(event, Message):
            if await self.desk.enrols(event):
                return
            command = command_of(event)
            if command is not None:
                await self._private.commanded(event, command)
            else:
                await self._private.said(inbound_of(event))
        elif isinstance(event, Press):
            await self._press(event)
        elif isinstance(event, Ignored):
            self._count(event.kind)
        else:
            await self._elsewhere(event)

    async def _elsewhere(self, event: GroupMessage | Membership | Migration) -> None:
        if isinstance(event, GroupMessage):
            await self._groups.heard(event)
        elif isinstance(event, Migration):
            await self._groups.moved(event)
        elif event.private:
            await self._private.changed(event)
        else:
            await self._groups.joined(event)

    async def _press(self, press: Press) -> None:
        if press.group:
            self._run(self._toast(press, await self._groups.pressed(press)))
            return
        meant = await self._private.pressed(press)
        if meant is not None:
            self._run(self._toast(press, f"✓ {meant.title}"))
            self._run(self._take_buttons_away(press))
            return
        language = await self._private.language_of(press.user) or hinted(press.language_code) or self._services.settings.language
        self._run(self._toast(press, self._services.content.current().phrases.get("telegram.old_button", language)))

    async def _toast(self, press: Press, text: str) -> None:
        with contextlib.suppress(TelegramError):  # too late, most often: the person sees a spinner a little longer
            await self._api.bot.answer_callback_query(press.id, text=text[:LONGEST_TOAST] or None)

    async def _take_buttons_away(self, press: Press) -> None:
        with contextlib.suppress(DatabaseProblem):
            lane = await self._private.lane_of(press.user)
            if not lane or not self._pace.room() or self._pace.wait(lane) > 0:
                return  # the answer is more important
            self._pace.took(lane)
        with contextlib.suppress(TelegramError):
            await self._api.bot.edit_message_reply_markup(press.chat, press.message_id)

    async def _type(self, conversation_id: str) -> None:
        with contextlib.suppress(TelegramError, DatabaseProblem):
            chat = await self._private.address_of(conversation_id)
            if chat is not None:
                await self._api.bot.send_chat_action(chat, ChatAction.TYPING)

    def _run(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(act)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _count(self, kind: str) -> None:
        self._services.metrics.ignored.labels("telegram", kind).inc()
