"""From a text to numbers: the meaning of its parts and its letters. What is learned here is read here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.knowledge.encoder import CharacterGrams, Encoder, for_meaning
from bot.triage.normalise import normalise

if TYPE_CHECKING:
    import numpy as np

LETTERS_WEIGHT = 0.8
# A sign is often one clause of a long story: a longer text is read in windows as well, each about as long as a chat message.
WINDOW = 110
MOST_WINDOWS = 3
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CLAUSES = re.compile(r"(?<=[。！？!?；;\n،,，.])\s*")


def windows(text: str) -> tuple[str, ...]:
    """Return the text, and where it is long at most MOST_WINDOWS parts of it cut between clauses.

    A Chinese character says as much as three letters.
    """
    if _length(text) <= WINDOW * 1.5:
        return (text,)
    parts, part = [], ""
    for clause in _CLAUSES.split(text):
        if part and _length(part) + _length(clause) > WINDOW:
            parts.append(part)
            part = ""
        part += clause if not part else f" {clause}"
    parts.append(part)
    if len(parts) <= MOST_WINDOWS:
        return (text, *parts)
    step = -(-len(parts) // MOST_WINDOWS)
    return (text, *(" ".join(parts[start : start + step]) for start in range(0, len(parts), step)))


def features(texts: Sequence[str], *, encoder: Encoder, letters: CharacterGrams) -> np.ndarray[Any, Any]:
    """Return one row for each text, shape (texts, encoder.dimension + letters.dimension), float32."""
    import numpy as np

    meaning = encoder.encode([for_meaning(text) for text in texts])
    spelled = letters.encode([normalise(text).text for text in texts])
    return np.hstack([meaning, LETTERS_WEIGHT * spelled])


def _length(text: str) -> int:
    return len(text) + 2 * len(_CHINESE.findall(text))
