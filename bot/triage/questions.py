"""A question of the pack in the patient's language, ready to ask."""

from __future__ import annotations

from bot.languages import Language
from bot.triage.tables import Tables
from bot.triage.types import Episode, Question


def question(question_id: str, language: Language, *, tables: Tables, episode: Episode) -> Question:
    """Return the question `question_id`. Raises KeyError for an unknown id.

    Of a child the words say "the child"; `episode` tells whom it is about.
    """
    rule = tables.questions[question_id]
    choices = tuple((value, texts[language]) for value, texts in rule.choices)
    return Question(question_id, rule.texts[language], rule.why[language], choices)
