"""Sends one composed message, part by part, and says what became of it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError

from bot.bootstrap import Services
from bot.inbox import conversations
from bot.outbox.pacing import Pace, Rate
from bot.outbox.sender import Closed, OutboundMessage, SendError, Transient
from bot.outbox.store import EMERGENCY
from connectors.pictures import FILE_NAME, png_of
from connectors.telegram import group_rows
from connectors.telegram.api import Api
from connectors.telegram.commands import ChatCommands
from connectors.telegram.errors import TOKEN_PAUSE, error_of, is_bad_format, is_bad_keyboard, is_lost_thread
from connectors.telegram.group_rows import CHANNEL
from connectors.telegram.rendering import Part, caption_of, parts_of, title_of
from connectors.telegram.tokens import button_token, start_token

logger = logging.getLogger(__name__)

# Telegram: 30 a second altogether, about one a second in a chat, 20 a minute in a group; edits count as well.
EVERYTHING, PERSON, GROUP = Rate(25.0, 5), Rate(1.0, 3), Rate(0.25, 5)
# Payload of a button under a message to a group that leads to the private chat.
DOOR = "door"


class TelegramSender:
    """The sending half. `attach` gives it the services, which need it first."""

    channel = CHANNEL

    def __init__(self, api: Api, *, pace: Pace | None = None) -> None:
        self._api = api
        self.pace = pace or Pace(everything=EVERYTHING, person=PERSON, group=GROUP)
        self._commands = ChatCommands(api)
        self._services: Services | None = None

    def attach(self, services: Services) -> None:
        """Use the database, the clock and the content of this gateway."""
        self._services = services

    async def send(self, message: OutboundMessage) -> str:
        """Send and return Telegram's message ids, with commas. Raises SendError."""
        if self._services is None:
            raise Transient
        arrived = [number for number in message.arrived.split(",") if number]
        try:
            parts = parts_of(message.content)
            for part in parts[len(arrived) :]:
                if arrived:
                    await self._rest(message)
                arrived.append(str(await self._send(message, part)))
            if len(arrived) == len(parts):
                arrived += await self._send_picture(message)
        except TelegramError as failure:
            raise await self._what_became(message, failure, arrived) from None  # its text may hold the token or the words
        self._api.went(None)
        if not message.group_id:
            self._commands.speak(int(message.recipient), message.content["language"], self._services.content.current())
        return ",".join(arrived)

    async def _send(self, message: OutboundMessage, part: Part) -> int:
        thread = message.content.get("thread")
        call: dict[str, Any] = {
            "chat_id": int(message.recipient),
            "text": part.text,
            "entities": _entities(part),
            "reply_markup": await self._keyboard(message) if part.is_last else None,
            "message_thread_id": int(thread) if thread else None,
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        try:
            return (await self._api.bot.send_message(**call)).message_id
        except BadRequest as failure:
            if is_lost_thread(failure) and thread:
                call["message_thread_id"] = None
            elif is_bad_format(failure) and part.spans:
                logger.error("formatting refused, sent as plain text", extra={"outbound_id": message.id})
                call["entities"] = None
            elif is_bad_keyboard(failure) and call["reply_markup"]:
                logger.error("buttons refused, sent without them", extra={"outbound_id": message.id})
                call["reply_markup"] = None
            else:
                raise
        return (await self._api.bot.send_message(**call)).message_id

    async def _send_picture(self, message: OutboundMessage) -> list[str]:
        """Send the picture of a message below its words; returns its number, or nothing when there is none, or it is not taken."""
        drawn = await png_of(message.content)
        if drawn is None:
            return []
        await self._rest(message)
        caption = caption_of(message.content)
        call: dict[str, Any] = {
            "chat_id": int(message.recipient),
            "photo": drawn,
            "filename": FILE_NAME,
            "caption": caption.text,
            "caption_entities": _entities(caption),
        }
        try:
            return [str((await self._api.bot.send_photo(**call)).message_id)]
        except BadRequest as failure:
            if error_of(failure).transient:
                raise
            logger.warning("a picture was refused, its text has arrived", extra={"outbound_id": message.id})
            return []

    async def _keyboard(self, message: OutboundMessage) -> InlineKeyboardMarkup | None:
        buttons = message.content.get("buttons") or []
        # One in a row: titles are sentences, and thumbs are old.
        rows = [[await self._button(message, index, button)] for index, button in enumerate(buttons)]
        return InlineKeyboardMarkup(rows) if rows else None

    async def _button(self, message: OutboundMessage, index: int, button: dict[str, str]) -> InlineKeyboardButton:
        assert self._services is not None
        title = title_of(button["title"], message.content["language"])
        cipher = self._services.database.cipher
        if not message.group_id:
            return InlineKeyboardButton(title, callback_data=button_token(cipher, message.conversation_id, message.id, index))
        if button["payload"] != DOOR:
            return InlineKeyboardButton(title, callback_data=button["payload"])
        me = await self._api.know_me()
        start = start_token(cipher, message.group_id, now=self._services.clock())
        return InlineKeyboardButton(title, url=f"https://t.me/{me.username}?start={start}")

    async def _rest(self, message: OutboundMessage) -> None:
        await asyncio.sleep(self.pace.wait(message.lane, urgent=message.priority == EMERGENCY))
        self.pace.took(message.lane)

    async def _what_became(self, message: OutboundMessage, failure: TelegramError, arrived: list[str]) -> SendError:
        self._api.went(failure if isinstance(failure, InvalidToken) else None)
        if isinstance(failure, InvalidToken):
            logger.error("Telegram refuses the token: nothing is sent until it is right")
            self.pace.pause(TOKEN_PAUSE.total_seconds())
        if isinstance(failure, ChatMigrated):
            await self._moved(int(message.recipient), failure.new_chat_id)
        error = error_of(failure)
        error.arrived = ",".join(arrived)
        if isinstance(error, Closed) and not message.group_id:
            await self._left(message.conversation_id)
        return error

    async def _left(self, conversation_id: str) -> None:
        """The person has blocked us: reminders are not even tried until they write again."""
        services = self._services
        assert services is not None
        await services.write(lambda work: conversations.leave(work, conversation_id, now=services.clock()))

    async def _moved(self, old: int, new: int) -> None:
        assert self._services is not None
        await self._services.write(lambda work: group_rows.move(work, old, new))


def _entities(part: Part) -> list[MessageEntity] | None:
    return [MessageEntity(span.look, span.offset, span.length) for span in part.spans] or None
