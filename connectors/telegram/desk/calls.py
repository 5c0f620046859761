"""Calls to Telegram for the desk: counted by the same pace as everything else, errors turned into what is to be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.outbox.pacing import Pace
from bot.outbox.sender import Unknown
from bot.privacy.encryption import Cipher
from connectors.telegram.api import Api
from connectors.telegram.desk.cards import Keys
from connectors.telegram.desk.signs import sign
from connectors.telegram.desk.text import Text
from connectors.telegram.errors import TOKEN_PAUSE, error_of, retry_after

T = TypeVar("T")

# Kept free in a group for an emergency that comes while others are being told.
RESERVE = 2.0
AGAIN_S, GROUP_AGAIN_S = 5.0, 60.0
_LOST = ("message thread not found", "topic_deleted", "topic_id_invalid", "thread_id_invalid", "topic not found")
_SAME = ("not modified", "not_modified")
_UNUSABLE = (
    "chat not found",
    "not a forum",
    "not enough rights",
    "chat_admin_required",
    "have no rights",
    "chat_write_forbidden",
)


class Later(Exception):
    """Nothing can be done now; look again after `seconds`. `unknown`: it may have been done."""

    def __init__(self, seconds: float, *, unknown: bool = False, crowded: bool = False) -> None:
        super().__init__()
        self.seconds, self.unknown, self.crowded = seconds, unknown, crowded


class TopicLost(Exception):
    """The topic is not there any more."""


class TopicShut(Exception):
    """The topic is closed, and not even we may write in it."""


class MessageLost(Exception):
    """The message to be changed or answered is not there any more."""


class GroupLost(Exception):
    """Nothing can be done in this group: not in it, no topics, or no rights. `why` is a key of the phrases of the check."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Calls:
    """The desk's line. Every call that shows something is counted in the lane of its group, topics and changes too."""

    def __init__(self, api: Api, pace: Pace, cipher: Cipher, on_moved: Callable[[int, int], Awaitable[None]]) -> None:
        self._api, self.pace, self._cipher, self._on_moved = api, pace, cipher, on_moved

    def wait(self, chat: int, *, urgent: bool = False, more: int = 0) -> float:
        """Return the seconds until a group may be told something, and `more` at once; what is not urgent leaves room for what is."""
        return max(self.pace.wait(lane(chat), reserve=more + (0.0 if urgent else RESERVE)), self.pace.soonest())

    async def create_topic(self, chat: int, name: str) -> int:
        """Make a topic and return its number."""
        made = await self._call(chat, lambda: self._api.bot.create_forum_topic(chat, name))
        return made.message_thread_id

    async def rename_topic(self, chat: int, thread: int, name: str) -> None:
        """Give a topic another name."""
        await self._call(chat, lambda: self._api.bot.edit_forum_topic(chat, thread, name=name))

    async def shut_topic(self, chat: int, thread: int) -> None:
        """Close a topic."""
        await self._call(chat, lambda: self._api.bot.close_forum_topic(chat, thread))

    async def open_topic(self, chat: int, thread: int) -> None:
        """Open a topic again."""
        await self._call(chat, lambda: self._api.bot.reopen_forum_topic(chat, thread))

    async def delete_topic(self, chat: int, thread: int) -> None:
        """Delete a topic with all that stands in it."""
        await self._call(chat, lambda: self._api.bot.delete_forum_topic(chat, thread))

    async def post(
        self, chat: int, thread: int, text: Text, *, keys: Keys | Any = None, answers: int = 0, silent: bool = True
    ) -> int:
        """Write in a topic (0: General) and return the message's number. Nothing of it can be forwarded or saved."""
        markup = self.keyboard(keys) if isinstance(keys, tuple) else keys
        answered = ReplyParameters(answers, allow_sending_without_reply=True) if answers else None
        message = await self._call(
            chat,
            lambda: self._api.bot.send_message(
                chat,
                text.text,
                entities=text.entities() or None,
                message_thread_id=thread or None,
                reply_markup=markup,
                reply_parameters=answered,
                protect_content=True,
                disable_notification=silent,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
        )
        return message.message_id

    async def change(self, chat: int, message: int, text: Text, keys: Keys) -> None:
        """Show a card anew."""
        markup, entities = self.keyboard(keys), text.entities() or None
        await self._call(
            chat,
            lambda: self._api.bot.edit_message_text(
                text.text,
                chat,
                message,
                entities=entities,
                reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
        )

    async def change_keys(self, chat: int, message: int, keys: Keys) -> None:
        """Show other buttons."""
        await self._call(chat, lambda: self._api.bot.edit_message_reply_markup(chat, message, reply_markup=self.keyboard(keys)))

    async def react(self, chat: int, message: int, emoji: str) -> None:
        """Put a reaction under a message. Not known to count; a refusal is minded all the same."""
        await self._call(chat, lambda: self._api.bot.set_message_reaction(chat, message, emoji), counts=False)

    def keyboard(self, keys: Keys | None) -> InlineKeyboardMarkup | None:
        """Return buttons as Telegram takes them."""
        if not keys:
            return None
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(title, callback_data=sign(self._cipher, wanted)) for title, wanted in row] for row in keys]
        )

    async def _call(self, chat: int, call: Callable[[], Awaitable[T]], *, counts: bool = True) -> T:
        if counts:
            self.pace.took(lane(chat))
        try:
            done = await call()
        except TelegramError as failure:
            raise await self._meant(chat, failure) from None  # its text may hold the token or the words
        self._api.went(None)
        return done

    async def _meant(self, chat: int, failure: TelegramError) -> Exception:
        if isinstance(failure, RetryAfter):
            seconds = retry_after(failure).total_seconds()
            self.pace.throttled(lane(chat), seconds)
            return Later(seconds, crowded=True)
        if isinstance(failure, ChatMigrated):
            await self._on_moved(chat, failure.new_chat_id)
            return Later(0.0)
        if isinstance(failure, InvalidToken):
            self._api.went(failure)
            return Later(TOKEN_PAUSE.total_seconds())
        if isinstance(failure, Forbidden | BadRequest):
            return _refused(failure)
        return Later(AGAIN_S, unknown=isinstance(error_of(failure), Unknown))


def _refused(failure: TelegramError) -> Exception:
    text = str(failure).casefold()
    if any(word in text for word in _LOST):
        return TopicLost()
    if "topic_closed" in text:
        return TopicShut()
    if "not found" in text and "message" in text:
        return MessageLost()
    if isinstance(failure, Forbidden) or any(word in text for word in _UNUSABLE):
        return GroupLost("no_forum" if "forum" in text else "no_rights" if "rights" in text else "not_inside")
    return Refused("same" if any(word in text for word in _SAME) else "")


class Refused(Exception):
    """Telegram does not take it. `same`: because it is so already."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.is_same = why == "same"


def lane(chat: int) -> str:
    """Return the name of a staff group's lane."""
    return f"group:desk:{chat}"
