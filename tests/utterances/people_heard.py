"""Conversations with what the assistant made of them, for the inbox."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.database.engine import Work
from bot.database.tables import (
    assessment,
    care_case,
    consent,
    conversation,
    faq_feedback,
    inbound,
    patient,
    tracker_event,
    unanswered,
)
from bot.privacy.consent import VERSION

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Chat:
    """A conversation of somebody, and when they write."""

    id: str
    at: datetime
    language: str


def chat(work: Work, at: datetime, *, language: str = "en", agreed: str = VERSION) -> Chat:
    """Return a new conversation. `agreed`: the version of the text that was agreed to; "": none."""
    key = f"heard{next(_NUMBERS)}"
    work.execute(patient.insert().values(id=key, created_at=at))
    work.execute(
        conversation.insert().values(
            id=key, patient_id=key, channel="webchat", lookup=key, language=language, region="CN", region_known=True,
            level_floor="INFO", episode=1, greeted=True, told_waiting=False, asked_to_erase=0, created_at=at, last_at=at,
        )
    )  # fmt: skip
    if agreed:
        row = {"patient_id": key, "version": agreed, "state": "granted", "channel": "webchat", "language": language, "at": at}
        work.execute(consent.insert().values(**row))
    return Chat(key, at, language)


def says(work: Work, at: Chat, text: str, **parsed: Any) -> int:
    """Store a message, and how the assistant heard it; return its number. `parsed`: see `turn`."""
    row = {
        "conversation_id": at.id,
        "channel": "webchat",
        "external_id": f"{at.id}-{next(_NUMBERS)}",
        "kind": "text",
        "attempts": 1,
    }
    sealed = work.cipher.seal({"text": text, "payload": ""})
    number = int(
        work.execute(inbound.insert().values(**row, state="handled", received_at=at.at, sealed=sealed)).inserted_primary_key[0]
    )
    events = turn(text, message=str(number), language=at.language, **parsed)
    row = {"conversation_id": at.id, "session_started": False, "created_at": at.at, "sealed": work.cipher.seal(events)}
    work.execute(tracker_event.insert().values(**row))
    return number


def turn(
    text: str,
    *,
    message: str = "1",
    language: str = "en",
    ranking: tuple[tuple[str, float], ...] = (("greet", 0.9), ("thank", 0.05)),
    actions: tuple[str, ...] = ("action_listen",),
    loop: str = "",
    payload: str = "",
    entries: tuple[tuple[str, float], ...] = (),
) -> list[dict[str, Any]]:
    """Return the events of one turn as Rasa writes them."""
    data = {
        "intent_ranking": [{"name": name, "confidence": share} for name, share in ranking],
        "entities": [{"entity": "faq", "value": entry, "score": score} for entry, score in entries],
    }
    metadata = {"language": language, "payload": payload}
    said = {"event": "user", "text": text, "message_id": message, "metadata": metadata, "parse_data": data}
    loops = [{"event": "active_loop", "name": loop}] if loop else []
    return [said, *loops, *({"event": "action", "name": name} for name in actions)]


def not_answered(work: Work, at: Chat, number: int, text: str) -> None:
    """The FAQ had no answer to a message."""
    row = {"conversation_id": at.id, "language": at.language, "dedupe_key": f"in:{number}:0", "at": at.at}
    work.execute(unanswered.insert().values(**row, sealed=work.cipher.seal({"text": text})))


def judged(work: Work, at: Chat, number: int, *, helpful: bool) -> None:
    """An answer was shown to a message, and judged with the next."""
    row = {"conversation_id": at.id, "entry": "parking", "at": at.at}
    work.execute(faq_feedback.insert().values(**row, dedupe_key=f"in:{number}:0", helpful=None))
    work.execute(faq_feedback.insert().values(**row, dedupe_key=f"in:{number + 1000}:0", helpful=helpful))


def assessed(work: Work, at: Chat, number: int, *, departments: str = "CARD", disagreement: bool = False) -> None:
    """A message was assessed."""
    row = {"conversation_id": at.id, "episode": 1, "dedupe_key": f"in:{number}:0", "level": "R", "departments": departments}
    row |= {"content_version": "1", "disagreement": disagreement, "at": at.at, "sealed": work.cipher.seal({})}
    work.execute(assessment.insert().values(**row))


def closed(work: Work, at: Chat, *, department: str, right: str | None) -> None:
    """A nurse closed the case with the department that was right."""
    row = {"conversation_id": at.id, "patient_id": at.id, "reason": "asked", "level": "R", "crisis": False, "state": "closed"}
    row |= {"opened_at": at.at, "closed_at": at.at, "department": department, "outcome": "advised", "outcome_department": right}
    work.execute(care_case.insert().values(**row))
