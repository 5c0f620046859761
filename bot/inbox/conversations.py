"""Who writes, and in which conversation: found by keyed hash, made on first contact."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, identity, patient, profile
from bot.languages import Language
from bot.messages import LEVELS, Inbound, Level
from bot.privacy import blocks

# After this silence a new message begins a new health question, with a level of its own.
EPISODE_ENDS_AFTER = timedelta(hours=4)
# Who left is erased then, long before the retention ends.
LEFT_ERASED_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Conversation:
    """One patient on one channel (in a group: group and member)."""

    id: str
    patient_id: str
    channel: str
    language: Language
    region: str
    region_known: bool
    level_floor: Level
    episode: int
    greeted: bool
    told_waiting: bool
    asked_to_erase: int  # the message that asked for it, until it is answered; 0: none
    last_at: datetime
    asked_to_link: int = 0  # the message that held a code, until it is answered; 0: none
    reminded: bool = False  # they get reminders
    asked_checkin: int = 0  # the check-in whose question an answer may answer; 0: none
    scene: str = ""  # the code of the place whose poster led here
    awaited_until: datetime | None = None  # until then a request of the platform waits for what is said here
    erase_after: datetime | None = None  # the person has left
    blocked_at: datetime | None = None  # the staff does not read it any more, but for alarms
    nurse_since: datetime | None = None  # since then a nurse has talked with this person, and the bot has not answered


# Statements of every message are built once: building one costs more than running it.
_COLUMNS = tuple(conversation.c[name] for name in Conversation.__dataclass_fields__)
_BY_LOOKUP = sa.select(*_COLUMNS).where(conversation.c.lookup == sa.bindparam("wanted"))
_BY_ID = sa.select(*_COLUMNS).where(conversation.c.id == sa.bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()


@dataclass(frozen=True)
class Defaults:
    """What holds when a first message does not say it."""

    language: Language
    region: str


def conversation_key(work: Work, inbound: Inbound) -> str:
    """Return the keyed hash of channel, person and group."""
    return work.cipher.lookup("conversation", inbound.channel, inbound.sender, inbound.group or "")


def find(work: Work, lookup: str) -> Conversation | None:
    """Return the conversation with this keyed hash, or None."""
    row = work.execute(_BY_LOOKUP, {"wanted": lookup}).first()
    return None if row is None else Conversation(**row._mapping)


def get(work: Work, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    """Return the conversation with this id, or None: it may have been erased meanwhile.

    `lock` holds it to the end of the transaction. Who writes messages of a conversation must hold it: else numbers
    could be committed out of order, and a page that asks for "after 11" would never see a late 10. SQLite has one
    writer anyway.
    """
    row = work.execute(_BY_ID_LOCKED if lock and work.is_postgres else _BY_ID, {"wanted": conversation_id}).first()
    return None if row is None else Conversation(**row._mapping)


def of_sender(work: Work, channel: str, sender: str, *, group: str | None = None) -> Conversation | None:
    """Return the conversation of this person on this channel, or None when they never wrote."""
    return find(work, work.cipher.lookup("conversation", channel, sender, group or ""))


def address(work: Work, conversation_id: str, channel: str) -> str | None:
    """Return the platform's id of the person of a conversation, or None when it is not on this channel."""
    mine = sa.and_(identity.c.patient_id == conversation.c.patient_id, identity.c.channel == channel)
    query = sa.select(identity.c.sealed).join(conversation, mine)
    sealed = work.execute(query.where(conversation.c.id == conversation_id, conversation.c.channel == channel)).scalar()
    return None if sealed is None else str(work.cipher.unseal(sealed))


def create(work: Work, inbound: Inbound, *, language: Language, defaults: Defaults, now: datetime) -> Conversation:
    """Make patient, identity and conversation as needed and return the conversation."""
    values = {
        "id": uuid.uuid4().hex,
        "patient_id": _patient(work, inbound, now=now),
        "channel": inbound.channel,
        "language": language,
        "region": inbound.region or defaults.region,
        "region_known": inbound.region is not None,
        "level_floor": "INFO",
        "episode": 1,
        "greeted": False,
        "told_waiting": False,
        "asked_to_erase": 0,
        "scene": inbound.scene,
        "last_at": now,
        "blocked_at": blocks.take(work, _identity_key(work, inbound)),
    }
    more = {"lookup": conversation_key(work, inbound), "created_at": now, "awaited_until": inbound.awaited_until}
    work.execute(conversation.insert().values(**values, **more))
    return Conversation(**values)  # type: ignore[arg-type]


