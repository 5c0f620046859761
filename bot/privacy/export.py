"""Everything that is known about one patient, in plain words, and its short summary for the chat."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import (
    assessment,
    broken_glass,
    care_case,
    case_draft,
    case_event,
    case_note,
    checkin,
    consent,
    conversation,
    faq_feedback,
    guidance_outcome,
    identity,
    inbound,
    kf_session,
    link_code,
    link_try,
    outbound,
    patient,
    plan_enrolment,
    profile,
    reading,
    reminder,
    scheduled_reply,
    staff_notice,
    tracker_event,
    unanswered,
    utterance,
    wechat_follower,
    wechat_grant,
    wechat_turn,
)

_BY_CONVERSATION = (
    *(inbound, outbound, assessment, care_case, faq_feedback, unanswered, tracker_event),
    *(wechat_turn, wechat_follower, wechat_grant, kf_session),
    *(link_code, checkin, guidance_outcome, utterance),
)
# Not presence, topics and search tokens: they say where staff works, and nothing about the person.
_BY_CASE = (case_event, case_note, case_draft, scheduled_reply, broken_glass, staff_notice)
_BY_PATIENT = (identity, profile, consent, conversation, link_try, plan_enrolment, reading)


def export(work: Work, patient_id: str) -> dict[str, Any]:
    """Return all rows of `patient_id`, unsealed. An unknown id gives empty lists."""
    conversations = conversation_ids(work, patient_id)
    data: dict[str, Any] = {"patient": patient_id}
    data |= {table.name: _rows(work, table, table.c.patient_id == patient_id) for table in _BY_PATIENT}
    data |= {table.name: _rows(work, table, table.c.conversation_id.in_(conversations)) for table in _BY_CONVERSATION}
    plans = [row["id"] for row in data["plan_enrolment"]]
    data[reminder.name] = _rows(work, reminder, reminder.c.enrolment_id.in_(plans))
    cases = [row["id"] for row in data["care_case"]]
    data |= {table.name: _rows(work, table, table.c.case_id.in_(cases)) for table in _BY_CASE}
    return data


def summary(work: Work, patient_id: str) -> dict[str, Any]:
    """Return counts for the answer to "what do you know about me"."""
    conversations = conversation_ids(work, patient_id)

    def count(table: sa.Table) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(table.c.conversation_id.in_(conversations))
        return int(work.execute(query).scalar_one())

    since = work.execute(sa.select(patient.c.created_at).where(patient.c.id == patient_id)).scalar_one()
    return {
        "messages": count(inbound),
        "answers": count(outbound),
        "assessments": count(assessment),
        "cases": count(care_case),
        "since": since.date().isoformat(),
    }


def conversation_ids(work: Work, patient_id: str) -> list[str]:
    """Return the ids of all conversations of `patient_id`."""
    return list(work.execute(sa.select(conversation.c.id).where(conversation.c.patient_id == patient_id)).scalars())


def _rows(work: Work, table: sa.Table, where: Any) -> list[dict[str, Any]]:
    return [_plain(work, dict(row._mapping)) for row in work.execute(sa.select(table).where(where).order_by(table.c.id))]


def _plain(work: Work, row: dict[str, Any]) -> dict[str, Any]:
    if "sealed" in row:
        sealed = row.pop("sealed")
        row["content"] = None if sealed is None else work.cipher.unseal(sealed)
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
