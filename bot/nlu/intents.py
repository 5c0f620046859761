"""From example sentences to weights, and from weights to a ranking of intents. Knows no Rasa: the gate learns with it as well.

Up to some ten thousand examples the weights are those of logistic regression. Beyond, its time grows with examples times intents
(100,000 examples of 2,000 intents: an hour), and the weights are the least squares' instead, which are there in one step; how sure
they are is then measured on examples that were left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.knowledge.encoder import CharacterGrams, Encoder, for_meaning
from bot.knowledge.vectors import kept_vectors
from bot.triage.normalise import normalise

if TYPE_CHECKING:
    import numpy as np

# Letters beside meaning: accuracy .847 with meaning alone, .859 with both (`python -m benchmarks.intents`).
LETTERS_WEIGHT = 0.8
STRENGTH = 20.0
# Examples times intents up to which logistic regression takes less than half a minute.
MOST_FITTED = 500_000
# Sentences that are encoded at a time: a quarter of the cost of one by one.
TOGETHER = 64
# Least squares: what is added to the diagonal, for each example; and how many examples say how sure the scores are.
PENALTY = 1e-4
MEASURED = 2_000
KEPT = "intents"


@dataclass(frozen=True)
class Rows:
    """Sentences as numbers: their meaning, dense, and their letters, of which nearly all are zero."""

    meaning: np.ndarray[Any, Any]  # (sentences, dimension) float32; no columns where there is no encoder of meaning
    letters: Any  # sparse, (sentences, groups of letters)

    def __len__(self) -> int:
        return int(self.letters.shape[0])

    def __getitem__(self, places: Any) -> Rows:
        return Rows(self.meaning[places], self.letters[places])

    def dense(self) -> np.ndarray[Any, Any]:
        """Return both beside each other."""
        import numpy as np

        return np.hstack([self.meaning, self.letters.toarray()])

    def times(self, weights: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the product with a matrix that has a row for each feature."""
        width = self.meaning.shape[1]
        product: np.ndarray[Any, Any] = self.letters @ weights[width:]
        product += self.meaning @ weights[:width]
        return product


@dataclass(frozen=True)
class Weights:
    """What was learned: a column for each label. `shares` of sentences are a softmax over what they add up to."""

    labels: tuple[str, ...]
    weights: np.ndarray[Any, Any]  # (features, labels), float32
    bias: np.ndarray[Any, Any]

    def shares(self, rows: Rows) -> np.ndarray[Any, Any]:
        """Return how likely each label is for each sentence."""
        return _softmax(rows.times(self.weights) + self.bias)


def features(texts: Sequence[str], encoder: Encoder, *, keep_in: Path | None = None) -> Rows:
    """Return the rows of `texts`. With `keep_in` only sentences that are new there are encoded."""
    import numpy as np

    letters = _letters().sparse([normalise(text).text for text in texts]).astype(np.float32)
    if encoder.name == CharacterGrams.name:
        return Rows(np.zeros((len(texts), 0), np.float32), letters)
    folder = None if keep_in is None else keep_in / KEPT
    meaning = kept_vectors([for_meaning(text) for text in texts], _InParts(encoder), folder)
    return Rows(meaning, np.float32(LETTERS_WEIGHT) * letters)


def write(path: Path, learned: Weights, encoder: str) -> None:
    """Write what was learned with the encoder of this name; `read` reads it."""
    import numpy as np

    kept = {"labels": np.array(learned.labels), "weights": learned.weights, "bias": learned.bias}
    np.savez(path, encoder=np.array(encoder), **kept)


def read(path: Path) -> tuple[Weights, str]:
    """Return what was learned, and the name of the encoder that it was learned with."""
    import numpy as np

    with np.load(path, allow_pickle=False) as stored:
        labels = tuple(str(label) for label in stored["labels"])
        return Weights(labels, stored["weights"], stored["bias"]), str(stored["encoder"])


@cache
def _letters() -> CharacterGrams:
    return CharacterGrams()


