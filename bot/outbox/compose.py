"""The one place where a reply becomes a message: filter, disclaimer or nurse's label. Nothing can be sent without it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Literal

from bot.languages import Language
from bot.messages import Button, Card, Picture, Reply, ReplyKind, to_json
from bot.outbox.output_filter import forbidden_in
from bot.phrases import Phrases

logger = logging.getLogger(__name__)

Author = Literal["bot", "nurse"]
_ONLY_HERE = object()


class NotComposed(TypeError):
    """A message was made without `compose`, so without the disclaimer: a programming error."""


@dataclass(frozen=True)
class Composed:
    """A message ready to be sent. `text` ends with `note`: the disclaimer, or the nurse's label."""

    text: str
    note: str
    language: Language
    kind: ReplyKind
    author: Author
    buttons: tuple[Button, ...]
    card: Card | None
    made_by: object
    picture: Picture | None = None

    def __post_init__(self) -> None:
        if self.made_by is not _ONLY_HERE:
            raise NotComposed("Use bot.outbox.compose.compose: it adds the disclaimer.")

    def content(self) -> dict[str, Any]:
        """Return what is sealed in the outbox and shown by channels."""
        reply = to_json(Reply(text=self.text, kind=self.kind, buttons=self.buttons, card=self.card, picture=self.picture))
        return {**reply, "note": self.note, "language": self.language}


def compose(reply: Reply, language: Language, *, phrases: Phrases, first: bool = False) -> Composed:
    """Return the bot's `reply` with the disclaimer in `language`; the full one when it is the `first` message.

    A text that names a diagnosis, a drug or a dose is replaced by a safe sentence: silence would be worse.
    """
    text = reply.text.strip()
    buttons, card, picture = reply.buttons, reply.card, reply.picture
    if forbidden_in(text, language):
        logger.error("a text was refused by the output filter", extra={"kind": reply.kind, "language": language})
        text, card = phrases.get("disclaimer.refused_text", language), None
        picture = None
    note = phrases.get("disclaimer.full" if first else "disclaimer.short", language)
    return Composed(f"{text}\n{note}", note, language, reply.kind, "bot", buttons, card, _ONLY_HERE, picture)


def compose_from_nurse(text: str, language: Language, *, name: str, phrases: Phrases) -> Composed:
    """Return a nurse's own words with the nurse's label instead of the disclaimer."""
    note = phrases.get("disclaimer.nurse_label", language, name=name)
    return Composed(f"{text.strip()}\n{note}", note, language, "answer", "nurse", (), None, _ONLY_HERE)


def carries_disclaimer(text: str, language: Language, *, phrases: Phrases) -> bool:
    """Return whether `text` ends with the disclaimer in `language`, short or full."""
    return text.endswith(tuple(phrases.get(f"disclaimer.{length}", language) for length in ("short", "full")))
