"""What is shown beside a thread: summary, trace, card, replies that are to be sent later. All of it masked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.briefing.card import card_of
from bot.briefing.delivery import warning
from bot.briefing.story import story_of
from bot.briefing.summary import summary_of
from bot.briefing.trace import trace_of
from bot.briefing.windows import windows
from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import serialise, serialise_words, shapes
from bot.desk.masking import Mask
from bot.desk.serialise import Viewing
from bot.handoff import scheduled as later
from bot.handoff.case_rows import Case


def scheduled(work: Work, case_id: int, viewing: Viewing, mask: Mask) -> list[shapes.Scheduled]:
    """Return the replies of a case that wait for their time, or were refused."""
    return [serialise_words.scheduled(one, viewing, mask) for one in later.scheduled(work, case_id)]


def beside(work: Work, case: Case, content: Content, viewing: Viewing, mask: Mask) -> dict[str, Any]:
    """Return summary, trace, card and reply window of a case, in the language of who looks."""
    language = viewing.staff.language
    story = story_of(work, case, content)
    mask = mask.learn((one.text, story.language) for one in story.words)
    summary = asdict(summary_of(work, case, content, language, story=story))
    reach = windows(work, [case.conversation_id])[case.conversation_id]
    return {
        "window": serialise.window(reach, warning(reach, viewing.now)),
        "summary": serialise_words.summary(summary, language, mask),
        "trace": serialise_words.trace(trace_of(work, case, content, story=story), story.language, mask),
        "card": serialise_words.card(card_of(work, case, content, story=story), content, viewing, mask),
    }
