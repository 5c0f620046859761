"""Groups: quiet when not called, general questions answered for all, everything about a body led to the private chat.

What is written in a group is read in memory and never stored. An answer is stored in the outbox before the update is
acknowledged, so nothing is lost; the key of the update makes a second delivery do nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.bootstrap import Services
from bot.content.load import Content
from bot.database.engine import Work
from bot.knowledge.answers import answer_reply
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.messages import Button, Reply
from bot.outbox.compose import compose
from bot.outbox.store import ANSWER, EMERGENCY, Place, enqueue
from bot.triage.hotlines import emergency_number
from connectors.telegram import group_rows
from connectors.telegram.api import Api
from connectors.telegram.group_rows import CHANNEL, Group
from connectors.telegram.language import hinted
from connectors.telegram.public_answers import Library, judge
from connectors.telegram.sender import DOOR
from connectors.telegram.updates import GroupMessage, Membership, Migration, Press, command_in, standing, words_behind

# "In private, please" is said to one person once in this time; it is the same sentence every time.
SAID_AGAIN_AFTER_S = 600.0
MOST_KEPT = 10_000
LISTED = 8
# Of the private chat; who writes one in a group is shown the way there.
PERSONAL = frozenset({"nurse", "privacy", "mydata", "delete", "link", "unlink"})
_FAQ, _LANGUAGE, _TOPIC = "faq:", "language:", "topic:"


@dataclass(frozen=True)
class Said:
    """A reply for a group with the key under which it is stored once."""

    reply: Reply
    key: str
    priority: int = ANSWER


class Groups:
    """Everything that happens in groups."""

    def __init__(self, api: Api, services: Services, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._api, self._services, self._seconds = api, services, seconds
        self._library = Library()
        self._sent_away: OrderedDict[tuple[int, int], float] = OrderedDict()

    async def heard(self, message: GroupMessage) -> None:
        """Answer a message in a group, if it is for us."""
        if not message.to_us:
            return
        group = await self._group(message.chat)
        command = command_in(message.text)
        thread = message.thread
        key = f"group:{group.id}:{message.update_id}.{message.message_id}"
        if command is not None and command.name in ("language", "topics"):
            if await self._is_admin(message.chat, message.user, as_group=message.as_group):
                await self._say(group, Said(self._setting(command.name, group), key), thread)
            else:
                await self._say(group, Said(self._text(group, "group_only_admins"), key), thread)
        elif command is not None and command.name in ("start", "help") and not words_behind(command):
            await self._say(group, Said(self._introduction(group), key), thread)
        elif command is not None and not command.rest:
            if command.name == "faq":
                await self._say(group, Said(self._list(group), key), thread)
            elif command.name in PERSONAL:
                await self._lead_away(group, message, key)
        else:
            question = message.text if command is None else command.rest
            await self._answer(group, message, question, key)

    async def pressed(self, press: Press) -> str:
        """Do what a button in a group says; returns the words for the one who pressed it, "" for none."""
        group = await self._group(press.chat)
        if press.data.startswith(_FAQ):
            entry = press.data.removeprefix(_FAQ)
            known = self._content().knowledge.by_id.get(entry)
            if known is None or not group.answers(known.category):
                return self._phrase(group.language, "old_button")
            said = Said(self._entry(entry, group.language), f"group:{group.id}:{press.message_id}:{entry}")
            await self._say(group, said, press.thread)
            return ""
        if not await self._is_admin(press.chat, press.user):
            return self._phrase(group.language, "group_only_admins")
        done = await self._change(group, press)
        return done or self._phrase(group.language, "old_button")

    async def joined(self, change: Membership) -> None:
        """Introduce ourselves on joining, ask not to be an admin, and remember when we are gone."""
        if standing(change.now) == "out":
            await self._services.write(lambda work: group_rows.left(work, change.chat))
            return
        was_out = standing(change.before) == "out"
        group = await self._group(change.chat, language=hinted(change.language_code))
        key = f"group:{group.id}:{int(change.at.timestamp())}"
        if was_out:
            await self._say(group, Said(self._introduction(group), f"{key}:joined"))
        if change.now == "administrator" and change.before != "administrator":
            await self._say(group, Said(self._text(group, "group_admin"), f"{key}:admin"))

    async def moved(self, migration: Migration) -> None:
        """Know the group under its new id."""
        await self._services.write(lambda work: group_rows.move(work, migration.old, migration.new))

    async def _answer(self, group: Group, message: GroupMessage, question: str, key: str) -> None:
        content = self._content()
        verdict = await asyncio.to_thread(
            judge, question, group.language, content=content, library=self._library, answered=group.answers
        )
        if verdict.what == "danger":
            region = None  # nobody knows where a member of a group is
            number = emergency_number(region, group.language, tables=content.triage)
            text = f"{self._phrase(group.language, 'group_danger', emergency=number)}\n{self._phrase(group.language, 'group_private')}"
            await self._say(group, Said(Reply(text, "emergency", (self._door(group),)), key, EMERGENCY), message.thread)
        elif verdict.what == "private":
            await self._lead_away(group, message, key)
        elif verdict.what == "answer":
            await self._say(group, Said(self._entry(verdict.entries[0], group.language), key), message.thread)
        else:
            buttons = tuple(self._question(entry, group.language) for entry in verdict.entries)
            text = content.phrases.get("knowledge.did_you_mean", group.language)
            await self._say(group, Said(Reply(text, "question", (*buttons, self._door(group))), key), message.thread)

    async def _lead_away(self, group: Group, message: GroupMessage, key: str) -> None:
        if not self._was_sent_away(group.id, message.user):
            await self._say(group, Said(self._text(group, "group_private", door=True), key), message.thread)
            self._note_sent_away(group.id, message.user)  # only now: what was not stored comes again

    def _was_sent_away(self, group: int, user: int) -> bool:
        return self._seconds() - self._sent_away.get((group, user), float("-inf")) < SAID_AGAIN_AFTER_S

    def _note_sent_away(self, group: int, user: int) -> None:
        self._sent_away[group, user] = self._seconds()
        self._sent_away.move_to_end((group, user))
        if len(self._sent_away) > MOST_KEPT:
            self._sent_away.popitem(last=False)

    async def _change(self, group: Group, press: Press) -> str:
        """Change a setting of the group; returns what to say, "" when the button means nothing (any more)."""
        chosen = next((language for language in LANGUAGES if press.data == f"{_LANGUAGE}{language}"), None)
        if chosen is not None:
            await self._services.write(lambda work: group_rows.change(work, group.id, language=chosen))
            return self._phrase(chosen, "group_language_set")
        topic = press.data.removeprefix(_TOPIC)
        every = _categories(self._content())
        if not press.data.startswith(_TOPIC) or topic not in every:
            return ""
        topics = (every if group.topics is None else group.topics & every) ^ {topic}
        await self._services.write(lambda work: group_rows.set_topics(work, group.id, topics))
        return self._names(topics, group.language)[:190]

    async def _is_admin(self, chat: int, user: int, *, as_group: bool = False) -> bool:
        if as_group:  # only admins can write in the group's own name
            return True
        try:
            member = await self._api.bot.get_chat_member(chat, user)
        except TelegramError:
            return False
        return member.status in ("creator", "administrator")

    async def _group(self, chat: int, *, language: Language | None = None) -> Group:
        known = await self._services.read(lambda work: group_rows.find(work, chat))
        if known is not None and known.state == "active":
            return known
        spoken, now = language or self._services.settings.language, self._services.clock()
        return await self._services.write(lambda work: group_rows.ensure(work, chat, language=spoken, now=now))

    async def _say(self, group: Group, said: Said, thread: int | None = None) -> None:
        message = compose(said.reply, group.language, phrases=self._content().phrases)
        place = Place("", CHANNEL, group_id=group.id, thread="" if thread is None else str(thread))
        now = self._services.clock()

        def store(work: Work) -> None:
            enqueue(work, place, message, dedupe_key=said.key, now=now, priority=said.priority)

        await self._services.write(store)
        self._services.feed.outgoing.set()

    def _introduction(self, group: Group) -> Reply:
        return self._text(group, "group_introduction", door=True)

    def _setting(self, name: str, group: Group) -> Reply:
        if name == "language":
            buttons = tuple(Button(OWN_NAMES[language], f"{_LANGUAGE}{language}") for language in LANGUAGES)
            return Reply(self._phrase(group.language, "group_which_language"), "question", buttons)
        every = _categories(self._content())
        on = every if group.topics is None else group.topics & every
        buttons = tuple(Button(self._names({topic}, group.language), f"{_TOPIC}{topic}") for topic in sorted(every))
        return Reply(self._phrase(group.language, "group_topics", topics=self._names(on, group.language)), "question", buttons)

    def _list(self, group: Group) -> Reply:
        entries = [entry for entry in self._content().knowledge.by_id.values() if group.answers(entry.category)]
        # General matters of the hospital before rumours, which the pack keeps in alphabetical files.
        entries.sort(key=lambda entry: entry.kind == "rumour")
        buttons = tuple(self._question(entry.id, group.language) for entry in entries[:LISTED])
        return Reply(self._phrase(group.language, "group_faq"), "question", (*buttons, self._door(group)))

    def _question(self, entry: str, language: Language) -> Button:
        title = self._content().knowledge.by_id[entry].questions[language][0]
        return Button(title[:1].upper() + title[1:], f"{_FAQ}{entry}")

    def _entry(self, entry: str, language: Language) -> Reply:
        content = self._content()
        reply = answer_reply(entry, language, entries=content.knowledge, phrases=content.phrases)
        # "Did this help?" and "a nurse" are for one person: in a group there is only the door.
        return Reply(reply.text, buttons=(self._door_in(language),))

    def _text(self, group: Group, key: str, *, door: bool = False) -> Reply:
        return Reply(self._phrase(group.language, key), "notice", (self._door(group),) if door else ())

    def _door(self, group: Group) -> Button:
        return self._door_in(group.language)

    def _door_in(self, language: Language) -> Button:
        return Button(self._phrase(language, "group_button"), DOOR)

    def _names(self, topics: frozenset[str] | set[str], language: Language) -> str:
        if not topics:
            return self._phrase(language, "topic_none")
        texts = self._content().phrases.texts
        named = (texts.get(f"telegram.topic_{topic.replace('-', '_')}", {}).get(language, topic) for topic in sorted(topics))
        return ("、" if language.startswith("zh") else "، " if language == "ar" else ", ").join(named)

    def _phrase(self, language: Language, key: str, **values: object) -> str:
        return self._content().phrases.get(f"telegram.{key}", language, **values)

    def _content(self) -> Content:
        return self._services.content.current()


def _categories(content: Content) -> frozenset[str]:
    return frozenset(entry.category for entry in content.knowledge.by_id.values())
