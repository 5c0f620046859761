"""What reaches us long after it was written, or is answered so, must not be answered as if it were new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.database.engine import Work
from bot.duty.when import ago_in_words
from bot.languages import Language
from bot.messages import EMERGENCY_LEVELS
from bot.phrases import Phrases
from bot.privacy import consent

if TYPE_CHECKING:
    from bot.inbox.handle import Known, Rules

# Whoever wrote it has acted since. Younger messages are ordinary: a platform that tries again, an assistant that is busy.
LATE_AFTER = timedelta(minutes=10)


def is_late(written_at: datetime, now: datetime) -> bool:
    """Return whether `now` is too late for an answer that does not say so."""
    return now - written_at > LATE_AFTER


def late_line(written_at: datetime, now: datetime, language: Language, phrases: Phrases) -> str:
    """Return "you wrote this about 6 hours ago…" with a line break, to be put before an answer; "" when it is not late."""
    if not is_late(written_at, now):
        return ""
    return phrases.get("inbox.written_ago", language, ago=ago_in_words(now - written_at, language)) + "\n"


def line_before(work: Work, known: Known, rules: Rules) -> str:
    """Return the line before the answer to a message, "" when it is not late or that was said with its alarm."""
    row, chat, now = known.row, known.conversation, rules.now
    said_already = row.kind == "late" or row.crisis or row.level in EMERGENCY_LEVELS
    if said_already or not (row.text and is_late(row.written_at, now)):
        return ""
    # What waited for the person's own yes was not late by our doing.
    if not row.written and not is_late(consent.since(work, chat.patient_id, chat.channel) or row.received_at, now):
        return ""
    return late_line(row.written_at, now, chat.language, rules.content.phrases)


def form_of(kind: str, content: Mapping[str, Any]) -> str:
    """Return as what the staff is shown a stored message: words of hours ago are no "text" like any other."""
    return "late" if kind == "text" and content.get("written") else kind
