"""A second person agrees with labels: what is learned from them becomes changes of who labelled, one for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.database.engine import Work
from bot.staff.people import Staff
from bot.training import changes
from bot.training.operations import Operation
from bot.training.rows import Change, Kind
from bot.utterances import problems, rows
from bot.utterances.kinds import Utterance
from bot.utterances.labelling import MOST_AT_ONCE
from bot.utterances.lessons import Files, lessons

# What labels become: each kind is a change of its own.
TAUGHT: tuple[Kind, ...] = ("training", "faq", "clinical")


def approve(
    work: Work, numbers: Sequence[int], *, who: Staff, files: Files, now: datetime, titles: Mapping[Kind, str]
) -> tuple[Change, ...]:
    """Approve labels of others, and return the changes that they became. Raises UtteranceProblem: then nothing was done.

    `titles`: what the changes of each kind are called.

    A change is approved with them where `who` may review it; of words for signs somebody clinical decides, and of other changes
    somebody who reviews, where `who` only labels.
    """
    found = [_checked(one, who) for one in _all_of(work, numbers)]
    made: list[Change] = []
    for author in dict.fromkeys(one.labelled_by for one in found):
        theirs = [one for one in found if one.labelled_by == author]
        by_change = {
            kind: changes.create(work, kind=kind, title=titles[kind], author=author, now=now, operations=some)
            for kind, some in _by_kind(theirs, files).items()
        }
        by_change = {kind: _decided(work, draft, who, now) for kind, draft in by_change.items()}
        made += by_change.values()
        for one in theirs:
            number = next((by_change[kind].id for kind in by_change if kind != "clinical"), None)
            done: dict[str, Any] = {"state": "approved", "approved_by": who.handle, "approved_at": now, "change_id": number}
            if not rows.change(work, one, **done):
                raise problems.gone(one.id)
    return tuple(made)


def _all_of(work: Work, numbers: Sequence[int]) -> tuple[Utterance, ...]:
    found = rows.read(work, numbers[:MOST_AT_ONCE])
    missing = set(numbers) - {one.id for one in found}
    if missing:
        raise problems.gone(min(missing))
    return found


def _checked(found: Utterance, who: Staff) -> Utterance:
    if found.state != "labelled":
        raise problems.gone(found.id)
    if found.labelled_by == who.handle:
        raise problems.own(found.id)
    return found


def _by_kind(found: Sequence[Utterance], files: Files) -> dict[Kind, list[Operation]]:
    by_kind: dict[Kind, list[Operation]] = {}
    for one in found:
        for lesson in lessons(one, files):
            some = by_kind.setdefault(lesson.kind, [])
            # Two people said the same: it is learned once.
            if lesson.operation not in some:
                some.append(lesson.operation)
    return by_kind


def _decided(work: Work, made: Change, who: Staff, now: datetime) -> Change:
    made = changes.submit(work, made.id, by=made.author, now=now)
    return changes.approve(work, made.id, who=who, now=now, edition=made.edition) if changes.may_review(made, who) else made
