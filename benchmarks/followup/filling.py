"""Fills a database with people who take part in plans, as quickly as the database takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.desk.fill import bulk
from bot.database.engine import Database
from bot.database.tables import consent, conversation, identity, patient, plan_enrolment, reminder
from bot.followup.reminders import HIGH_RISK, ORDINARY
from bot.privacy.consent import VERSION

CHANNEL = "telegram"
# Each so-manieth person is in a plan of high risk.
RISK_EVERY = 10
PLANS = {HIGH_RISK: ("after_emergency", "day1"), ORDINARY: ("medicine", "daily")}


@dataclass(frozen=True)
class Crowd:
    """Who is reminded: `addresses` are the platform's ids, one for each person; `due` is when each is due."""

    addresses: tuple[int, ...]
    each: int = 1  # reminders of one person


def fill(database: Database, crowd: Crowd, *, due: datetime, now: datetime) -> None:
    """Store the people of `crowd`, each with an enrolment and reminders that wait for `due`."""
    names = [f"{number:032x}" for number in range(len(crowd.addresses))]
    begun = now - timedelta(days=30)
    bulk(database, patient, ({"id": name, "created_at": begun} for name in names))
    bulk(database, identity, _identities(database, names, crowd))
    bulk(
        database,
        conversation,
        (_conversation(database, name, address, now) for name, address in zip(names, crowd.addresses, strict=True)),
    )
    granted = {"version": VERSION, "state": "granted", "channel": CHANNEL, "language": "en", "at": begun}
    bulk(database, consent, ({"id": number + 1, "patient_id": name, **granted} for number, name in enumerate(names)))
    nothing = database.cipher.seal({})
    bulk(database, plan_enrolment, (_enrolment(number, name, nothing, now) for number, name in enumerate(names)))
    bulk(database, reminder, _reminders(crowd, due))
    _count_on(database)


def priority_of(number: int) -> int:
    """Return how important the reminders of a person are."""
    return HIGH_RISK if number % RISK_EVERY == 0 else ORDINARY


def _identities(database: Database, names: list[str], crowd: Crowd) -> Iterator[dict[str, Any]]:
    cipher = database.cipher
    for number, (name, address) in enumerate(zip(names, crowd.addresses, strict=True)):
        lookup, sealed = cipher.lookup("identity", CHANNEL, str(address)), cipher.seal(str(address))
        yield {"id": number + 1, "patient_id": name, "channel": CHANNEL, "lookup": lookup, "sealed": sealed}


def _conversation(database: Database, name: str, address: int, now: datetime) -> dict[str, Any]:
    known = {"channel": CHANNEL, "language": "en", "region": "CN", "region_known": True, "level_floor": "INFO", "episode": 1}
    flags = {"greeted": True, "told_waiting": False, "asked_to_erase": 0, "reminded": True}
    times = {"created_at": now - timedelta(days=30), "last_at": now - timedelta(days=1)}
    lookup = database.cipher.lookup("conversation", CHANNEL, str(address), "")
    return {"id": name, "patient_id": name, "lookup": lookup, **known, **flags, **times}


def _enrolment(number: int, name: str, nothing: bytes, now: datetime) -> dict[str, Any]:
    plan, _ = PLANS[priority_of(number)]
    made = {"version": "1", "state": "active", "enrolled_by": "bench", "created_at": now, "consented_at": now, "sealed": nothing}
    where = {"patient_id": name, "conversation_id": name, "dedupe_key": name, "zone": "UTC"}
    return {"id": number + 1, "plan": plan, "anchor": (now - timedelta(days=1)).date(), **where, **made}


def _reminders(crowd: Crowd, due: datetime) -> Iterator[dict[str, Any]]:
    number = 0
    for place in range(crowd.each):
        for person in range(len(crowd.addresses)):
            number += 1
            priority = priority_of(person)
            at = due + timedelta(seconds=place)
            times = {"day": at.date(), "wanted_at": at, "due_at": at, "until": at + timedelta(hours=6)}
            names = {"enrolment_id": person + 1, "step": PLANS[priority][1], "number": place, "attempt": 0}
            yield {"id": number, **names, **times, "priority": priority, "state": "waiting", "tries": 0}


def _count_on(database: Database) -> None:
    """Let PostgreSQL count on from what was stored, and know how much there is."""
    if database.engine.dialect.name != "postgresql":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in (identity, consent, plan_enrolment, reminder):
            connection.execute(sa.text(f"SELECT setval('{table.name}_id_seq', (SELECT max(id) FROM {table.name}))"))
        connection.execute(sa.text("VACUUM ANALYZE"))
