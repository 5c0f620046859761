"""Makes a release of the second reader from the texts in the repository: weights, bounds, and how well it did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.knowledge.encoder import Encoder
from bot.second_reader.features import Features, parts_of
from bot.second_reader.model import ABOUT, WEIGHTS, Head
from bot.second_reader.texts import Text

# Inverse of the regularisation; by cross-validation over the texts 2 to 10 do alike.
STRENGTH = 6.0
FOLDS = 5
SEED = 20261125
BATCH = 64
# Which share of the texts that are no emergency (crisis) may be raised to one by this reader alone, and which may be asked.
RAISED, RAISED_CRISIS, ASKED = 0.012, 0.006, 0.06


def make_release(texts: Sequence[Text], *, encoder: Encoder, folder: Path) -> dict[str, Any]:
    """Train on `texts`, write weights and report to `folder`, and return the report. The same texts give the same release."""
    features = Features(encoder)
    rows = _rows([one.text for one in texts], features)
    kinds = np.array([one.kind for one in texts])
    shares, labels = _held_out(texts, rows, kinds, features)
    bounds = _bounds(shares, labels, kinds)
    led = np.array([one.kind in ("emergency", "routine") for one in texts])
    heads = {
        "urgency": _fit(rows, kinds),
        "departments": _fit(rows[led], np.array([one.group for one in texts])[led]),
    }
    report = {
        "version": version_of(texts, encoder),
        "encoder": encoder.name,
        "texts": len(texts),
        "thresholds": bounds,
        "held_out": _report(texts, shares, labels, bounds),
    }
    _write(folder, heads, report)
    return report


def version_of(texts: Sequence[Text], encoder: Encoder) -> str:
    """Return a short hash over all that the weights depend on."""
    digest = hashlib.sha256(f"{encoder.name} {STRENGTH} {FOLDS} {SEED} {RAISED} {RAISED_CRISIS} {ASKED}".encode())
    for one in sorted(texts, key=lambda one: (one.language, one.kind, one.group, one.text)):
        digest.update(f"{one.language}\t{one.kind}\t{one.group}\t{one.text}\n".encode())
    return digest.hexdigest()[:12]


def _rows(texts: Sequence[str], features: Features) -> Any:
    return sparse.vstack([features.rows(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]).tocsr()


def _fit(rows: Any, labels: np.ndarray[Any, Any]) -> Head:
    model = LogisticRegression(C=STRENGTH, max_iter=400, class_weight="balanced", random_state=SEED).fit(rows, labels)
    return Head(
        tuple(str(label) for label in model.classes_), model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    )


def _held_out(
    texts: Sequence[Text], rows: Any, kinds: np.ndarray[Any, Any], features: Features
) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    """Return the shares of each text by a model that has not seen it, read as it would be served: the most of its parts."""
    parts = [parts_of(one.text) for one in texts]
    owner = np.array([place for place, some in enumerate(parts) for _ in some])
    pieces = _rows([part for some in parts for part in some], features)
    labels: tuple[str, ...] = tuple(sorted(set(kinds)))
    shares = np.zeros((len(texts), len(labels)), np.float32)
    strata = np.array([f"{one.language} {one.kind}" for one in texts])
    for learned, held in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, strata):
        head = _fit(rows[learned], kinds[learned])
        mine = np.isin(owner, held)
        np.maximum.at(shares, owner[mine], head.shares(pieces[mine]))
    return shares, labels


def _bounds(shares: np.ndarray[Any, Any], labels: tuple[str, ...], kinds: np.ndarray[Any, Any]) -> dict[str, float]:
    emergency, crisis = (shares[:, labels.index(kind)] for kind in ("emergency", "crisis"))
    calm = ~np.isin(kinds, ("emergency", "crisis"))
    return {
        "emergency": round(float(np.quantile(emergency[calm], 1 - RAISED)), 3),
        "ask": round(float(np.quantile(emergency[calm], 1 - ASKED)), 3),
        "crisis": round(float(np.quantile(crisis[kinds != "crisis"], 1 - RAISED_CRISIS)), 3),
    }


def _report(
    texts: Sequence[Text], shares: np.ndarray[Any, Any], labels: tuple[str, ...], bounds: dict[str, float]
) -> dict[str, dict[str, float]]:
    """Return for each language how often an emergency was raised or asked, and how often a quiet text was."""
    emergency, crisis = (shares[:, labels.index(kind)] for kind in ("emergency", "crisis"))
    raised = (emergency >= bounds["emergency"]) | (crisis >= bounds["crisis"])
    asked = emergency >= bounds["ask"]
    languages, kinds = (np.array([getattr(one, name) for one in texts]) for name in ("language", "kind"))
    report: dict[str, dict[str, float]] = {}
    for language in sorted(set(languages)):
        report[language] = {}
        for kind in sorted(set(kinds)):
            those = (languages == language) & (kinds == kind)
            if those.any():
                report[language] |= {
                    f"{kind} raised": round(float(raised[those].mean()), 3),
                    f"{kind} raised or asked": round(float((raised | asked)[those].mean()), 3),
                    f"{kind} texts": int(those.sum()),
                }
    return report


def _write(folder: Path, heads: dict[str, Head], report: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {}
    for name, head in heads.items():
        # Half precision: 0.6 MB instead of 1.2, and no verdict changes.
        kept |= {
            f"{name}_labels": np.array(head.labels),
            f"{name}_weights": head.weights.astype(np.float16),
            f"{name}_bias": head.bias,
        }
    np.savez_compressed(folder / WEIGHTS, **kept)
    (folder / ABOUT).write_text(json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
