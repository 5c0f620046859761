"""The methods of the Bot API for topics, reactions and copies. Errors in the words of Telegram's server, where they are known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.constants import ReactionEmoji

from simulators.telegram.chats import Chat, Json
from simulators.telegram.errors import bad_request
from simulators.telegram.forum import begin, delete
from simulators.telegram.limits import Limits
from simulators.telegram.parameters import Parameters
from simulators.telegram.world import World

LONGEST_NAME = 128
_REACTIONS = frozenset(emoji.value for emoji in ReactionEmoji)
_COLOURS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
_COPIED = ("text", "entities", "caption", "caption_entities", "photo", "voice", "sticker", "document", "video")


class ForumMethods:
    """What a bot can do with topics. `open_chat` returns the chat in which the bot may write, or refuses."""

    def __init__(self, world: World, limits: Limits, open_chat: Callable[[Parameters], Chat]) -> None:
        self._world, self._limits, self._open_chat = world, limits, open_chat
        self.all: dict[str, Callable[[Parameters], Awaitable[Any]]] = {
            "createForumTopic": self.create_forum_topic,
            "editForumTopic": self.edit_forum_topic,
            "closeForumTopic": self.close_forum_topic,
            "reopenForumTopic": self.reopen_forum_topic,
            "deleteForumTopic": self.delete_forum_topic,
            "setMessageReaction": self.set_message_reaction,
            "copyMessage": self.copy_message,
        }

    async def create_forum_topic(self, values: Parameters) -> Json:
        """Begin a topic. Counts as a message."""
        chat = self._forum(values)
        self._require(chat, "can_manage_topics", "create a topic")
        name = _name(values)
        colour = values.get("icon_color", 7322096)
        if int(colour) not in _COLOURS:
            raise bad_request("TOPIC_ICON_INVALID")
        self._limits.take(chat.id)
        message = self._world.bot_says(chat, {"forum_topic_created": {"name": name, "icon_color": int(colour)}})
        return {"message_thread_id": begin(chat, message, name), "name": name, "icon_color": int(colour)}

    async def edit_forum_topic(self, values: Parameters) -> bool:
        """Change the name of a topic. Leaves a message in it."""
        chat, thread = self._topic(values)
        name = _name(values)
        if chat.names.get(thread) == name:
            raise bad_request("TOPIC_NOT_MODIFIED")
        self._limits.take(chat.id)
        chat.names[thread] = name
        self._world.bot_says(chat, {"forum_topic_edited": {"name": name}}, thread=thread)
        return True

    async def close_forum_topic(self, values: Parameters) -> bool:
        """Close a topic: members cannot write in it."""
        return self._turn(values, "closed")

    async def reopen_forum_topic(self, values: Parameters) -> bool:
        """Open a topic again."""
        return self._turn(values, "open")

    async def delete_forum_topic(self, values: Parameters) -> bool:
        """Delete a topic with its messages."""
        chat = self._forum(values)
        self._require(chat, "can_delete_messages", "delete the topic")
        thread = _known(chat, values)
        delete(chat, thread)
        self._world.changed()
        return True

    async def set_message_reaction(self, values: Parameters) -> bool:
        """Put one emoji under a message, or take it away. Assumed not to count as a message: nobody says."""
        chat = self._open_chat(values)
        number = int(values.get("message_id", 0))
        if chat.message(number) is None:
            raise bad_request("message to react not found")
        reaction = values.get("reaction") or []
        if len(reaction) > 1:  # of bots without Premium
            raise bad_request("REACTIONS_TOO_MANY")
        chat.reactions.pop(number, None)
        for one in reaction:
            if one.get("type") != "emoji" or one.get("emoji") not in _REACTIONS:
                raise bad_request("REACTION_INVALID")
            chat.reactions[number] = one["emoji"]
        self._world.changed()
        return True

    async def copy_message(self, values: Parameters) -> Json:
        """Send the content of a message again, without its author."""
        chat = self._open_chat(values)
        source = self._open_chat({"chat_id": values.get("from_chat_id")})
        message = source.message(int(values.get("message_id", 0)))
        if message is None:
            raise bad_request("message to copy not found")
        fields = {name: message[name] for name in _COPIED if name in message}
        if not fields or message.get("has_protected_content"):
            raise bad_request("message can't be copied")
        if values.get("protect_content") is True:
            fields["has_protected_content"] = True
        thread = thread_of(chat, values)
        self._limits.take(chat.id)
        return {"message_id": self._world.bot_says(chat, fields, thread=thread)["message_id"]}

    def _turn(self, values: Parameters, state: str) -> bool:
        chat, thread = self._topic(values)
        if chat.topics[thread] == state:
            raise bad_request("TOPIC_NOT_MODIFIED")
        self._limits.take(chat.id)
        chat.topics[thread] = state
        self._world.bot_says(chat, {"forum_topic_closed" if state == "closed" else "forum_topic_reopened": {}}, thread=thread)
        return True

    def _topic(self, values: Parameters) -> tuple[Chat, int]:
        chat = self._forum(values)
        self._require(chat, "can_manage_topics", "edit the topic")
        return chat, _known(chat, values)

    def _forum(self, values: Parameters) -> Chat:
        chat = self._open_chat(values)
        if chat.type != "supergroup" or not chat.forum:
            raise bad_request("the chat is not a forum")
        return chat

    def _require(self, chat: Chat, right: str, what: str) -> None:
        if not may(chat, right):
            raise bad_request(f"not enough rights to {what}")


def may(chat: Chat, right: str) -> bool:
    """Whether the bot has a right as an admin."""
    return chat.bot == "administrator" and right in chat.rights


def thread_of(chat: Chat, values: Parameters) -> int:
    """Return the topic that a message is for, 0: none. General has no number that could be named."""
    thread = int(values.get("message_thread_id", 0))
    if thread and thread not in chat.topics:
        raise bad_request("message thread not found")
    # That admins may write in a closed topic is what the apps show; whether bots may is assumed.
    if thread and chat.topics[thread] == "closed" and not may(chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread


def _known(chat: Chat, values: Parameters) -> int:
    thread = int(values.get("message_thread_id", 0))
    if thread not in chat.topics:
        raise bad_request("TOPIC_ID_INVALID")
    return thread


def _name(values: Parameters) -> str:
    name = str(values.get("name", "")).strip()
    if not name:
        raise bad_request("title must be non-empty")
    if len(name) > LONGEST_NAME:  # Telegram cuts it off: here a mistake of ours is seen
        raise bad_request("topic title is too long")
    return name
