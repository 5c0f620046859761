"""Reads one update of the Bot API, as JSON, and says what it is. Pure; what is not ours is `Ignored`, never an error.

Nothing is taken from "effective" fields: guest and business messages carry chats of strangers under ids that may look like
those of our patients.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

from bot.messages import InboundKind
from connectors.contract import Malformed
from connectors.readable import readable

Json = dict[str, Any]

ROUTED = ("message", "edited_message", "callback_query", "my_chat_member")
# What Telegram is asked for: who leaves a staff group besides. Elsewhere the bot is no admin and is not told.
ASKED_FOR = (*ROUTED, "chat_member")
# Known and none of our business: counted under their name. Everything else is counted as "unknown".
KNOWN = frozenset(
    [
        *("channel_post", "edited_channel_post", "business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "guest_message", "message_reaction", "message_reaction_count", "inline_query"),
        *("chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer"),
        *("chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "subscription"),
    ]
)
_VOICE = ("voice", "audio", "video_note")
_OTHER = ("video", "animation", "document", "sticker", "location", "venue", "contact", "poll", "dice", "story", "paid_media",
          "checklist", "game", "live_photo")  # fmt: skip
# What parts a command from its words: a blank, a sign, and in Chinese, which is written without blanks, nothing at all.
_PARTED = r"(?:[，,：:。！!？?、；;،؛؟]+|\.+(?=\s|$)|\s|(?=[\u3400-\u9fff]))"
_COMMAND = re.compile(rf"[/／]([A-Za-z0-9_]{{1,32}})(?:@([A-Za-z0-9_]{{3,40}}))?(?:{_PARTED}(.*))?", re.DOTALL)
# What Telegram lets a link carry.
_OF_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LATEST = 253_402_300_799  # the year 9999


@dataclass(frozen=True)
class Me:
    """The bot itself. The id stands in the token; the name is known once Telegram was asked."""

    id: int
    username: str = ""


@dataclass(frozen=True)
class Command:
    """`/name@to rest` at the beginning of a text."""

    name: str
    to: str = ""
    rest: str = ""


@dataclass(frozen=True)
class Message:
    """What somebody wrote in a private chat."""

    update_id: int
    message_id: int
    user: int
    language_code: str
    sent_at: datetime
    kind: InboundKind
    text: str
    edited: bool = False
    album: str = ""


@dataclass(frozen=True)
class GroupMessage:
    """What somebody wrote in a group."""

    update_id: int
    message_id: int
    chat: int
    thread: int | None
    user: int
    as_group: bool  # an admin who writes in the group's own name
    text: str
    to_us: bool  # a command for us, our name, or a reply to us


@dataclass(frozen=True)
class Press:
    """A button under a message of ours. `group`: in a group of this id."""

    id: str
    message_id: int
    user: int
    chat: int
    language_code: str
    data: str
    group: bool
    thread: int | None = None  # the topic of the group


@dataclass(frozen=True)
class Membership:
    """Our own standing in a chat has changed."""

    chat: int
    user: int
    language_code: str
    private: bool
    before: str
    now: str
    at: datetime


@dataclass(frozen=True)
class Migration:
    """A group has another id from now on."""

    old: int
    new: int


@dataclass(frozen=True)
class Ignored:
    """None of our business."""

    kind: str


Event = Message | GroupMessage | Press | Membership | Migration | Ignored


def read(update: Any, me: Me) -> Event:
    """Return what `update` is. Raises Malformed when a field that is needed is missing or of a wrong type."""
    if not isinstance(update, dict):
        raise Malformed("no object")
    update_id = _number(update, "update_id")
    kind = next((name for name in ROUTED if name in update), "")
    if not kind:
        return Ignored(next((name for name in KNOWN if name in update), "unknown"))
    body = _object(update, kind)
    if kind == "callback_query":
        return _press(body)
    if kind == "my_chat_member":
        return _membership(body)
    return _message(body, update_id, me, edited=kind == "edited_message")


def command_in(text: str) -> Command | None:
    """Return the command that `text` begins with, or None."""
    found = _COMMAND.fullmatch(text)
    return None if found is None else Command(found[1].lower(), (found[2] or "").lower(), (found[3] or "").strip())


def words_behind(command: Command) -> str:
    """Return what somebody wrote behind a command; what a link put behind "/start" is nobody's words."""
    return "" if command.name == "start" and _OF_LINK.fullmatch(command.rest) else command.rest


def _message(body: Json, update_id: int, me: Me, *, edited: bool) -> Event:
    chat = _object(body, "chat")
    if chat.get("type") in ("group", "supergroup"):
        return _in_group(body, update_id, _number(chat, "id"), me, edited=edited)
    sender = body.get("from")
    if chat.get("type") != "private" or not isinstance(sender, dict):
        return Ignored("message elsewhere")
    user = _number(sender, "id")
    kind = _kind(body)
    # In a private chat the chat is the person; anything else is forged or of a kind we do not know.
    if sender.get("is_bot") is True or user != _number(chat, "id") or kind is None:
        return Ignored("message of a bot" if sender.get("is_bot") is True else "service message")
    text = _text(body, "text") or _text(body, "caption")
    if not text and (edited or kind in ("text", "forwarded")):
        return Ignored("empty message")
    return Message(
        update_id=update_id,
        message_id=_number(body, "message_id"),
        user=user,
        language_code=_code(sender),
        sent_at=time_of(body, "edit_date" if edited and "edit_date" in body else "date"),
        kind=kind,
        text=text,
        edited=edited,
        album=_text(body, "media_group_id")[:64] if not text else "",
    )


