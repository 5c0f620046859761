"""Keeps the search index: for each conversation of a person with a case, what was said since its mark. Never on the way of a message.

Words are read and made into tokens outside of a writing transaction; the transaction that stores them moves the mark only if it
still stands where it stood. Who takes words away (`forget`) takes the mark away with all its tokens in the same transaction, so
whatever was read before that is not stored any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Database, Work
from bot.database.tables import care_case, case_note, conversation, inbound, outbound, search_mark, search_token
from bot.handoff.refs import Kind, ref_of
from bot.handoff.said import GONE_STATES, words_of
from bot.privacy import consent
from bot.search.tokens import hasher, tokens_of, version_of

# Messages of one conversation in one transaction: some milliseconds of the one writer of SQLite.
BATCH = 60
# Transactions of a round; what is left waits for the next one.
MOST_BATCHES = 40
# A reply can be taken back for five seconds: it is read after that.
SETTLES = timedelta(seconds=10)
# All marks are compared with all messages so often; in between only with those that came meanwhile.
LOOK_AT_ALL = timedelta(minutes=30)
# Two transactions may commit in another order than they took their numbers.
LOOK_BACK = 500
HANDLED = ("handled", "failed")


@dataclass(frozen=True)
class Mark:
    """How far a conversation is indexed."""

    id: int
    conversation_id: str
    inbound_id: int
    outbound_id: int
    note_id: int
    version: int


@dataclass(frozen=True)
class Batch:
    """Tokens of some messages, and where the mark stands when they are stored."""

    rows: tuple[tuple[int, int], ...]  # (token, ref)
    mark: Mark
    count: int  # of messages, with those that have no words
    full: bool  # there may be more


class Indexer:
    """The rounds of one process. Several processes may do it at once: each message is stored by one of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version = version_of(database.cipher)
        self._hashed = hasher(database.cipher)
        self._looked_at_all: datetime | None = None
        self._seen: dict[str, int] = {}
        # Begun, or waits for something to be handled or settled; whose turn it was goes to the end.
        self._again: dict[str, None] = {}

    def round(self, now: datetime) -> int:
        """Index what came since the last round, as far as MOST_BATCHES goes; returns how many messages were read."""
        with self._database.read() as work:
            wanted = self._wanted(work, now)
        return sum(self._one(conversation_id, now) for conversation_id in wanted[:MOST_BATCHES])

    @property
    def waiting(self) -> int:
        """How many conversations the last round left for the next one."""
        return len(self._again)

    def _wanted(self, work: Work, now: datetime) -> list[str]:
        all_due = self._looked_at_all is None or now - self._looked_at_all >= LOOK_AT_ALL
        newest = _newest(work)
        found = _behind(work, self._version) if all_due else _touched(work, self._seen)
        self._looked_at_all, self._seen = (now if all_due else self._looked_at_all), newest
        self._again.update(dict.fromkeys(sorted(found)))
        return list(self._again)

    def _one(self, conversation_id: str, now: datetime) -> int:
        del self._again[conversation_id]
        mark = self._mark(conversation_id)
        if mark is None:
            return 0
        with self._database.read() as work:
            batch, waits = _read(work, mark, self._hashed, now=now)
        if batch.mark != mark:
            with self._database.write() as work:
                store(work, mark, batch)
        if batch.full or waits:
            self._again[conversation_id] = None
        return batch.count

    def _mark(self, conversation_id: str) -> Mark | None:
        """Return the mark of a conversation, a new one if there is none; None when it may not be indexed."""
        with self._database.read() as work:
            mark = _mark_of(work, conversation_id)
            if not may_index(work, conversation_id):
                return None
        if mark is not None and mark.version == self._version:
            return mark
        with self._database.write() as work:
            return _new_mark(work, conversation_id, self._version)


def forget(work: Work, conversation_id: str) -> None:
    """Take all tokens of a conversation away: its words, or some of them, may not be kept any more."""
    work.execute(sa.delete(search_mark).where(search_mark.c.conversation_id == conversation_id))


def forget_some(work: Work, *, limit: int = 5) -> int:
    """Take the tokens of some conversations away; returns of how many. For a new beginning, in short transactions."""
    some = list(work.execute(sa.select(search_mark.c.id).order_by(search_mark.c.id).limit(limit)).scalars())
    work.execute(sa.delete(search_mark).where(search_mark.c.id.in_(some)))
    return len(some)


