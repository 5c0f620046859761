"""Answers to requests of WeChat, by message: what was answered is kept, since WeChat may ask again and must hear the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import inbound, wechat_turn
from bot.outbox import waiting
from connectors.wechat.incoming import CHANNEL
from connectors.wechat.rendering import Filled, Taken

# WeChat repeats within seconds; a day is for whatever a proxy in between may do.
KEPT = timedelta(days=1)
# An answer belongs to the request for this much longer than requests can come.
SPARE = timedelta(seconds=10)


# Statements of every message are built once: building one costs more than running it.
_AT = wechat_turn.c.lookup == sa.bindparam("wanted")
_FIND = sa.select(*(wechat_turn.c[name] for name in ("conversation_id", "tries", "closed_at", "sealed"))).where(_AT)
_ANSWER = sa.update(wechat_turn).where(_AT).values(sealed=sa.bindparam("answer"), closed_at=None)
_CLOSE = sa.update(wechat_turn).where(_AT).values(closed_at=sa.bindparam("at"))
_TRY = sa.update(wechat_turn).where(_AT).values(tries=wechat_turn.c.tries + 1)
_RECEIVED = sa.select(inbound.c.received_at).where(inbound.c.channel == CHANNEL, inbound.c.external_id == sa.bindparam("wanted"))
_NEVER_LEFT = sa.select(wechat_turn.c.id, wechat_turn.c.sealed).where(
    wechat_turn.c.conversation_id == sa.bindparam("conversation"),
    wechat_turn.c.closed_at.is_(None),
    wechat_turn.c.sealed.isnot(None),
)


@dataclass(frozen=True)
class Turn:
    """One message of WeChat. `reply` is None as long as no request was answered; `tries` were left without an answer."""

    conversation_id: str
    tries: int = 0
    reply: str | None = None
    taken: tuple[Taken, ...] = ()
    closed_at: datetime | None = None  # when the answer has left


def find(work: Work, external_id: str) -> Turn | None:
    """Return what is known of a message's requests, or None."""
    row = work.execute(_FIND, {"wanted": _lookup(work, external_id)}).first()
    if row is None:
        return None
    said = {"reply": None, "taken": []} if row.sealed is None else work.cipher.unseal(row.sealed)
    taken = tuple(Taken(*one) for one in said["taken"])
    return Turn(row.conversation_id, row.tries, said["reply"], taken, row.closed_at)


def answer(work: Work, conversation_id: str, external_id: str, filled: Filled, *, until: datetime, now: datetime) -> None:
    """Store an answer, and give it the messages that it holds; when it never leaves they go their own way after `until`."""
    taken = [(one.id, one.arrived, one.whole) for one in filled.taken]
    _void(work, conversation_id, frozenset(one.id for one in filled.taken))
    sealed = work.cipher.seal({"reply": filled.text, "taken": taken})
    _put(work, conversation_id, external_id, now=now)
    work.execute(_ANSWER, {"wanted": _lookup(work, external_id), "answer": sealed})
    if filled.taken:
        waiting.hand_over(work, [one.id for one in filled.taken], until=until + SPARE)


def _void(work: Work, conversation_id: str, numbers: frozenset[int]) -> None:
    """Take answers back that never left and whose messages somebody else brings now: said again they would come twice."""
    for row in work.execute(_NEVER_LEFT, {"conversation": conversation_id}).all():
        if numbers & {one[0] for one in work.cipher.unseal(row.sealed)["taken"]}:
            work.execute(sa.update(wechat_turn).where(wechat_turn.c.id == row.id).values(sealed=None))


def asked_first(work: Work, external_id: str) -> datetime | None:
    """Return when WeChat brought this message first, or None when it is not stored."""
    at: datetime | None = work.execute(_RECEIVED, {"wanted": external_id}).scalar()
    return at


def take_back(work: Work, external_id: str, *, now: datetime) -> frozenset[int]:
    """Let what an answer held go the ordinary way: WeChat asks for it again, so nobody has seen it. Returns its priorities."""
    turn = find(work, external_id)
    if turn is None or not turn.taken:
        return frozenset()
    work.execute(_ANSWER, {"wanted": _lookup(work, external_id), "answer": None})
    return frozenset(waiting.not_seen(work, one.id, now=now) for one in turn.taken)


def left_open(work: Work, conversation_id: str, external_id: str, *, now: datetime) -> int:
    """Count one request that gets no answer, and return how many that were."""
    _put(work, conversation_id, external_id, now=now)
    work.execute(_TRY, {"wanted": _lookup(work, external_id)})
    turn = find(work, external_id)
    return 0 if turn is None else turn.tries


def shown(work: Work, external_id: str, *, now: datetime) -> bool:
    """Record that the answer has left; returns whether anything of its messages is still to come."""
    turn = find(work, external_id)
    if turn is None or turn.closed_at is not None:  # erased meanwhile, or answered twice at once
        return False
    for one in turn.taken:
        waiting.shown(work, one.id, arrived=one.mark, whole=one.whole, now=now)
    work.execute(_CLOSE, {"wanted": _lookup(work, external_id), "at": now})
    return any(not one.whole for one in turn.taken)


def forget_old(work: Work, *, now: datetime) -> int:
    """Remove what no request can ask for any more; returns how much."""
    return int(work.execute(sa.delete(wechat_turn).where(wechat_turn.c.opened_at < now - KEPT)).rowcount)


def _put(work: Work, conversation_id: str, external_id: str, *, now: datetime) -> None:
    row = {"conversation_id": conversation_id, "lookup": _lookup(work, external_id), "tries": 0, "opened_at": now}
    insert_once(work, wechat_turn, row)


def _lookup(work: Work, external_id: str) -> str:
    return work.cipher.lookup("turn", CHANNEL, external_id)
