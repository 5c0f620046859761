"""How well intents are read: 5-fold cross-validation over data/nlu, per language, with and without sentence vectors.

Sentences that are nearly the same stay in one fold: nearly half of the Traditional examples have a Simplified twin.

python -m benchmarks.intents
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from rapidfuzz import fuzz, process
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from bot.knowledge.encoder import CharacterGrams, SentenceVectors, for_meaning
from bot.languages import LANGUAGES
from bot.nlu.intents import LETTERS_WEIGHT, STRENGTH
from bot.settings import ROOT
from bot.triage.normalise import normalise

FOLDS = 5
# From this likeness on (0 to 100, letters of the folded text) two examples are twins.
TWINS = 80
TIMED = 100


@dataclass(frozen=True)
class Examples:
    """All examples of data/nlu, one entry each in three arrays."""

    texts: list[str]
    intents: np.ndarray[Any, Any]
    languages: np.ndarray[Any, Any]


def read_examples() -> Examples:
    """Return the examples of all languages."""
    rows = [
        (line.removeprefix("- "), block["intent"], language)
        for language in LANGUAGES
        for path in sorted((ROOT / "data" / "nlu" / language).glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]
    texts, intents, languages = zip(*rows, strict=True)
    return Examples(list(texts), np.array(intents), np.array(languages))


def groups(texts: list[str]) -> np.ndarray[Any, Any]:
    """Return for each text the number of its group: twins of twins are in one."""
    folded = [normalise(text).text for text in texts]
    alike = process.cdist(folded, folded, scorer=fuzz.ratio, score_cutoff=TWINS, dtype=np.uint8)
    return np.asarray(connected_components(csr_matrix(alike > 0))[1])


def main() -> None:
    """Print a line for each way of reading, then what the thresholds of the fallback let through."""
    examples, meaning, letters = read_examples(), SentenceVectors(), CharacterGrams()
    strength = STRENGTH

    def of_letters(texts: list[str]) -> np.ndarray[Any, Any]:
        return letters.encode([normalise(text).text for text in texts])

    def of_meaning(texts: list[str]) -> np.ndarray[Any, Any]:
        return meaning.encode([for_meaning(text) for text in texts])

    def of_both(texts: list[str]) -> np.ndarray[Any, Any]:
        return np.hstack([of_meaning(texts), LETTERS_WEIGHT * of_letters(texts)])

    together = groups(examples.texts)
    print(f"{len(examples.texts)} examples in {together.max() + 1} groups, {len(set(examples.intents))} intents, {FOLDS} folds")
    for name, features in (("letters", of_letters), ("meaning", of_meaning), ("both", of_both)):
        model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced")
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=7)
        vectors = features(examples.texts)
        likely = cross_val_predict(model, vectors, examples.intents, groups=together, cv=folds, method="predict_proba")
        right = np.unique(examples.intents)[likely.argmax(1)] == examples.intents
        began = time.perf_counter()
        for text in examples.texts[:: len(examples.texts) // TIMED]:
            features([text])
        each = 1000 * (time.perf_counter() - began) / len(examples.texts[:: len(examples.texts) // TIMED])
        by_language = ", ".join(f"{language} {right[examples.languages == language].mean():.3f}" for language in LANGUAGES)
        print(f"{name:<8} {right.mean():.3f} right ({by_language}), {each:.1f} ms a message", flush=True)
    thresholds(likely, right)


def thresholds(likely: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> None:
    """Print how many messages are answered at each threshold, how many of those rightly, and whether confidence is honest."""
    ordered = np.sort(likely, axis=1)
    best, lead = ordered[:, -1], ordered[:, -1] - ordered[:, -2]
    for bar, ahead in ((0.0, 0.0), (0.25, 0.05), (0.35, 0.05), (0.45, 0.1), (0.6, 0.1)):
        taken = (best >= bar) & (lead >= ahead)
        print(f"threshold {bar:.2f}, ahead by {ahead:.2f}: {taken.mean():.3f} answered, {right[taken].mean():.3f} of them right")
    for low, high in ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01)):
        held = (best >= low) & (best < high)
        print(f"confidence {low:.1f} to {min(high, 1.0):.1f}: {held.mean():.3f} of messages, {right[held].mean():.3f} right")


if __name__ == "__main__":
    main()
