"""The gate for files that were edited by hand or by git: `daozhen release --check`, also in CI."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from bot.errors import OperatorError
from bot.evaluation.suite import SUITE
from bot.nlu.training import model_is_current
from bot.release.candidate import Side, asked_of, compare, live_side, prepare, trained, validate
from bot.release.folders import CONFIG, CONTENT, RASA, Folder, folder_in, live_folder
from bot.release.gate import Report
from bot.settings import Settings

Tell = Callable[[str], None]


class NoSuchState(OperatorError):
    """There is nothing in git to compare with. The message says what git said."""


def check(settings: Settings, place: Path, *, against: str = "", tell: Tell, suite: Path = SUITE) -> Report:
    """Return what the gate says of the files as they stand, in the empty folder `place`.

    `against`: a commit or branch to compare with; "": with nothing, and every emergency and crisis of the suite has to be heard.
    Raises an OperatorError when the files do not fit together.
    """
    now = _side(live_folder(settings), place / "now", settings, tell)
    before = None if not against else _side(of_git(settings, against, place / "files"), place / "before", settings, tell)
    tell("Hearing the safety suite and the saved sentences …")
    sentences = asked_of(now.folder.content, suite=suite)
    return compare(now, before, settings, sentences=sentences, keep_in=place / "heard", told=lambda share: None)


def _side(folder: Folder, models: Path, settings: Settings, tell: Tell) -> Side:
    prepare(models, settings)
    # Rasa's own check of its files is a step of its own, in CI as in a release.
    validate(folder, models, settings, rasa=False)
    live = live_side(settings)
    if live is not None and model_is_current(settings.models_dir, files=folder.files):
        return Side(folder, models, live.model)
    tell("Training a model of these files …")
    return Side(folder, models, trained(folder, models, settings, told=lambda share: None))


def of_git(settings: Settings, state: str, to: Path) -> Folder:
    """Return the files of a commit or branch, in the folder `to`. Raises NoSuchState."""
    try:
        content = settings.content_dir.resolve().relative_to(settings.files_dir.resolve()).as_posix()
    except ValueError:
        raise NoSuchState(
            "The content is not in the folder of Rasa's files, so that git does not know both. Compare by hand."
        ) from None
    command = ["git", "-C", str(settings.files_dir), "archive", "--format=tar", state, CONFIG, *RASA, content]
    asked = subprocess.run(command, check=False, capture_output=True)
    if asked.returncode != 0:
        raise NoSuchState(f"git has no {state} with these files: {asked.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(asked.stdout)) as archive:
        archive.extractall(to)
    if content != CONTENT:
        (to / content).rename(to / CONTENT)
    return folder_in(to)
