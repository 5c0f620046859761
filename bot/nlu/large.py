"""Training with very many examples: Rasa learns the dialogue from two of each intent, and the intents are learned beside it.

Rasa 3.6 reads, copies and fingerprints examples in Python: 103,000 of 2,000 intents took 192 s, of which learning them took 16.
Nothing but our classifier learns from examples; the archive is the one that Rasa would have made, with its weights in it.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bot.errors import OperatorError
from bot.knowledge.encoder import best_encoder
from bot.nlu.examples import NEVER_READ, Example, examples
from bot.nlu.intents import features, fit, write
from bot.nlu.serving import choose_newest, newest_model, prune
from bot.nlu.training import FINGERPRINT, Progress, fingerprint, train

# From so many examples on Rasa's own way with them takes longer than all else.
MANY = 10_000
OF_EACH = 2  # Rasa warns of fewer
CLASSIFIER = "SentenceIntentClassifier"
WEIGHTS = "classifier.npz"


class NoWeights(OperatorError):
    """The configuration has no classifier of ours, so that nothing can be learned beside Rasa."""


def train_any(
    models: Path, *, progress: Progress, files: Path, vectors: Path, environment: Mapping[str, str] | None = None
) -> Path:
    """Train from Rasa's files in `files` in the way that suits their number, and return the model. Raises TrainingFailed.

    `vectors`: the folder where sentences are kept that were encoded before.
    """
    # As Rasa does: what two languages write alike is one example.
    found = list({(one.text, one.intent): one for one in examples(files / "data") if one.intent != NEVER_READ}.values())
    if len(found) < MANY:
        return train(models, progress=progress, files=files, environment=environment)
    mark = fingerprint(files=files)
    with tempfile.TemporaryDirectory() as place:
        thin = thinned(files, Path(place) / "files")
        trained = train(Path(place) / "models", progress=progress, files=thin, environment=environment)
        progress(f"learning {len(found)} examples …")
        _learn(found, trained, models, vectors)
    (models / FINGERPRINT).write_text(mark + "\n", encoding="utf-8")
    choose_newest(models)
    prune(models)
    model = newest_model(models)
    assert model is not None
    return model


def _few(found: list[Example]) -> dict[str, list[str]]:
    few: dict[str, list[str]] = {}
    for one in found:
        some = few.setdefault(one.intent, [])
        if len(some) < OF_EACH:
            some.append(one.text)
    return few


def repeated(found: list[Example]) -> list[str]:
    """Return the sentences that stand in more than one intent: what Rasa's own check would warn of."""
    intents = Counter(text for text, _ in {(one.text, one.intent) for one in found})
    return sorted(text for text, count in intents.items() if count > 1)


def thinned(files: Path, to: Path) -> Path:
    """Copy Rasa's files in `files` to `to`, with few examples of each intent, and return `to`."""
    shutil.copytree(files / "domain", to / "domain")
    shutil.copytree(files / "data", to / "data", ignore=lambda folder, names: ["nlu"] if Path(folder) == files / "data" else [])
    shutil.copy(files / "config.yml", to)
    few = _few(list(examples(files / "data")))
    lines = {intent: "".join(f"      - {text}\n" for text in some) for intent, some in few.items()}
    blocks = "".join(f"  - intent: {intent}\n    examples: |\n{some}" for intent, some in lines.items())
    (to / "data" / "nlu").mkdir()
    (to / "data" / "nlu" / "few.yml").write_text(f'version: "3.1"\nnlu:\n{blocks}', encoding="utf-8")
    return to


def _learn(found: list[Example], trained: Path, models: Path, vectors: Path) -> None:
    """Put what is learned from all examples into a copy of the archive `trained`, in `models`."""
    encoder = best_encoder()
    learned = fit(features([one.text for one in found], encoder, keep_in=vectors), [one.intent for one in found])
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(trained) as archive:
            archive.extractall(place)
        weights = next((path for path in Path(place).rglob(WEIGHTS) if CLASSIFIER in path.parent.name), None)
        if weights is None:
            raise NoWeights(f"config.yml has no {CLASSIFIER} in its pipeline: more than {MANY} examples need it. Put it back.")
        write(weights, learned, encoder.name)
        models.mkdir(parents=True, exist_ok=True)
        unfinished = models / f".{trained.name}"
        with tarfile.open(unfinished, "w:gz", compresslevel=1) as archive:
            archive.add(place, arcname="")
        unfinished.replace(models / trained.name)
