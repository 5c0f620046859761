"""A candidate: its files are validated, its model is trained where it has to be, and both are held against what is live."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.check import text_problems
from bot.content.load import load_content
from bot.content.signing import check_usable
from bot.errors import OperatorError
from bot.evaluation.suite import SUITE
from bot.knowledge.encoder import best_encoder
from bot.nlu.examples import examples
from bot.nlu.intents import KEPT
from bot.nlu.large import MANY, repeated, thinned, train_any
from bot.nlu.training import FINGERPRINT, fingerprint, model_is_current
from bot.release.exam import examine
from bot.release.folders import Folder, live_folder
from bot.release.gate import Report, report
from bot.release.heard import Heard, Sentence
from bot.release.hearing import hear_all, surroundings
from bot.release.sentences import of_the_suite, saved_in
from bot.release.store import live_model
from bot.settings import ROOT, Settings

Told = Callable[[float], None]
# Rasa's own files: only when one of them changed, Rasa is asked whether they fit together, and trains.
OF_RASA = ("config.yml", "domain/", "data/")
VALIDATE_WITHIN_S = 300
# Steps of a training that Rasa names; one that it has in its cache goes by at once.
TRAINING_STEPS = 10
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Broken(OperatorError):
    """The files of a candidate do not fit together. The message says which and how to mend them."""


@dataclass(frozen=True)
class Side:
    """One of the two that are compared. `models`: a folder of its own, for its model and what is made of its content."""

    folder: Folder
    models: Path
    model: Path

    @property
    def kept(self) -> Path:
        """What is made of the content, and of examples."""
        return self.models / "kept"


def live_side(settings: Settings) -> Side | None:
    """Return what is served, or None when there is no model yet."""
    model = live_model(settings)
    return None if model is None else Side(live_folder(settings), settings.models_dir, model)


def prepare(models: Path, settings: Settings) -> None:
    """Make the folder of a candidate's model ready. What was made of the same content and the same sentences is not made again."""
    kept = models / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    for path in settings.kept_dir.glob("*.*"):
        shutil.copy2(path, kept)
    vectors = settings.kept_dir / KEPT
    vectors.mkdir(parents=True, exist_ok=True)
    if not (kept / KEPT).exists():
        (kept / KEPT).symlink_to(vectors)


def validate(folder: Folder, models: Path, settings: Settings, *, rasa: bool) -> str:
    """Return the version of the content. Raises Broken or ContentError when files do not fit together.

    `rasa`: one of Rasa's own files was changed as well.
    """
    content = load_content(folder.content, keep_in=models / "kept")
    check_usable(content, environment=settings.environment, today=date.today())
    list(saved_in(folder.content))
    problems = list(text_problems(content, folder.files / "domain"))
    if problems:
        raise Broken("\n".join(problems[:10]))
    if rasa:
        _ask_rasa(folder, models, settings)
    return content.version


def _ask_rasa(folder: Folder, models: Path, settings: Settings) -> None:
    found = list(examples(folder.files / "data"))
    if len(found) < MANY:
        _validated(folder.files, folder, models, settings)
        return
    # With so many Rasa takes minutes; what it would look for among all of them is looked for here.
    if twice := repeated(found):
        raise Broken("These sentences stand in more than one intent; keep each in one:\n" + "\n".join(twice[:10]))
    with tempfile.TemporaryDirectory() as place:
        _validated(thinned(folder.files, Path(place) / "files"), folder, models, settings)


def _validated(files: Path, folder: Folder, models: Path, settings: Settings) -> None:
    command = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings", "--config", str(files / "config.yml")]
    asked = subprocess.run(
        [*command, "--domain", str(files / "domain"), "--data", str(files / "data")],
        cwd=ROOT,
        env=surroundings(settings, content=folder.content, models=models),
        check=False,
        capture_output=True,
        text=True,
        timeout=VALIDATE_WITHIN_S,
    )
    if asked.returncode != 0:
        said = [_COLOURS.sub("", line).strip() for line in (asked.stdout + asked.stderr).splitlines()]
        named = [line for line in said if "Warning" in line or "rror" in line]
        raise Broken("Rasa does not take these files:\n" + "\n".join((named or said)[-8:]))


def trained(folder: Folder, models: Path, settings: Settings, *, told: Told) -> Path:
    """Return the model of a candidate: the live one where nothing changed that it was learned from, else a new one.

    Raises TrainingFailed.
    """
    live = live_model(settings)
    mark = fingerprint(files=folder.files)
    known = settings.models_dir / FINGERPRINT
    if live is not None and known.is_file() and known.read_text(encoding="utf-8").strip() == mark:
        (models / FINGERPRINT).write_text(mark + "\n", encoding="utf-8")
        return Path(shutil.copy2(live, models))
    if model_is_current(models, files=folder.files):
        return next(models.glob("*.tar.gz"))
    steps: list[str] = []

    def step(line: str) -> None:
        steps.append(line)
        told(min(1.0, len(steps) / TRAINING_STEPS))

    environment = surroundings(settings, content=folder.content, models=models)
    return train_any(models, progress=step, files=folder.files, environment=environment, vectors=models / "kept")


def asked_of(content: Path, patients: Sequence[Sentence] = (), *, suite: Path = SUITE) -> list[Sentence]:
    """Return the sentences that a candidate is asked: the safety suite, those saved in its `content`, those of patients."""
    return [*of_the_suite(suite), *saved_in(content), *patients]


def compare(
    candidate: Side, live: Side | None, settings: Settings, *, sentences: Sequence[Sentence], keep_in: Path, told: Told
) -> Report:
    """Return what changes from `live` to `candidate`. `keep_in`: where it is kept what was heard before. Raises HearingFailed."""

    def heard(side: Side, begin: float, end: float) -> dict[str, Heard]:
        places = {"model": side.model, "content": side.folder.content, "models": side.models, "keep_in": keep_in}
        return hear_all(sentences, settings, **places, told=lambda done, of: told(begin + (end - begin) * done / of))

    before = None if live is None else heard(live, 0.0, 0.3)
    after = heard(candidate, 0.3, 0.8)
    told(0.8)
    shares = examine(
        None if live is None else live.folder, candidate.folder, encoder=best_encoder(), vectors=candidate.kept, keep_in=keep_in
    )
    return report(sentences, before, after, shares=shares)
