"""The answer to a request of WeChat, within its five seconds: the message is stored, and what is said to it becomes the reply.

WeChat asks three times in all, and gives up. So what is late is pushed where the account may push; where it may not, the first
requests are left without an answer, the last one says "reply 1", and the answer waits until they do. All that has to be known
for that stands in the database: the next request may come to another process, or to this one after a crash.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.inbox import conversations
from bot.languages import LANGUAGES, Language, detect
from bot.messages import Inbound, Reply
from bot.outbox import waiting
from bot.outbox.compose import compose
from bot.outbox.pacing import Pace
from bot.outbox.store import EMERGENCY
from bot.outbox.waiting import Waiting
from bot.triage.hotlines import emergency_number
from connectors.numbered import choice_at, chosen, number_meant
from connectors.right_to_left import for_reading
from connectors.wechat import turns
from connectors.wechat.desk import Desk, wants_a_person
from connectors.wechat.incoming import CHANNEL, Event, Followed, Said, Tapped, inbound_of
from connectors.wechat.rendering import Filled, Look, Style, choice_of, fill, with_line

# An answer that waits longer is announced as one to something said before.
EARLIER_AFTER = timedelta(minutes=10)
SHOW = frozenset(["1", "继续", "繼續", "查看", "more", "weiter", "المزيد"])
# What entries of the menu say in the person's name.
MENU = {"department": "wechat.word_department", "faq": "wechat.word_faq", "nurse": "wechat.word_nurse"}
MOST_TRIES = 3
# How often and long it is looked whether an answer to the same message has just left.
LOOKS, LOOK_S = 6, 0.05


@dataclass(frozen=True)
class Timing:
    """WeChat hangs up after five seconds; `patience_s` is when we answer at the latest."""

    patience_s: float = 4.5

    @property
    def gone_s(self) -> float:
        """By then WeChat has hung up: 6 s."""
        return self.patience_s * 4 / 3

    @property
    def two_tries(self) -> timedelta:
        """A message that old is asked about for the last time, or nearly: 9 s."""
        return timedelta(seconds=self.patience_s * 2)

    @property
    def last_try(self) -> timedelta:
        """A message that old is asked about for the last time: 12 s, between the second and the third deadline."""
        return timedelta(seconds=self.patience_s * 8 / 3)

    @property
    def awaited(self) -> timedelta:
        """After this no request for a message comes any more, not even a fourth one: 21 s."""
        return timedelta(seconds=self.patience_s * 14 / 3)


@dataclass(frozen=True)
class Answered:
    """What a request is answered with. `reply` is "" for WeChat's silent "success"."""

    external_id: str
    conversation_id: str = ""
    reply: str = ""
    until: datetime | None = None  # the conversation is awaited until then
    to_desk: bool = False  # WeChat's own customer service takes over


class LeftOpen(Exception):
    """This request gets no answer: WeChat will ask again."""


@dataclass(frozen=True)
class _Request:
    """One request that is being answered. `message_id` is None when something held back is asked for."""

    event: Event
    conversation_id: str
    message_id: int | None
    began: float  # monotonic
    until: datetime
    look_at_once: bool = False
    desk_is_open: bool = False


@dataclass(frozen=True)
class _Known:
    """What is known before a message is stored."""

    conversation_id: str = ""
    language: Language | None = None
    turn: turns.Turn | None = None
    is_silent: bool = False  # they have followed or scanned, and said nothing yet: their language is a guess of ours
    shows: bool = False
    title: str = ""
    payload: str = ""


