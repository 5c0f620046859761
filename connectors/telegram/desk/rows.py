"""The rows of topics: one for each case, leased while somebody works on it, and which message there is which one here.

A topic is made only by who has the lease of its row, and a case has one row: so two first messages at once make one topic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import care_case, case_event, desk_message, desk_topic

# Longer than two calls that time out: who has the lease still works.
LEASE = timedelta(seconds=45)
MOST_QUIET = 200
_SEALED = ("chat", "head", "name", "upto_out", "card_in", "card_out", "quiet", "making")


@dataclass(frozen=True)
class Topic:
    """The topic of a case.

    `told_event`, `told_inbound`, `upto_out`: the last event, message of the patient and message of ours that it shows;
    `head`: a digest of the card as it is shown; `quiet`: events that need no line, since the group saw who did it;
    `card_in`, `card_out`: up to which of them the card's transcript goes; `making`: a topic was asked for, no answer was noted.
    """

    id: int
    case_id: int | None
    state: str  # wanted | direct | open | closed
    thread: int | None
    card: int | None
    told_event: int
    told_inbound: int
    tries: int
    not_before: datetime
    chat: int = 0
    head: str = ""
    name: str = ""
    upto_out: int = 0
    card_in: int = 0
    card_out: int = 0
    quiet: frozenset[int] = frozenset()
    making: bool = False


_NAMES = ("id", "case_id", "state", "thread", "card", "told_event", "told_inbound", "tries", "not_before")
_COLUMNS = (*(desk_topic.c[name] for name in _NAMES), desk_topic.c.sealed)


def of_case(work: Work, case_id: int) -> Topic | None:
    """Return the topic of a case, or None."""
    return _one(work, desk_topic.c.case_id == case_id)


def at(work: Work, chat: int, thread: int) -> Topic | None:
    """Return the topic that stands there, or None: it is none of ours, or its case was erased."""
    found = _one(work, desk_topic.c.lookup == lookup(work, chat, thread))
    return found if found is not None and found.case_id is not None else None


def lookup(work: Work, chat: int, thread: int) -> str:
    """Return the keyed hash under which a topic is found."""
    return work.cipher.lookup("desk-topic", str(chat), str(thread))


def take(work: Work, case_id: int, *, now: datetime) -> Topic | None:
    """Lease the topic of a case, made when there is none; None: somebody else has it, it is to rest, or the case was erased."""
    # Held, so that it is not erased before its row is there: the round would fail.
    query = sa.select(care_case.c.id).where(care_case.c.id == case_id)
    if work.execute(query.with_for_update(read=True) if work.is_postgres else query).first() is None:
        return None
    values = {"told_event": 0, "told_inbound": 0, "tries": 0, "not_before": now, "sealed": work.cipher.seal({})}
    insert_once(work, desk_topic, {"case_id": case_id, "state": "wanted", **values})
    return _lease(work, desk_topic.c.case_id == case_id, now=now)


def take_orphan(work: Work, *, now: datetime) -> Topic | None:
    """Lease a topic whose case was erased, or None."""
    query = sa.select(desk_topic.c.id).where(desk_topic.c.case_id.is_(None), desk_topic.c.not_before <= now, _free(now))
    number = work.execute(query.order_by(desk_topic.c.id).limit(1)).scalar()
    return None if number is None else _lease(work, desk_topic.c.id == number, now=now)


def _lease(work: Work, which: Any, *, now: datetime) -> Topic | None:
    row = sa.update(desk_topic).where(which, desk_topic.c.not_before <= now, _free(now))
    return _one(work, which) if work.execute(row.values(lease_until=now + LEASE)).rowcount == 1 else None


def _free(now: datetime) -> Any:
    return sa.or_(desk_topic.c.lease_until.is_(None), desk_topic.c.lease_until < now)


def let_go(work: Work, topic_id: int, *, until: datetime | None = None) -> None:
    """End the lease; `until`: nothing is to be done before."""
    more = {} if until is None else {"not_before": until}
    work.execute(sa.update(desk_topic).where(desk_topic.c.id == topic_id).values(lease_until=None, **more))


def save(work: Work, topic_id: int, **changes: Any) -> None:
    """Change columns, and what is sealed, of a topic. `thread` is set together with `chat`."""
    row = work.execute(sa.select(desk_topic.c.sealed).where(desk_topic.c.id == topic_id).with_for_update()).first()
    if row is None:
        return
    sealed = {**work.cipher.unseal(row.sealed), **{name: changes.pop(name) for name in _SEALED if name in changes}}
    if "thread" in changes:
        thread = changes["thread"]
        changes["lookup"] = None if thread is None else lookup(work, sealed["chat"], thread)
    values = {**changes, "sealed": work.cipher.seal(sealed)}
    work.execute(sa.update(desk_topic).where(desk_topic.c.id == topic_id).values(**values))


def lose(work: Work, topic: Topic, *, now: datetime) -> None:
    """The topic is gone there: it is wanted again, and after the first time only after growing pauses."""
    pause = timedelta(0) if topic.tries == 0 else timedelta(seconds=min(3600, 30 * 2**topic.tries))
    values = {"state": "wanted", "thread": None, "card": None, "tries": topic.tries + 1, "not_before": now + pause}
    save(work, topic.id, **values, chat=topic.chat, head="", name="")


def take_back(work: Work) -> None:
    """End all leases: for a gateway that is alone and starts after a crash."""
    work.execute(sa.update(desk_topic).values(lease_until=None))


def remove(work: Work, topic_id: int) -> None:
    """Forget a topic that was deleted there."""
    work.execute(sa.delete(desk_topic).where(desk_topic.c.id == topic_id))


def be_quiet(work: Work, case_id: int, events: Iterable[int]) -> None:
    """The group saw who did this: no line for these events."""
    topic = of_case(work, case_id)
    if topic is not None:
        kept = sorted(topic.quiet | set(events))[-MOST_QUIET:]
        save(work, topic.id, quiet=[number for number in kept if number > topic.told_event])


def moved(work: Work, old: int, new: int) -> None:
    """A group has another id: its topics stand in the new one."""
    for row in work.execute(sa.select(*_COLUMNS).where(desk_topic.c.thread.isnot(None))).all():
        topic = _topic(work, row)
        if topic.chat == old:
            save(work, topic.id, chat=new, thread=topic.thread)


# Which cases have something to tell.


def last_event(work: Work) -> int:
    """Return the number of the last event of all."""
    return int(work.execute(sa.select(sa.func.max(case_event.c.id))).scalar() or 0)


def changed_since(work: Work, number: int) -> list[int]:
    """Return the cases with an event after `number`."""
    # Told apart here: to group them the database would walk along all events.
    return list(set(work.execute(sa.select(case_event.c.case_id).where(case_event.c.id > number)).scalars()))


def behind(work: Work, *, opened_after: datetime, now: datetime) -> list[int]:
    """Return all cases whose topic does not show everything, or that have none: after a start, and now and then."""
    last = sa.select(sa.func.max(case_event.c.id)).where(case_event.c.case_id == desk_topic.c.case_id).scalar_subquery()
    late = sa.or_(desk_topic.c.state.in_(("wanted", "direct")), desk_topic.c.told_event < last)
    known = sa.select(desk_topic.c.case_id).where(desk_topic.c.case_id.isnot(None), desk_topic.c.not_before <= now, late)
    has_one = sa.exists().where(desk_topic.c.case_id == care_case.c.id)
    new = sa.select(care_case.c.id).where(care_case.c.state != "closed", care_case.c.opened_at > opened_after, ~has_one)
    return list(work.execute(known.union(new)).scalars())


def by_risk(work: Work, numbers: Iterable[int]) -> list[int]:
    """Return those of the cases that there still are, the most urgent first."""
    query = sa.select(care_case.c.id).where(care_case.c.id.in_(list(numbers))).order_by(care_case.c.risk, care_case.c.id)
    return list(work.execute(query).scalars())


def has_orphans(work: Work, *, now: datetime) -> bool:
    """Return whether topics of erased cases are still to be deleted."""
    query = sa.select(sa.exists().where(desk_topic.c.case_id.is_(None), desk_topic.c.not_before <= now))
    return bool(work.execute(query).scalar())


# Which message there is which message here.


@dataclass(frozen=True)
class Link:
    """A message in a topic. `receipt`: see the table."""

    id: int
    case_id: int
    desk_id: int
    outbound_id: int | None
    receipt: str


def link(
    work: Work,
    case_id: int,
    desk_id: int,
    receipt: str,
    *,
    now: datetime,
    inbound_id: int | None = None,
    outbound_id: int | None = None,
) -> None:
    """Remember a message in a topic; again the same changes nothing."""
    still_there = work.execute(sa.select(care_case.c.id).where(care_case.c.id == case_id)).first()
    if still_there is not None and link_of(work, case_id, desk_id) is None:
        row = {"case_id": case_id, "desk_id": desk_id, "receipt": receipt, "at": now}
        work.execute(desk_message.insert().values(**row, inbound_id=inbound_id, outbound_id=outbound_id))


def link_of(work: Work, case_id: int, desk_id: int) -> Link | None:
    """Return what is known of a message in the topic of a case, or None."""
    mine = sa.and_(desk_message.c.case_id == case_id, desk_message.c.desk_id == desk_id)
    row = work.execute(sa.select(*(desk_message.c[name] for name in Link.__dataclass_fields__)).where(mine)).first()
    return None if row is None else Link(**row._mapping)


def sent_from_here(work: Work, outbound_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these messages were written in a topic."""
    query = sa.select(desk_message.c.outbound_id).where(desk_message.c.outbound_id.in_(list(outbound_ids)))
    return frozenset(work.execute(query).scalars())


def mark(work: Work, link_id: int, receipt: str) -> None:
    """Remember what the nurse was shown."""
    work.execute(sa.update(desk_message).where(desk_message.c.id == link_id).values(receipt=receipt))


def _one(work: Work, condition: Any) -> Topic | None:
    row = work.execute(sa.select(*_COLUMNS).where(condition)).first()
    return None if row is None else _topic(work, row)


def _topic(work: Work, row: Any) -> Topic:
    sealed = work.cipher.unseal(row.sealed)
    known = {name: sealed[name] for name in _SEALED if name in sealed}
    known["quiet"] = frozenset(known.get("quiet", ()))
    return Topic(**{name: row._mapping[name] for name in _NAMES}, **known)
