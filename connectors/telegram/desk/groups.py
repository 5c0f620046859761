"""The staff groups of this installation: which there are, whether they can be used, and how they are written to."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import BotCommand, BotCommandScopeChat, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.bootstrap import Services
from bot.content.load import Content
from bot.handoff.case_rows import Case
from bot.settings import Settings
from bot.staff.links import case_link
from connectors.telegram.api import Api
from connectors.telegram.desk import places, rows
from connectors.telegram.desk.lines import Style
from connectors.telegram.desk.places import Places

COMMANDS = ("r", "n", "claim", "release", "close", "snooze", "who", "help")
LOOK_AFTER_S = 300.0
AGAIN_S = 15.0
# What is wrong with a group, in a few words for /ready, without its id.
WORDS = {
    "not_inside": "the bot is not in the staff group",
    "no_forum": "the staff group has no topics",
    "no_admin": "the bot is no admin of the staff group",
    "no_rights": "the bot may not manage topics of the staff group",
    "no_deleting": "the bot may not delete messages of the staff group",
}
# A group can be used without it; what was erased here stays there then.
ONLY_WARNS = frozenset({"no_deleting"})


class StaffGroups:
    """What is known of the groups. `places` changes when one of them moves."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self._api, self._settings = api, settings
        self.places: Places = places.places_of(settings)
        self.again_s = AGAIN_S
        self._problems: dict[int, str] = {}
        self._told: set[int] = set()  # whose menu shows the commands
        self._looked: datetime | None = None
        self._services: Services | None = None

    def attach(self, services: Services) -> None:
        """Use the database of this gateway."""
        self._services = services

    def state(self) -> str:
        """Return what is wrong, "" when nothing is."""
        found = [self._problems[chat] for chat in sorted(self._problems) if self._problems[chat]]
        return WORDS.get(found[0], "") if found else ""

    def problem_of(self, chat: int) -> str:
        """Return why a group cannot be used, "" when it can."""
        problem = self._problems.get(chat, "")
        return "" if problem in ONLY_WARNS else problem

    def lost(self, chat: int, why: str) -> None:
        """A call said that a group cannot be used."""
        if chat:
            self._problems[chat] = why
        self._looked = None

    def look_again(self) -> None:
        """Something has changed: look at the groups on the next round."""
        self._looked = None

    async def look(self, *, now: datetime) -> bool:
        """Ask Telegram about the groups now and then, sooner while something is wrong. True: one can be used again."""
        after = self.again_s if self.state() else LOOK_AFTER_S
        if self._looked is not None and (now - self._looked).total_seconds() < after:
            return False
        self._looked = now
        assert self._services is not None
        self.places = await self._services.read(lambda work: places.with_moves(work, self.places))
        better = False
        for chat in sorted({self.places.now(chat) for chat in self.places.configured}):
            before = self.problem_of(chat)
            self._problems[chat] = await problem_in(self._api, chat, before=self._problems.get(chat, ""))
            better = better or bool(before and not self.problem_of(chat))
            if not self.problem_of(chat) and chat not in self._told:
                await self._tell_commands(chat)
        return better

    async def _tell_commands(self, chat: int) -> None:
        """Let the menu of the group show the nurses' commands instead of those of patients. Only nicer: it may fail."""
        assert self._services is not None
        say = self.general_style(self._services.content.current()).say
        commands = [BotCommand(name, say(f"command_{name}")) for name in COMMANDS]
        with contextlib.suppress(TelegramError):
            await self._api.bot.set_my_commands(commands, scope=BotCommandScopeChat(chat))
            self._told.add(chat)

    async def moved(self, old: int, new: int) -> None:
        """A group has another id from now on."""
        services = self._services
        assert services is not None

        def note(work: Any) -> Places:
            rows.moved(work, old, new)
            return places.note_move(work, self.places, old, new, now=services.clock())

        self.places = await services.write(note)
        self._problems.pop(old, None)
        self.look_again()

    def style(self, case: Case, content: Content) -> Style:
        """Return how the group of a case is written to."""
        team = content.teams.of(case.team)
        language = places.language_for(case, content, self._settings.language)
        link = case_link(self._settings, case.id)
        return Style(content, language, _zone(team), self._settings.telegram_staff_words == "full", link)

    def general_style(self, content: Content) -> Style:
        """Return how what belongs to no case is written."""
        zone = _zone(content.teams.of(""))
        return Style(
            content, self._settings.language, zone, self._settings.telegram_staff_words == "full", self._settings.desk_url
        )


def _zone(team: Any) -> ZoneInfo:
    zone = team.calendar.zone
    assert isinstance(zone, ZoneInfo)
    return zone


@dataclass(frozen=True)
class Standing:
    """What Telegram says of a group and of us in it."""

    forum: bool
    member: Any


async def problem_in(api: Api, chat: int, *, before: str = "") -> str:
    """Return what is wrong with a group, as a key of `WORDS`; "": nothing. When Telegram cannot be asked: what was known `before`."""
    try:
        group = await api.bot.get_chat(chat)
        member = await api.bot.get_chat_member(chat, api.me.id)
    except (BadRequest, Forbidden):
        return "not_inside"
    except TelegramError:
        return before
    return wrong_with(Standing(bool(group.is_forum), member))


def wrong_with(standing: Standing) -> str:
    """Return what is wrong, as a key of `WORDS`; "": nothing. Pure."""
    if standing.member.status in ("left", "kicked"):
        return "not_inside"
    if not standing.forum:
        return "no_forum"
    if not isinstance(standing.member, ChatMemberAdministrator):
        return "no_admin"
    if not standing.member.can_manage_topics:
        return "no_rights"
    return "" if standing.member.can_delete_messages else "no_deleting"
