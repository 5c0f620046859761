"""Edits gather in a draft: the second edit of a place takes the place of the first, and what was undone is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.database.engine import Work
from bot.training import changes
from bot.training.operations import AddExample, MoveExample, Operation, Path, RemoveExample, SetEntry, SetText
from bot.training.rows import Change, Kind


def merged(operations: Sequence[Operation], new: Iterable[Operation]) -> tuple[Operation, ...]:
    """Return the operations of a draft after some more."""
    found = list(operations)
    for one in new:
        found = _with_value(found, one) if isinstance(one, SetText | SetEntry) else _with_example(found, one)
    return tuple(found)


def add_to_draft(
    work: Work,
    *,
    author: str,
    kind: Kind,
    operations: Sequence[Operation],
    title: str,
    now: datetime,
    instead_of: Collection[tuple[str, Path]] = (),
) -> Change:
    """Put edits into the draft that somebody has at hand, or into a new one called `title`, and return it. Raises ChangeProblem.

    `instead_of`: files and places; what the draft has for them is dropped first.
    """
    draft = changes.draft_of(work, author=author, kind=kind)
    if draft is None:
        return changes.create(work, kind=kind, title=title, author=author, operations=merged((), operations), now=now)
    kept = [one for one in draft.operations if not isinstance(one, SetText) or (one.file, one.path) not in instead_of]
    return changes.edit(work, draft.id, by=author, operations=merged(kept, operations), now=now)


def without(work: Work, number: int, place: int, *, by: str, edition: int, now: datetime) -> Change:
    """Take one edit out of a draft. Raises ChangeProblem."""
    found = changes.need(work, number)
    left = tuple(one for at, one in enumerate(found.operations) if at != place)
    return changes.edit(work, number, by=by, edition=edition, operations=left, now=now)


def _with_value(found: list[Operation], new: SetText | SetEntry) -> list[Operation]:
    for at, one in enumerate(found):
        if isinstance(one, SetText | SetEntry) and (one.file, one.path) == (new.file, new.path) and one.after == new.before:
            both = replace(new, before=one.before)
            return [*found[:at], *([] if both.before == both.after else [both]), *found[at + 1 :]]
    return [*found, new]


def _with_example(found: list[Operation], new: AddExample | RemoveExample | MoveExample) -> list[Operation]:
    if isinstance(new, AddExample):
        left = [one for one in found if not _takes_away(one, new)]
        return left if len(left) < len(found) or new in found else [*found, new]
    added = AddExample(new.intent, new.language, new.text, new.at_file)
    if added not in found:
        return found if new in found else [*found, new]
    left = [one for one in found if one != added]
    return left if isinstance(new, RemoveExample) else [*left, AddExample(new.to, new.language, new.text, new.to_file)]


def _takes_away(one: Operation, new: AddExample) -> bool:
    """Whether an edit took away what comes back with `new`."""
    if not isinstance(one, RemoveExample | MoveExample):
        return False
    return (one.intent, one.language, one.text, one.at_file) == (new.intent, new.language, new.text, new.at_file)
