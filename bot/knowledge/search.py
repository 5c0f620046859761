"""Finds the entries that a question may mean: by letters, and by meaning where an encoder is given."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.knowledge.asking import asks_about
from bot.knowledge.encoder import CharacterGrams, Encoder, for_meaning
from bot.knowledge.entries import Entries
from bot.knowledge.latest import Latest
from bot.knowledge.vectors import kept_vectors
from bot.languages import Language
from bot.triage.normalise import normalise

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Sureness:
    """From a fit to how sure it is that the entry is the right one: a logistic curve."""

    steep: float
    middle: float

    def of(self, fit: float) -> float:
        """Return the share of questions with such a fit whose entry was right."""
        return 1.0 / (1.0 + math.exp(self.middle - self.steep * fit))


# Fitted on every second entry of tests/knowledge/paraphrases.yml. On the others two of three questions are answered, .99 of
# them rightly, and no other sentence (flattering: the pack `outside` grew while they were looked at); by letters alone one
# of three, all rightly. Of 2,320 public sentences on other subjects 1 in 100 is answered by this search alone.
BY_MEANING = Sureness(steep=20.0, middle=4.2)
BY_LETTERS = Sureness(steep=19.0, middle=3.1)
ANSWERED = 0.8
SUGGESTED = 0.15

# A longer text (a Chinese character counts for three letters) is a story, and some of it is always near some entry: suggested only.
STORY = 200
# How fast likeness falls with distance, and how much the fit gives way to single wordings. Flat: 2 to 4 and 0.1 to 0.3 do alike.
STEEP = 3.0
GIVES_WAY = 0.1
# Rows of the likeness table computed at a time: keeps the peak memory of a start low.
ROWS = 64
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Hit:
    """An entry that a question may mean. `answered`: it is close enough to be given as the answer."""

    entry: str
    score: float
    answered: bool


class Index:
    """Searches the wordings of all entries in all languages; a German question finds an entry by its English wording.

    Each entry gets a function that is 1 on its own wordings and 0 on those of all others and on the sentences that nobody
    answers (kernel ridge regression, solved in closed form in 0.3 s). Against taking the nearest wording, questions answered
    rose from .38 (.91 of them rightly) to .65 (.99), and other sentences answered fell from 8 to 0 of 116.
    """

    def __init__(self, entries: Entries, *, encoder: Encoder | None = None, cache_dir: Path | None = None) -> None:
        # Letters are compared anyway, and better: groups hashed into a vector say nothing of meaning.
        encoder = None if encoder is None or encoder.name == CharacterGrams.name else encoder
        asked = [(entry.id, text) for entry in entries.by_id.values() for texts in entry.questions.values() for text in texts]
        texts = [for_meaning(text) for _, text in asked] + [for_meaning(text) for text in entries.outside]
        self._ids = list(entries.by_id)
        # A nosebleed is near the rumour about nosebleeds, and a complaint: a rumour is answered only when it is asked about.
        self._rumours = {entry.id for entry in entries.by_id.values() if entry.kind == "rumour"}
        self._exact = _exact(asked, entries.outside)
        self._sureness = BY_LETTERS if encoder is None else BY_MEANING
        self._encoder = encoder
        self._vectors = None if encoder is None else kept_vectors(texts, encoder, cache_dir)
        self._known_fits: Latest[str, list[float]] = Latest(self._fits)
        if asked:
            self._letters = Letters(texts)
            self._weights = self._fit([self._ids.index(entry) for entry, _ in asked], len(texts))

    def search(self, query: str, language: Language, limit: int = 3) -> tuple[Hit, ...]:
        """Return at most `limit` entries, best first, with a score from 0 to 1. Anything may be asked; nothing may be found."""
        plain = _plain(query)
        if not plain.strip() or not self._ids:
            return ()
        known = self._exact.get(plain)
        if known == "":
            return ()
        scores = {
            entry: self._sureness.of(fit) for entry, fit in zip(self._ids, self._known_fits.of(for_meaning(query)), strict=True)
        }
        if known is not None:
            scores[known] = 1.0
        clear = known is not None or len(query) + 2 * len(_CHINESE.findall(query)) < STORY
        asked = known is not None or asks_about(query)
        ranked = sorted(scores.items(), key=lambda one: -one[1])[:limit]
        return tuple(
            Hit(
                entry,
                round(score, 4),
                answered=clear and place == 0 and score >= ANSWERED and (asked or entry not in self._rumours),
            )
            for place, (entry, score) in enumerate(ranked)
            if score >= SUGGESTED
        )

    def search_ahead(self, queries: Sequence[str]) -> None:
        """Compute for several what `search` will need: together it is less."""
        if self._ids:
            self._known_fits.prepare([for_meaning(query) for query in queries])

    def _fits(self, texts: Sequence[str]) -> list[list[float]]:
        import numpy as np

        meaning = None if self._encoder is None else self._encoder.encode(texts)
        letters = np.vstack([self._letters.alike(text) for text in texts])
        fits: list[list[float]] = (self._alike(meaning, letters) @ self._weights).tolist()
        return fits

    def _fit(self, owners: Sequence[int], rows: int) -> np.ndarray[Any, Any]:
        import numpy as np
        from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

        wanted = np.zeros((rows, len(self._ids)), np.float32)
        wanted[np.arange(len(owners)), owners] = 1.0  # the rows after them are the sentences outside: 0 for every entry
        table = np.empty((rows, rows), np.float32)
        for start in range(0, rows, ROWS):
            part = slice(start, start + ROWS)
            table[part] = self._alike(None if self._vectors is None else self._vectors[part], self._letters.alike_known(part))
        table[np.diag_indices(rows)] += GIVES_WAY
        # Symmetric, so its transpose is itself, in the order of memory that is solved in place.
        factor = cho_factor(table.T, lower=True, overwrite_a=True, check_finite=False)
        weights: np.ndarray[Any, Any] = np.ascontiguousarray(cho_solve(factor, wanted, check_finite=False))
        return weights

    def _alike(self, meaning: np.ndarray[Any, Any] | None, letters: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return how alike each row is to each wording: by letters, and by meaning where there are vectors."""
        import numpy as np

        alike: np.ndarray[Any, Any] = np.exp(STEEP * (letters - 1.0))
        if meaning is not None and self._vectors is not None:
            alike += np.exp(STEEP * (meaning @ self._vectors.T - 1.0))
        return alike


