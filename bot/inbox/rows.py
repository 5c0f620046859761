"""The inbox rows: stored once, taken in order, handled once, blanked when they may not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import inbound
from bot.inbox.late import is_late
from bot.messages import Inbound, Level
from bot.search import index
from bot.triage.types import Safety

LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Row:
    """A stored message that waits to be handled."""

    id: int
    conversation_id: str
    kind: str
    attempts: int
    received_at: datetime
    not_before: datetime | None
    text: str
    payload: str
    crisis: bool  # the safety net answered it: a person takes over, the assistant is not asked
    cut: bool
    level: Level  # what the safety net found in this message alone: the turn must not end below it
    scene: str = ""  # of a scan: the code of the place, if it is one of ours
    written: str = ""  # of a message that reached us late: when it was written

    @property
    def written_at(self) -> datetime:
        """When the person wrote this, as far as the platform says so."""
        return datetime.fromisoformat(self.written) if self.written else self.received_at


# Not answered yet: a correction takes the place of what it corrects.
UNANSWERED = ("received", "held")


@dataclass(frozen=True)
class Earlier:
    """A stored message that was edited."""

    id: int
    state: str
    text: str
    crisis: bool = False


_BLANK: dict[str, Any] = {"text": "", "payload": "", "crisis": False, "cut": False, "level": "INFO"}


def store(
    work: Work, conversation_id: str, message: Inbound, *, safety: Safety, now: datetime, state: str = "received"
) -> int | None:
    """Store `message` and return its number, or None when (channel, external id) was stored before."""
    content = {
        "text": message.text[:LONGEST_TEXT],
        "payload": message.payload,
        "crisis": safety.crisis,
        "cut": len(message.text) > LONGEST_TEXT,
        "level": safety.level,
    }
    if message.scene:
        content["scene"] = message.scene
    if is_late(message.sent_at, now):
        content["written"] = message.sent_at.isoformat()
    row = {
        "conversation_id": conversation_id,
        "channel": message.channel,
        "external_id": message.external_id,
        "kind": message.kind,
        "state": state,
        "attempts": 0,
        "received_at": now,
        "sealed": work.cipher.seal(content),
    }
    return insert_once(work, inbound, row)


def correctable(work: Work, conversation_id: str, beginning: str) -> Earlier | None:
    """Return the latest message of the conversation whose external id begins so, or None; its words may be blanked."""
    mine = sa.and_(inbound.c.conversation_id == conversation_id, inbound.c.external_id.startswith(beginning, autoescape=True))
    query = sa.select(inbound.c.id, inbound.c.state, inbound.c.sealed).where(mine).order_by(inbound.c.id.desc()).limit(1)
    row = work.execute(query).first()
    if row is None:
        return None
    content = _BLANK if row.sealed is None else work.cipher.unseal(row.sealed)
    return Earlier(row.id, row.state, content["text"], content["crisis"])


def replace(work: Work, earlier: Earlier, message: Inbound, *, safety: Safety, now: datetime, keep: bool) -> int | None:
    """Store a correction in the place of an unanswered message, which is answered instead; `keep`: both versions stay."""
    owner = work.execute(sa.select(inbound.c.conversation_id).where(inbound.c.id == earlier.id)).scalar_one()
    number = store(work, owner, dataclass_replace(message, kind="text"), safety=safety, now=now, state=earlier.state)
    if number is not None:
        mark(work, earlier.id, "handled", blank=not keep)
    return number


def number_of(work: Work, message: Inbound) -> tuple[int, str] | None:
    """Return (number, conversation id) of a message that was stored before, or None."""
    row = work.execute(_BY_EXTERNAL_ID, {"channel": message.channel, "external_id": message.external_id}).first()
    return None if row is None else (row.id, row.conversation_id)


_COLUMNS = tuple(inbound.c[name] for name in ("id", "conversation_id", "kind", "attempts", "received_at", "not_before", "sealed"))


# Statements of every message are built once: building one costs more than running it.
_UNHANDLED = (
    sa.select(*_COLUMNS)
    .where(inbound.c.conversation_id == sa.bindparam("conversation"), inbound.c.state == sa.literal("received"))
    .order_by(inbound.c.id)
    .limit(sa.bindparam("most"))
)
_STATE = sa.select(inbound.c.state).where(inbound.c.id == sa.bindparam("number"))
_STATE_LOCKED = _STATE.with_for_update()
_BY_EXTERNAL_ID = sa.select(inbound.c.id, inbound.c.conversation_id).where(
    inbound.c.channel == sa.bindparam("channel"), inbound.c.external_id == sa.bindparam("external_id")
)


def unhandled(work: Work, conversation_id: str, *, limit: int) -> Iterator[Row]:
    """Yield the oldest messages of the conversation that are not handled, in their order."""
    for row in work.execute(_UNHANDLED, {"conversation": conversation_id, "most": limit}):
        yield _row(work, row)


def said(work: Work, conversation_id: str, number: int) -> str:
    """Return the words of an earlier message of this conversation, "" when they are not kept any more."""
    mine = sa.and_(inbound.c.id == number, inbound.c.conversation_id == conversation_id)
    row = work.execute(sa.select(*_COLUMNS).where(mine)).first()
    return "" if row is None else _row(work, row).text


def is_unhandled(work: Work, number: int) -> bool:
    """Return whether this message is still to be handled, and keep others from it to the end of the transaction."""
    query = _STATE_LOCKED if work.is_postgres else _STATE
    return bool(work.execute(query, {"number": number}).scalar() == "received")


def _row(work: Work, row: Any) -> Row:
    content = _BLANK if row.sealed is None else work.cipher.unseal(row.sealed)
    return Row(row.id, row.conversation_id, row.kind, row.attempts, row.received_at, row.not_before, **content)


def waiting_conversations(work: Work, *, since_before: datetime) -> list[str]:
    """Return the conversations with messages that were not handled since then, oldest first."""
    waits = sa.and_(inbound.c.state == "received", inbound.c.received_at <= since_before)
    query = sa.select(inbound.c.conversation_id).where(waits).group_by(inbound.c.conversation_id)
    return list(work.execute(query.order_by(sa.func.min(inbound.c.id))).scalars())


def count_waiting(work: Work) -> int:
    """Return how many messages are not handled yet."""
    return int(work.execute(sa.select(sa.func.count()).where(inbound.c.state == "received")).scalar_one())


def mark(work: Work, number: int, state: str, *, blank: bool = False, **values: Any) -> None:
    """Set the state of a message; `blank` removes its words."""
    if blank:
        values["sealed"] = None
    values["state"] = state
    work.execute(_update(frozenset(values)), {"number": number, **values})


@cache
def _update(names: frozenset[str]) -> Any:
    changed = {name: sa.bindparam(name) for name in names}
    return sa.update(inbound).where(inbound.c.id == sa.bindparam("number")).values(changed)


def release_held(work: Work, conversation_id: str) -> int:
    """Let held messages be handled now, in their order; returns how many."""
    held = sa.and_(inbound.c.conversation_id == conversation_id, inbound.c.state == "held")
    return int(work.execute(sa.update(inbound).where(held).values(state="received")).rowcount)


def blank_up_to(work: Work, conversation_id: str, number: int) -> None:
    """Remove the words of all messages of a conversation up to this one, and leave none of them to handle, nor to be found."""
    index.forget(work, conversation_id)
    mine = sa.and_(inbound.c.conversation_id == conversation_id, inbound.c.id <= number)
    work.execute(sa.update(inbound).where(mine).values(sealed=None, state="handled"))
