"""Plans and readings of somebody whose two chats become one person, or two again: nothing of them is lost, nothing begins anew."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, patient, plan_enrolment, reading


def move_to(work: Work, *, gone: str, kept: str) -> None:
    """Give plans and readings of one patient to another. A zone and quiet hours that only the one had named hold from now on.

    A "stop" of the one has ended their plans already; what the other has agreed to goes on. A death holds for both.
    """
    for table in (plan_enrolment, reading):
        work.execute(sa.update(table).where(table.c.patient_id == gone).values(patient_id=kept))
    columns = [patient.c[name] for name in ("zone", "quiet", "no_reminders_at", "no_reminders_because")]
    row = work.execute(sa.select(*columns).where(patient.c.id == gone)).first()
    if row is None:
        return
    named = {name: sa.func.coalesce(sa.func.nullif(patient.c[name], ""), row._mapping[name]) for name in ("zone", "quiet")}
    died = {"no_reminders_at": row.no_reminders_at, "no_reminders_because": "died"} if row.no_reminders_because == "died" else {}
    work.execute(sa.update(patient).where(patient.c.id == kept).values(**named, **died))


def go_with_chats(work: Work, patient_id: str) -> None:
    """Let each plan, and the readings of its questions, go with the chat in which it was agreed to, whoever owns that by now."""
    owner = sa.select(conversation.c.patient_id).where(conversation.c.id == plan_enrolment.c.conversation_id).scalar_subquery()
    work.execute(sa.update(plan_enrolment).where(plan_enrolment.c.patient_id == patient_id).values(patient_id=owner))
    asked = sa.select(plan_enrolment.c.patient_id).where(plan_enrolment.c.id == reading.c.enrolment_id).scalar_subquery()
    own = sa.and_(reading.c.patient_id == patient_id, reading.c.enrolment_id.isnot(None))
    work.execute(sa.update(reading).where(own).values(patient_id=asked))
