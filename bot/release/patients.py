"""Sentences of patients that the gate puts to both sides: those of the inbox, de-identified, for as long as they are kept there."""

from __future__ import annotations

from bot.database.engine import Work
from bot.release.heard import Sentence


def of_patients(work: Work) -> tuple[Sentence, ...]:
    """Return them."""
    return ()
