"""The turn being worked on, so that what fails deep inside Rasa is noticed at its door instead of met with silence."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class TurnState:
    """What happened during one turn."""

    failed: bool = False


current_turn: ContextVar[TurnState | None] = ContextVar("current_turn", default=None)


def mark_failed() -> None:
    """Note that the present turn cannot be answered: its replies and its events are thrown away."""
    turn = current_turn.get()
    if turn is not None:
        turn.failed = True


def has_failed() -> bool:
    """Return whether the present turn has failed."""
    turn = current_turn.get()
    return turn is not None and turn.failed
