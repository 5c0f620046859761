"""The files of a change as they will be when its turn comes: on disk now, and after what was approved before it."""

from __future__ import annotations

from bot.database.engine import Work
from bot.release.folders import Folder
from bot.training import files, rows
from bot.training.rows import Change


def ahead_of(work: Work, change: Change) -> tuple[Change, ...]:
    """Return the approved changes that a release makes before this one and that touch one of its files."""
    found: list[Change] = []
    for one in rows.approved(work):
        if one.id == change.id:
            break
        if set(one.files).intersection(change.files):
            found.append(one)
    return tuple(found)


def texts_for(folder: Folder, change: Change, ahead: tuple[Change, ...]) -> dict[str, str]:
    """Return the files that a change touches, as it will find them. What itself does not fit is left out: its author decides."""
    texts = files.texts_of(folder, change.operations)
    for one in ahead:
        texts = files.after(texts, one.operations)
    return texts
