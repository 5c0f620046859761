"""Edits gather in a draft: the second edit of a place takes the place of the first, and what was undone is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
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
        same = isinstance(one, SetText | SetEntry) and (one.file, one.path) == (new.file, new.path) and one.after == new.before
        if same and isinstance(one, SetText | SetEntry) and not any(_meets(later, new) for later in found[at + 1 :]):
            both = replace(new, before=one.before)
            return [*found[:at], *([] if both.before == both.after else [both]), *found[at + 1 :]]
    return [*found, new]


def _meets(one: Operation, new: SetText | SetEntry) -> bool:
    """Whether an edit is around the place of another, within it, or at one of the same list: it says what it found after the first."""
    if not isinstance(one, SetText | SetEntry) or one.file != new.file or one.path == new.path:
        return False
    both = min(len(one.path), len(new.path))
    apart = next((at for at in range(both) if one.path[at] != new.path[at]), None)
    return apart is None or (isinstance(one.path[apart], int) and isinstance(new.path[apart], int))


def _with_example(found: list[Operation], new: AddExample | RemoveExample | MoveExample) -> list[Operation]:
    if isinstance(new, AddExample):
        left = [one for one in found if not _takes_away(one, new)]
        return left if len(left) < len(found) or new in found else [*found, new]
    moved = next((one for one in found if isinstance(one, MoveExample) and _went_to(one, new)), None)
    if isinstance(new, MoveExample) and moved is not None:
        return [*(one for one in found if one != moved), *_moved_on(moved, new)]
    added = AddExample(new.intent, new.language, new.text, new.at_file)
    if added not in found:
        return found if new in found else [*found, new]
    left = [one for one in found if one != added]
    return left if isinstance(new, RemoveExample) else [*left, AddExample(new.to, new.language, new.text, new.to_file)]


def _went_to(one: MoveExample, new: RemoveExample | MoveExample) -> bool:
    """Whether an edit has brought what another moves on."""
    return (one.to, one.language, one.text, one.to_file or one.at_file) == (new.intent, new.language, new.text, new.at_file)


def _moved_on(moved: MoveExample, new: MoveExample) -> Iterator[Operation]:
    """Yield what both are together; nothing when it comes back to where it was."""
    if new.to != moved.intent:
        yield replace(moved, to=new.to, to_file=new.to_file)


def _takes_away(one: Operation, new: AddExample) -> bool:
    """Whether an edit took away what comes back with `new`."""
    if not isinstance(one, RemoveExample | MoveExample):
        return False
    return (one.intent, one.language, one.text, one.at_file) == (new.intent, new.language, new.text, new.at_file)
