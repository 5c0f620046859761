"""Finds the entries that a question may mean: by letters, and by meaning where an encoder is given."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.encoder import Encoder
from bot.knowledge.entries import Entries
from bot.languages import Language
from bot.triage.normalise import normalise

# Measured on tests/knowledge/paraphrases.yml: at this score nearly every answer is the right one, and small talk,
# symptoms and other subjects stay below. Between the two a question gets suggestions.
ANSWERED = 0.66
ANSWERED_BY_LETTERS = 0.62
SUGGESTED = 0.48
# Two entries this close together are offered both.
TOO_CLOSE = 0.015


@dataclass(frozen=True)
class Hit:
    """An entry that a question may mean. `answered`: it is close enough to be given as the answer."""

    entry: str
    score: float
    answered: bool


class Index:
    """Searches the questions of all entries in all languages; a German question finds an entry by its English wording."""

    def __init__(self, entries: Entries, *, encoder: Encoder | None = None, cache_dir: Path | None = None) -> None:
        self._questions = [
            (entry.id, text) for entry in entries.by_id.values() for texts in entry.questions.values() for text in texts
        ]
        self._grams = [_grams(text) for _, text in self._questions]
        seen = Counter(gram for grams in self._grams for gram in grams)
        self._rarity = {gram: math.log(1 + len(self._grams) / count) for gram, count in seen.items()}
        self._lengths = [self._length(grams) for grams in self._grams]
        self._encoder = encoder
        self._vectors = None if encoder is None else _vectors([text for _, text in self._questions], encoder, cache_dir)

    def search(self, query: str, language: Language, limit: int = 3) -> tuple[Hit, ...]:
        """Return at most `limit` entries, best first, with a score from 0 to 1. Anything may be asked; nothing may be found."""
        if not query.strip() or not self._questions:
            return ()
        best: dict[str, float] = {}
        for (entry, _), score in zip(self._questions, self._scores(query), strict=True):
            best[entry] = max(score, best.get(entry, 0.0))
        ranked = sorted(best.items(), key=lambda one: -one[1])[: limit + 1]
        bar = ANSWERED if self._vectors is not None else ANSWERED_BY_LETTERS
        clear = len(ranked) < 2 or ranked[0][1] - ranked[1][1] > TOO_CLOSE
        return tuple(
            Hit(entry, round(score, 4), answered=place == 0 and score >= bar and clear)
            for place, (entry, score) in enumerate(ranked[:limit])
            if score >= SUGGESTED or place == 0
        )

    def _scores(self, query: str) -> Sequence[float]:
        letters = self._by_letters(query)
        if self._encoder is None or self._vectors is None:
            return letters
        meaning = self._vectors @ self._encoder.encode([query])[0]
        # Letters only help where they agree almost word for word (typos, names); meaning decides the rest.
        return [max(float(near), 0.92 * same) for near, same in zip(meaning, letters, strict=True)]

    def _by_letters(self, query: str) -> list[float]:
        grams = _grams(query)
        length = self._length(grams)
        return [
            _cosine(grams, other, self._rarity) / (length * own) if length * own else 0.0
            for other, own in zip(self._grams, self._lengths, strict=True)
        ]

    def _length(self, grams: Counter[str]) -> float:
        return math.sqrt(sum((count * self._rarity.get(gram, 1.0)) ** 2 for gram, count in grams.items()))


def _grams(text: str) -> Counter[str]:
    plain = "".join(character if character.isalnum() else " " for character in normalise(text).text)
    words = f" {' '.join(plain.split())} "
    return Counter(words[start : start + size] for size in (1, 2, 3) for start in range(len(words) - size + 1))


def _cosine(one: Counter[str], other: Counter[str], rarity: dict[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(count * other[gram] * rarity.get(gram, 1.0) ** 2 for gram, count in one.items() if gram in other)


def _vectors(texts: Sequence[str], encoder: Encoder, cache_dir: Path | None) -> Any:
    """Return the vectors of `texts`; kept on disk under a hash of the texts, so that a start does not compute them again."""
    import numpy as np

    kept = None if cache_dir is None else cache_dir / f"{encoder.name}-{_hash(texts)}.npy"
    if kept is not None and kept.exists():
        return np.load(kept, allow_pickle=False)
    vectors = encoder.encode(list(texts))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{encoder.name}-*.npy"):
            old.unlink(missing_ok=True)
        np.save(kept, vectors)
    return vectors


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()[:16]