class Letters:
    """Groups of one to three characters, rare ones counting more. Stands typos and both Chinese scripts."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer

        weigh = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, preprocessor=_plain, dtype=np.float32)
        self._known = weigh.fit_transform(texts)
        self._groups, self._places, self._rarity = weigh.build_analyzer(), weigh.vocabulary_, weigh.idf_
        # For each group the wordings that have it: a question has some dozen of the thousands of groups.
        self._having = self._known.T.tocsr()

    def alike(self, text: str) -> np.ndarray[Any, Any]:
        """Return the cosine of `text` and each wording, shape (1, wordings); groups that no wording has are left out.

        Added up over its groups: scipy's product of sparse matrices takes ten times as long for a single row.
        """
        import numpy as np

        counts = Counter(self._places[group] for group in self._groups(text) if group in self._places)
        weights = {place: count * self._rarity[place] for place, count in counts.items()}
        if not weights:
            return np.zeros((1, self._known.shape[0]), np.float32)
        starts, wordings, values = self._having.indptr, self._having.indices, self._having.data
        parts = [slice(starts[place], starts[place + 1]) for place in weights]
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        worth = np.repeat([weight / length for weight in weights.values()], [part.stop - part.start for part in parts])
        worth *= np.concatenate([values[part] for part in parts])
        alike = np.bincount(np.concatenate([wordings[part] for part in parts]), worth, minlength=self._known.shape[0])
        return alike.astype(np.float32)[None, :]

    def alike_known(self, part: slice) -> np.ndarray[Any, Any]:
        """Return the cosine of some of the wordings and each wording."""
        table: np.ndarray[Any, Any] = (self._known[part] @ self._having).toarray()
        return table


def _plain(text: str) -> str:
    words = "".join(character if character.isalnum() else " " for character in normalise(text).text)
    return f" {' '.join(words.split())} "


def _exact(asked: Sequence[tuple[str, str]], outside: Sequence[str]) -> dict[str, str]:
    """Return which entry has a wording, by its letters alone; "" for a sentence that nobody answers."""
    exact = {_plain(text): "" for text in outside}
    exact.update({_plain(text): entry for entry, text in asked})
    return exact
