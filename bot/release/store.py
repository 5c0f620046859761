"""Where releases are kept: a folder for each with its files, its model, and what it was made from."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bot.nlu.serving import newest_model, served
from bot.nlu.training import reading_version
from bot.release.folders import Folder, copy, folder_in
from bot.release.problems import busy
from bot.settings import Settings

FOLDER = "releases"
ABOUT = "about.json"
MODELS = "models"
# Kept for going back: each is 5 MB with the content of the sample hospital.
KEEP = 20
TRY_EVERY_S = 0.05


@dataclass(frozen=True)
class Kept:
    """The folder of one release."""

    path: Path

    @property
    def folder(self) -> Folder:
        """Its files."""
        return folder_in(self.path)

    @property
    def models(self) -> Path:
        """The folder of its model."""
        return self.path / MODELS

    @property
    def model(self) -> Path | None:
        """Its model."""
        return newest_model(self.models)

    @property
    def there(self) -> bool:
        """Whether it is still kept, whole."""
        return (self.path / ABOUT).is_file()

    def before(self) -> dict[str, str]:
        """Return the hashes of the live files that it was made from."""
        return dict(self._about("before"))

    def after(self) -> dict[str, str]:
        """Return the hashes of its own files."""
        return dict(self._about("after"))

    @property
    def reads_as_we_do(self) -> bool:
        """Whether the program still turns messages into the numbers that the model was learned with."""
        return bool(self._about("reading") == reading_version())

    def finish(self, *, before: dict[str, str]) -> None:
        """Write what it was made from: from now on it is whole."""
        about = {"before": before, "after": self.folder.hashes(), "reading": reading_version()}
        (self.path / ABOUT).write_text(json.dumps(about, indent=1, sort_keys=True), encoding="utf-8")

    def _about(self, what: str) -> Any:
        return json.loads((self.path / ABOUT).read_text(encoding="utf-8"))[what]


def kept(settings: Settings, name: str) -> Kept:
    """Return the folder of the release of this name, whether or not it is there."""
    return Kept(settings.data_dir / FOLDER / name)


def begin(settings: Settings, name: str, folder: Folder) -> Kept:
    """Copy `folder` as the beginning of a release; what an attempt before has left is removed."""
    one = kept(settings, name)
    shutil.rmtree(one.path, ignore_errors=True)
    one.path.mkdir(parents=True)
    copy(folder, one.path)
    one.models.mkdir(exist_ok=True)
    return one


@contextmanager
def alone(settings: Settings, what: str, *, patience_s: float = 0.0) -> Iterator[None]:
    """Do something of which there may be one at a time on this machine, in whichever process. Raises ReleaseProblem when it is done.

    The lock falls with its process, however that ends. `patience_s`: for so long it is tried again.
    """
    folder = settings.data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + patience_s
    with (folder / f"{what}.lock").open("w") as lock:
        while not _locked(lock):
            if time.monotonic() >= end:
                raise busy()
            time.sleep(TRY_EVERY_S)
        yield


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def outcomes(settings: Settings) -> Path:
    """Return where it is kept what was heard."""
    return settings.data_dir / FOLDER / "heard"


def live_model(settings: Settings) -> Path | None:
    """Return the file of the model that is served."""
    name = served(settings.models_dir)
    return settings.models_dir / name if name else newest_model(settings.models_dir)


def forget(settings: Settings, names: list[str]) -> None:
    """Remove the folders of these releases."""
    for name in names:
        shutil.rmtree(kept(settings, name).path, ignore_errors=True)
