"""Reads an update of a staff group. Pure. More is looked at than in a patients' group: what is answered, topics, who comes and goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.contract import Malformed
from connectors.readable import readable
from connectors.telegram.updates import Command, Json, Me, command_in, standing, time_of

_MEDIA = ("photo", "voice", "audio", "video", "video_note", "animation", "document", "sticker", "location", "contact", "poll")


@dataclass(frozen=True)
class Post:
    """What a person wrote. `answers`: the message of ours that is answered, 0: none; `as_group`: nobody can say who it was."""

    chat: int
    thread: int  # 0: General, or no topic
    message_id: int
    user: int
    as_group: bool
    text: str
    has_media: bool = False
    answers: int = 0
    edited: bool = False
    command: Command | None = None
    language_code: str = ""
    written_at: datetime | None = None  # None: of a change


@dataclass(frozen=True)
class Turned:
    """Somebody closed or opened a topic by hand."""

    chat: int
    thread: int
    user: int
    closed: bool


@dataclass(frozen=True)
class Pressed:
    """Somebody pressed a button under a message of ours."""

    id: str
    chat: int
    thread: int
    message_id: int
    user: int
    data: str
    language_code: str = ""


@dataclass(frozen=True)
class Gone:
    """Somebody is not in the group any more."""

    chat: int
    user: int


@dataclass(frozen=True)
class Standing:
    """Our own standing has changed."""

    chat: int


@dataclass(frozen=True)
class Moved:
    """The group has another id."""

    old: int
    new: int


@dataclass(frozen=True)
class Nothing:
    """Nothing to do: a note of Telegram's, a bot, somebody who came."""


StaffEvent = Post | Turned | Pressed | Gone | Standing | Moved | Nothing


def read(update: Any, chats: Collection[int], me: Me) -> StaffEvent | None:
    """Return what an update of one of `chats` says; None: it is not from there. Raises Malformed."""
    if not chats or not isinstance(update, dict):
        return None
    for kind in ("message", "edited_message", "callback_query", "chat_member", "my_chat_member"):
        body = update.get(kind)
        if isinstance(body, dict):
            place = body.get("message") if kind == "callback_query" else body
            chat = _chat_of(place)
            if chat is None or chat not in chats:
                return None
            return _READERS[kind](body, chat, me)
    return None


def _chat_of(place: Any) -> int | None:
    chat = place.get("chat") if isinstance(place, dict) else None
    number = chat.get("id") if isinstance(chat, dict) else None
    return number if type(number) is int else None


def _message(body: Json, chat: int, me: Me) -> StaffEvent:
    if "migrate_to_chat_id" in body:
        return Moved(chat, _number(body, "migrate_to_chat_id"))
    if "migrate_from_chat_id" in body:
        return Moved(_number(body, "migrate_from_chat_id"), chat)
    sender = body.get("from")
    if not isinstance(sender, dict):
        return Nothing()
    for name, closed in (("forum_topic_closed", True), ("forum_topic_reopened", False)):
        if name in body:
            user = _number(sender, "id")
            return Nothing() if user == me.id else Turned(chat, _thread(body), user, closed)
    return _post(body, chat, me, sender)


def _post(body: Json, chat: int, me: Me, sender: Json, *, edited: bool = False) -> StaffEvent:
    by_chat = body.get("sender_chat")
    as_group = isinstance(by_chat, dict) and by_chat.get("id") == chat
    text = _text(body, "text") or _text(body, "caption")
    has_media = any(name in body for name in _MEDIA)
    if (sender.get("is_bot") is True and not as_group) or not (text or has_media):
        return Nothing()
    return Post(
        chat=chat,
        thread=_thread(body),
        message_id=_number(body, "message_id"),
        user=_number(sender, "id"),
        as_group=as_group,
        text=text,
        has_media=has_media,
        answers=_answers(body, me),
        edited=edited,
        command=_command(text, me),
        language_code=_text(sender, "language_code")[:35],
        written_at=None if edited else time_of(body),
    )


def _edited(body: Json, chat: int, me: Me) -> StaffEvent:
    sender = body.get("from")
    return _post(body, chat, me, sender, edited=True) if isinstance(sender, dict) else Nothing()


def _press(body: Json, chat: int, me: Me) -> StaffEvent:
    message, sender = body["message"], body.get("from")
    if not isinstance(sender, dict) or not isinstance(body.get("data"), str):
        return Nothing()
    return Pressed(
        id=_text(body, "id"),
        chat=chat,
        thread=_thread(message),
        message_id=_number(message, "message_id"),
        user=_number(sender, "id"),
        data=body["data"],
        language_code=_text(sender, "language_code")[:35],
    )


def _member(body: Json, chat: int, me: Me) -> StaffEvent:
    member = body.get("new_chat_member")
    user = member.get("user") if isinstance(member, dict) else None
    if not isinstance(member, dict) or not isinstance(user, dict):
        raise Malformed("new_chat_member is no object")
    status = _text(member, "status")
    inside = standing(status) == "in" or (status == "restricted" and member.get("is_member") is True)
    return Nothing() if inside else Gone(chat, _number(user, "id"))


def _mine(body: Json, chat: int, me: Me) -> StaffEvent:
    return Standing(chat)


_READERS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "chat_member": _member,
    "my_chat_member": _mine,
}


def _answers(body: Json, me: Me) -> int:
    """Return the message of ours that is answered. In a topic everything seems to answer the note that began it: that is none."""
    answered = body.get("reply_to_message")
    if not isinstance(answered, dict) or "forum_topic_created" in answered:
        return 0
    author = answered.get("from")
    return _number(answered, "message_id") if isinstance(author, dict) and author.get("id") == me.id else 0


def _command(text: str, me: Me) -> Command | None:
    command = command_in(text)
    return command if command is not None and command.to in ("", me.username.lower()) else None


def _thread(body: Json) -> int:
    # Set on plain replies too: a topic only when Telegram says so.
    return _number(body, "message_thread_id") if body.get("is_topic_message") is True else 0


def _number(data: Json, name: str) -> int:
    value = data.get(name)
    if type(value) is not int or abs(value) >= 1 << 53:
        raise Malformed(f"{name} is no number")
    return value


def _text(data: Json, name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return readable(value)