def _kind(body: Json) -> InboundKind | None:
    """Return what kind of message it is; None: a note of Telegram's that nobody wrote."""
    if "forward_origin" in body and (body.get("text") or body.get("caption")):
        return "forwarded"
    if "text" in body:
        return "text"
    if "photo" in body:
        return "image"
    if any(name in body for name in _VOICE):
        return "voice"
    # A caption that came with something invented after this was written.
    return "other" if "caption" in body or any(name in body for name in _OTHER) else None


def _in_group(body: Json, update_id: int, chat: int, me: Me, *, edited: bool) -> Event:
    if "migrate_to_chat_id" in body:
        return Migration(chat, _number(body, "migrate_to_chat_id"))
    if "migrate_from_chat_id" in body:
        return Migration(_number(body, "migrate_from_chat_id"), chat)
    sender = body.get("from")
    text = _text(body, "text") or _text(body, "caption")
    # What a channel posts appears in its group by itself: nobody there has asked.
    if edited or not text or not isinstance(sender, dict) or body.get("is_automatic_forward") is True:
        return Ignored("group message")
    by_chat = body.get("sender_chat")
    if not isinstance(by_chat, dict):
        by_chat = None
    as_group = by_chat is not None and by_chat.get("id") == chat
    if sender.get("is_bot") is True and by_chat is None:
        return Ignored("message of a bot")
    return GroupMessage(
        update_id=update_id,
        message_id=_number(body, "message_id"),
        chat=chat,
        thread=_thread(body),
        # Who writes in the name of a channel of theirs: one sender of Telegram's stands for all of them.
        user=_number(sender if by_chat is None or as_group else by_chat, "id"),
        as_group=as_group,
        text=_without_name(text, me),
        to_us=_is_to_us(body, text, me),
    )


def _thread(message: Json) -> int | None:
    # Set on plain replies too: a topic only when Telegram says so.
    return _number(message, "message_thread_id") if message.get("is_topic_message") is True else None


def _is_to_us(body: Json, text: str, me: Me) -> bool:
    command = command_in(text)
    if command is not None:
        return command.to in ("", me.username.lower())
    if me.username and re.search(rf"(?<!\w)@{re.escape(me.username)}(?!\w)", text, re.IGNORECASE):
        return True
    answered = body.get("reply_to_message")
    if not isinstance(answered, dict) or "forum_topic_created" in answered:  # every message of a topic "replies" to that
        return False
    author = answered.get("from")
    return isinstance(author, dict) and author.get("id") == me.id


def _without_name(text: str, me: Me) -> str:
    if not me.username or command_in(text):
        return text
    return re.sub(rf"(?<!\w)@{re.escape(me.username)}(?!\w)", " ", text, flags=re.IGNORECASE).strip(" ,:，：、\n")


def _press(body: Json) -> Event:
    message, sender = body.get("message"), _object(body, "from")
    if not isinstance(message, dict) or not isinstance(body.get("data"), str):
        return Ignored("button elsewhere")
    chat = _object(message, "chat")
    private = chat.get("type") == "private"
    if not private and chat.get("type") not in ("group", "supergroup"):
        return Ignored("button elsewhere")
    return Press(
        id=_text(body, "id"),
        message_id=_number(message, "message_id"),
        user=_number(sender, "id"),
        chat=_number(chat, "id"),
        language_code=_code(sender),
        data=body["data"],
        group=not private,
        thread=_thread(message),
    )


def _membership(body: Json) -> Event:
    chat, sender = _object(body, "chat"), _object(body, "from")
    kind = chat.get("type")
    if kind not in ("private", "group", "supergroup"):
        return Ignored("member of a channel")
    return Membership(
        chat=_number(chat, "id"),
        user=_number(sender, "id"),
        language_code=_code(sender),
        private=kind == "private",
        before=_status(body, "old_chat_member"),
        now=_status(body, "new_chat_member"),
        at=time_of(body),
    )


def _status(body: Json, name: str) -> str:
    member = _object(body, name)
    # "restricted" is in or out, by a flag of its own.
    if member.get("status") == "restricted":
        return "member" if member.get("is_member") is True else "left"
    return _text(member, "status")


def _object(data: Json, name: str) -> Json:
    value = data.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is no object")
    return value


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


def _code(sender: Json) -> str:
    value = sender.get("language_code")
    return value[:35] if isinstance(value, str) else ""


def time_of(data: Json, name: str = "date") -> datetime:
    """Return the moment that a field holds. Raises Malformed."""
    seconds = _number(data, name)
    if not 0 <= seconds <= _LATEST:
        raise Malformed(f"{name} is no time")
    return datetime.fromtimestamp(seconds, timezone.utc)


Standing = Literal["in", "out"]


def standing(status: str) -> Standing:
    """Return whether somebody with this status is in the chat."""
    return "in" if status in ("member", "administrator", "creator") else "out"
