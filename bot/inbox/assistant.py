"""What the gateway needs of the assistant, and what it is told when there is none."""

from __future__ import annotations

from typing import Protocol

from bot.messages import Answer, Turn


class AssistantUnavailable(Exception):
    """The assistant did not answer this turn: down, starting, too slow, or failed. The message is tried again."""


class Assistant(Protocol):
    """The dialogue: one turn in, replies and effects out. Running the same turn again must do nothing twice."""

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn. Raises AssistantUnavailable."""

    async def ready(self) -> bool:
        """Return whether a model is loaded and turns can be answered."""