def may_index(work: Work, conversation_id: str) -> bool:
    """Return whether the words of this conversation are kept, and its person has or had a case."""
    row = work.execute(_PERSON, {"wanted": conversation_id}).first()
    return row is not None and consent.state(work, row.patient_id, row.channel) == "granted"


_any_case = care_case.alias("any_case")
_HAS_CASE = sa.select(_any_case.c.id).where(_any_case.c.patient_id == conversation.c.patient_id).correlate(conversation).exists()
_PERSON = sa.select(conversation.c.patient_id, conversation.c.channel).where(
    conversation.c.id == sa.bindparam("wanted"), _HAS_CASE
)
_MARK = sa.select(*(search_mark.c[name] for name in Mark.__dataclass_fields__)).where(
    search_mark.c.conversation_id == sa.bindparam("wanted")
)
_OF_CASE = care_case.c.id == case_note.c.case_id


def _newest(work: Work) -> dict[str, int]:
    tables = {"in": inbound, "out": outbound, "note": case_note, "case": care_case}
    return {name: int(work.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0) for name, table in tables.items()}


def _behind(work: Work, version: int) -> set[str]:
    """Return all conversations that have no mark, one of another version, or something behind it."""
    notes = sa.select(case_note.c.id).join(care_case, _OF_CASE)
    newer = (
        sa.select(inbound.c.id).where(
            inbound.c.conversation_id == conversation.c.id,
            inbound.c.state.in_(HANDLED),
            inbound.c.id > search_mark.c.inbound_id,
        ),
        sa.select(outbound.c.id).where(
            outbound.c.conversation_id == conversation.c.id, outbound.c.id > search_mark.c.outbound_id
        ),
        notes.where(care_case.c.conversation_id == conversation.c.id, case_note.c.id > search_mark.c.note_id),
    )
    behind = sa.or_(search_mark.c.id.is_(None), search_mark.c.version != version, *(query.exists() for query in newer))
    marked = sa.outerjoin(conversation, search_mark, _MARKS)
    return set(work.execute(sa.select(conversation.c.id).select_from(marked).where(_HAS_CASE, behind)).scalars())


def _touched(work: Work, seen: dict[str, int]) -> set[str]:
    """Return the conversations with a case in which something came since then that is behind their mark."""
    return {one for name, query in _NEWER.items() for one in work.execute(query, {"seen": seen[name] - LOOK_BACK}).scalars()}


_MARKS = search_mark.c.conversation_id == conversation.c.id
_SEEN = sa.bindparam("seen", type_=sa.BigInteger)


def _newer(number: Any, mark: Any, joined: Any) -> Any:
    # Without DISTINCT: for that SQLite would walk through all conversations instead of the latest numbers.
    behind = search_mark.c.id.is_(None) if mark is None else sa.or_(search_mark.c.id.is_(None), number > mark)
    return (
        sa.select(conversation.c.id).select_from(joined.outerjoin(search_mark, _MARKS)).where(number > _SEEN, _HAS_CASE, behind)
    )


_NEWER = {
    "in": _newer(
        inbound.c.id, search_mark.c.inbound_id, inbound.join(conversation, conversation.c.id == inbound.c.conversation_id)
    ),
    "out": _newer(
        outbound.c.id, search_mark.c.outbound_id, outbound.join(conversation, conversation.c.id == outbound.c.conversation_id)
    ),
    "note": _newer(
        case_note.c.id,
        search_mark.c.note_id,
        case_note.join(care_case, _OF_CASE).join(conversation, conversation.c.id == care_case.c.conversation_id),
    ),
    "case": _newer(care_case.c.id, None, care_case.join(conversation, conversation.c.patient_id == care_case.c.patient_id)),
}


def _mark_of(work: Work, conversation_id: str) -> Mark | None:
    row = work.execute(_MARK, {"wanted": conversation_id}).first()
    return None if row is None else Mark(**row._mapping)


def _new_mark(work: Work, conversation_id: str, version: int) -> Mark | None:
    """Begin a conversation anew; None when it was erased, or may not be indexed any more."""
    if not may_index(work, conversation_id):
        return None
    forget(work, conversation_id)
    row = {"conversation_id": conversation_id, "inbound_id": 0, "outbound_id": 0, "note_id": 0, "version": version}
    number = work.execute(search_mark.insert().values(**row)).inserted_primary_key[0]
    return Mark(int(number), conversation_id, 0, 0, 0, version)