class Answering:
    """Answers requests. `may_push` says whether the account may write by itself, as far as is known."""

    def __init__(
        self,
        services: Services,
        *,
        may_push: Callable[[], bool],
        pace: Callable[[], Pace],
        desk: Desk,
        look: Look,
        timing: Timing,
    ) -> None:
        self._services, self._may_push, self._pace = services, may_push, pace
        self._desk, self._look, self._timing = desk, look, timing

    async def said(self, said: Said, *, began: float) -> Answered:
        """Store a message and return the answer to it. Raises LeftOpen, or DatabaseProblem when it could not be stored."""
        message = inbound_of(said)
        if message is None:
            return Answered(said.external_id)
        known = await self._services.read(lambda work: self._before(work, said))
        if known.turn is not None and known.turn.reply is not None:
            return await self._repeat(said, known.turn, began)
        if known.shows:
            return await self._wait(self._request(said, known.conversation_id, None, began))
        if known.is_silent and any(map(str.isalpha, message.text)):
            message = replace(message, language=detect(message.text, None))
        if known.payload:
            message = replace(message, text=known.title, payload=known.payload, kind="button")
        return await self._store(said, message, began)

    async def followed(self, followed: Followed, *, began: float) -> Answered:
        """Greet somebody who follows or has scanned a code of ours, in all languages when they are new."""
        message = Inbound(CHANNEL, followed.external_id, followed.person, "", followed.at, kind="scan", scene=followed.code)
        answered = await self._found(followed, began) or await self._store(followed, message, began)
        if not followed.is_new or not answered.reply:
            return answered
        phrases = self._services.content.current().phrases
        lines = "\n".join(for_reading(phrases.get("wechat.follow", language), language) for language in LANGUAGES)
        return replace(answered, reply=with_line(answered.reply, lines))

    async def tapped(self, tapped: Tapped, *, began: float) -> Answered | None:
        """Say what an entry of the menu says, in the person's language; None: no entry of ours."""
        if tapped.key not in MENU:
            return None
        found = await self._found(tapped, began)
        if found is not None:
            return found
        known = await self._services.read(lambda work: conversations.of_sender(work, CHANNEL, tapped.person))
        language = self._services.settings.language if known is None else known.language
        text = self._services.content.current().phrases.get(MENU[tapped.key], language)
        message = Inbound(CHANNEL, tapped.external_id, tapped.person, text, tapped.at, language=language)
        return await self._store(tapped, message, began)

    async def has_left(self, answered: Answered, at: datetime) -> None:
        """The answer went out: what it holds is sent, and what is still to come may go its own way.

        `at` is when it began to leave: whoever asks after that has not heard it, whoever asked before is a double.
        """
        if not answered.conversation_id:
            return

        def run(work: Work) -> None:
            turns.shown(work, answered.external_id, now=at)
            waiting.let_go(work, answered.conversation_id, awaited_until=answered.until or at)

        if answered.reply:
            self._pace().took(answered.conversation_id)  # what is pushed next must not arrive before it
        await self._services.write(run)
        self._services.feed.outgoing.set()

    async def _found(self, event: Event, began: float) -> Answered | None:
        turn = await self._services.read(lambda work: turns.find(work, event.external_id))
        return None if turn is None or turn.reply is None else await self._repeat(event, turn, began)

    async def _repeat(self, event: Event, turn: turns.Turn, began: float) -> Answered:
        """Answer a request for a message that another request has the answer to.

        When that one was alive as this one came, it is the same request delivered twice, and the person is told once. Else its
        answer may have got lost, and is given again.
        """
        asked_at = self._services.clock() - timedelta(seconds=time.monotonic() - began)
        key = event.external_id
        found: turns.Turn | None = turn
        for _ in range(LOOKS):
            if found is not None and found.closed_at is not None:
                return Answered(key) if found.closed_at >= asked_at else await self._again(event, turn)
            await asyncio.sleep(LOOK_S)
            found = await self._services.read(lambda work: turns.find(work, key))
        return await self._again(event, turn)

    async def _again(self, event: Event, turn: turns.Turn) -> Answered:
        """WeChat has lost an answer of ours: push it, then we hear whether it arrives. Where that may not be, say it again.

        An alarm goes both ways.
        """
        key, until = event.external_id, self._until()
        if self._may_push():
            held = await self._services.write(lambda work: turns.take_back(work, key, now=self._services.clock()))
            if held and EMERGENCY not in held:
                return Answered(key, turn.conversation_id, until=until)
        return Answered(key, turn.conversation_id, turn.reply or "", until)

    def _before(self, work: Work, said: Said) -> _Known:
        known = conversations.of_sender(work, CHANNEL, said.person)
        if known is None:
            return _Known()
        turn = turns.find(work, said.external_id)
        if said.kind != "text":
            return _Known(known.id, known.language, turn)
        if said.text.casefold().strip(" .。") in SHOW or number_meant(said.text) == 1:
            late = not self._may_push() and waiting.is_unhandled(work, known.id)
            if (late or waiting.is_parked(work, known.id)) and not said.menu:
                return _Known(known.id, known.language, turn, shows=True)
        tapped = choice_at(work, known.id, *choice_of(said.menu)) if said.menu else None
        button = tapped or chosen(work, known.id, said.text)
        if button is None:
            return _Known(known.id, known.language, turn, is_silent=not waiting.has_said(work, known.id))
        return _Known(known.id, known.language, turn, title=button.title, payload=button.payload)

    async def _store(self, event: Event, message: Inbound, began: float) -> Answered:
        until = self._until()
        receipt = await self._services.inbox.receive(replace(message, awaited_until=until))
        request = self._request(event, receipt.conversation_id, receipt.message_id, began)
        # Events must not be handed over, only what people say, and no alarm.
        asks = isinstance(event, Said) and self._may_push() and not receipt.alarm
        desk_is_open = asks and await self._desk.is_open(within_s=self._timing.patience_s / 5)
        looks = receipt.alarm or receipt.duplicate or self._desk.on
        return await self._wait(replace(request, until=until, look_at_once=looks, desk_is_open=desk_is_open))

    def _request(self, event: Event, conversation_id: str, message_id: int | None, began: float) -> _Request:
        return _Request(event, conversation_id, message_id, began, self._until(), look_at_once=message_id is None)

    def _until(self) -> datetime:
        return self._services.clock() + self._timing.awaited

    async def _wait(self, request: _Request) -> Answered:
        """Return the answer as soon as it is there, or what is right when it is late."""
        deadline = request.began + self._timing.patience_s
        # Another process may be the one that answers, or something has to leave first: then nothing rings here.
        look_every_s = 0.1 if self._services.database.has_company or request.look_at_once else 0.5
        async with self._services.feed.subscribe(request.conversation_id) as events:
            looking = request.look_at_once
            while True:
                taken = await self._take(request) if looking else None
                if isinstance(taken, Answered):
                    return taken
                if isinstance(taken, turns.Turn):
                    return await self._repeat(request.event, taken, request.began)
                left = deadline - time.monotonic()
                if left <= 0:
                    return await self._late(request)
                try:
                    looking = await asyncio.wait_for(events.get(), min(left, look_every_s)) == "message"
                except asyncio.TimeoutError:
                    looking = True

    async def _take(self, request: _Request) -> Answered | turns.Turn | None:
        """Return the answer if all is said, or the turn of another request that has it already; None: not yet."""
        number = request.message_id
        if number is not None and not await self._services.read(lambda work: waiting.is_answered(work, number)):
            return None
        return await self._services.write(lambda work: self._taken(work, request))

    def _taken(self, work: Work, request: _Request) -> Answered | turns.Turn | None:
        key, conversation_id = request.event.external_id, request.conversation_id
        conversations.get(work, conversation_id, lock=True)
        turn = turns.find(work, key)
        if turn is not None and turn.reply is not None:
            return turn
        now = self._services.clock()
        messages = waiting.waiting(work, conversation_id, now=now)
        is_alarm = any(one.priority == EMERGENCY for one in messages)
        if waiting.is_leaving(work, conversation_id, now=now) and not is_alarm:
            return None  # what was said before must arrive before
        if request.desk_is_open and not is_alarm and wants_a_person(work, conversation_id):
            return Answered(key, conversation_id, until=request.until, to_desk=True)  # what we say ourselves is pushed
        if messages and self._pushes_rather(turns.asked_first(work, key), now):
            # An alarm goes both ways.
            alarm = fill(messages, self._style(messages, asked_for=False)).text if is_alarm else ""
            return Answered(key, conversation_id, alarm, request.until)
        if not messages:
            # Agreement has no answer of its own: it lets earlier messages be answered.
            busy = waiting.is_unhandled(work, conversation_id)
            return None if busy else Answered(key, conversation_id, until=request.until)
        unfinished = request.message_id is not None and not waiting.is_handled(work, request.message_id)
        filled = fill(messages, self._style(messages, asked_for=request.message_id is None), unfinished=unfinished)
        if filled.more and self._may_push():
            waiting.unpark(work, conversation_id)
        turns.answer(work, conversation_id, key, filled, until=request.until, now=now)
        return Answered(key, conversation_id, filled.text, request.until)

    def _style(self, messages: tuple[Waiting, ...], *, asked_for: bool) -> Style:
        before = self._services.clock() - EARLIER_AFTER
        earlier = [] if asked_for else [one.id for one in messages if one.parked and one.created_at < before]
        hint = "" if self._may_push() else "wechat.more"
        phrases = self._services.content.current().phrases
        return Style(self._look, phrases, hint=hint, earlier=frozenset(earlier[:1]), pictures=not hint)

    async def _late(self, request: _Request) -> Answered:
        if self._may_push():
            return Answered(request.event.external_id, request.conversation_id, until=request.until)
        is_last = await self._services.write(lambda work: self._count(work, request))
        if not is_last:
            await asyncio.sleep(max(request.began + self._timing.gone_s - time.monotonic(), 0.0))
            raise LeftOpen
        return await self._services.write(lambda work: self._announced(work, request))

    def _count(self, work: Work, request: _Request) -> bool:
        """Count a request that gets no answer; returns whether WeChat asks for the last time, as far as anybody can know."""
        now, number = self._services.clock(), request.message_id
        tries = turns.left_open(work, request.conversation_id, request.event.external_id, now=now)
        since = None if number is None else waiting.received_at(work, number)
        # By its age as well: a gateway that was killed has counted nothing.
        return tries >= MOST_TRIES or (since is not None and now - since >= self._timing.last_try)

    def _pushes_rather(self, asked_first: datetime | None, now: datetime) -> bool:
        """Return whether an answer given now could get lost for good, and may be pushed: then we hear whether it arrived."""
        return asked_first is not None and now - asked_first >= self._timing.two_tries and self._may_push()

    def _announced(self, work: Work, request: _Request) -> Answered:
        """Say that the answer comes later, and how to see it; it waits in the outbox for that."""
        known = conversations.get(work, request.conversation_id)
        content = self._services.content.current()
        language = self._services.settings.language if known is None else known.language
        region = known.region if known is not None and known.region_known else None
        number = emergency_number(region, language, tables=content.triage)
        text = content.phrases.get("wechat.later", language, emergency=number)
        said = compose(Reply(text, kind="notice"), language, phrases=content.phrases)
        filled = Filled(for_reading(said.text, language), (), more=True)
        key = request.event.external_id
        if known is not None:
            turns.answer(work, request.conversation_id, key, filled, until=request.until, now=self._services.clock())
        return Answered(key, request.conversation_id, filled.text, request.until)
