"""The changes of the studio as releases ask for them: made on a copy, published, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.database.engine import Work
from bot.release.changes import Applied, Conflicted
from bot.release.folders import Folder
from bot.training import changes, files, rows
from bot.training.conflict import Conflict
from bot.training.rows import Change


@dataclass(frozen=True)
class StudioChanges:
    """Keeps `bot.release.changes.Changes`."""

    def approved(self, work: Work) -> tuple[int, ...]:
        """Return the numbers of all changes that wait for a release, in the order in which they were approved."""
        return tuple(one.id for one in changes.approved_changes(work))

    def moved(self, work: Work, numbers: Sequence[int], *, since: datetime) -> tuple[int, ...]:
        """Return those of these that are not approved any more as they were then: given up, or written anew."""
        found = ((number, rows.read(work, number)) for number in numbers)
        return tuple(number for number, one in found if one is None or not _stands(one, since))

    def apply(self, work: Work, numbers: Sequence[int], folder: Folder) -> Applied:
        """Make the changes in the files of `folder`, in this order. Raises Conflicted: then the copy is worthless."""
        made = [changes.need(work, number) for number in numbers]
        for one in made:
            try:
                files.write(folder, files.applied(folder, one.operations))
            except Conflict as conflict:
                raise Conflicted("conflict", str(conflict), **{**conflict.values, "change": one.id}) from conflict
        touched = {file for one in made for file in one.files}
        told = tuple(_told(work, one) for one in made)
        return Applied(tuple(sorted(touched)), told, ", ".join(sorted({one.approved_by for one in made} - {""})))

    def conflicted(self, work: Work, number: int, *, by: str, release: str, now: datetime) -> None:
        """Say that a change did not fit any more when `release` was built."""
        changes.conflicted(work, number, by=by, release=release, now=now)

    def published(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """Say that these, which were approved, are live."""
        for number in numbers:
            if changes.need(work, number).state == "approved":
                changes.publish(work, number, by=by, release=release, now=now)

    def come_back(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """Say that these are live again, but for those with which somebody has gone on since: what they wrote then is not live."""
        for number in numbers:
            changes.publish_again(work, number, by=by, release=release, now=now)

    def taken_back(self, work: Work, numbers: Sequence[int], *, by: str, release: str, now: datetime) -> None:
        """Say that these are not live any more: `release`, which is older, is."""
        for number in numbers:
            if changes.need(work, number).state == "published":
                changes.take_back(work, number, by=by, release=release, now=now)


def _stands(one: Change, since: datetime) -> bool:
    return one.state == "approved" and one.approved_at is not None and one.approved_at <= since


def _told(work: Work, change: Change) -> dict[str, Any]:
    reasons = [event.reason for event in rows.events(work, change.id) if event.what == "approved"]
    told = {"id": change.id, "kind": change.kind, "title": change.title, "author": change.author}
    return {**told, "approved_by": change.approved_by, "reason": reasons[-1] if reasons else ""}
