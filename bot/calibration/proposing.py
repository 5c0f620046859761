"""Factors become a change: read by somebody clinical, held to the gate, published and taken back like any other."""

from __future__ import annotations

from datetime import datetime

from bot.calibration.calibrate import FILE, Calibrated
from bot.database.engine import Work
from bot.errors import OperatorError
from bot.release.folders import live_folder
from bot.settings import Settings
from bot.staff import people
from bot.studio.access import may
from bot.training import changes, files
from bot.training.operations import Operation, SetEntry, SetText, read_data


class NotProposed(OperatorError):
    """A calibration is not stored as a change. The message says why and what to do."""


def propose(work: Work, settings: Settings, done: Calibrated, *, source: str, by: str, now: datetime) -> int:
    """Store the factors as a change that is handed over for review, and return its number. Raises NotProposed.

    `source`: the name of the file of records; nothing of what stands in it is stored.
    """
    author = people.of_handle(work, by)
    if author is None or not may(author, "calibrate"):
        raise NotProposed(
            f"{by or 'Nobody'} may not propose a calibration. Name an admin with --by; `daozhen staff list` shows them."
        )
    if not done.gains:
        raise NotProposed("The factors gain nothing on the held-out records: there is nothing to propose.")
    now_there = read_data(files.read(live_folder(settings), FILE), file=FILE)
    gain = f"{done.before.first} → {done.after.first} of {done.after.count} held-out records, learned from {done.learned_from}"
    operations: list[Operation] = [
        SetText(FILE, ("version",), str(now_there["version"]), str(int(now_there["version"]) + 1)),
        SetText(FILE, ("source",), now_there["source"], f"{source}, {now:%Y-%m-%d}: {gain}"),
        *(
            SetEntry(FILE, ("entries", part), now_there["entries"][part], after)
            for part, after in done.entries().items()
            if after != now_there["entries"][part]
        ),
    ]
    title = f"Calibration: first department right for {gain}"
    made = changes.create(work, kind="calibration", title=title, author=author.handle, now=now, operations=operations)
    changes.submit(work, made.id, by=author.handle, now=now)
    return made.id
