"""From a text to numbers: its meaning, and how it is spelled. What is learned here is read here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.knowledge.encoder import Encoder, for_meaning
from bot.triage.normalise import normalise

if TYPE_CHECKING:
    import numpy as np

# Groups of letters and single words beside meaning: recall of emergencies at one false alarm in a hundred .43 → .53.
LETTERS, LETTERS_DIMENSION = (1, 4), 2**15
WORDS, WORDS_DIMENSION, WORDS_WEIGHT = (1, 2), 2**14, 0.7
# A sign is often one clause of a long story: a longer text is read in parts, each about as long as a chat message.
PART = 130
MOST_PARTS = 3
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CLAUSES = re.compile(r"(?<=[。！？!?；;\n،,，.])\s*")


def parts_of(text: str) -> tuple[str, ...]:
    """Return the text, or where it is long at most MOST_PARTS parts of it cut between clauses.

    A Chinese character says as much as three letters.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if 1 < len(lines) <= MOST_PARTS and _length(text) <= PART * 1.5:
        return tuple(lines)  # "…" and "thank you" below it are two things
    if _length(text) <= PART * 1.5:
        return (text,)
    parts, part = [], ""
    for clause in _CLAUSES.split(text):
        if part and _length(part) + _length(clause) > PART:
            parts.append(part)
            part = ""
        part += clause if not part else f" {clause}"
    parts.append(part)
    step = -(-len(parts) // MOST_PARTS)
    return tuple(" ".join(parts[start : start + step]) for start in range(0, len(parts), step))


class Features:
    """Turns texts into rows: `encoder.dimension` columns of meaning, then letters, then words."""

    def __init__(self, encoder: Encoder) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self.encoder = encoder
        self._letters = HashingVectorizer(analyzer="char_wb", ngram_range=LETTERS, n_features=LETTERS_DIMENSION, norm="l2")
        self._words = HashingVectorizer(ngram_range=WORDS, n_features=WORDS_DIMENSION, norm="l2", token_pattern=r"(?u)\b\w+\b")

    def rows(self, texts: Sequence[str]) -> Any:
        """Return a sparse matrix, one row for each text: of the spelling most is zero."""
        from scipy import sparse  # type: ignore[import-untyped]

        return sparse.hstack([sparse.csr_matrix(self.meaning(texts)), *self.spelling(texts)]).tocsr()

    def spelling(self, texts: Sequence[str]) -> tuple[Any, Any]:
        """Return the letters and the words alone, two sparse matrices."""
        plain = [normalise(text).text for text in texts]
        return self._letters.transform(plain), WORDS_WEIGHT * self._words.transform(plain)

    def meaning(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the vectors of meaning alone, shape (texts, encoder.dimension)."""
        return self.encoder.encode([for_meaning(_calm(text)) for text in texts])


def _calm(text: str) -> str:
    # The encoder hears a text in capitals as another one.
    letters = [character for character in text if character.isalpha() and character.lower() != character.upper()]
    return text.lower() if len(letters) >= 8 and sum(map(str.isupper, letters)) > 0.7 * len(letters) else text


def _length(text: str) -> int:
    return len(text) + 2 * len(_CHINESE.findall(text))
