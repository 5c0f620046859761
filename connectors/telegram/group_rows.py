"""What is kept of a group: its language, what is answered there, whether we are in it. Nothing that was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import chat_group, outbound
from bot.languages import Language
from bot.outbox.store import drop_waiting

CHANNEL = "telegram"
_COLUMNS = tuple(chat_group.c[name] for name in ("id", "language", "topics", "state"))


@dataclass(frozen=True)
class Group:
    """A group we are or were in. `topics`: the categories that are answered, None: all."""

    id: int
    language: Language
    topics: frozenset[str] | None
    state: str

    def answers(self, category: str) -> bool:
        """Whether questions of this category are answered here."""
        return self.topics is None or category in self.topics


# An empty set of topics, which the column cannot tell from "all" otherwise.
_NONE = "-"


def find(work: Work, chat: int) -> Group | None:
    """Return the group with this platform id, or None."""
    row = work.execute(sa.select(*_COLUMNS).where(chat_group.c.lookup == _lookup(work, chat))).first()
    return None if row is None else _group(row)


def by_number(work: Work, number: int) -> Group | None:
    """Return the group with this number of ours, or None."""
    row = work.execute(sa.select(*_COLUMNS).where(chat_group.c.id == number)).first()
    return None if row is None else _group(row)


def ensure(work: Work, chat: int, *, language: Language, now: datetime) -> Group:
    """Return the group with this platform id; a new one speaks `language` and answers everything."""
    known = find(work, chat)
    if known is None:
        row = {"channel": CHANNEL, "lookup": _lookup(work, chat), "language": language, "topics": "", "state": "active"}
        insert_once(work, chat_group, {**row, "created_at": now, "sealed": work.cipher.seal(str(chat))})
        known = find(work, chat)
    elif known.state != "active":
        change(work, known.id, state="active")
        known = find(work, chat)
    assert known is not None
    return known


def change(work: Work, number: int, **values: Any) -> None:
    """Set columns of one group."""
    work.execute(sa.update(chat_group).where(chat_group.c.id == number).values(**values))


def set_topics(work: Work, number: int, topics: frozenset[str]) -> None:
    """Answer only these categories."""
    change(work, number, topics=",".join(sorted(topics)) or _NONE)


def left(work: Work, chat: int) -> None:
    """We are not in the group any more: what waits for it is given up."""
    known = find(work, chat)
    if known is not None:
        change(work, known.id, state="left")
        drop_waiting(work, group_id=known.id)


def move(work: Work, old: int, new: int) -> None:
    """The group has another platform id now. Safe to repeat, and when the new one is known already."""
    known, there = find(work, old), find(work, new)
    if known is None:
        return
    if there is not None:
        # Somebody asked there before we heard of the move: what was answered goes with the group that stays.
        mine = outbound.c.chat_group_id == there.id
        work.execute(sa.update(outbound).where(mine).values(chat_group_id=known.id))
        work.execute(sa.delete(chat_group).where(chat_group.c.id == there.id))
    change(work, known.id, lookup=_lookup(work, new), sealed=work.cipher.seal(str(new)))


def _lookup(work: Work, chat: int) -> str:
    return work.cipher.lookup("group", CHANNEL, str(chat))


def _group(row: Any) -> Group:
    topics = None if not row.topics else frozenset(row.topics.split(",")) - {_NONE}
    return Group(row.id, row.language, topics, row.state)
