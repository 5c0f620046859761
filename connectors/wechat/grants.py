"""Consents to notices outside the window, and which notice used which: a consent to one is used once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_new
from bot.database.tables import wechat_grant
from connectors.wechat.incoming import CHANNEL, Consent

Outcome = Literal["sent", "arrived", "failed", "withdrawn"]
Open = Literal["open"]


@dataclass(frozen=True)
class Grant:
    """One consent that may be used now."""

    id: int
    lasting: bool


def decide(work: Work, conversation_id: str, consents: Sequence[Consent], *, event: str, lasting: bool, now: datetime) -> None:
    """Record what somebody allowed or forbade. The same `event` again changes nothing."""
    for number, consent in enumerate(consents):
        if not consent.accepted:
            withdraw(work, conversation_id, consent.template)
            continue
        row = {
            "conversation_id": conversation_id,
            "lookup": work.cipher.lookup("grant", CHANNEL, event, str(number)),
            "template": consent.template,
            "lasting": lasting,
            "granted_at": now,
            "outcome": "open",
        }
        work.execute(insert_new(work, wechat_grant, row))


def use(work: Work, conversation_id: str, template: str, *, message_id: int, now: datetime) -> Grant | None:
    """Take the oldest consent for one notice and record what for; None: there is none left."""
    mine = sa.and_(_of(conversation_id, template), wechat_grant.c.outcome == "open")
    query = sa.select(wechat_grant.c.id, wechat_grant.c.lasting).where(mine).order_by(wechat_grant.c.lasting, wechat_grant.c.id)
    row = work.execute((query.with_for_update(skip_locked=True) if work.is_postgres else query).limit(1)).first()
    if row is None:
        return None
    _mark(work, row.id, used_at=now, used_for=message_id, outcome="open" if row.lasting else "sent")
    return Grant(row.id, row.lasting)


def settle(work: Work, grant: Grant, outcome: Outcome | Open) -> None:
    """Record what became of the notice; "open": it was surely not sent, and the consent is still there."""
    if outcome == "open":
        _mark(work, grant.id, outcome="open", used_at=None, used_for=None)
    elif not grant.lasting or outcome == "withdrawn":
        _mark(work, grant.id, outcome=outcome)


def settle_latest(work: Work, conversation_id: str, template: str, *, arrived: bool) -> None:
    """Record what WeChat tells later of the notice that was sent last with this template."""
    sent = sa.and_(_of(conversation_id, template), wechat_grant.c.outcome == "sent")
    latest = work.execute(sa.select(wechat_grant.c.id).where(sent).order_by(wechat_grant.c.used_at.desc()).limit(1)).scalar()
    if latest is not None:
        _mark(work, latest, outcome="arrived" if arrived else "failed")


def withdraw(work: Work, conversation_id: str, template: str) -> None:
    """The person forbids notices of this template: nothing that they had allowed holds any more."""
    open_ones = sa.and_(_of(conversation_id, template), wechat_grant.c.outcome == "open")
    work.execute(sa.update(wechat_grant).where(open_ones).values(outcome="withdrawn"))


def left(work: Work, conversation_id: str, template: str) -> int:
    """Return how many notices may still be sent; a lasting consent counts as one."""
    open_ones = sa.and_(_of(conversation_id, template), wechat_grant.c.outcome == "open")
    return int(work.execute(sa.select(sa.func.count()).select_from(wechat_grant).where(open_ones)).scalar_one())


def _of(conversation_id: str, template: str) -> sa.sql.ColumnElement[bool]:
    return sa.and_(wechat_grant.c.conversation_id == conversation_id, wechat_grant.c.template == template)


def _mark(work: Work, number: int, **values: object) -> None:
    work.execute(sa.update(wechat_grant).where(wechat_grant.c.id == number).values(**values))