def change(work: Work, conversation_id: str, **values: Any) -> None:
    """Set columns of one conversation."""
    if values:
        work.execute(_update(frozenset(values)), {"wanted": conversation_id, **values})


def raise_level(work: Work, one: Conversation, level: Level, *, now: datetime) -> None:
    """Raise the level of this conversation and of its person's other ones with an open episode: it never falls by this."""
    lower = LEVELS[LEVELS.index(level) + 1 :]
    open_ = sa.or_(conversation.c.id == one.id, conversation.c.last_at >= now - EPISODE_ENDS_AFTER)
    mine = sa.and_(conversation.c.patient_id == one.patient_id, conversation.c.level_floor.in_(lower), open_)
    work.execute(sa.update(conversation).where(mine).values(level_floor=level))


def leave(work: Work, conversation_id: str, *, now: datetime) -> None:
    """The person has left or blocked us: nothing is sent on our own account, and what is kept ends soon. The first time counts."""
    mine = sa.and_(conversation.c.id == conversation_id, conversation.c.erase_after.is_(None))
    work.execute(sa.update(conversation).where(mine).values(erase_after=now + LEFT_ERASED_AFTER))


@cache
def _update(names: frozenset[str]) -> Any:
    changed = {name: sa.bindparam(name) for name in names}
    return sa.update(conversation).where(conversation.c.id == sa.bindparam("wanted")).values(changed)


def _identity_key(work: Work, inbound: Inbound) -> str:
    return work.cipher.lookup("identity", inbound.channel, inbound.sender)


def _patient(work: Work, inbound: Inbound, *, now: datetime) -> str:
    lookup = _identity_key(work, inbound)
    known = work.execute(sa.select(identity.c.patient_id).where(identity.c.lookup == lookup)).scalar()
    if known:
        return str(known)
    patient_id = uuid.uuid4().hex
    work.execute(patient.insert().values(id=patient_id, created_at=now))
    row = {"patient_id": patient_id, "channel": inbound.channel, "lookup": lookup, "sealed": work.cipher.seal(inbound.sender)}
    work.execute(identity.insert().values(**row))
    return patient_id


def profile_of(work: Work, patient_id: str) -> dict[str, Any]:
    """Return what the latest guidance learned: who it was about, age, sex, pregnant; {} when there was none."""
    query = sa.select(profile.c.sealed).where(profile.c.patient_id == patient_id).order_by(profile.c.id.desc()).limit(1)
    sealed = work.execute(query).scalar()
    return {} if sealed is None else dict(work.cipher.unseal(sealed))


def zone_of(work: Work, patient_id: str) -> str:
    """Return the time zone that a patient has named, "" when they have not."""
    return str(work.execute(sa.select(patient.c.zone).where(patient.c.id == patient_id)).scalar() or "")


def shell_of(work: Work, conversation_id: str) -> dict[str, Any]:
    """Return what is needed to go on in the same place after everything was erased: no words, no history."""
    row = work.execute(sa.select(conversation).where(conversation.c.id == conversation_id)).one()
    person = sa.select(identity.c.lookup, identity.c.sealed).where(
        identity.c.patient_id == row.patient_id, identity.c.channel == row.channel
    )
    found = work.execute(person).one()
    names = ("id", "channel", "lookup", "language", "region", "region_known", "awaited_until")
    kept = {name: row._mapping[name] for name in names}
    return {"conversation": kept, "identity": {"channel": row.channel, "lookup": found.lookup, "sealed": found.sealed}}


def restore(work: Work, shell: dict[str, Any], *, now: datetime) -> None:
    """Make an empty patient and conversation from `shell`."""
    patient_id = uuid.uuid4().hex
    work.execute(patient.insert().values(id=patient_id, created_at=now))
    work.execute(identity.insert().values(**shell["identity"], patient_id=patient_id))
    fresh = {"level_floor": "INFO", "episode": 1, "greeted": False, "told_waiting": False, "asked_to_erase": 0}
    fresh["blocked_at"] = blocks.take(work, shell["identity"]["lookup"])
    work.execute(
        conversation.insert().values(**shell["conversation"], **fresh, patient_id=patient_id, created_at=now, last_at=now)
    )
