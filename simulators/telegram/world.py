"""People, chats and messages, and what people do. Each deed becomes the updates that Telegram would make of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from simulators.clock import ScaledClock
from simulators.telegram.chats import TOLD, Chat, Json, Person, Query
from simulators.telegram.delivery import Delivery

_COMMAND = re.compile(r"(?<!\S)/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?")
_MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{4,32})")
ONLY_FOR_ADMINS = frozenset({"chat_member", "message_reaction"})
QUERY_LASTS_S = 60.0  # assumed: nobody publishes how long a pressed button waits for its answer


class World:
    """Everything of one bot."""

    def __init__(self, clock: ScaledClock, delivery: Delivery, *, username: str, bot_id: int, reads_all: bool = False) -> None:
        self.clock, self.delivery = clock, delivery
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Guide", "username": username}
        self.reads_all = reads_all
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.version = 0  # grows with every change: the page looks at it
        self._people, self._groups = itertools.count(7_000_001), itertools.count(1)
        self._messages, self._queries = itertools.count(101), itertools.count(4_000_000_000_000_001)

    def began_at(self, seconds: int) -> None:
        """Give people numbers of this run alone: a bot that remembers another run takes nobody for somebody it knows."""
        self._people = itertools.count(7_000_001 + seconds)

    # What people are and do.

    def person(self, name: str, language_code: str = "en") -> Person:
        """Return a new person."""
        person = Person(next(self._people), name, language_code)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", name)
        self.version += 1
        return person

    def group(self, title: str, *admins: Person, kind: str = "supergroup", forum: bool = False) -> Chat:
        """Return a new group without the bot; a `forum` has topics."""
        number = next(self._groups)
        chat_id = -number if kind == "group" else -1_000_000_000_000 - number
        chat = Chat(chat_id, kind, title, {person.id for person in admins}, forum=forum)
        self.chats[chat.id] = chat
        self.version += 1
        return chat

    def says(
        self, person: Person, text: str, chat: Chat | None = None, *, reply_to: int = 0, thread: int = 0, **more: Any
    ) -> Json:
        """Let `person` write `text` in `chat` (None: to the bot). `more`: further fields of the message."""
        fields: Json = {"text": text, **more} if text else more
        return self.written(person, chat or self._private(person), fields, reply_to=reply_to, thread=thread)

    def starts(self, person: Person, payload: str = "") -> Json:
        """Let `person` open the bot, maybe by a link."""
        return self.says(person, f"/start {payload}".strip())

    def sends_photo(self, person: Person, caption: str = "", chat: Chat | None = None, **more: Any) -> Json:
        """Let `person` send a picture."""
        photo = [{"file_id": "AgAD", "file_unique_id": "AQAD", "width": 90, "height": 90}]
        words: Json = {"caption": caption} if caption else {}
        return self.says(person, "", chat, photo=photo, **words, **more)

    def sends_voice(self, person: Person, chat: Chat | None = None) -> Json:
        """Let `person` send a voice message."""
        return self.says(person, "", chat, voice={"file_id": "AwAC", "file_unique_id": "AgAC", "duration": 3})

    def sends_sticker(self, person: Person, chat: Chat | None = None) -> Json:
        """Let `person` send a sticker."""
        kind = {"file_id": "CAAC", "file_unique_id": "AgAD", "type": "regular", "width": 512, "height": 512}
        return self.says(person, "", chat, sticker={**kind, "is_animated": False, "is_video": False, "emoji": "👍"})

    def forwards(self, person: Person, text: str, origin: str = "Aunt") -> Json:
        """Let `person` forward somebody's words."""
        source = {"type": "hidden_user", "sender_user_name": origin, "date": self.date()}
        return self.says(person, text, forward_origin=source)

    def edits(self, person: Person, chat: Chat, number: int, text: str) -> None:
        """Let `person` change an own message."""
        message = chat.message(number)
        if message is None or message["from"]["id"] != person.id:
            raise LookupError("no such message of this person")
        message["caption" if "caption" in message else "text"] = text
        message["edit_date"] = self.date()
        self.emit("edited_message", message, ("message", chat.id), chat)

    def presses(self, person: Person, chat: Chat, number: int, data: str) -> str:
        """Let `person` press a button with `data` (forged, when the message has none such); returns the query's id."""
        message = chat.message(number)
        if message is None:
            raise LookupError("no such message")
        query_id = str(next(self._queries))
        self.queries[query_id] = Query(person.id, self.clock.now())
        body = {"id": query_id, "from": person.json(), "chat_instance": str(chat.id), "message": dict(message), "data": data}
        self.emit("callback_query", body, ("user", person.id), chat)
        return query_id

    def blocks(self, person: Person) -> None:
        """Let `person` block the bot."""
        person.blocked = True
        self._my_member(person, self._private(person), "member", "kicked")

    def unblocks(self, person: Person) -> None:
        """Let `person` unblock the bot."""
        person.blocked = False
        self._my_member(person, self._private(person), "kicked", "member")

    def adds_bot(self, person: Person, chat: Chat, status: str = "member") -> None:
        """Let `person` add the bot to a group, or give it another standing there: administrator, kicked, left."""
        before, chat.bot = chat.bot, status
        self._my_member(person, chat, before, status)

    def moves(self, chat: Chat) -> Chat:
        """Let a group become a supergroup with another id."""
        moved = self.group(chat.title)
        moved.admins, moved.bot, moved.topics, moved.rights = chat.admins, chat.bot, chat.topics, chat.rights
        moved.forum, chat.moved_to = chat.forum, moved.id
        somebody = next(iter(self.people.values()))
        self.written(somebody, chat, {"migrate_to_chat_id": moved.id}, service=True)
        self.written(somebody, moved, {"migrate_from_chat_id": chat.id}, service=True)
        return moved

    def reacts(self, person: Person, chat: Chat, number: int) -> None:
        """Let `person` put a reaction under a message. In a group only a bot that is an admin is told, if it asked to be."""
        body = {"chat": self.chat_json(chat), "message_id": number, "user": person.json(), "date": self.date()}
        new = [{"type": "emoji", "emoji": "👍"}]
        self.emit("message_reaction", {**body, "old_reaction": [], "new_reaction": new}, ("reaction", chat.id), chat)

    # What the bot does.

    def bot_says(self, chat: Chat, fields: Json, *, thread: int = 0, reply_to: int = 0) -> Json:
        """Add a message of the bot."""
        message = {"message_id": self._number(), "from": self.bot, "chat": self.chat_json(chat), "date": self.date(), **fields}
        message |= self.placed(chat, reply_to=reply_to, thread=thread)
        chat.messages.append(message)
        chat.last_bot_spoke = True
        self.version += 1
        return message

    def placed(self, chat: Chat, *, reply_to: int, thread: int) -> Json:
        """Return the fields that say where a message stands.

        In a topic whatever answers nothing "answers" the message that began it; outside of forums an answer is in a
        thread as well, of a number that no method takes.
        """
        answered = chat.message(reply_to or thread)
        fields: Json = {}
        if answered is not None:
            fields["reply_to_message"] = {name: value for name, value in answered.items() if name != "reply_to_message"}
        if thread:
            fields |= {"message_thread_id": thread, "is_topic_message": True}
        elif answered is not None and chat.type == "supergroup":
            fields["message_thread_id"] = answered.get("message_thread_id", answered["message_id"])
        return fields

    def changed(self) -> None:
        """Let the page look again."""
        self.version += 1

    def bot_messages(self) -> Iterator[tuple[Chat, Json]]:
        """Yield all messages of the bot."""
        for chat in self.chats.values():
            for message in chat.messages:
                if message["from"]["id"] == self.bot["id"]:
                    yield chat, message

    def written(
        self, person: Person, chat: Chat, fields: Json, *, reply_to: int = 0, thread: int = 0, service: bool = False
    ) -> Json:
        """Add what `person` writes, or causes: a `service` message. The bot is told when it may see it."""
        message: Json = {"message_id": self._number(), "from": person.json(), "chat": self.chat_json(chat), "date": self.date()}
        message |= fields
        message |= self.placed(chat, reply_to=reply_to, thread=thread)
        if "forum_topic_created" in fields:
            message |= {"message_thread_id": message["message_id"], "is_topic_message": True}
        text = fields.get("text") or fields.get("caption") or ""
        entities = _entities(text)
        if entities:
            message["entities" if "text" in fields else "caption_entities"] = entities
        chat.messages.append(message)
        self.version += 1
        if chat.type == "private":
            person.started = True
            if person.blocked:  # writing to a blocked bot unblocks it
                self.unblocks(person)
        if service or self._bot_sees(chat, message, text):
            self.emit("message", dict(message), ("message", chat.id), chat)
        return message

    def _bot_sees(self, chat: Chat, message: Json, text: str) -> bool:
        """Whether a bot in privacy mode gets this message: not a mere mention of its name."""
        if chat.type == "private" or self.reads_all or chat.bot == "administrator":
            return True
        if chat.bot != "member":
            return False
        command = _COMMAND.match(text)
        if command is not None:
            to = (command[2] or "").lower()
            return to == self.bot["username"].lower() or (not to and chat.last_bot_spoke)
        answered = message.get("reply_to_message")
        return answered is not None and answered["from"]["id"] == self.bot["id"]

    def _my_member(self, person: Person, chat: Chat, before: str, now: str) -> None:
        body = {
            "chat": self.chat_json(chat),
            "from": person.json(),
            "date": self.date(),
            "old_chat_member": self.member(self.bot, before, chat.rights),
            "new_chat_member": self.member(self.bot, now, chat.rights),
        }
        self.version += 1
        self.emit("my_chat_member", body, ("my_member", chat.id), chat)

    def standing(self, chat: Chat, person: Person) -> str:
        """Return what somebody is in a group."""
        return chat.members.get(person.id, "administrator" if person.id in chat.admins else "member")

    def member(self, user: Json, status: str, rights: Iterable[str] = ()) -> Json:
        """Return the ChatMember object."""
        allowed = {**dict.fromkeys(TOLD, False), **dict.fromkeys(rights, True)} if status == "administrator" else {}
        special: dict[str, Json] = {"kicked": {"until_date": 0}, "creator": {"is_anonymous": False}}
        return {"user": user, "status": status, **special.get(status, allowed)}

    def emit(self, kind: str, body: Json, key: tuple[str, int], chat: Chat) -> None:
        """Let Telegram tell the bot, where it is told: who comes and goes, and reactions, only as an admin."""
        standing = ("administrator",) if kind in ONLY_FOR_ADMINS else ("member", "administrator")
        always = kind == "my_chat_member" or any("migrate" in name for name in body)
        if chat.type == "private" or chat.bot in standing or always:
            self.delivery.add(kind, body, key)

    def _private(self, person: Person) -> Chat:
        return self.chats[person.id]

    def chat_json(self, chat: Chat) -> Json:
        """Return the Chat object."""
        if chat.type == "private":
            return {"id": chat.id, "type": "private", "first_name": chat.title}
        known = {"id": chat.id, "type": chat.type, "title": chat.title}
        return {**known, "is_forum": True} if chat.forum or chat.topics else known

    def _number(self) -> int:
        return next(self._messages)

    def date(self) -> int:
        """Return the time as Telegram tells it."""
        return int(self.clock.now())


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _entities(text: str) -> list[Json]:
    found = [("bot_command", match) for match in _COMMAND.finditer(text)] + [
        ("mention", match) for match in _MENTION.finditer(text)
    ]
    return [
        {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(match.group())}
        for kind, match in sorted(found, key=lambda one: one[1].start())
        if kind == "bot_command" or not text[: match.start()].endswith("/")
    ]
