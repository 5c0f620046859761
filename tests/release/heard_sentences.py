"""Outcomes and sentences for tests of the gate, with one word about what matters in each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.release.heard import Heard, Kind, Sentence

QUIET = Heard("thank", 0.9, 0.8, "INFO", False, "", (), "", False)
ALARM = Heard("report_symptom", 1.0, 0.9, "E1", False, "ED", ("RF014",), "", True)
CRISIS = replace(ALARM, level="INFO", crisis=True, red_flags=())
EAR = Heard("report_symptom", 0.9, 0.8, "R", False, "ENT", (), "", False)


def sentence(kind: Kind, number: int = 1, *, language: Any = "en", **expected: Any) -> Sentence:
    """A sentence of this kind."""
    return Sentence(f"{kind}-{number}-{language}", f"{kind} {number} in {language}", language, kind, expected)
