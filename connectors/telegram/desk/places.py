"""Which group is for which cases, and under which id Telegram knows it now: a group that moves keeps its setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import chat_group
from bot.errors import OperatorError
from bot.handoff.case_rows import Case
from bot.languages import LANGUAGES, Language
from bot.settings import PREFIX, Settings
from connectors.telegram.group_rows import CHANNEL

_PLACE = re.compile(r"(?:([A-Za-z0-9_-]{1,32}):)?(-\d{1,16})")


class DeskProblem(OperatorError):
    """The staff group is set up wrongly. The message names the setting and the fix."""


@dataclass(frozen=True)
class Places:
    """The groups by team or language, and `rest` for all other cases; `moved`: the present id of those that have moved."""

    named: Mapping[str, int] = field(default_factory=dict)
    rest: int | None = None
    moved: Mapping[int, int] = field(default_factory=dict)

    @property
    def configured(self) -> frozenset[int]:
        """The ids in the setting."""
        return frozenset([*self.named.values(), *([] if self.rest is None else [self.rest])])

    @property
    def chats(self) -> frozenset[int]:
        """All present ids, and those in the setting: updates of both are the staff's, never a patient's."""
        return self.configured | frozenset(map(self.now, self.configured))

    def now(self, chat: int) -> int:
        """Return the present id of a group of the setting."""
        return self.moved.get(chat, chat)

    def of(self, case: Case) -> int | None:
        """Return the group for a case: of its team, else of its language, else the one for all; None: none takes it."""
        for name in (case.team, case.language):
            if name in self.named:
                return self.now(self.named[name])
        return None if self.rest is None else self.now(self.rest)


def places_of(settings: Settings) -> Places:
    """Return what DAOZHEN_TELEGRAM_STAFF_GROUP says. Raises DeskProblem."""
    named: dict[str, int] = {}
    rest: int | None = None
    for part in filter(None, map(str.strip, settings.telegram_staff_group.split(","))):
        found = _PLACE.fullmatch(part)
        if found is None:
            raise DeskProblem(
                f"{PREFIX}TELEGRAM_STAFF_GROUP holds something that is no group. A group's id begins with -100; write several as "
                "triage:-1001234567890,ar:-1009876543210,-1001112223334 (team or language, or nothing for all other cases)."
            )
        if found[1]:
            named[found[1]] = int(found[2])
        else:
            rest = int(found[2])
    return Places(named, rest)


def with_moves(work: Work, places: Places) -> Places:
    """Return the places with the present ids of groups that have moved."""
    lookups = {_lookup(work, chat): chat for chat in places.configured}
    rows = work.execute(sa.select(chat_group.c.lookup, chat_group.c.sealed).where(chat_group.c.lookup.in_(sorted(lookups))))
    moved = {lookups[row.lookup]: int(work.cipher.unseal(row.sealed)) for row in rows}
    return replace(places, moved=moved)


def note_move(work: Work, places: Places, old: int, new: int, *, now: datetime) -> Places:
    """Remember that a staff group has another id; returns the places as they are now. Safe to repeat."""
    for chat in places.configured:
        if places.now(chat) != old:
            continue
        sealed = work.cipher.seal(str(new))
        row = {"channel": CHANNEL, "lookup": _lookup(work, chat), "language": "en", "topics": "", "state": "staff"}
        if insert_once(work, chat_group, {**row, "created_at": now, "sealed": sealed}) is None:
            work.execute(sa.update(chat_group).where(chat_group.c.lookup == _lookup(work, chat)).values(sealed=sealed))
    return with_moves(work, places)


def language_for(case: Case, content: Content, default: Language) -> Language:
    """Return the language in which the group of a case is written to: one that its team speaks, the hospital's if it does."""
    spoken = content.teams.of(case.team).languages
    return default if default in spoken or not spoken else min(spoken, key=LANGUAGES.index)


def _lookup(work: Work, chat: int) -> str:
    # Another name than that of patients' groups: those never find it.
    return work.cipher.lookup("staff-group", CHANNEL, str(chat))
