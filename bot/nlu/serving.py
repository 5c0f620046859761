"""Which model is served: a file beside the models names it, and the assistant follows within a second. Knows no Rasa."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SERVED = "served"
MODELS = "*.tar.gz"
KEEP_MODELS = 3


def served(models: Path) -> str:
    """Return the file name of the model that is to be served from `models`, or "" where nobody chose: the newest."""
    try:
        name = (models / SERVED).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    return name if (models / name).is_file() else ""


def bring(model: Path, models: Path) -> Path:
    """Return where a copy of `model` lies in `models`, made whole or not at all. Nothing is served otherwise yet. Raises OSError."""
    models.mkdir(parents=True, exist_ok=True)
    target = models / model.name
    if not (target.exists() and target.samefile(model)):
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            shutil.copyfile(model, unfinished)
            # Where nobody chose a model the newest is served: not this one because it was copied.
            made = target.stat().st_mtime if target.exists() else 0.0
            os.utime(unfinished, (made, made))
            unfinished.replace(target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
    return target


def serve(model: Path, models: Path) -> str:
    """Let `models` serve a copy of `model` from now on, and return its file name. Only the latest few models are kept there."""
    target = bring(model, models)
    target.touch()  # Rasa itself starts with the newest
    unfinished = models / f".{SERVED}.{os.getpid()}"
    unfinished.write_text(target.name + "\n", encoding="utf-8")
    unfinished.replace(models / SERVED)
    prune(models)
    return target.name


def choose_newest(models: Path) -> None:
    """Let the newest model be served when the assistant starts next: somebody trained it by hand."""
    (models / SERVED).unlink(missing_ok=True)


def newest_model(models: Path) -> Path | None:
    """Return the newest model in `models`: what Rasa starts with."""
    return max(models.glob(MODELS), key=lambda path: path.stat().st_mtime, default=None)


def prune(models: Path) -> None:
    """Remove all models but the latest few."""
    for old in sorted(models.glob(MODELS), key=lambda path: path.stat().st_mtime)[:-KEEP_MODELS]:
        old.unlink()
