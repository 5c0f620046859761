"""Conversations and what became of them, for the numbers."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from bot.database.engine import Work
from bot.database.tables import (
    care_case,
    checkin,
    conversation,
    faq_feedback,
    guidance_outcome,
    inbound,
    patient,
    plan_enrolment,
    reminder,
    unanswered,
)

_NUMBERS = itertools.count(1)
HOUR = timedelta(hours=1)


def talk(work: Work, at: datetime, language: str = "en", *, messages: int = 1) -> str:
    """Return a conversation in which a patient wrote at `at`."""
    key = f"talk{next(_NUMBERS)}"
    work.execute(patient.insert().values(id=key, created_at=at))
    work.execute(
        conversation.insert().values(
            id=key, patient_id=key, channel="webchat", lookup=key, language=language, region="CN", region_known=True,
            level_floor="INFO", episode=1, greeted=True, told_waiting=False, asked_to_erase=0, created_at=at, last_at=at,
        )
    )  # fmt: skip
    for number in range(messages):
        row = {"conversation_id": key, "channel": "webchat", "external_id": f"{key}-{number}", "kind": "text", "state": "handled"}
        work.execute(inbound.insert().values(**row, attempts=1, received_at=at, sealed=None))
    return key


def handed(
    work: Work,
    talked: str,
    at: datetime,
    *,
    answered_after: timedelta | None = None,
    department: str = "",
    right: str | None = None,
    outcome: str = "advised",
) -> int:
    """Add a closed case and return its number; `right`: the department that the nurse named."""
    row = {"conversation_id": talked, "patient_id": talked, "reason": "asked", "level": "R", "crisis": False, "state": "closed"}
    times = {"opened_at": at, "first_reply_at": None if answered_after is None else at + answered_after, "closed_at": at + HOUR}
    values = {**row, **times, "department": department, "outcome": outcome, "outcome_department": right}
    return int(work.execute(care_case.insert().values(**values)).inserted_primary_key[0])


def asked(work: Work, talked: str, at: datetime, *, answered: bool = True, helpful: bool | None = None) -> None:
    """Add a question for the FAQ: answered or not, judged or not."""
    key = f"q{next(_NUMBERS)}"
    if not answered:
        row = {
            "conversation_id": talked,
            "language": "en",
            "dedupe_key": key,
            "at": at,
            "sealed": work.cipher.seal({"text": "?"}),
        }
        work.execute(unanswered.insert().values(**row))
        return
    row = {"conversation_id": talked, "entry": "parking", "dedupe_key": key, "at": at}
    work.execute(faq_feedback.insert().values(**row, helpful=None))
    if helpful is not None:
        work.execute(faq_feedback.insert().values(**{**row, "dedupe_key": f"{key}j"}, helpful=helpful))


def followed_up(work: Work, talked: str, at: datetime, *, right: bool | None) -> None:
    """Add a question whether the department was right; None: it was not answered."""
    row = {"conversation_id": talked, "department": "cardiology", "dedupe_key": f"g{next(_NUMBERS)}", "asked_at": at}
    answered = at + HOUR if right is not None else None
    work.execute(guidance_outcome.insert().values(**row, went=right is not None or None, was_right=right, answered_at=answered))


def checked_in(work: Work, talked: str, at: datetime, *, state: str) -> None:
    """Add a check-in."""
    number, none = next(_NUMBERS), work.cipher.seal({})
    plan = {"patient_id": talked, "conversation_id": talked, "plan": "knee", "version": "1", "anchor": at.date(), "zone": "UTC"}
    plan |= {"state": "active", "enrolled_by": "ana", "dedupe_key": f"e{number}", "created_at": at, "sealed": none}
    enrolment = int(work.execute(plan_enrolment.insert().values(**plan)).inserted_primary_key[0])
    step = {"enrolment_id": enrolment, "step": "day1", "number": 1, "attempt": 0, "day": at.date(), "wanted_at": at, "due_at": at}
    step |= {"until": at + HOUR, "priority": 1, "state": "sent", "tries": 1}
    sent = int(work.execute(reminder.insert().values(**step)).inserted_primary_key[0])
    row = {"reminder_id": sent, "enrolment_id": enrolment, "conversation_id": talked, "state": state, "question": 0}
    work.execute(checkin.insert().values(**row, opened_at=at, expires_at=at + HOUR, closed_at=None, sealed=none))
