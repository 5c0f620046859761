"""Finds the entries that a question may mean: by letters, and by meaning where an encoder is given."""

from __future__ import annotations

import hashlib
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
        texts = [text for _, text in self._questions]
        self._letters = Letters(texts)
        self._encoder = encoder
        self._vectors = None if encoder is None else _vectors(texts, encoder, cache_dir)

    def search(self, query: str, language: Language, limit: int = 3) -> tuple[Hit, ...]:
        """Return at most `limit` entries, best first, with a score from 0 to 1. Anything may be asked; nothing may be found."""
        if not query.strip() or not self._questions:
            return ()
        best: dict[str, float] = {}
        for (entry, _), score in zip(self._questions, self._scores(query), strict=True):
            if score > best.get(entry, 0.0):
                best[entry] = score
        ranked = sorted(best.items(), key=lambda one: -one[1])[: limit + 1]
        bar = ANSWERED if self._vectors is not None else ANSWERED_BY_LETTERS
        clear = len(ranked) < 2 or ranked[0][1] - ranked[1][1] > TOO_CLOSE
        return tuple(
            Hit(entry, round(score, 4), answered=place == 0 and score >= bar and clear)
            for place, (entry, score) in enumerate(ranked[:limit])
            if score >= SUGGESTED
        )

    def _scores(self, query: str) -> list[float]:
        letters = self._letters.alike(query)
        if self._encoder is None or self._vectors is None:
            return list(letters.tolist())
        import numpy as np

        meaning = self._vectors @ self._encoder.encode([query])[0]
        # Letters only help where they agree almost word for word (typos, names); meaning decides the rest.
        return list(np.maximum(meaning, 0.92 * letters).tolist())


class Letters:
    """How much two texts share groups of one to three characters, rare ones counting more. Stands typos and both Chinese scripts."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._weigh = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, preprocessor=_plain)
        self._known = self._weigh.fit_transform(texts) if texts else None

    def alike(self, query: str) -> Any:
        """Return the cosine of `query` with each text, as an array."""
        assert self._known is not None
        return (self._known @ self._weigh.transform([query]).T).toarray()[:, 0]


def _plain(text: str) -> str:
    words = "".join(character if character.isalnum() else " " for character in normalise(text).text)
    return f" {' '.join(words.split())} "


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
