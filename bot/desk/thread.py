"""What was said in a case, by patient, bot and colleagues, with what happened to it: from four tables into one order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, case_event, case_note, conversation, inbound, outbound
from bot.desk.problems import Refused
from bot.inbox.late import form_of
from bot.languages import Language

Kind = Literal["in", "out", "note", "event"]
KINDS: tuple[Kind, ...] = ("in", "out", "note", "event")
AT_ONCE = 100
# Numbers are given before they are committed, and what is sent changes: so many of the case's own are told again, however much
# is said to others in between.
LOOK_BACK = {"in": 5, "out": 25, "note": 5, "event": 5}
# Of these the message or the note itself stands in the thread.
SAID_ELSEWHERE = ("message", "reply", "note", "draft")
_FAR = 10**15  # above any number, and within what both databases count with


@dataclass(frozen=True)
class Piece:
    """One row of the thread, opened. `row`: what the table says, for the truth about its delivery."""

    kind: Kind
    id: int
    at: datetime
    content: dict[str, Any]
    who: str | None = None
    what: str = ""
    author: str = ""
    language: Language = "en"
    channel: str = ""
    row: Any = None

    @property
    def key(self) -> str:
        """What the page knows it by."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Place:
    """A place in the thread: a number in each of the four tables."""

    numbers: tuple[int, int, int, int]

    def of(self, kind: Kind) -> int:
        """Return the number in one table."""
        return self.numbers[KINDS.index(kind)]

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))

    @staticmethod
    def read(text: str) -> Place:
        """Return the place that a page remembers. Raises Refused when it is none."""
        parts = text.split(".")
        if len(parts) != len(KINDS) or not all(part.isascii() and part.isdigit() and len(part) <= 16 for part in parts):
            raise Refused(400, "wrong")
        return Place((int(parts[0]), int(parts[1]), int(parts[2]), int(parts[3])))


@dataclass(frozen=True)
class Part:
    """Some of a thread, oldest first; where to go on, and where older ones are, or None at the beginning."""

    pieces: tuple[Piece, ...]
    after: Place
    older: Place | None


def latest(work: Work, case_id: int, *, before: Place | None = None, limit: int = AT_ONCE) -> Part:
    """Return the last `limit` pieces of the thread, or those before a place."""
    bounds = before or Place((_FAR, _FAR, _FAR, _FAR))
    found = [piece for kind in KINDS for piece in _read(work, case_id, kind, below=bounds.of(kind), limit=limit + 1)]
    found.sort(key=_order)
    pieces, is_more = tuple(found[-limit:]), len(found) > limit
    older = Place(tuple(_first(pieces, kind, bounds.of(kind)) for kind in KINDS)) if is_more else None  # type: ignore[arg-type]
    return Part(pieces, _after(pieces, Place((0, 0, 0, 0))), older)


def since(work: Work, case_id: int, place: Place) -> Part:
    """Return what came after a place, and the latest before it once more: their delivery may have changed."""
    pieces = [
        piece
        for kind in KINDS
        for piece in (
            *_read(work, case_id, kind, above=place.of(kind), limit=2 * AT_ONCE),
            *_read(work, case_id, kind, below=place.of(kind) + 1, limit=LOOK_BACK[kind]),
        )
    ]
    pieces.sort(key=_order)
    return Part(tuple(pieces), _after(pieces, place), None)


def one(work: Work, case_id: int, key: str) -> Piece | None:
    """Return the piece with this key, when it belongs to the case."""
    kind, _, number = key.partition(":")
    if kind not in KINDS or not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    found = _read(work, case_id, kind, above=int(number) - 1, below=int(number) + 1, limit=1)
    return next(iter(found), None)


def version(work: Work, case_id: int) -> int:
    """Return the number of the last event of a case."""
    return int(work.execute(sa.select(sa.func.max(case_event.c.id)).where(case_event.c.case_id == case_id)).scalar() or 0)


def _order(piece: Piece) -> tuple[datetime, int, int]:
    return piece.at, KINDS.index(piece.kind), piece.id


def _first(pieces: Iterable[Piece], kind: Kind, otherwise: int) -> int:
    return min((piece.id for piece in pieces if piece.kind == kind), default=otherwise)


def _after(pieces: Iterable[Piece], place: Place) -> Place:
    numbers = [max((piece.id for piece in pieces if piece.kind == kind), default=0) for kind in KINDS]
    return Place(tuple(map(max, numbers, place.numbers)))  # type: ignore[arg-type]


def _read(work: Work, case_id: int, kind: Kind, *, above: int = 0, below: int = _FAR, limit: int) -> list[Piece]:
    """Return the latest pieces between two numbers."""
    query, key, make = _SOURCES[kind]
    rows = work.execute(query.where(key > above, key < below).order_by(key.desc()).limit(limit), {"wanted": case_id})
    return [make(work, row) for row in rows]


_PATIENT = sa.select(care_case.c.patient_id).where(care_case.c.id == sa.bindparam("wanted")).scalar_subquery()
# Somebody who writes in two chats is one person with one case.
_CHATS = sa.select(conversation.c.id).where(conversation.c.patient_id == _PATIENT)
_IN = (
    sa.select(
        inbound.c.id, inbound.c.received_at, inbound.c.kind, inbound.c.sealed, conversation.c.language, conversation.c.channel
    )
    .join(conversation, conversation.c.id == inbound.c.conversation_id)
    .where(inbound.c.conversation_id.in_(_CHATS), inbound.c.kind != "scan")
)
_OUT = (
    sa.select(*outbound.c, conversation.c.language, conversation.c.channel)
    .join(conversation, conversation.c.id == outbound.c.conversation_id)
    .where(outbound.c.conversation_id.in_(_CHATS))
)
_NOTES = sa.select(case_note).where(case_note.c.case_id == sa.bindparam("wanted"))
_EVENTS = sa.select(case_event).where(case_event.c.case_id == sa.bindparam("wanted"), case_event.c.what.notin_(SAID_ELSEWHERE))


def _opened(work: Work, sealed: bytes | None) -> dict[str, Any]:
    content = {} if sealed is None else work.cipher.unseal(sealed)
    return content if isinstance(content, dict) else {}


def _patients(work: Work, row: Any) -> Piece:
    content = _opened(work, row.sealed) if row.sealed is not None else {"erased": True}
    content = {**content, "form": form_of(row.kind, content)}
    return Piece("in", row.id, row.received_at, content, language=row.language, channel=row.channel)


def _ours(work: Work, row: Any) -> Piece:
    content = _opened(work, row.sealed)
    made = Piece("out", row.id, row.created_at, content, author=row.author, channel=row.channel, row=row)
    return replace(made, language=content.get("language") or row.language, who=content.get("who"))


def _note(work: Work, row: Any) -> Piece:
    return Piece("note", row.id, row.at, _opened(work, row.sealed), who=row.who)


def _event(work: Work, row: Any) -> Piece:
    return Piece("event", row.id, row.at, _opened(work, row.sealed), who=row.who, what=row.what)


_SOURCES: dict[Kind, tuple[Any, Any, Callable[[Work, Any], Piece]]] = {
    "in": (_IN, inbound.c.id, _patients),
    "out": (_OUT, outbound.c.id, _ours),
    "note": (_NOTES, case_note.c.id, _note),
    "event": (_EVENTS, case_event.c.id, _event),
}
