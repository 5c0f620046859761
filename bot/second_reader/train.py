"""Makes a release of the second reader from the texts in the repository: weights, bounds, and how well it did."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.knowledge.encoder import Encoder
from bot.languages import Language
from bot.second_reader.features import Features, parts_of
from bot.second_reader.model import ABOUT, WEIGHTS, Head
from bot.second_reader.texts import Text
from bot.triage.tables import Tables

# Inverse of the regularisation; by cross-validation over the texts 2 to 10 do alike.
STRENGTH = 6.0
STEPS = 150
FOLDS = 5
SEED = 20261125
BATCH = 64
# Terms of each concept and language that the departments are learned from, and what one weighs beside a sentence.
TERMS, TERM_WEIGHT = 3, 0.2
# Which share this reader alone may raise to an emergency or a crisis, and about which it may ask: of the look-alikes, and of
# ordinary complaints. A miss costs more than an alarm, but a patient with a cold who is sent to the ambulance does not come back.
RAISED, ASKED, RAISED_CRISIS = (0.03, 0.07), (0.1, 0.16), (0.02, 0.01)
# Never later than from here on, however many ordinary complaints that raises: in Arabic half of the emergencies would go unheard.
LATEST = 0.4
Labels = tuple[str, ...]


class Sounds(Protocol):
    """A text that sounds like an emergency or a crisis and is none."""

    @property
    def text(self) -> str:
        """The words."""

    @property
    def language(self) -> Language:
        """Their language."""


def make_release(
    texts: Sequence[Text], *, look_alikes: Sequence[Sounds], tables: Tables, encoder: Encoder, folder: Path
) -> dict[str, Any]:
    """Train on `texts`, write weights and report to `folder`, and return the report. The same texts give the same release.

    The departments are learned from the terms of the lexicon as well: each says where its concept leads first.
    """
    features = Features(encoder)
    rows = _rows([one.text for one in texts], features)
    kinds = np.array([one.kind for one in texts])
    shares, labels = _held_out(texts, rows, kinds, features)
    terms = tuple(_terms(tables))
    urgency = _fit(rows, kinds)
    bounds = _bounds(look_alikes, _served(urgency, [one.text for one in look_alikes], features), texts, shares, labels)
    heads = {"urgency": urgency, "departments": _departments(texts, rows, terms, features)}
    report = {
        "version": version_of(texts, encoder.name),
        "terms": _hash(f"{term}\t{department}" for term, department in terms),
        "encoder": encoder.name,
        "texts": len(texts),
        "thresholds": bounds,
        "held_out": _report(texts, shares, labels, bounds),
    }
    _write(folder, heads, report)
    return report


def version_of(texts: Sequence[Text], encoder: str) -> str:
    """Return a short hash over the texts and how they are learned from. The lexicon's terms have a hash of their own."""
    settings = f"{encoder} {STRENGTH} {STEPS} {SEED} {RAISED} {LATEST} {RAISED_CRISIS} {ASKED} {TERM_WEIGHT}"
    return _hash([settings, *sorted(f"{one.language}\t{one.kind}\t{one.group}\t{one.text}" for one in texts)])


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _terms(tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield terms of the lexicon with the department to which their concept leads first."""
    for concept_id, route in sorted(tables.routes.items()):
        for terms in tables.lexicon.concepts[concept_id].terms.values():
            yield from ((str(term), route.departments[0]) for term in terms[:TERMS])


def _departments(texts: Sequence[Text], rows: Any, terms: Sequence[tuple[str, str]], features: Features) -> Head:
    led = np.array([one.kind in ("emergency", "routine") for one in texts])
    labels = [one.group for one in texts if one.kind in ("emergency", "routine")]
    together = sparse.vstack([rows[led], _rows([term for term, _ in terms], features)]).tocsr()
    weights = np.concatenate([np.ones(len(labels)), np.full(len(terms), TERM_WEIGHT)])
    return _fit(together, np.array([*labels, *(department for _, department in terms)]), weights)


def _rows(texts: Sequence[str], features: Features) -> Any:
    return sparse.vstack([features.rows(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]).tocsr()


def _fit(rows: Any, labels: np.ndarray[Any, Any], weights: np.ndarray[Any, Any] | None = None) -> Head:
    balanced = "balanced" if weights is None else None
    model = LogisticRegression(C=STRENGTH, max_iter=STEPS, class_weight=balanced, random_state=SEED)
    with warnings.catch_warnings():
        # Stopped after a fixed number of steps on purpose: more of them fit the texts and not the language.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, labels, sample_weight=weights)
    return Head(
        tuple(str(label) for label in model.classes_),
        np.ascontiguousarray(model.coef_.T, np.float32),
        model.intercept_.astype(np.float32),
    )


def _held_out(
    texts: Sequence[Text], rows: Any, kinds: np.ndarray[Any, Any], features: Features
) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    """Return the shares of each text by a model that has not seen it, read as it would be served."""
    labels: tuple[str, ...] = tuple(sorted(set(kinds)))
    shares = np.zeros((len(texts), len(labels)), np.float32)
    strata = np.array([f"{one.language} {one.kind}" for one in texts])
    for learned, held in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, strata):
        shares[held] = _served(_fit(rows[learned], kinds[learned]), [texts[place].text for place in held], features)
    return shares, labels


def _bounds(
    look_alikes: Sequence[Sounds],
    sounding: np.ndarray[Any, Any],
    texts: Sequence[Text],
    held_out: np.ndarray[Any, Any],
    labels: Labels,
) -> dict[str, dict[str, float]]:
    """Return for each language from which share on is raised or asked.

    Two things bound it, and the stricter counts: the look-alikes of the safety suite, from which nothing was learned, and the
    ordinary complaints and messages of the texts, as a model reads them that has not seen them.
    """
    of_look_alikes, of_texts = (np.array([one.language for one in some]) for some in (look_alikes, texts))
    ordinary = np.array([one.kind == "routine" or one.group == "ordinary" for one in texts])
    complaints = np.array([one.kind == "routine" for one in texts])

    def bound(language: str, kind: str, share: tuple[float, float], calm: np.ndarray[Any, Any]) -> float:
        column = labels.index(kind)
        sounds = np.quantile(sounding[of_look_alikes == language, column], 1 - share[0])
        is_told = np.quantile(held_out[(of_texts == language) & calm, column], 1 - share[1])
        return round(float(max(sounds, is_told)), 3)

    return {
        language: {
            "emergency": min(LATEST, bound(language, "emergency", RAISED, complaints)),
            "ask": bound(language, "emergency", ASKED, complaints),
            "crisis": bound(language, "crisis", RAISED_CRISIS, ordinary),
        }
        for language in sorted(set(map(str, of_texts)))
    }


def _served(head: Head, texts: Sequence[str], features: Features) -> np.ndarray[Any, Any]:
    """Return the shares of each text as it is read when served: the most of its parts."""
    parts = [parts_of(text) for text in texts]
    owner = np.array([place for place, some in enumerate(parts) for _ in some])
    shares = np.zeros((len(texts), len(head.labels)), np.float32)
    told = [part for some in parts for part in some]
    for start in range(0, len(told), BATCH):
        batch = told[start : start + BATCH]
        likely = head.shares(features.meaning(batch), features.spelling(batch))
        np.maximum.at(shares, owner[start : start + BATCH], likely)
    return shares


def _report(
    texts: Sequence[Text], shares: np.ndarray[Any, Any], labels: tuple[str, ...], bounds: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Return for each language how often an emergency was raised or asked, and how often a quiet text was."""
    emergency, crisis = (shares[:, labels.index(kind)] for kind in ("emergency", "crisis"))
    bound = {name: np.array([bounds[one.language][name] for one in texts]) for name in ("emergency", "ask", "crisis")}
    raised = (emergency >= bound["emergency"]) | (crisis >= bound["crisis"])
    asked = emergency >= bound["ask"]
    languages, kinds = (np.array([getattr(one, name) for one in texts]) for name in ("language", "kind"))
    report: dict[str, dict[str, float]] = {}
    for language in sorted(set(languages)):
        report[str(language)] = {}
        for kind in sorted(set(kinds)):
            those = (languages == language) & (kinds == kind)
            if those.any():
                report[str(language)] |= {
                    f"{kind} raised": round(float(raised[those].mean()), 3),
                    f"{kind} raised or asked": round(float((raised | asked)[those].mean()), 3),
                    f"{kind} texts": int(those.sum()),
                }
    return report


def _write(folder: Path, heads: dict[str, Head], report: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {}
    for name, head in heads.items():
        # Whole numbers from -127 to 127 and what one is worth, for each label: a quarter of the size, and no verdict changes.
        worth = np.maximum(np.abs(head.weights).max(axis=0) / 127, 1e-9).astype(np.float32)
        kept |= {
            f"{name}_labels": np.array(head.labels),
            f"{name}_weights": np.round(head.weights / worth).astype(np.int8),
            f"{name}_worth": worth,
            f"{name}_bias": head.bias,
        }
    np.savez_compressed(folder / WEIGHTS, **kept)
    (folder / ABOUT).write_text(json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
