"""Stores what the assistant asks to be stored, once, in the transaction of its replies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.database.engine import Work
from bot.database.once import insert_new
from bot.database.tables import assessment, faq_feedback, profile, unanswered
from bot.handoff.cases import Cause
from bot.inbox import conversations
from bot.inbox.conversations import Conversation
from bot.inbox.rows import Row
from bot.messages import EMERGENCY_LEVELS, Effect, more_urgent


def store_effects(
    work: Work, conversation: Conversation, row: Row, effects: Iterable[Effect], *, now: datetime
) -> Iterator[Cause]:
    """Store `effects` of one message and yield the causes for which a case is to be opened."""
    for number, effect in enumerate(effects):
        key = f"in:{row.id}:{number}"
        if effect.name == "assessment":
            yield from _assessment(work, conversation, effect.data, key=key, now=now)
        elif effect.name == "open_case":
            level = effect.data.get("level", conversation.level_floor)
            yield Cause(effect.data["reason"], level, key, crisis=bool(effect.data.get("crisis")), trace=effect.data.get("trace"))
        elif effect.name == "episode_closed":
            # Messages that wait carry their own level, so an alarm among them is not forgotten here.
            conversations.change(work, conversation.id, level_floor="INFO", episode=conversation.episode + 1)
        elif effect.name in ("faq_shown", "faq_feedback"):
            values = {"entry": effect.data["entry"], "helpful": effect.data.get("helpful")}
            _insert(work, faq_feedback, conversation, key=key, now=now, **values)
        elif effect.name == "unanswered":
            question = {"text": effect.data.get("text", row.text)}
            _insert(
                work,
                unanswered,
                conversation,
                key=key,
                now=now,
                language=conversation.language,
                sealed=work.cipher.seal(question),
            )
        elif effect.name == "profile":
            work.execute(
                profile.insert().values(patient_id=conversation.patient_id, at=now, sealed=work.cipher.seal(effect.data))
            )


def _assessment(work: Work, conversation: Conversation, data: dict[str, Any], *, key: str, now: datetime) -> Iterator[Cause]:
    level = more_urgent(conversation.level_floor, data["level"])
    values = {
        "episode": conversation.episode,
        "level": level,
        "departments": ",".join(data.get("departments", ()))[:128],
        "content_version": data.get("content_version", ""),
        "disagreement": bool(data.get("disagreement")),
        "sealed": work.cipher.seal(data),
    }
    _insert(work, assessment, conversation, key=key, now=now, **values)
    conversations.raise_level(work, conversation, level, now=now)
    if level in EMERGENCY_LEVELS and conversation.level_floor not in EMERGENCY_LEVELS:
        # The safety net saw nothing in a single message, but the answers together are an emergency.
        yield Cause("red_flag", level, key, trace={"red_flags": data.get("red_flags", [])})


def _insert(work: Work, table: Any, conversation: Conversation, *, key: str, now: datetime, **values: Any) -> None:
    work.execute(insert_new(work, table, {"conversation_id": conversation.id, "dedupe_key": key, "at": now, **values}))
