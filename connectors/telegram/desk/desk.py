"""The desk in Telegram, put together: takes what happens in staff groups, and brings cases there. Off when no group is set."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from telegram.error import TelegramError

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem, Work
from bot.handoff.case_rows import case_of
from bot.inbox.mistakes import log_mistake
from bot.languages import Language
from bot.outbox.pacing import Pace
from connectors.telegram.api import Api
from connectors.telegram.desk import cards, members, rows
from connectors.telegram.desk.acting import Denied
from connectors.telegram.desk.calls import Calls, GroupLost, Later, MessageLost, TopicLost, TopicShut
from connectors.telegram.desk.calls import Refused as CallRefused
from connectors.telegram.desk.cards import Keys
from connectors.telegram.desk.commands import DONE, Commands, is_command
from connectors.telegram.desk.enrolment import enrol, token_in
from connectors.telegram.desk.following import LOOK_S, Following
from connectors.telegram.desk.groups import StaffGroups
from connectors.telegram.desk.lines import Style
from connectors.telegram.desk.presses import After, Presses
from connectors.telegram.desk.relay import Relay
from connectors.telegram.desk.text import Text
from connectors.telegram.desk.updates import Gone, Moved, Post, Pressed, StaffEvent, Standing, Turned, read
from connectors.telegram.language import hinted
from connectors.telegram.updates import Message

logger = logging.getLogger(__name__)

LONGEST_TOAST = 190
_EXPECTED = (TelegramError, Later, GroupLost, TopicLost, TopicShut, MessageLost, CallRefused, DatabaseProblem)


class Desk:
    """Everything of the staff's groups."""

    def __init__(self, api: Api, pace: Pace, services: Services, *, look_s: float = LOOK_S) -> None:
        self._api, self._services = api, services
        self.groups = StaffGroups(api, services.settings)
        self.groups.attach(services)
        self.calls = Calls(api, pace, services.database.cipher, self.groups.moved)
        self.following = Following(self.calls, self.groups, services, look_s=look_s)
        self._relay = Relay(api, services, self)
        self._commands, self._presses = Commands(services), Presses(services)
        self._beside: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is a group."""
        return bool(self.groups.places.configured)

    def state(self) -> str:
        """Return what is wrong with the groups, "" when nothing is."""
        return self.groups.state() if self.is_on else ""

    def start(self) -> None:
        """Begin to follow. Must be called on the event loop."""
        if self.is_on:
            self._task = asyncio.create_task(self.following.run())

    async def stop(self) -> None:
        """End, and let go of what runs beside."""
        self.following.end()
        tasks = [*self._beside, *([self._task] if self._task is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def event_of(self, update: Any) -> StaffEvent | None:
        """Return what an update of a staff group says; None: it is from elsewhere. Raises Malformed."""
        return read(update, self.groups.places.chats, self._api.me)

    async def take(self, event: StaffEvent) -> None:
        """See to what happened in a staff group. Raises DatabaseProblem when it could not be stored: it must come again."""
        if isinstance(event, Post):
            await self._heard(event)
        elif isinstance(event, Pressed):
            await self._pressed(event)
        elif isinstance(event, Turned):
            await self._turned(event)
        elif isinstance(event, Gone):
            await self._gone(event)
        elif isinstance(event, Standing):
            self.groups.look_again()
        elif isinstance(event, Moved):
            await self.groups.moved(event.old, event.new)

    async def enrols(self, message: Message) -> bool:
        """See to a message in a private chat that brings a token of the staff; False: it is about something else."""
        token = token_in(message)
        if token is None:
            return False
        now = self._services.clock()
        key, language, name = await self._services.write(lambda work: enrol(work, token, message.user, now=now))
        spoken = language or hinted(message.language_code) or self._services.settings.language
        text = self._phrase(key, spoken, name=name)
        self.beside(self._say_in_private(message.user, Text(spoken).add(text)))
        return True

    def answer(self, post: Post, key: str, language: Language | None, **values: object) -> None:
        """Say a phrase in reply to a message, in the language of who wrote it."""
        spoken = language or hinted(post.language_code) or self._services.settings.language
        text = Text(spoken).add(self._phrase(key, spoken, **values))
        self.beside(self._say(post.chat, post.thread, text, answers=post.message_id))

    def react(self, post: Post, emoji: str) -> None:
        """Put a reaction under a message."""
        self.beside(self._react(post, emoji))

    def beside(self, act: Coroutine[Any, Any, None]) -> None:
        """Let something run beside, which may fail without harm."""
        task = asyncio.create_task(self._guarded(act))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _guarded(self, act: Coroutine[Any, Any, None]) -> None:
        with contextlib.suppress(*_EXPECTED):
            try:
                await act
            except (*_EXPECTED, asyncio.CancelledError):
                raise
            except Exception as error:
                log_mistake(logger, "a round failed beside the staff group", error)

    async def _heard(self, post: Post) -> None:
        if not is_command(post):
            case_id = await self._relay.heard(post)
            if case_id is not None:
                self._changed(case_id)
            return
        try:
            say, case_id, values = await self._commands.run(post)
        except Denied as denied:
            self._relay.refuse(post, denied)
            return
        if say == "done":
            self.react(post, DONE)
        elif say == "ask":
            self.beside(self._ask(post.chat, post.thread, case_id, answers=post.message_id))
        elif say:
            language: Any = values.pop("language", None)
            self.answer(post, f"answer_{say}", language, **values)
        if case_id:
            self._changed(case_id)

    async def _pressed(self, press: Pressed) -> None:
        try:
            after = await self._presses.pressed(press)
        except Denied as denied:
            language = denied.language or hinted(press.language_code) or self._services.settings.language
            self.beside(self._toast(press, self._phrase(f"deny_{denied.key}", language, **denied.values)))
            return
        spoken: Any = after.language
        self.beside(self._toast(press, self._phrase(after.say, spoken) if after.say else ""))
        if after.prompt:
            self.beside(self._prompt(press, after))
        if after.keys:
            self.beside(self._show_keys(press, after))
        if after.keys not in ("outcome", "department"):  # a card written anew would take the question away
            self._changed(after.case_id)

    async def _show_keys(self, press: Pressed, after: After) -> None:
        """Ask on under the message where the button was."""
        if after.keys in ("card", "none") and after.is_card:
            return  # the next round shows the card as it is
        style = await self._services.read(lambda work: self._style(work, after.case_id))
        keys: dict[str, Keys] = {"outcome": cards.outcome_keys(after.case_id, style)}
        if after.keys == "department":
            keys["department"] = cards.department_keys(after.case_id, after.outcome, style)
        await self.calls.change_keys(press.chat, press.message_id, keys.get(after.keys, ()))

    async def _prompt(self, press: Pressed, after: After) -> None:
        """Ask for a note: a reply to this message is one, and goes nowhere else."""
        style = await self._services.read(lambda work: self._style(work, after.case_id))
        text = Text(style.language).add(style.say("note_prompt", number=f"A{after.case_id}"))
        number = await self.calls.post(press.chat, press.thread, text)
        now = self._services.clock()
        await self._services.write(lambda work: rows.link(work, after.case_id, number, "note", now=now))

    async def _turned(self, event: Turned) -> None:
        """A topic was closed by hand: the case is asked about, or the topic is opened again, as the setting says."""

        def note(work: Work) -> tuple[int, str] | None:
            topic = rows.at(work, event.chat, event.thread)
            if topic is None or topic.case_id is None:
                return None
            state = case_of(work, topic.case_id).state
            rows.save(work, topic.id, state="closed" if event.closed else "open")
            return topic.case_id, state

        found = await self._services.write(note)
        if found is None or found[1] == "closed" or not event.closed:
            return
        asks = self._services.settings.telegram_staff_closed == "ask"
        self.beside(self._ask(event.chat, event.thread, found[0], answers=0) if asks else self._reopen(event, found[0]))

    async def _reopen(self, event: Turned, case_id: int) -> None:
        await self.calls.open_topic(event.chat, event.thread)
        style = await self._services.read(lambda work: self._style(work, case_id))
        await self._say(event.chat, event.thread, Text(style.language).add(style.say("topic_reopened")))
        await self._services.write(lambda work: self._is_open(work, case_id))

    def _is_open(self, work: Work, case_id: int) -> None:
        topic = rows.of_case(work, case_id)
        if topic is not None:
            rows.save(work, topic.id, state="open")

    async def _ask(self, chat: int, thread: int, case_id: int, *, answers: int) -> None:
        style = await self._services.read(lambda work: self._style(work, case_id))
        text = Text(style.language).add(style.say("which_outcome", number=f"A{case_id}"))
        keys = cards.outcome_keys(case_id, style)
        try:
            await self.calls.post(chat, thread, text, keys=keys, answers=answers)
        except TopicShut:
            await self.calls.open_topic(chat, thread)
            await self.calls.post(chat, thread, text, keys=keys, answers=answers)
            await self._services.write(lambda work: self._is_open(work, case_id))

    async def _gone(self, event: Gone) -> None:
        now, phrases = self._services.clock(), self._services.content.current().phrases
        for case_id in await self._services.write(lambda work: members.gone(work, event.user, now=now, phrases=phrases)):
            self._changed(case_id)

    def _changed(self, case_id: int) -> None:
        self.following.look_at(case_id)
        self._services.feed.outgoing.set()

    def _style(self, work: Work, case_id: int) -> Style:
        return self.groups.style(case_of(work, case_id), self._services.content.current())

    async def _say(self, chat: int, thread: int, text: Text, *, answers: int = 0) -> None:
        await self.calls.post(chat, thread, text, answers=answers)

    async def _react(self, post: Post, emoji: str) -> None:
        await self.calls.react(post.chat, post.message_id, emoji)

    async def _toast(self, press: Pressed, text: str) -> None:
        await self._api.bot.answer_callback_query(press.id, text=text[:LONGEST_TOAST] or None)

    async def _say_in_private(self, user: int, text: Text) -> None:
        await self._api.bot.send_message(user, text.text, protect_content=True)

    def _phrase(self, key: str, language: Language, **values: object) -> str:
        return self._services.content.current().phrases.get(f"telegram_desk.{key}", language, **values)
