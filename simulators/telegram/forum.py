"""What people do in groups with topics, and who comes and goes. Telegram tells a bot of no deletion: neither does this."""

from __future__ import annotations

from typing import Any

from simulators.telegram.chats import Chat, Json, Person
from simulators.telegram.world import World

# Who writes in a group's own name, as Telegram shows it to bots.
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class Forum:
    """Deeds of people in groups. A deed that the app does not offer raises LookupError."""

    def __init__(self, world: World) -> None:
        self._world = world

    def opens_topic(self, person: Person, chat: Chat, name: str) -> int:
        """Let `person` begin a topic; returns its number."""
        message = self._world.written(person, chat, {"forum_topic_created": {"name": name, "icon_color": 7322096}}, service=True)
        return begin(chat, message, name)

    def closes_topic(self, person: Person, chat: Chat, thread: int) -> None:
        """Let an admin close a topic."""
        self._turned(person, chat, thread, "closed")

    def reopens_topic(self, person: Person, chat: Chat, thread: int) -> None:
        """Let an admin open a topic again."""
        self._turned(person, chat, thread, "open")

    def deletes_topic(self, person: Person, chat: Chat, thread: int) -> None:
        """Let an admin delete a topic with all its messages."""
        self._admin(person, chat)
        _known(chat, thread)
        delete(chat, thread)
        self._world.changed()

    def writes(self, person: Person, chat: Chat, text: str, *, thread: int = 0, reply_to: int = 0, **more: Any) -> Json:
        """Let `person` write in a topic (0: General), as far as the app lets them."""
        if self._world.standing(chat, person) in ("left", "kicked"):
            raise LookupError("not in this group")
        if thread:
            _known(chat, thread)
            if chat.topics[thread] == "closed" and person.id not in chat.admins:
                raise LookupError("this topic is closed")
        return self._world.says(person, text, chat, reply_to=reply_to, thread=thread, **more)

    def writes_as_group(self, person: Person, chat: Chat, text: str, *, thread: int = 0, reply_to: int = 0) -> Json:
        """Let an admin write in the group's own name: the bot cannot know who it was."""
        self._admin(person, chat)
        disguise = {"from": ANONYMOUS, "sender_chat": self._world.chat_json(chat)}
        return self.writes(person, chat, text, thread=thread, reply_to=reply_to, **disguise)

    def joins(self, person: Person, chat: Chat) -> None:
        """Let `person` come in (again)."""
        before = self._world.standing(chat, person)
        chat.members.pop(person.id, None)
        self._moved(person, chat, before if before in ("left", "kicked") else "left", self._world.standing(chat, person))

    def leaves(self, person: Person, chat: Chat) -> None:
        """Let `person` leave."""
        before = self._world.standing(chat, person)
        chat.members[person.id] = "left"
        self._world.written(person, chat, {"left_chat_member": person.json()}, service=True)
        self._moved(person, chat, before, "left")

    def is_kicked(self, person: Person, chat: Chat, by: Person) -> None:
        """Let an admin throw `person` out."""
        self._admin(by, chat)
        before = self._world.standing(chat, person)
        chat.members[person.id] = "kicked"
        self._moved(person, chat, before, "kicked", by=by)

    def deletes_message(self, person: Person, chat: Chat, number: int) -> None:
        """Let `person` delete a message; no bot is told."""
        message = chat.message(number)
        if message is None or (message["from"]["id"] != person.id and person.id not in chat.admins):
            raise LookupError("no such message of this person")
        chat.messages.remove(message)
        self._world.changed()

    def _turned(self, person: Person, chat: Chat, thread: int, state: str) -> None:
        self._admin(person, chat)
        _known(chat, thread)
        if chat.topics[thread] == state:
            raise LookupError(f"the topic is {state} already")
        chat.topics[thread] = state
        name = "forum_topic_closed" if state == "closed" else "forum_topic_reopened"
        self._world.written(person, chat, {name: {}}, thread=thread, service=True)

    def _moved(self, person: Person, chat: Chat, before: str, now: str, *, by: Person | None = None) -> None:
        world = self._world
        body = {"chat": world.chat_json(chat), "from": (by or person).json(), "date": world.date()}
        for name, status in (("old_chat_member", before), ("new_chat_member", now)):
            body[name] = world.member(person.json(), status)
        world.changed()
        world.emit("chat_member", body, ("chat_member", person.id), chat)

    def _admin(self, person: Person, chat: Chat) -> None:
        if person.id not in chat.admins:
            raise LookupError("only admins can do that")


def begin(chat: Chat, message: Json, name: str) -> int:
    """Let `message` begin a topic; returns its number, which is the message's."""
    thread = int(message["message_id"])
    message |= {"message_thread_id": thread, "is_topic_message": True}
    chat.topics[thread], chat.names[thread] = "open", name
    return thread


def delete(chat: Chat, thread: int) -> None:
    """Let a topic be gone, with all that was written in it."""
    del chat.topics[thread]
    chat.names.pop(thread, None)
    chat.messages = [message for message in chat.messages if message.get("message_thread_id") != thread]


def _known(chat: Chat, thread: int) -> None:
    if thread not in chat.topics:
        raise LookupError("no such topic")
