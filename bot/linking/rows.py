"""Codes that were given and codes that were wrong. A code stands here as a keyed hash only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import link_code, link_try
from bot.inbox.conversations import Conversation
from bot.linking.codes import LASTS, code_in, new_code

# So many wrong codes, and a person has to wait; and so many of all people together, and everybody has to: whoever opens a new
# chat for every few guesses gets no further. Guessing without end is 173,000 tries in 30 days; while five codes are alive at any
# time (700 links a day) each hits with 5 in 10^12: together less than one in a million.
TRIES, PAUSE = 5, timedelta(hours=1)
TRIES_OF_ALL, PAUSE_OF_ALL = 40, timedelta(minutes=10)


@dataclass(frozen=True)
class Offer:
    """A code that is alive: where it was shown, and where it was typed, if it was."""

    id: int
    conversation_id: str
    typed_in: str | None


def give(work: Work, conversation: Conversation, *, now: datetime) -> str:
    """Return a new code for this chat; an earlier one is dead from now on."""
    forget(work, conversation.id)
    while True:
        code = new_code()
        row = {"conversation_id": conversation.id, "lookup": _lookup(work, code_in(code) or ""), "expires_at": now + LASTS}
        if insert_once(work, link_code, row) is not None:
            return code


def find(work: Work, code: str, conversation: Conversation, *, now: datetime) -> Offer | None:
    """Return the offer with this code (its digits), or None: there is none, it is too old, or it was typed elsewhere before."""
    free = sa.or_(link_code.c.typed_in.is_(None), link_code.c.typed_in == conversation.id)
    return _first(work, sa.and_(link_code.c.lookup == _lookup(work, code), free, link_code.c.expires_at > now))


def typed(work: Work, offer: Offer, conversation: Conversation) -> None:
    """Note where the code was typed: from now on it works nowhere else, and only together with a yes."""
    work.execute(sa.delete(link_code).where(link_code.c.typed_in == conversation.id, link_code.c.id != offer.id))
    work.execute(sa.update(link_code).where(link_code.c.id == offer.id).values(typed_in=conversation.id))


def asked(work: Work, conversation_id: str, *, now: datetime) -> Offer | None:
    """Return the offer about which this chat was asked, or None when it is too old or was withdrawn meanwhile."""
    return _first(work, sa.and_(link_code.c.typed_in == conversation_id, link_code.c.expires_at > now))


def withdraw_question(work: Work, conversation_id: str) -> None:
    """Let go of what this chat was asked: the code is used up."""
    work.execute(sa.delete(link_code).where(link_code.c.typed_in == conversation_id))


def forget(work: Work, *conversation_ids: str) -> None:
    """Drop the codes that were shown or typed in these chats."""
    shown, told = (column.in_(conversation_ids) for column in (link_code.c.conversation_id, link_code.c.typed_in))
    work.execute(sa.delete(link_code).where(sa.or_(shown, told)))


def was_wrong(work: Work, patient_id: str, *, now: datetime) -> int:
    """Note a wrong code, and return how many tries are left to this person."""
    work.execute(link_try.insert().values(patient_id=patient_id, at=now))
    return max(0, TRIES - _count(work, link_try.c.patient_id == patient_id, since=now - PAUSE))


def is_paused(work: Work, patient_id: str, *, now: datetime) -> bool:
    """Return whether no code is looked at now: too many were wrong, this person's or all people's."""
    if _count(work, link_try.c.patient_id == patient_id, since=now - PAUSE) >= TRIES:
        return True
    return _count(work, sa.true(), since=now - PAUSE_OF_ALL) >= TRIES_OF_ALL


def tidy(work: Work, *, now: datetime) -> None:
    """Remove codes and tries that are too old to mean anything."""
    work.execute(sa.delete(link_code).where(link_code.c.expires_at <= now))
    work.execute(sa.delete(link_try).where(link_try.c.at <= now - PAUSE))


def _lookup(work: Work, code: str) -> str:
    return work.cipher.lookup("link", code)


def _first(work: Work, where: object) -> Offer | None:
    query = sa.select(link_code.c.id, link_code.c.conversation_id, link_code.c.typed_in).where(where)
    row = work.execute(query.with_for_update() if work.is_postgres else query).first()
    return None if row is None else Offer(**row._mapping)


def _count(work: Work, whose: object, *, since: datetime) -> int:
    query = sa.select(sa.func.count()).select_from(link_try).where(whose, link_try.c.at > since)
    return int(work.execute(query).scalar_one())
