"""Replies to be sent later: written, listed, taken back."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import scheduled_reply
from bot.desk import serialise_words, shapes
from bot.desk.acting import act, viewing_of
from bot.desk.asked import Asked, Asking
from bot.desk.items import mask_of
from bot.desk.problems import Refused
from bot.desk.store import Store
from bot.handoff import scheduled

Answer = dict[str, list[shapes.Scheduled]]


async def schedule(store: Store, asking: Asking, case_id: int, asked: Asked) -> Answer:
    """Have a reply sent at a time; the case is looked at again then."""
    text, key = asked.text("text", scheduled.LONGEST), f"{asking.staff.id}:{asked.client_id()}"
    due, who = asked.later("due_at", asking.now), asking.staff

    def write(work: Work) -> Answer:
        scheduled.schedule(work, case_id, text, who=who.handle, name=who.name, due_at=due, dedupe_key=key, now=asking.now)
        return _listed(work, asking, case_id)

    return (await act(store, asking, case_id, "schedule", write))[0]


async def cancel(store: Store, asking: Asking, case_id: int, asked: Asked) -> Answer:
    """Take one back that was not sent yet; colleagues may as well, it is the case that counts."""
    number = asked.number("id")

    def take_back(work: Work) -> Answer:
        owner = work.execute(sa.select(scheduled_reply.c.case_id).where(scheduled_reply.c.id == number)).scalar()
        if owner != case_id:
            raise Refused(404, "gone")
        scheduled.cancel(work, number, who=asking.staff.handle, now=asking.now)
        return _listed(work, asking, case_id)

    return (await act(store, asking, case_id, "schedule", take_back))[0]


def _listed(work: Work, asking: Asking, case_id: int) -> Answer:
    viewing = viewing_of(work, asking)
    mask = mask_of(work, case_id, viewing)
    return {"scheduled": [serialise_words.scheduled(one, viewing, mask) for one in scheduled.scheduled(work, case_id)]}
