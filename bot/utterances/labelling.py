"""What one person says about sentences: what they mean, that nothing can be learned from them, that their words must go.

What can be taken back is taken back by who did it; a second person decides (`approving`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from bot.database.engine import Work
from bot.privacy import audit
from bot.utterances import problems, rows
from bot.utterances.kinds import Mark, State, Utterance

# So many sentences of one group are labelled at a time.
MOST_AT_ONCE = 50


def label(work: Work, numbers: Sequence[int], *, intent: str, by: str, now: datetime, marks: Sequence[Mark] = ()) -> None:
    """Say what sentences mean: an intent, or an entry of the FAQ (`faq:<id>`). `marks` are of the first of them.

    Raises UtteranceProblem when one was done by somebody else meanwhile: then none is labelled.
    """
    for place, found in enumerate(_open(work, numbers, by)):
        sealed = {"marks": [asdict(mark) for mark in _within(found.text, marks)]} if place == 0 else {}
        done = {"state": "labelled", "intent": intent, "labelled_by": by, "labelled_at": now}
        _done(rows.change(work, found, sealed=sealed, **done), found)


def set_aside(work: Work, numbers: Sequence[int], *, state: State, by: str, now: datetime) -> None:
    """Say that nothing can be learned from sentences ("skipped"), or that they are none of the hospital's ("out_of_scope")."""
    for found in _open(work, numbers, by):
        _done(rows.change(work, found, state=state, intent=None, labelled_by=by, labelled_at=now), found)


def take_back(work: Work, numbers: Sequence[int], *, by: str) -> None:
    """Make sentences new again that were labelled or set aside by the same person. Raises UtteranceProblem for others."""
    for found in _in_order(work, numbers):
        if found.labelled_by != by or found.state not in ("labelled", "skipped", "out_of_scope"):
            raise problems.gone(found.id)
        _again(work, found)


def send_back(work: Work, numbers: Sequence[int], *, by: str) -> None:
    """Make labelled sentences new again, because a second person does not agree: anybody may label them anew."""
    for found in _in_order(work, numbers):
        if found.state != "labelled":
            raise problems.gone(found.id)
        if found.labelled_by == by:
            raise problems.own(found.id)
        _again(work, found)


def delete(work: Work, numbers: Sequence[int], *, by: str, now: datetime) -> None:
    """Take the words of sentences away for good, because they tell who it was. Audited, without the words."""
    for found in _in_order(work, numbers):
        if found.state == "approved":
            raise problems.gone(found.id)
        _done(rows.blanked(work, found, by=by, now=now), found)
        audit.record(work, who=by, what="deleted sentence", subject=f"utterance:{found.id}", now=now)


def assign(work: Work, numbers: Sequence[int], *, to: str) -> None:
    """Give sentences to somebody, or with "" to nobody. It says whose task it is; others may still do it."""
    for found in _in_order(work, numbers):
        _done(rows.change(work, found, assigned_to=to), found)


def _again(work: Work, found: Utterance) -> None:
    blank = {"state": "new", "intent": None, "labelled_by": "", "labelled_at": None}
    _done(rows.change(work, found, sealed={"marks": []}, **blank), found)


def _open(work: Work, numbers: Sequence[int], by: str) -> list[Utterance]:
    """Return those that may be labelled: new ones, and one's own labels that nobody has checked."""
    found = _in_order(work, numbers)
    for one in found:
        if one.state != "new" and not (one.state in ("labelled", "skipped", "out_of_scope") and one.labelled_by == by):
            raise problems.gone(one.id)
    return found


def _in_order(work: Work, numbers: Sequence[int]) -> list[Utterance]:
    known = {one.id: one for one in rows.read(work, numbers[:MOST_AT_ONCE])}
    for number in numbers:
        if number not in known:
            raise problems.gone(number)
    return [known[number] for number in dict.fromkeys(numbers)]


def _within(text: str, marks: Collection[Mark]) -> list[Mark]:
    return [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]


def _done(was_done: bool, found: Utterance) -> None:
    if not was_done:
        raise problems.gone(found.id)
