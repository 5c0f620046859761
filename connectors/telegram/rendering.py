"""From a composed message to what Telegram shows: parts that fit, with bold and italic as entities. Pure.

Never a parse mode: a patient's own words stand in our answers, and one of their characters would break or forge the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.languages import Language
from connectors.right_to_left import for_reading
from connectors.splitting import length_in, split

LIMIT = 4096  # UTF-16 units; whether Telegram counts these or characters is not documented, and this fits both
LONGEST_TITLE, LONGEST_CAPTION = 64, 1024

_utf16 = length_in("utf16")


@dataclass(frozen=True)
class Span:
    """A stretch of text in UTF-16 units, and how it looks."""

    look: Literal["bold", "italic"]
    offset: int
    length: int


@dataclass(frozen=True)
class Part:
    """One message for Telegram."""

    text: str
    spans: tuple[Span, ...]
    is_last: bool


def parts_of(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the messages that say `content`: of an alarm the first line is bold, the disclaimer is in italics."""
    language: Language = content["language"]
    text, note = for_reading(content["text"], language), for_reading(content["note"], language)
    texts = split(text, limit=LIMIT, unit="utf16", last=note)
    spans = [
        _spans(part, note, bold=number == 0 and content["kind"] in ("emergency", "crisis")) for number, part in enumerate(texts)
    ]
    return tuple(Part(part, spans[number], number == len(texts) - 1) for number, part in enumerate(texts))


def caption_of(content: Mapping[str, Any]) -> Part:
    """Return what stands below the picture of a message: what it shows, for who does not see it, and the disclaimer."""
    language: Language = content["language"]
    alt, note = for_reading(content["picture"]["alt"], language), for_reading(content["note"], language)
    text = split(f"{alt}\n{note}", limit=LONGEST_CAPTION, unit="utf16", last=note)[-1]
    return Part(text, _spans(text, note, bold=False), True)


def title_of(title: str, language: Language) -> str:
    """Return the title of a button."""
    title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
    return for_reading(title, language) or "…"


def _spans(text: str, note: str, *, bold: bool) -> tuple[Span, ...]:
    spans = []
    first = text.partition("\n")[0]
    if bold and first and first != note:
        spans.append(Span("bold", 0, _utf16(first)))
    if note and text.endswith(note):
        spans.append(Span("italic", _utf16(text) - _utf16(note), _utf16(note)))
    return tuple(spans)
