"""The logs of the processes: they stay small, and their last line may say why a process cannot run."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

# Some weeks of an ordinary hospital; with the one before it the most that a log takes of the disk is twice this.
LARGEST_BYTES = 20_000_000
_TAIL_BYTES = 4_000
# Below this an operator is told: a busy day of messages and the logs of all processes fit in several times.
ROOM_BYTES = 200_000_000


def keep_small(log: Path, largest: int = LARGEST_BYTES) -> None:
    """Begin a log anew that has grown beyond `largest` bytes; what stood in it is kept as `….1`, and what was there before goes.

    The process has the file open and goes on writing: the file is emptied, not renamed. It writes at the end, wherever that is.
    """
    try:
        if log.stat().st_size <= largest:
            return
    except FileNotFoundError:
        return
    before = log.with_name(log.name + ".1")
    try:
        shutil.copyfile(log, before)
    except OSError:  # the disk is full: patients' messages need the room more than an old log
        with suppress(OSError):
            before.unlink()
    os.truncate(log, 0)


def short_of_room(folder: Path, room: int = ROOM_BYTES) -> str:
    """Return a sentence for the operator when the disk of `folder` has less than `room` bytes left, "" when it has enough."""
    if shutil.disk_usage(folder).free >= room:
        return ""
    return f"The disk of {folder} has less than {room // 1_000_000} MB left. Make room: on a full disk no message of a patient can be stored."


def last_line(log: Path) -> str:
    """Return the last line of a log, "" when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            lines = file.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""