def fit(rows: Rows, labels: Sequence[str], *, strength: float = STRENGTH) -> Weights:
    """Return what is learned from sentences and their labels, of which there are two at least. The same give the same."""
    import numpy as np

    names = tuple(sorted(set(labels)))
    if len(rows) * len(names) > MOST_FITTED:
        places = {name: place for place, name in enumerate(names)}
        return _least_squares(rows, np.array([places[label] for label in labels]), names)
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=1000, class_weight="balanced")
    model.fit(rows.dense(), labels)
    weights, bias = model.coef_.T, model.intercept_
    if len(names) == 2:  # it says only what speaks for the second
        weights, bias = np.hstack([-weights, weights]) / 2, np.hstack([-bias, bias]) / 2
    return Weights(tuple(str(name) for name in model.classes_), weights.astype(np.float32), bias.astype(np.float32))


def _least_squares(rows: Rows, owners: np.ndarray[Any, Any], names: tuple[str, ...]) -> Weights:
    """Return the weights that come nearest to 1 for the own label and 0 for others, each label worth the same."""
    import numpy as np
    from scipy import sparse  # type: ignore[import-untyped]
    from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

    count = len(rows)
    worth = (count / (len(names) * np.bincount(owners, minlength=len(names)))).astype(np.float32)[owners]
    of_label = sparse.csr_matrix((worth, (np.arange(count), owners)), shape=(count, len(names)), dtype=np.float32)
    middle = np.concatenate([worth @ rows.meaning, rows.letters.T @ worth]) / count
    table = _products(rows, worth) - count * np.outer(middle, middle)
    table[np.diag_indices(len(middle))] += PENALTY * count
    share = np.asarray(of_label.sum(axis=0), np.float32)[0] / count
    wanted = np.vstack([(of_label.T @ rows.meaning).T, (rows.letters.T @ of_label).toarray()]) - count * np.outer(middle, share)
    factor = cho_factor(table.T, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, wanted, overwrite_b=True, check_finite=False).astype(np.float32, order="C")
    bias = (share - middle @ weights).astype(np.float32)
    some = np.random.default_rng(0).permutation(count)[:MEASURED]
    scores = rows[some].times(weights) + bias
    centred = rows[some].dense() - middle
    leverage = worth[some] * (np.einsum("ij,ji->i", centred, cho_solve(factor, centred.T, check_finite=False)) + 1 / count)
    sureness = _sureness(scores, owners[some], leverage)
    return Weights(names, sureness * weights, sureness * bias)


def _products(rows: Rows, worth: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the products of all features with each other, each sentence with its worth."""
    import numpy as np

    width = rows.meaning.shape[1]
    heavy = worth[:, None] * rows.meaning
    total = np.zeros((width + rows.letters.shape[1],) * 2, np.float32)
    total[:width, :width] = heavy.T @ rows.meaning
    total[width:, :width] = rows.letters.T @ heavy
    total[:width, width:] = total[width:, :width].T
    total[width:, width:] = (rows.letters.T @ rows.letters.multiply(worth[:, None]).tocsr()).toarray()
    return total


def _sureness(scores: np.ndarray[Any, Any], owners: np.ndarray[Any, Any], leverage: np.ndarray[Any, Any]) -> np.float32:
    """Return what scores are multiplied by, so that of those called 80 % sure 80 % are right.

    Each example is judged as if it had not been learned from: for least squares that follows from its leverage.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

    own = (np.arange(len(owners)), owners)
    drawn = np.minimum(leverage, 0.99)[:, None]
    target = np.zeros_like(scores)
    target[own] = 1.0
    unseen = (scores - drawn * target) / (1 - drawn)

    def surprise(logarithm: float) -> float:
        return float(-np.log(np.maximum(_softmax(np.exp(logarithm) * unseen)[own], 1e-9)).mean())

    return np.float32(np.exp(minimize_scalar(surprise, bounds=(0.0, 7.0), method="bounded").x))


def _softmax(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: np.ndarray[Any, Any] = likely / likely.sum(axis=1, keepdims=True)
    return shares


class _InParts:
    """An encoder that is given some sentences of like length at a time: all at once would need their memory at once."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension, self._encoder = encoder.name, encoder.dimension, encoder

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """Return the vectors, in the order of `texts`."""
        import numpy as np

        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), TOGETHER):
            part = order[start : start + TOGETHER]
            vectors[part] = self._encoder.encode([texts[place] for place in part])
        return vectors
