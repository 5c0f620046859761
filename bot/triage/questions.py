"""A question of the pack in the patient's language, ready to ask."""

from __future__ import annotations

from bot.languages import Language
from bot.triage.separating import WHICH_ALSO
from bot.triage.tables import Tables
from bot.triage.types import Episode, Question


def choices_of(question_id: str, language: Language, *, tables: Tables, offered: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return value and title of each choice: first the signs that are offered, then the choices of the pack."""
    known = tables.lexicon.concepts
    signs = tuple((sign, known[sign].labels[language]) for sign in offered if question_id == WHICH_ALSO and sign in known)
    return (*signs, *((value, texts[language]) for value, texts in tables.questions[question_id].choices))


def question(question_id: str, language: Language, *, tables: Tables, episode: Episode) -> Question:
    """Return the question `question_id`. Raises KeyError for an unknown id.

    Of a child the words say "the child"; `episode` tells whom it is about.
    """
    rule = tables.questions[question_id]
    choices = choices_of(question_id, language, tables=tables, offered=episode.offered)
    return Question(question_id, rule.texts[language], rule.why[language], choices)
