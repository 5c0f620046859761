"""Erasing: one patient on request, old conversations by retention, unanswered consent by time."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, consent, conversation, identity, inbound, patient, plan_enrolment, tracker_event
from bot.handoff.events import ERASED
from bot.privacy import audit, blocks
from bot.privacy.export import conversation_ids

ERASED_PATIENT = "erased"


def erase_patient(work: Work, patient_id: str, *, who: str, now: datetime) -> bool:
    """Remove everything about `patient_id`, tracker events included.

    What stays: an audit line without content, one for each case, and that they were blocked (`blocks`).
    Returns False when there is no such patient.
    """
    ids = conversation_ids(work, patient_id)
    cases = work.execute(sa.select(care_case.c.id).where(care_case.c.patient_id == patient_id)).scalars().all()
    work.execute(sa.delete(tracker_event).where(tracker_event.c.conversation_id.in_(ids)))
    blocks.keep(work, conversation.c.patient_id == patient_id, now=now)
    # The other tables go with the patient: ON DELETE CASCADE.
    erased = work.execute(sa.delete(patient).where(patient.c.id == patient_id)).rowcount
    if erased:
        audit.record(work, who=who, what=ERASED_PATIENT, subject=patient_id, now=now)
        for number in cases:  # who has the case open must learn why it is gone
            audit.record(work, who=who, what=ERASED, subject=str(number), now=now)
    return bool(erased)


def forget_leftovers(work: Work, conversation_id: str) -> None:
    """Remove what the assistant stored of a conversation that was erased while it was asked, be it from a linked chat."""
    if work.execute(sa.select(conversation.c.id).where(conversation.c.id == conversation_id)).first() is None:
        work.execute(sa.delete(tracker_event).where(tracker_event.c.conversation_id == conversation_id))


def erase_old(work: Work, *, now: datetime, days: int) -> int:
    """Remove conversations without a message for `days` days, or whose person has left, unless a case is open; returns how many.

    While somebody takes part in a plan their silence ends nothing: they have asked to be written to, for as long as it runs.

    A patient without any conversation left goes too. Tracker events of conversations that no gateway knows
    (from `rasa shell`) go by their own age.
    """
    before = now - timedelta(days=days)
    open_case = sa.exists().where(care_case.c.conversation_id == conversation.c.id, care_case.c.state != "closed")
    takes_part = sa.exists().where(
        plan_enrolment.c.conversation_id == conversation.c.id, plan_enrolment.c.state.in_(("active", "paused"))
    )
    # `last_at` may come from a clock that was years behind for a minute: then older messages are the later ones.
    wrote = sa.exists().where(inbound.c.conversation_id == conversation.c.id, inbound.c.received_at.between(before, now))
    silent = sa.and_(conversation.c.last_at < before, ~wrote, ~takes_part)
    ended = sa.or_(silent, conversation.c.erase_after < now)
    old = list(work.execute(sa.select(conversation.c.id).where(ended, ~open_case)).scalars())
    work.execute(
        sa.delete(tracker_event).where(sa.or_(tracker_event.c.conversation_id.in_(old), tracker_event.c.created_at < before))
    )
    alone = ~sa.exists().where(conversation.c.patient_id == patient.c.id)
    owners = sa.select(conversation.c.patient_id).where(conversation.c.id.in_(old))
    mine = list(work.execute(owners).scalars())
    # Who was silent so long is blocked no more; who left has not been silent so long.
    blocks.keep(work, sa.and_(conversation.c.id.in_(old), ~silent), now=now)
    work.execute(sa.delete(conversation).where(conversation.c.id.in_(old)))
    for table in (identity, consent):  # of somebody who still writes on another channel
        left = sa.exists().where(conversation.c.patient_id == table.c.patient_id, conversation.c.channel == table.c.channel)
        work.execute(sa.delete(table).where(table.c.patient_id.in_(mine), ~left))
    work.execute(sa.delete(patient).where(sa.or_(patient.c.created_at < before, patient.c.id.in_(mine)), alone))
    blocks.end_old(work, before=before)
    if old:
        audit.record(work, who="retention", what="erased", subject=f"{len(old)} conversations", now=now)
    return len(old)


def blank_held(work: Work, *, now: datetime, minutes: int) -> int:
    """Blank messages that waited `minutes` for a consent that did not come; returns how many."""
    late = sa.and_(inbound.c.state == "held", inbound.c.received_at < now - timedelta(minutes=minutes))
    return int(work.execute(sa.update(inbound).where(late).values(state="handled", sealed=None)).rowcount)
