"""What is known of the patient of a case, for its card."""

from __future__ import annotations

from bot.content.load import Content
from bot.database.engine import Work
from bot.handoff.case_rows import Case
from bot.languages import Language
from connectors.telegram.desk.cards import About


def about_of(work: Work, case: Case, content: Content, language: Language) -> About:
    """Return it in the language of the group."""
    return About()
