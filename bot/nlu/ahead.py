"""Messages that wait are read together: a dozen cost a third of what they cost one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from bot.knowledge.encoder import best_encoder, for_meaning
from bot.languages import Language


class Waiting(NamedTuple):
    """A message whose turn comes soon, as the readers will get it."""

    text: str
    language: Language


@runtime_checkable
class ReadsAhead(Protocol):
    """A component of the pipeline that reads several messages for less, and keeps what it read until their turn."""

    def read_ahead(self, waiting: Sequence[Waiting]) -> None:
        """Read them all."""


def read_ahead(processor: Any, waiting: Sequence[Waiting]) -> None:
    """Let the model of Rasa's `processor` read all of them now. One alone is read in its turn, by who needs it."""
    if len(waiting) < 2:
        return
    best_encoder().prepare([for_meaning(one.text) for one in waiting])
    for node in processor.graph_runner._instantiated_nodes.values():
        if isinstance(node._component, ReadsAhead):
            node._component.read_ahead(waiting)
