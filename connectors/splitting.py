"""Cuts a long text into parts that a platform takes: at paragraphs, else sentences, words, at last characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from connectors.contract import Unit

# Where a part may end, the best place first. What matches stays at the end of the part.
_PLACES = (re.compile(r"\n"), re.compile(r"[.!?؟](?:\s|$)|[。！？；]"), re.compile(r"[\s,，、؛]"))
# What continues the character before it: joiners, variation selectors, marks, skin tones.
_CONTINUES = re.compile(r"[\u200d\ufe00-\ufe0f\u0300-\u036f\u064b-\u065f\u20d0-\u20ff\U0001f3fb-\U0001f3ff]")


def length_in(unit: Unit) -> Callable[[str], int]:
    """Return how a platform counts the length of a text."""
    if unit == "utf8":
        return lambda text: len(text.encode("utf-8", "surrogatepass"))
    if unit == "utf16":
        return lambda text: len(text) + sum(character > "\uffff" for character in text)
    return len


def split(text: str, *, limit: int, unit: Unit, last: str = "") -> tuple[str, ...]:
    """Return `text` in parts of at most `limit` in `unit`; put together (with blanks at the cuts) they are the text.

    `last` is what must never stand alone: the disclaimer at the end of `text` takes a piece of the text before it along.
    """
    length = length_in(unit)
    if length(text) <= limit:
        return (text,)
    parts = list(_parts(text, limit, length))
    if last and len(parts) > 1 and parts[-1].strip() in last:
        # One piece less in the part before, so that the disclaimer has company.
        head = parts[-2].rstrip()
        cut = _cut(head, length(head) // 2, length)
        parts[-2:] = [*_parts(head[:cut], limit, length), *_parts(f"{head[cut:].strip()}\n{parts[-1].strip()}", limit, length)]
    return tuple(part.strip() for part in parts if part.strip())


def _parts(text: str, limit: int, length: Callable[[str], int]) -> Iterator[str]:
    while length(text) > limit:
        cut = _cut(text, limit, length)
        yield text[:cut]
        text = text[cut:]
    yield text


def _cut(text: str, limit: int, length: Callable[[str], int]) -> int:
    """Return the best place to cut so that what stands before it fits. Always at least one character."""
    most = _fitting(text, limit, length)
    for place in _PLACES:
        # A cut in the first third would make a very short part: a worse place is better then.
        ends = [found.end() for found in place.finditer(text, most // 3, most)]
        if ends:
            return ends[-1]
    while most > 1 and (_CONTINUES.match(text[most : most + 1]) or text[most - 1] == "\u200d"):
        most -= 1
    return max(most, 1)


def _fitting(text: str, limit: int, length: Callable[[str], int]) -> int:
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= limit else (low, middle - 1)
    return low
