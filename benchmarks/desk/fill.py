"""Fills an empty database with cases, messages and their index, as quickly as the database takes them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.desk.texts import texts
from bot.database.engine import Database
from bot.database.tables import (
    care_case,
    case_event,
    case_note,
    consent,
    conversation,
    inbound,
    outbound,
    patient,
    search_mark,
    search_token,
)
from bot.handoff.case_rows import risk_of
from bot.handoff.refs import Kind, ref_of
from bot.messages import LEVELS
from bot.privacy.consent import VERSION
from bot.search.tokens import hasher, tokens_of, version_of
from bot.triage.tables import Tables

OPEN, CLOSED = 5_000, 20_000
TEAMS = tuple(f"team{number}" for number in range(10))
# So many different messages; each stands about twenty times among a million.
DIFFERENT = 40_000
CHUNK = 50_000
# One that nobody else wrote, in the middle of the time.
NEEDLE = "zwischenrippenblockade"


@dataclass(frozen=True)
class Pool:
    """Messages that are sealed and hashed once: (language, sealed, tokens)."""

    theirs: tuple[tuple[str, bytes, np.ndarray[Any, Any]], ...]
    ours: tuple[tuple[str, bytes, np.ndarray[Any, Any]], ...]


def pool(database: Database, tables: Tables) -> Pool:
    """Return the messages to draw from."""
    hashed, seal = hasher(database.cipher), database.cipher.seal

    def made(*, ours: bool) -> Iterator[tuple[str, bytes, np.ndarray[Any, Any]]]:
        for language, text in islice(texts(tables, ours=ours, seed=1 + ours), DIFFERENT // 2):
            content = {"text": text, "note": "", "language": language} if ours else {"text": text, "payload": ""}
            yield language, seal(content), np.fromiter(hashed(tokens_of(text)), dtype=np.int64)

    return Pool(tuple(made(ours=False)), tuple(made(ours=True)))


def fill(database: Database, messages: int, *, drawn: Pool, now: datetime) -> int:
    """Store the cases and `messages` messages, a tenth of a per cent of them notes; returns the number of tokens."""
    people(database, now=now)
    each = messages // OPEN
    rows = _messages(drawn, each, database, now=now)
    tokens = _store(database, rows, drawn, each, now=now)
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("VACUUM ANALYZE"))
    return tokens


def people(database: Database, *, now: datetime) -> None:
    """Store patients, conversations, consents, marks and cases: open ones first."""
    chance, version = random.Random(3), version_of(database.cipher)
    count = OPEN + CLOSED
    names = [f"{number:032x}" for number in range(count)]
    begun = now - timedelta(days=300)
    bulk(database, patient, ({"id": name, "created_at": begun} for name in names))
    bulk(database, conversation, (_conversation(name, chance, begun, now) for name in names))
    granted = {"version": VERSION, "state": "granted", "channel": "telegram", "language": "en", "at": begun}
    bulk(database, consent, ({"id": number + 1, "patient_id": name, **granted} for number, name in enumerate(names)))
    zero = {"inbound_id": 0, "outbound_id": 0, "note_id": 0, "version": version}
    bulk(database, search_mark, ({"id": number + 1, "conversation_id": name, **zero} for number, name in enumerate(names)))
    bulk(database, care_case, (_case(number, name, chance, now) for number, name in enumerate(names)))


def _conversation(name: str, chance: random.Random, begun: datetime, now: datetime) -> dict[str, Any]:
    known = {"channel": "telegram", "region": "CN", "region_known": True, "level_floor": "INFO", "episode": 1, "greeted": True}
    known |= {"told_waiting": False, "asked_to_erase": 0, "asked_to_link": 0, "scene": "", "created_at": begun, "last_at": now}
    return {"id": name, "patient_id": name, "lookup": name, "language": chance.choice(["zh-Hans", "en", "de"]), **known}


def _case(number: int, name: str, chance: random.Random, now: datetime) -> dict[str, Any]:
    level = chance.choices(LEVELS, (2, 6, 20, 60, 12))[0]
    opened = now - timedelta(minutes=chance.randrange(1, 20_000))
    is_open = number < OPEN
    state = chance.choices(("waiting", "claimed", "waiting_for_patient"), (70, 10, 20))[0] if is_open else "closed"
    held = state in ("claimed", "waiting_for_patient")
    return {
        "id": number + 1,
        "conversation_id": name,
        "patient_id": name,
        "reason": "red_flag",
        "level": level,
        "crisis": False,
        "risk": risk_of(level, crisis=False),
        "state": state,
        "claimed_by": f"nurse{chance.randrange(50)}" if held else None,
        "lease_until": now + timedelta(minutes=15) if held else None,
        "team": chance.choice(TEAMS),
        "department": "GP",
        "language": "en",
        "opened_at": opened,
        "waiting_since": opened if state in ("waiting", "claimed") else None,
        "snoozed_until": now + timedelta(hours=5) if is_open and chance.random() < 0.05 else None,
        "closed_at": None if is_open else opened + timedelta(minutes=9),
    }


@dataclass(frozen=True)
class _Row:
    kind: Kind
    number: int  # in its table
    owner: int  # place of the conversation
    at: datetime
    drawn: int  # place in the pool


def _messages(drawn: Pool, each: int, database: Database, *, now: datetime) -> list[_Row]:
    """Return all messages in their order of time: patient and answer by turns, over 300 days."""
    chance = random.Random(5)
    total = OPEN * each
    step = timedelta(days=300) / max(total, 1)
    rows: list[_Row] = []
    numbers = {"in": 0, "out": 0, "note": 0}
    sizes = {"in": len(drawn.theirs), "out": len(drawn.ours), "note": len(drawn.ours)}
    for place in range(total):
        kind: Kind = "note" if place % 1000 == 999 else "out" if place % 2 else "in"
        numbers[kind] += 1
        owner = (place // 2) % OPEN
        rows.append(_Row(kind, numbers[kind], owner, now - timedelta(days=300) + step * place, chance.randrange(sizes[kind])))
    return rows


def _store(database: Database, rows: list[_Row], drawn: Pool, each: int, *, now: datetime) -> int:
    seal = database.cipher.seal
    needle = next(row for row in rows[len(rows) // 2 :] if row.kind == "in")
    special = {needle.number: seal({"text": f"Der Arzt sprach von {NEEDLE}.", "payload": ""})}
    name = "{:032x}".format
    bulk(database, inbound, (_in(row, name(row.owner), drawn, special) for row in rows if row.kind == "in"))
    bulk(database, outbound, (_out(row, name(row.owner), drawn) for row in rows if row.kind == "out"))
    bulk(database, case_note, (_note(row, drawn) for row in rows if row.kind == "note"))
    message = {"what": "message", "who": "patient", "sealed": None}
    wrote = (row for row in rows if row.kind == "in")
    keys = ({"id": row.number, "case_id": row.owner + 1, "dedupe_key": f"message:{row.number}", "at": row.at} for row in wrote)
    bulk(database, case_event, ({**key, **message} for key in keys))
    count = _index(database, rows, drawn, needle)
    _marks(database, rows)
    return count


def _in(row: _Row, owner: str, drawn: Pool, special: dict[int, bytes]) -> dict[str, Any]:
    sealed = special.get(row.number) or drawn.theirs[row.drawn][1]
    known = {"channel": "telegram", "external_id": f"m{row.number}", "kind": "text", "state": "handled", "attempts": 0}
    return {"id": row.number, "conversation_id": owner, **known, "received_at": row.at, "sealed": sealed}


def _out(row: _Row, owner: str, drawn: Pool) -> dict[str, Any]:
    author = "nurse" if row.number % 3 == 0 else "bot"
    known = {"dedupe_key": f"o{row.number}", "priority": 2, "author": author, "kind": "answer", "at_most_once": False}
    known |= {"state": "sent", "tries": 1, "not_before": row.at, "created_at": row.at, "sent_at": row.at}
    return {"id": row.number, "conversation_id": owner, **known, "sealed": drawn.ours[row.drawn][1]}


def _note(row: _Row, drawn: Pool) -> dict[str, Any]:
    known = {"case_id": row.owner + 1, "who": "nurse1", "dedupe_key": f"n{row.number}", "at": row.at}
    return {"id": row.number, **known, "sealed": drawn.ours[row.drawn][1]}


def _index(database: Database, rows: list[_Row], drawn: Pool, needle: _Row) -> int:
    """Store all tokens, sorted: so the trees of the database grow at their ends."""
    tokens, refs, marks = [], [], []
    extra = np.fromiter(hasher(database.cipher)(tokens_of(f"Der Arzt sprach von {NEEDLE}.")), dtype=np.int64)
    for row in rows:
        found = extra if row is needle else (drawn.theirs if row.kind == "in" else drawn.ours)[row.drawn][2]
        tokens.append(found)
        refs.append(np.full(len(found), ref_of(row.kind, row.number, row.at), dtype=np.int64))
        marks.append(np.full(len(found), row.owner + 1, dtype=np.int64))
    all_tokens, all_refs, all_marks = (np.concatenate(parts) for parts in (tokens, refs, marks))
    order = np.lexsort((all_refs, all_tokens))
    columns = (all_tokens[order], all_refs[order], all_marks[order])
    with database.engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_search_token_mark_id"))
    names = ("token", "ref", "mark_id")
    for start in range(0, len(order), CHUNK):
        some = zip(*(column[start : start + CHUNK].tolist() for column in columns), strict=True)
        _insert(database, search_token, names, list(some))
    with database.engine.begin() as connection:
        connection.execute(sa.text("CREATE INDEX ix_search_token_mark_id ON search_token (mark_id)"))
    return len(order)


def _marks(database: Database, rows: list[_Row]) -> None:
    latest: dict[str, int] = {}
    for row in rows:
        latest[row.kind] = max(row.number, latest.get(row.kind, 0))
    with database.engine.begin() as connection:
        values = {"inbound_id": latest["in"], "outbound_id": latest["out"], "note_id": latest.get("note", 0)}
        connection.execute(sa.update(search_mark).values(**values))


def bulk(database: Database, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows that all have the same columns."""
    left = iter(rows)
    while some := list(islice(left, CHUNK)):
        names = tuple(some[0])
        _insert(database, table, names, [tuple(row[name] for name in names) for row in some])


def _insert(database: Database, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    postgres = database.engine.dialect.name == "postgresql"
    raw = database.engine.raw_connection()
    try:
        if postgres:
            text = StringIO("".join("\t".join(map(_copied, row)) + "\n" for row in rows))
            raw.cursor().copy_expert(f"COPY {table.name} ({', '.join(names)}) FROM STDIN", text)
        else:
            marks = ", ".join("?" * len(names))
            plain = [tuple(map(_plain, row)) for row in rows]
            raw.cursor().execute("BEGIN")
            raw.cursor().executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", plain)
        raw.commit()
    finally:
        raw.close()


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