def _read(work: Work, mark: Mark, hashed: Callable[[Iterable[str]], frozenset[int]], *, now: datetime) -> tuple[Batch, bool]:
    """Return the next batch of a conversation, and whether something has to be handled or settled before the rest."""
    unhandled = sa.select(sa.func.min(inbound.c.id)).where(
        inbound.c.conversation_id == mark.conversation_id, inbound.c.state.in_(("received", "held"))
    )
    first = work.execute(unhandled).scalar()
    received, written, noted = _inbound(work, mark, first), _outbound(work, mark), _notes(work, mark)
    settled = [row for row in written if row.at <= now - SETTLES]
    rows = [(kind, row) for kind, found in (("in", received), ("out", settled), ("note", noted)) for row in found]
    tokens = [pair for kind, row in rows for pair in _tokens(work, kind, row, hashed)]  # type: ignore[arg-type]
    moved = replace(
        mark,
        inbound_id=max([mark.inbound_id, *(row.id for row in received)]),
        outbound_id=max([mark.outbound_id, *(row.id for row in settled)]),
        note_id=max([mark.note_id, *(row.id for row in noted)]),
    )
    full = any(len(found) == BATCH for found in (received, settled, noted))
    return Batch(tuple(tokens), moved, len(rows), full), first is not None or len(settled) < len(written)


def _tokens(work: Work, kind: Kind, row: Any, hashed: Callable[[Iterable[str]], frozenset[int]]) -> list[tuple[int, int]]:
    if row.sealed is None or row.state in GONE_STATES:
        return []
    ref = ref_of(kind, row.id, row.at)
    return [(token, ref) for token in hashed(tokens_of(words_of(work.cipher.unseal(row.sealed))))]


def _inbound(work: Work, mark: Mark, first: int | None) -> list[Any]:
    """Messages of the patient up to the first one that is not handled: it may still be blanked."""
    mine = [inbound.c.conversation_id == mark.conversation_id, inbound.c.state.in_(HANDLED), inbound.c.id > mark.inbound_id]
    mine += [] if first is None else [inbound.c.id < first]
    columns = (inbound.c.id, inbound.c.received_at.label("at"), inbound.c.state, inbound.c.sealed)
    return list(work.execute(sa.select(*columns).where(*mine).order_by(inbound.c.id).limit(BATCH)))


def _outbound(work: Work, mark: Mark) -> list[Any]:
    mine = (outbound.c.conversation_id == mark.conversation_id, outbound.c.id > mark.outbound_id)
    columns = (outbound.c.id, outbound.c.created_at.label("at"), outbound.c.state, outbound.c.sealed)
    return list(work.execute(sa.select(*columns).where(*mine).order_by(outbound.c.id).limit(BATCH)))


def _notes(work: Work, mark: Mark) -> list[Any]:
    mine = (care_case.c.conversation_id == mark.conversation_id, case_note.c.id > mark.note_id)
    columns = (case_note.c.id, case_note.c.at, sa.literal("").label("state"), case_note.c.sealed)
    query = sa.select(*columns).join(care_case, _OF_CASE).where(*mine)
    return list(work.execute(query.order_by(case_note.c.id).limit(BATCH)))


def store(work: Work, mark: Mark, batch: Batch) -> bool:
    """Store a batch if the mark still stands at `mark`; returns whether it did."""
    places = ("inbound_id", "outbound_id", "note_id")
    same = [search_mark.c[name] == getattr(mark, name) for name in places]
    moved = sa.update(search_mark).where(search_mark.c.id == mark.id, *same)
    if work.execute(moved.values({name: getattr(batch.mark, name) for name in places})).rowcount != 1:
        return False
    insert_tokens(work, mark.id, batch.rows)
    return True


_INSERT_MANY = sa.text(
    f"INSERT INTO {search_token.name} (token, ref, mark_id) SELECT token, ref, :mark "
    "FROM unnest(CAST(:tokens AS bigint[]), CAST(:refs AS bigint[])) AS new (token, ref) ON CONFLICT DO NOTHING"
)
_INSERT_ONE = sa.text(
    f"INSERT INTO {search_token.name} (token, ref, mark_id) VALUES (:token, :ref, :mark) ON CONFLICT DO NOTHING"
)


def insert_tokens(work: Work, mark_id: int, rows: tuple[tuple[int, int], ...]) -> None:
    """Store tokens of one conversation in one statement."""
    if not rows:
        return
    if work.is_postgres:
        tokens, refs = zip(*rows, strict=True)
        work.execute(_INSERT_MANY, {"tokens": list(tokens), "refs": list(refs), "mark": mark_id})
    else:
        work.execute(_INSERT_ONE, [{"token": token, "ref": ref, "mark": mark_id} for token, ref in rows])
