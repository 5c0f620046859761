"""A text with looks, put together piece by piece; offsets in UTF-16 units, as Telegram counts. Pure. Never a parse mode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from telegram import MessageEntity

from bot.languages import Language
from connectors.right_to_left import for_reading
from connectors.splitting import length_in, split

LIMIT = 4096
Look = Literal["bold", "italic", "expandable_blockquote"]

utf16 = length_in("utf16")


@dataclass
class Text:
    """What is written in one message."""

    language: Language
    text: str = ""
    spans: list[tuple[Look, int, int]] = field(default_factory=list)

    def add(self, words: str, look: Look | None = None) -> Text:
        """Add a paragraph; an empty one adds nothing."""
        words = for_reading(words, self.language).strip()
        if words:
            self.text += "\n" if self.text else ""
            if look is not None:
                self.spans.append((look, utf16(self.text), utf16(words)))
            self.text += words
        return self

    def room(self) -> int:
        """Return how many units still fit."""
        return LIMIT - utf16(self.text) - 1

    def entities(self) -> list[MessageEntity]:
        """Return the looks as Telegram takes them."""
        return [MessageEntity(look, offset, length) for look, offset, length in self.spans]


def pieces(words: str, language: Language, *, first: int, limit: int = LIMIT - 96) -> list[str]:
    """Return `words` in pieces: the first of at most `first` units, the others of at most `limit`; none is lost.

    Marks of direction are added later and take room: hence the margin.
    """
    shown = for_reading(words, language)
    if utf16(shown) <= first:
        return [words]
    spare = max(1, utf16(shown) - utf16(words))
    head = split(words, limit=max(64, first - spare), unit="utf16")[0] if first >= 200 else ""
    rest = words[len(head) :].strip() if words.startswith(head) else words
    room = max(256, limit - spare if spare < limit // 2 else limit // 2)
    return [head, *split(rest, limit=room, unit="utf16")]
