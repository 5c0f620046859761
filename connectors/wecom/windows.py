"""What WeCom lets us write: five messages within 48 hours after the person's last one. Counted before a call, not after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import kf_session, outbound
from bot.outbox.store import EMERGENCY, NURSE

MOST, WINDOW = 5, timedelta(hours=48)
# The bot leaves the last one to a nurse and to an alarm.
MOST_OF_THE_BOT = MOST - 1
NEW, BOT, QUEUE, STAFF, ENDED = range(5)

Verdict = Literal["yes", "last", "full", "over"]


def wrote(work: Work, conversation_id: str, *, at: datetime) -> None:
    """The person wrote: the count begins anew. An older message, or the same again, changes nothing."""
    row = {"conversation_id": conversation_id, "wrote_at": at, "used": 0, "counted": "", "service_state": NEW}
    if insert_once(work, kf_session, row) is not None:
        return
    mine = sa.and_(kf_session.c.conversation_id == conversation_id, kf_session.c.wrote_at < at)
    work.execute(sa.update(kf_session).where(mine).values(wrote_at=at, used=0, counted=""))
    over = sa.and_(kf_session.c.conversation_id == conversation_id, kf_session.c.service_state == ENDED)
    work.execute(sa.update(kf_session).where(over).values(service_state=NEW))


def take(work: Work, conversation_id: str, msgid: str, *, priority: int, now: datetime) -> Verdict:
    """Count one message, or say why it may not be sent. "last": after this one the bot has to wait for the person.

    The same message again, since nobody knows what became of it or a process died, is counted once.
    """
    most = MOST if priority in (EMERGENCY, NURSE) else MOST_OF_THE_BOT
    mine = kf_session.c.conversation_id == conversation_id
    query = sa.select(kf_session.c.wrote_at, kf_session.c.used, kf_session.c.counted).where(mine)
    row = work.execute(query.with_for_update() if work.is_postgres else query).first()
    if row is None:  # everything was erased meanwhile; WeCom itself will say when it is too much
        wrote(work, conversation_id, at=now)
        return take(work, conversation_id, msgid, priority=priority, now=now)
    if now - row.wrote_at >= WINDOW:
        return "over"
    if row.counted == msgid:
        return "last" if row.used >= most else "yes"
    if row.used >= most:
        return "full"
    work.execute(sa.update(kf_session).where(mine).values(used=kf_session.c.used + 1, counted=msgid))
    return "last" if row.used + 1 >= most else "yes"


def way(work: Work, conversation_id: str, *, now: datetime) -> Literal["open", "closed"]:
    """Return whether the bot may write now: in the window, with one left, and not while the staff or nobody has the conversation."""
    columns = (kf_session.c.wrote_at, kf_session.c.used, kf_session.c.service_state)
    row = work.execute(sa.select(*columns).where(kf_session.c.conversation_id == conversation_id)).first()
    if row is None:  # nothing was counted yet; WeCom itself will say when it is too much
        return "open"
    free = now - row.wrote_at < WINDOW and row.used < MOST_OF_THE_BOT
    return "open" if free and row.service_state in (NEW, BOT) else "closed"


def give_back(work: Work, conversation_id: str, msgid: str) -> None:
    """One that was counted will never be sent."""
    mine = sa.and_(kf_session.c.conversation_id == conversation_id, kf_session.c.counted == msgid)
    work.execute(sa.update(kf_session).where(mine).values(used=kf_session.c.used - 1, counted=""))


def used_up(work: Work, conversation_id: str) -> None:
    """WeCom counts more than we did."""
    work.execute(sa.update(kf_session).where(kf_session.c.conversation_id == conversation_id).values(used=MOST, counted=""))


def state_is(work: Work, conversation_id: str, state: int) -> None:
    """Remember in which state of service the conversation is."""
    work.execute(sa.update(kf_session).where(kf_session.c.conversation_id == conversation_id).values(service_state=state))


def state_of(work: Work, conversation_id: str) -> int:
    """Return the state of service as far as we know."""
    query = sa.select(kf_session.c.service_state).where(kf_session.c.conversation_id == conversation_id)
    state = work.execute(query).scalar()
    return NEW if state is None else int(state)


def is_late(work: Work, outbound_id: int) -> bool:
    """Return whether this message had to wait for the person to write again, so that it answers something earlier."""
    problem = work.execute(sa.select(outbound.c.problem).where(outbound.c.id == outbound_id)).scalar()
    return bool(problem == "Parked")


def more_waits(work: Work, conversation_id: str, outbound_id: int) -> bool:
    """Return whether another message waits behind this one."""
    waits = sa.and_(outbound.c.conversation_id == conversation_id, outbound.c.id != outbound_id)
    return bool(work.execute(sa.select(sa.exists().where(waits, outbound.c.state.in_(("pending", "parked"))))).scalar())
