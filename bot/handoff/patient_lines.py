"""What the patient reads about a case, in the chat where they wrote last."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation
from bot.handoff.case_rows import Case
from bot.languages import Language
from bot.messages import Reply
from bot.outbox.compose import compose
from bot.outbox.store import NURSE, Place, enqueue
from bot.phrases import Phrases

_WHERE = sa.select(conversation.c.channel, conversation.c.language).where(conversation.c.id == sa.bindparam("wanted"))


def say(work: Work, case: Case, phrase: str, *, dedupe_key: str, now: datetime, phrases: Phrases, **values: object) -> None:
    """Tell the patient phrase `phrase` of the pack `handoff`, once for each `dedupe_key`."""
    _, language = place_of(work, case)
    say_text(work, case, phrases.get(f"handoff.{phrase}", language, **values), dedupe_key=dedupe_key, now=now, phrases=phrases)


def say_text(work: Work, case: Case, text: str, *, dedupe_key: str, now: datetime, phrases: Phrases) -> None:
    """Tell the patient a text that is put together of phrases, once for each `dedupe_key`."""
    place, language = place_of(work, case)
    message = compose(Reply(text, kind="notice"), language, phrases=phrases)
    enqueue(work, place, message, dedupe_key=dedupe_key, now=now, priority=NURSE)


def place_of(work: Work, case: Case) -> tuple[Place, Language]:
    """Return where the patient reads, and in which language."""
    row = work.execute(_WHERE, {"wanted": case.conversation_id}).one()
    return Place(case.conversation_id, row.channel), row.language
