"""The safety net: red flags and crisis on the raw text of one message, by rules alone, in every state."""

from __future__ import annotations

from collections.abc import Sequence

from bot.languages import Language
from bot.triage.facts import facts_of
from bot.triage.reading import read
from bot.triage.red_flags import fired, level_of, open_question
from bot.triage.tables import Tables
from bot.triage.types import Patient, Reading, Safety

MINIMUM = ("E1", "E2", "U")


def check(
    text: str, language: Language, *, tables: Tables, patient: Patient | None = None, before: Sequence[Reading] = ()
) -> Safety:
    """Return what `text` demands now. A doubt counts as present; what was just over counts too."""
    reading = read(text, language, lexicon=tables.lexicon)
    facts = facts_of((*before, reading), patient=patient, child_until=tables.child_until)
    flags = tuple(flag for flag in fired(facts, tables) if flag.level in MINIMUM)
    level = level_of(flags)
    asks = None if level == "E1" else open_question(facts, tables, level)
    return Safety(level=level, red_flags=flags, crisis=reading.crisis, asks=asks)
