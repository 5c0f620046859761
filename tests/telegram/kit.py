"""Telegram's kit for the shared table, and updates as Telegram sends them."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outbox.sender import Closed, Permanent, Transient, Unknown
from bot.settings import Settings
from connectors.contract import Request
from connectors.telegram.connector import SECRET_HEADER, Telegram
from connectors.telegram.running import PATH

TOKEN = "123456789:AAExampleTokenOfNobody_0123456789abc"
SECRET = "a-secret-of-the-tests_0123456789"
DATE = 1_780_000_000
ME = {"id": 123456789, "is_bot": True, "first_name": "Guide", "username": "daozhen_test_bot"}
# Nobody listens on this port: what would be sent fails at once.
NOWHERE = "http://127.0.0.1:9"

_numbers = itertools.count(5000)

Json = dict[str, Any]


def settings(folder: Any, **more: Any) -> Settings:
    """Return settings with Telegram on."""
    values = {"telegram_token": TOKEN, "telegram_secret": SECRET, "telegram_public_url": "https://chat.example.org"}
    return Settings(data_dir=folder, **{**values, "telegram_api_url": NOWHERE, **more})


def user(number: int = 1, **more: Any) -> Json:
    return {"id": 100_000 + number, "is_bot": False, "first_name": "Zebramarker", "language_code": "en", **more}


def private(number: int = 1) -> Json:
    return {"id": 100_000 + number, "type": "private", "first_name": "Zebramarker"}


def group(number: int = 1, kind: str = "supergroup") -> Json:
    return {"id": -1_000_000_000_000 - number, "type": kind, "title": "Zebramarker ward"}


def message(chat: Json, sender: Json, number: int = 1, **fields: Any) -> Json:
    return {"message_id": number, "date": DATE, "chat": chat, "from": sender, **fields}


def update(kind: str, body: Json, number: int | None = None) -> Json:
    return {"update_id": next(_numbers) if number is None else number, kind: body}


def said(text: str, number: int = 1, sender: int = 1, **more: Any) -> Json:
    """Return the update of a text in a private chat; the same numbers give the same update."""
    return update("message", message(private(sender), user(sender), number, text=text, **more), 70_000 + number)


def in_group(text: str, sender: int = 1, **more: Any) -> Json:
    """Return the update of a text in a group, with a number of its own."""
    number = next(_numbers)
    return update("message", message(group(), user(sender), number, text=text, **more), number)


def press(data: str, sender: int = 1, chat: Json | None = None, number: int = 1, **more: Any) -> Json:
    """Return the update of a pressed button."""
    under = message(chat or private(sender), ME, number, text="?")
    query = {"id": str(next(_numbers)), "from": user(sender), "chat_instance": "1", "message": under, "data": data, **more}
    return update("callback_query", query)


def standing(chat: Json, before: str, now: str, sender: int = 1) -> Json:
    """Return the update that says that the bot's own standing changed."""
    old, new = ({"user": ME, "status": status, **_MORE.get(status, {})} for status in (before, now))
    return update(
        "my_chat_member", {"chat": chat, "from": user(sender), "date": DATE, "old_chat_member": old, "new_chat_member": new}
    )


_RIGHTS = [
    *(
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
    ),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
]
_MORE: dict[str, Json] = {"administrator": dict.fromkeys(_RIGHTS, False), "kicked": {"until_date": 0}}


def request(data: Any, *, secret: str | None = SECRET) -> Request:
    """Return `data` as Telegram posts it."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = {"content-type": "application/json"} | ({} if secret is None else {SECRET_HEADER: secret})
    return Request("POST", PATH, headers=headers, body=body)


def caused(error: Exception, cause: Exception) -> Exception:
    """Return `error` as raised from `cause`."""
    error.__cause__ = cause
    return error


class TelegramKit:
    """See `tests.connectors.cases.Kit`."""

    channel = "telegram"

    def settings(self, folder: Any) -> Settings:
        return settings(folder)

    def connector(self, settings: Settings) -> Telegram:
        return Telegram(settings)

    def text(self, text: str, *, number: int = 1, sender: int = 1) -> Request:
        return request(said(text, number, sender))

    def media(self, *, number: int = 1) -> Request:
        photo = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
        return request(update("message", message(private(), user(), number, photo=photo)))

    def unknown_event(self) -> Request:
        return request(update("thought_of_tomorrow", {"x": 1}))

    def malformed(self):
        whole = said("hi")
        halves = [
            {**whole["message"], name: value}
            for name in ("chat", "from", "date", "message_id", "text")
            for value in (7.5, [], "")
        ]
        bodies: list[Any] = [
            b"",
            b"{",
            b"\xff",
            b"[" * 100_000,
            b"null",
            b"[]",
            b"7",
            b'"x"',
            {},
            {"update_id": "1", "message": {}},
        ]
        bodies += [{"update_id": 1, "message": half} for half in halves if half["text"] != ""]
        bodies += [
            {"update_id": 1, kind: wrong} for kind in ("message", "callback_query", "my_chat_member") for wrong in (None, [], 1)
        ]
        return [request(body) for body in bodies]

    def unsigned(self, request: Request) -> Request:
        return replace(request, headers={"content-type": "application/json"})

    def forged(self, request: Request) -> Request:
        return replace(request, headers={**request.headers, SECRET_HEADER: SECRET[:-1] + "X"})

    def failures(self):
        return {
            "429": (RetryAfter(timedelta(seconds=7)), Transient),
            "500 of Telegram": (NetworkError("Internal Server Error"), Transient),
            "502 of a proxy": (NetworkError("Bad Gateway (502). Parsing the server response b'<html>' failed"), Unknown),
            "an answer that is none": (TelegramError("Invalid server response"), Unknown),
            "another instance": (Conflict("terminated by other getUpdates request"), Permanent),
            "no answer in time": (caused(TimedOut(), httpx.ReadTimeout("")), Unknown),
            "writing took too long": (caused(TimedOut(), httpx.WriteTimeout("")), Unknown),
            "the line broke": (caused(NetworkError("x"), httpx.RemoteProtocolError("")), Unknown),
            "no line was free": (caused(TimedOut(), httpx.PoolTimeout("")), Transient),
            "no connection in time": (caused(TimedOut(), httpx.ConnectTimeout("")), Transient),
            "nobody listens": (caused(NetworkError("x"), httpx.ConnectError("")), Transient),
            "blocked": (Forbidden("Forbidden: bot was blocked by the user"), Closed),
            "deactivated": (Forbidden("Forbidden: user is deactivated"), Closed),
            "kicked": (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Closed),
            "never started": (Forbidden("Forbidden: bot can't initiate conversation with a user"), Closed),
            "no such chat": (BadRequest("Chat not found"), Closed),
            "may not write": (BadRequest("Not enough rights to send text messages to the chat"), Closed),
            "too long": (BadRequest("Message is too long"), Permanent),
            "bad button": (BadRequest("Button_data_invalid"), Permanent),
            "moved": (ChatMigrated(-100), Transient),
            "token refused": (InvalidToken(), Transient),
            "a mistake of ours": (ValueError(), Unknown),
        }
