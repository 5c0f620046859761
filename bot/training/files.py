"""The texts of files before and after operations, and how they are written: whole or not at all."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.release.folders import Folder
from bot.training.conflict import Conflict
from bot.training.operations import NotEditable, Operation, apply, files_of

# Lines of the file around what changes.
AROUND = 2


@dataclass(frozen=True)
class FileDiff:
    """What changes in one file, as a unified diff. `conflict`: why it cannot be made now; `problem`: why the file is not edited here."""

    file: str
    unified: str = ""
    conflict: Conflict | None = None
    problem: str = ""


def read(folder: Folder, name: str) -> str:
    """Return the text of a file, with its own line ends; "" for one that is not there."""
    path = folder.path(name)
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def write(folder: Folder, texts: Mapping[str, str]) -> None:
    """Write files, each whole or not at all. An empty text takes the file away."""
    for name, text in texts.items():
        path = folder.path(name)
        if not text:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        unfinished.replace(path)


def applied(folder: Folder, operations: Sequence[Operation]) -> dict[str, str]:
    """Return the text of each file that is touched, after the operations. Writes nothing. Raises Conflict, NotEditable."""
    return {name: apply(read(folder, name), _on(operations, name), file=name) for name in files_of(operations)}


def texts_of(folder: Folder, operations: Sequence[Operation]) -> dict[str, str]:
    """Return the files that operations touch, as they are on disk now."""
    return {name: read(folder, name) for name in files_of(operations)}


def after(texts: Mapping[str, str], operations: Sequence[Operation]) -> dict[str, str]:
    """Return `texts` after operations on them; a file in which they cannot be made stays as it is, and others are not looked at."""
    made = dict(texts)
    for name in set(files_of(operations)).intersection(texts):
        try:
            made[name] = apply(texts[name], _on(operations, name), file=name)
        except (Conflict, NotEditable):
            continue
    return made


def differences(texts: Mapping[str, str], operations: Sequence[Operation]) -> tuple[FileDiff, ...]:
    """Return what the operations change in these texts of files; what cannot be made stands beside the rest."""
    return tuple(_difference(texts[name], name, _on(operations, name)) for name in files_of(operations))


def unified(name: str, before: str, after: str) -> str:
    """Return the difference of two texts as a unified diff."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, n=AROUND, lineterm="")
    return "\n".join(lines)


def _difference(before: str, name: str, operations: Sequence[Operation]) -> FileDiff:
    try:
        return FileDiff(name, unified(name, before, apply(before, operations, file=name)))
    except Conflict as conflict:
        return FileDiff(name, conflict=conflict)
    except NotEditable as error:
        return FileDiff(name, problem=str(error))


def _on(operations: Iterable[Operation], name: str) -> list[Operation]:
    return [one for one in operations if name in files_of([one])]
