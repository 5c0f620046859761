"""A town with a staff group: nurses with accounts, topics of cases, and what stands in them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.database.tables import case_event, desk_topic, outbound, staff
from bot.handoff import cases
from bot.staff import invitations
from bot.staff.changing import Person as Account
from bot.staff.changing import add
from bot.staff.people import Staff, of_handle, set_duty
from connectors.right_to_left import plain
from connectors.telegram.desk.rows import Topic, of_case
from simulators.telegram.chats import Chat
from tests.telegram.town import Someone, Town, until

TEAMS = ("triage", "nurses", "international", "mother_child")
EMERGENCY = "crushing chest pain and my left arm is numb"


class Nurse(Someone):
    """A nurse with an account: `handle` is what events say."""

    handle = ""

    async def writes(self, text: str, case: Case, **more: Any) -> dict[str, Any]:
        """Write in the topic of a case, and let the bot see it."""
        message = self.town.telegram.forum.writes(self.person, case.desk, text, thread=case.thread, **more)
        await self.town.calm()
        return message

    async def edits(self, desk: Chat, message: dict[str, Any], text: str) -> None:
        """Change an own message."""
        self.world.edits(self.person, desk, message["message_id"], text)
        await self.town.calm()

    async def replies(self, text: str, case: Case) -> dict[str, Any]:
        """Reply to the card of a case."""
        return await self.writes(text, case, reply_to=case.card["message_id"])

    async def taps(self, title: str, case: Case, message: dict[str, Any] | None = None) -> str:
        """Press a button in the topic of a case; returns the toast."""
        under = message or case.card
        keys = [key for row in under["reply_markup"]["inline_keyboard"] for key in row]
        data = next(key["callback_data"] for key in keys if title in key["text"])
        query = self.world.presses(self.person, case.desk, under["message_id"], data)
        await until(lambda: self.world.queries[query].answered)
        await self.town.calm()
        return self.world.queries[query].text


class Case:
    """A case as the group sees it."""

    def __init__(self, town: DeskTown, number: int) -> None:
        self.town, self.number = town, number

    @property
    def topic(self) -> Topic:
        """What is stored about the topic."""
        with self.town.database.read() as work:
            found = of_case(work, self.number)
        assert found is not None
        return found

    @property
    def desk(self) -> Chat:
        """The group in which it stands."""
        return self.town.telegram.world.chats[self.topic.chat]

    @property
    def thread(self) -> int:
        """The number of the topic."""
        assert self.topic.thread is not None
        return self.topic.thread

    @property
    def card(self) -> dict[str, Any]:
        """The card as it is shown now."""
        message = self.desk.message(self.topic.card or 0)
        assert message is not None
        return message

    @property
    def now(self) -> cases.Case:
        """The case as it is stored."""
        with self.town.database.read() as work:
            return cases.case_of(work, self.number)

    def posts(self) -> list[str]:
        """What the bot has written in the topic, without the card."""
        return [
            plain(message["text"])
            for message in self.desk.messages
            if message.get("message_thread_id") == self.thread
            and message["from"]["id"] == self.town.telegram.world.bot["id"]
            and "text" in message
            and message["message_id"] != self.topic.card
        ]

    def buttons(self) -> list[str]:
        """The titles of the card's buttons."""
        return [key["text"] for row in self.card.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"] for key in row]

    def events(self) -> list[str]:
        """What happened to it."""
        with self.town.database.read() as work:
            return [event.what for event in cases.events(work, self.number)]


class DeskTown(Town):
    """A town in which nurses have a group."""

    def __init__(self, folder: Any, **more: Any) -> None:
        more_groups = more.pop("also", ())
        self.desk_settings = {"language": "en", **more.pop("desk_settings", {})}
        super().__init__(folder, **more)
        self._changed = ("language",)
        self.lead = Someone(self, self.telegram.world.person("Lead"))
        self.desk = self.group("Desk", self.lead)
        self.others = [self.group(title, self.lead) for title in more_groups]
        for chat in (self.desk, *self.others):
            chat.forum, chat.bot = True, "administrator"

    def settings_of(self, folder: Any, **more: Any) -> Any:
        """The settings of this town: its group is the staff's, unless the test says otherwise."""
        group = self.desk_settings.get("telegram_staff_group", str(self.desk.id))
        return super().settings_of(folder, **{**more, **self.desk_settings, "telegram_staff_group": group})

    async def __aenter__(self) -> DeskTown:
        """Start."""
        await super().__aenter__()
        self.following._look_s = 0.1
        await until(lambda: self.connector.state() == "ok" or "staff" in self.connector.state())
        return self

    @property
    def following(self) -> Any:
        """The rounds of the desk."""
        return self.connector._intake.desk.following

    async def nurse(self, name: str = "Ana", *, linked: bool = True, **more: Any) -> Nurse:
        """Return a nurse with an active account, on duty, in the group."""
        handle = name.lower()
        teams = frozenset(more.pop("teams", TEAMS))
        account = Account(handle, more.pop("role", "nurse"), name, teams, frozenset(("en",)), more.pop("language", "en"))
        with self.database.write() as work:
            person, _ = add(work, account, by="test", now=self.now())
            work.execute(staff.update().where(staff.c.id == person.id).values(state="active"))
            set_duty(work, person.id, "on", until=None, now=self.now())
        nurse = Nurse(self, self.telegram.world.person(name))
        nurse.handle = handle
        if linked:
            await nurse.starts(invitations.TELEGRAM_START + self.token(handle))
        return nurse

    def token(self, handle: str) -> str:
        """Return a token with which this person links an account."""
        person = self.account(handle)
        with self.database.write() as work:
            return invitations.issue(work, person.id, "telegram", now=self.now())

    def account(self, handle: str) -> Staff:
        """Return an account."""
        with self.database.read() as work:
            found = of_handle(work, handle)
        assert found is not None
        return found

    async def patient(self, name: str = "Anna", words: str = EMERGENCY) -> tuple[Someone, Case]:
        """Return somebody who agreed and wrote something that opens a case, and the case with its topic and card."""
        who = await self.person(name).who_agreed()
        await who.says(words)
        return who, await self.case()

    async def case(self) -> Case:
        """Return the latest case, once it has its card."""
        await until(lambda: bool(self.cases()))
        case = Case(self, max(one.id for one in self.cases()))
        await until(lambda: self._has_card(case.number), seconds=15)
        await self.calm()
        return case

    def _has_card(self, number: int) -> bool:
        with self.database.read() as work:
            topic = of_case(work, number)
        return topic is not None and topic.card is not None

    async def calm(self) -> None:
        """Wait until everything is answered, and every topic shows everything that happened."""
        await self.settled()
        await until(self._is_shown, seconds=15)
        await self.settled()

    def _is_shown(self) -> bool:
        desk = self.connector._intake.desk
        with self.database.read() as work:
            topics = {row.case_id: row for row in work.execute(desk_topic.select())}
            last: dict[int, int] = {}
            for row in work.execute(case_event.select()):
                last[row.case_id] = max(last.get(row.case_id, 0), row.id)
            waits = [row for row in work.execute(outbound.select()) if row.state == "pending"]
            busy = any(row.lease_until is not None for row in topics.values())
        shown = not busy and all(topics[number].told_event >= event for number, event in last.items() if number in topics)
        return shown and not waits and not desk._beside and not desk.following._waiting

    async def until(self, true: Any) -> None:
        """Wait until something is true."""
        await until(true, seconds=15)

    def topics(self) -> list[str]:
        """The names of the topics in the group."""
        return list(self.desk.names.values())

    async def passes_there(self, **time: float) -> None:
        """Let time pass, in the simulated Telegram too."""
        self.telegram.clock.skip(timedelta(**time).total_seconds())
        await self.calm()


@asynccontextmanager
async def desk_town(folder: Any, **more: Any) -> Any:
    """Yield a running town with a staff group."""
    async with DeskTown(folder, **more) as running:
        yield running
