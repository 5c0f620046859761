"""What an error of python-telegram-bot means for a message: try again, never, gone, or nobody knows. Never logs its text."""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.outbox.sender import Closed, Permanent, SendError, Transient, Unknown

# A refused token is a matter for the operator: ask again now and then.
TOKEN_PAUSE = timedelta(seconds=60)
# The request never left, so nothing can arrive twice.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
# Said in the text only: the chat is gone, or we may not write there.
_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights to send",
    "have no rights to send",
    "chat_restricted",
    "need administrator rights in the channel",
)
_NO_THREAD = ("message thread not found", "topic_deleted", "topic_closed")
_BAD_KEYBOARD = ("button", "reply_markup", "reply markup", "keyboard")
_BAD_FORMAT = ("can't parse entities", "entity_", "entities are too long")


def error_of(failure: BaseException) -> SendError:
    """Return which of the four errors `failure` is."""
    if isinstance(failure, RetryAfter | InvalidToken | ChatMigrated):
        return Transient(_named_wait(failure))
    if isinstance(failure, Forbidden) or (isinstance(failure, BadRequest) and _says(failure, _GONE)):
        return Closed()
    if isinstance(failure, BadRequest):  # for the library a kind of NetworkError
        return Permanent()
    if isinstance(failure, NetworkError):
        return _of_the_line(failure)
    # What the library calls just an error is an answer that it could not read: the call may have been done.
    return Permanent() if isinstance(failure, TelegramError) and type(failure) is not TelegramError else Unknown()


def retry_after(failure: RetryAfter) -> timedelta:
    """Return how long Telegram asks us to wait; the library changes from seconds to a timedelta."""
    named = failure.retry_after
    return named if isinstance(named, timedelta) else timedelta(seconds=named)


def _named_wait(failure: TelegramError) -> timedelta:
    if isinstance(failure, RetryAfter):
        return retry_after(failure)
    return TOKEN_PAUSE if isinstance(failure, InvalidToken) else timedelta(0)


def is_lost_thread(failure: TelegramError) -> bool:
    """Whether the topic of a group is gone or closed: the message goes to the group itself then."""
    return _says(failure, _NO_THREAD)


def is_bad_format(failure: TelegramError) -> bool:
    """Whether Telegram does not like our formatting, a mistake of ours: the plain text goes then."""
    return _says(failure, _BAD_FORMAT)


def is_bad_keyboard(failure: TelegramError) -> bool:
    """Whether Telegram does not like our buttons, a mistake of ours: the words go without them then, and can be answered by typing."""
    return _says(failure, _BAD_KEYBOARD)


def _of_the_line(failure: NetworkError) -> SendError:
    cause = failure.__cause__
    if isinstance(cause, _NOT_SENT):
        return Transient()
    if isinstance(cause, httpx.HTTPError):  # it broke after sending began
        return Unknown()
    # An answer of 5xx. With a description it is Telegram's own, which did nothing; a proxy's says nothing of what was done.
    text = str(failure).casefold()
    return Unknown() if "parsing the server response" in text or "gateway" in text else Transient()


def _says(failure: TelegramError, words: tuple[str, ...]) -> bool:
    text = str(failure).casefold()
    return any(word in text for word in words)
