"""The turn being worked on, so that what fails deep inside Rasa is noticed at its door instead of met with silence."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class TurnState:
    """What happened during one turn."""

    failed: bool = False
    said: bool = False


current_turn: ContextVar[TurnState | None] = ContextVar("current_turn", default=None)


def mark_failed() -> None:
    """Note that the present turn cannot be answered: its replies and its events are thrown away."""
    turn = current_turn.get()
    if turn is not None:
        turn.failed = True


def mark_said() -> None:
    """Note that the present turn has a reply or an effect."""
    turn = current_turn.get()
    if turn is not None:
        turn.said = True


def may_be_kept() -> bool:
    """Return whether the events of the present turn may be stored.

    A turn that ended in silence counts as failed: Rasa swallows most mistakes, and a stored one would never run again.
    Outside a turn (`rasa shell`) everything is kept.
    """
    turn = current_turn.get()
    return turn is None or (turn.said and not turn.failed)
