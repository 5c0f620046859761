"""Makes a release of the second reader from the texts in the repository: weights, thresholds, and how well it did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.knowledge.encoder import CharacterGrams, Encoder
from bot.second_reader.features import features, windows
from bot.second_reader.model import ABOUT, WEIGHTS, Head
from bot.second_reader.texts import Text
from bot.triage.tables import Tables

# Inverse of the regularisation, chosen by cross-validation over the texts alone: 1 to 10 do alike.
STRENGTH = 4.0
FOLDS = 5
# Which share of the texts that only sound like an emergency may be raised to one by this reader alone.
QUIET_RAISED = 0.01
# Below the raise and above this share it asks.
QUIET_ASKED = 0.06
SEED = 20261125


def make_release(texts: Sequence[Text], *, tables: Tables, encoder: Encoder, folder: Path) -> dict[str, Any]:
    """Train on `texts`, write weights and a report to `folder`, and return the report. The same texts give the same release."""
    letters = CharacterGrams()
    rows = features([one.text for one in texts], encoder=encoder, letters=letters)
    urgency = _fit(rows, [one.kind for one in texts])
    led = [place for place, one in enumerate(texts) if one.kind in ("emergency", "routine")]
    departments = _fit(rows[led], [texts[place].group for place in led])
    report = {
        "version": version_of(texts, encoder),
        "encoder": encoder.name,
        "texts": len(texts),
        "thresholds": {},
        "cross_validation": {},
    }
    report["thresholds"], report["cross_validation"] = _validated(texts, rows, encoder, letters)
    _write(folder, urgency, departments, report)
    return report


def version_of(texts: Sequence[Text], encoder: Encoder) -> str:
    """Return a short hash over all that the weights depend on."""
    digest = hashlib.sha256(f"{encoder.name} {STRENGTH} {FOLDS} {SEED}".encode())
    for one in sorted(texts, key=lambda one: (one.language, one.kind, one.group, one.text)):
        digest.update(f"{one.language}\t{one.kind}\t{one.group}\t{one.text}\n".encode())
    return digest.hexdigest()[:12]
