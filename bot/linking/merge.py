"""Makes one patient of two, and two of one. Conversations keep their ids, channels and words; only whose they are changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, consent, conversation, identity, link_try, patient, profile
from bot.followup import moving as followup
from bot.handoff.merging import move_to
from bot.inbox import conversations
from bot.inbox.conversations import Conversation
from bot.linking import rows
from bot.messages import more_urgent
from bot.privacy import audit


@dataclass(frozen=True)
class Chat:
    """A conversation of the same person on another channel. `case_id`: of its open case, if there is one."""

    id: str
    channel: str
    case_id: int | None


def others(work: Work, mine: Conversation) -> tuple[Chat, ...]:
    """Return this person's other chats, the earliest first."""
    case = sa.and_(care_case.c.conversation_id == conversation.c.id, care_case.c.state != "closed")
    query = (
        sa.select(conversation.c.id, conversation.c.channel, care_case.c.id.label("case_id"))
        .select_from(conversation.outerjoin(care_case, case))
        .where(conversation.c.patient_id == mine.patient_id, conversation.c.id != mine.id)
        .order_by(conversation.c.created_at, conversation.c.id)
    )
    return tuple(Chat(row.id, row.channel, row.case_id) for row in work.execute(query))


def channels(work: Work, patient_id: str) -> frozenset[str]:
    """Return the channels on which this person has an address."""
    return frozenset(work.execute(sa.select(identity.c.channel).where(identity.c.patient_id == patient_id)).scalars())


def is_private(work: Work, mine: Conversation) -> bool:
    """Return whether this is a chat of one person with us, and not of a member of a group."""
    address = conversations.address(work, mine.id, mine.channel)
    direct = None if address is None else conversations.of_sender(work, mine.channel, address)
    return direct is not None and direct.id == mine.id


def merge(work: Work, shown: Conversation, typed: Conversation, *, now: datetime) -> None:
    """Make one patient of the owners of two chats: addresses, consents, profiles and conversations come together.

    The more urgent level of two open episodes holds in both. The database refuses two addresses on one channel.
    """
    kept, gone = shown.patient_id, typed.patient_id
    lock(work, kept, gone)
    move_to(work, gone=gone, kept=kept, now=now)
    for table in (identity, profile, consent, conversation, link_try):
        work.execute(sa.update(table).where(table.c.patient_id == gone).values(patient_id=kept))
    followup.move_to(work, gone=gone, kept=kept)
    created = sa.select(sa.func.min(patient.c.created_at)).where(patient.c.id.in_([kept, gone])).scalar_subquery()
    work.execute(sa.update(patient).where(patient.c.id == kept).values(created_at=created))
    work.execute(sa.delete(patient).where(patient.c.id == gone))
    rows.forget(work, shown.id, typed.id)
    level = more_urgent(shown.level_floor, typed.level_floor)
    conversations.raise_level(work, replace(typed, patient_id=kept), level, now=now)
    audit.record(work, who="patient", what="linked two chats", subject=kept, now=now)


def separate(work: Work, mine: Conversation, *, now: datetime) -> None:
    """Give this chat's channel a patient of its own again. What was written in a chat stays with it.

    The profile (who, age, sex, pregnant) came from either: it is forgotten, since it cannot be said whose it is.
    """
    lock(work, mine.patient_id)
    rows.forget(work, *_ids(work, [mine.patient_id]))
    fresh = uuid.uuid4().hex
    since = sa.select(conversation.c.created_at).where(conversation.c.id == mine.id)
    work.execute(patient.insert().values(id=fresh, created_at=work.execute(since).scalar_one()))
    for table in (identity, consent, conversation):
        here = sa.and_(table.c.patient_id == mine.patient_id, table.c.channel == mine.channel)
        work.execute(sa.update(table).where(here).values(patient_id=fresh))
    owner = sa.select(conversation.c.patient_id).where(conversation.c.id == care_case.c.conversation_id).scalar_subquery()
    work.execute(sa.update(care_case).where(care_case.c.patient_id == mine.patient_id).values(patient_id=owner))
    followup.go_with_chats(work, mine.patient_id)
    work.execute(sa.delete(profile).where(profile.c.patient_id == mine.patient_id))
    audit.record(work, who="patient", what="separated two chats", subject=mine.patient_id, now=now)


def lock(work: Work, *patient_ids: str) -> None:
    """Hold all conversations of these patients to the end of the transaction, always in the same order."""
    if work.is_postgres:
        query: Any = sa.select(conversation.c.id).where(conversation.c.patient_id.in_(patient_ids)).order_by(conversation.c.id)
        work.execute(query.with_for_update()).all()


def _ids(work: Work, patient_ids: Iterable[str]) -> list[str]:
    query = sa.select(conversation.c.id).where(conversation.c.patient_id.in_(list(patient_ids)))
    return list(work.execute(query).scalars())
