"""The files that a release is made of: Rasa's own and the content packs, live or copied. Names are the same everywhere."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings

CONFIG = "config.yml"
RASA = ("domain", "data")
CONTENT = "content"
ENDINGS = (".yml", ".yaml")


@dataclass(frozen=True)
class Folder:
    """One state of all files. A name is `config.yml`, `domain/…`, `data/…` or `content/…`, wherever the content lies."""

    files: Path
    content: Path

    def path(self, name: str) -> Path:
        """Return where the file of this name is, or would be."""
        first, _, rest = name.partition("/")
        return self.content / rest if first == CONTENT else self.files / name

    def names(self) -> Iterator[str]:
        """Yield the names of all files, in order."""
        if (self.files / CONFIG).is_file():
            yield CONFIG
        for part in RASA:
            yield from _names(self.files / part, part)
        yield from _names(self.content, CONTENT)

    def hashes(self) -> dict[str, str]:
        """Return a hash of each file by its name."""
        return {name: hashlib.sha256(self.path(name).read_bytes()).hexdigest() for name in self.names()}


def live_folder(settings: Settings) -> Folder:
    """Return the files that are served."""
    return Folder(settings.files_dir, settings.content_dir)


def folder_in(path: Path) -> Folder:
    """Return the folder that was copied to `path`."""
    return Folder(path, path / CONTENT)


def copy(folder: Folder, to: Path) -> Folder:
    """Copy all files to `to`, which must not be there yet, and return them there."""
    target = folder_in(to)
    for name in folder.names():
        path = target.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder.path(name), path)
    return target


def put(source: Folder, target: Folder, names: Iterable[str]) -> None:
    """Make the files of these names in `target` what they are in `source`; what is not there is removed. Each is written whole or not.

    All are copied before the first is replaced: on a full disk everything stays as it was. Raises OSError.
    """
    wanted = {target.path(name): source.path(name) for name in names}
    unfinished = {path: path.with_name(f".{path.name}.{os.getpid()}") for path, new in wanted.items() if new.is_file()}
    try:
        for path, beside in unfinished.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(wanted[path], beside)
    except OSError:
        for beside in unfinished.values():
            beside.unlink(missing_ok=True)
        raise
    for path in wanted:
        if path in unfinished:
            unfinished[path].replace(path)
        else:
            path.unlink(missing_ok=True)


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of files that are only in one of the two, or not alike."""
    return tuple(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))


def digest_of(hashes: Mapping[str, str]) -> str:
    """Return one hash over all files: what stands in a release's `base`."""
    return hashlib.sha256("\n".join(f"{name} {hash_}" for name, hash_ in sorted(hashes.items())).encode()).hexdigest()


def _names(folder: Path, first: str) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in ENDINGS and path.is_file() and not path.name.startswith("."):
            yield f"{first}/{path.relative_to(folder).as_posix()}"
