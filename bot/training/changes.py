"""The life of a change: draft, review by somebody else, approved, published; or refused, withdrawn, taken back.

Who writes does not decide: that holds here, whatever the pages allow. Whoever approves says which edition they have read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.database.engine import Work
from bot.privacy import audit
from bot.staff.people import Staff, all_staff
from bot.studio.access import may
from bot.training import problems, rows
from bot.training.operations import Operation, files_of
from bot.training.places import is_editable
from bot.training.rows import Change, Kind, State

__all__ = [
    "Change", "Kind", "State", "approve", "approved_changes", "conflicted", "create", "create_alone", "deciders", "draft_of", "edit", "may_review", "need", "publish",
    "publish_again", "refuse", "reopen", "settle", "submit", "take_back", "to_review", "withdraw",
]  # fmt: skip

LONGEST_TITLE = 120
LONGEST_REASON = 1000
# Of what waits for a review so many are looked through for those that are somebody's to decide.
MOST_IN_REVIEW = 300


def create(
    work: Work, *, kind: Kind, title: str, author: str, now: datetime, operations: Sequence[Operation] = (), about: str = ""
) -> Change:
    """Store a draft and return it. Raises ChangeProblem for a file that the studio does not change."""
    return _stored(work, kind, author, rows.sealed_of(title[:LONGEST_TITLE], about, _checked(operations)), now)


def create_alone(work: Work, *, kind: Kind, title: str, author: str, now: datetime, operations: Sequence[Operation]) -> Change:
    """The same for what comes as one, a file or a bulk edit: it is looked at and taken back as one, and nothing is mixed into it."""
    return _stored(work, kind, author, rows.sealed_of(title[:LONGEST_TITLE], "", _checked(operations), alone=True), now)


def _stored(work: Work, kind: Kind, author: str, sealed: dict[str, Any], now: datetime) -> Change:
    number = rows.add(work, kind=kind, author=author, sealed=sealed, now=now)
    rows.note(work, number, who=author, what="created", now=now)
    return need(work, number)


def need(work: Work, number: int) -> Change:
    """Return the change of this number. Raises ChangeProblem when there is none."""
    found = rows.read(work, number)
    if found is None:
        raise problems.unknown(number)
    return found


def draft_of(work: Work, *, author: str, kind: Kind) -> Change | None:
    """Return the newest draft of this kind that somebody has at hand: what they edit next goes there. Not what came as one."""
    drafts = rows.listed(work, states=("draft", "refused"), kinds=(kind,), author=author, limit=20)
    return next((one for one in drafts if not one.alone), None)


def edit(
    work: Work,
    number: int,
    *,
    by: str,
    now: datetime,
    edition: int | None = None,
    operations: Sequence[Operation] | None = None,
    title: str | None = None,
) -> Change:
    """Write a draft anew, in the parts that are given. What was refused becomes a draft again. Raises ChangeProblem.

    `edition`: the one that was on the screen; another one by now is not overwritten.
    """
    found = _mine(work, number, by, ("draft", "refused"))
    if edition is not None and edition != found.edition:
        raise problems.edited(number)
    operations = found.operations if operations is None else tuple(operations)
    named = (found.title if title is None else title)[:LONGEST_TITLE]
    sealed = rows.sealed_of(named, found.about, _checked(operations), alone=found.alone)
    _update(work, found, state="draft", edition=found.edition + 1, changed_at=now, sealed=sealed)
    return need(work, number)


def submit(work: Work, number: int, *, by: str, now: datetime) -> Change:
    """Hand a draft over for review. Raises ChangeProblem when it is empty or not theirs."""
    found = _mine(work, number, by, ("draft", "refused"))
    if not found.operations:
        raise problems.empty(number)
    return _moved(work, found, "review", who=by, what="submitted", now=now)


def approve(work: Work, number: int, *, who: Staff, now: datetime, edition: int | None = None, reason: str = "") -> Change:
    """Approve what somebody else wrote: it goes live with the next release. Raises ChangeProblem.

    `edition`: the one that was read.
    """
    found = _reviewable(work, number, who, edition)
    done = {"approved_by": who.handle, "approved_at": now}
    return _moved(work, found, "approved", who=who.handle, what="approved", reason=reason, now=now, **done)


def refuse(work: Work, number: int, *, who: Staff, reason: str, now: datetime, edition: int | None = None) -> Change:
    """Give it back to its author, with a reason. Raises ChangeProblem."""
    found = _reviewable(work, number, who, edition)
    if not reason.strip():
        raise problems.no_reason()
    return _moved(work, found, "refused", who=who.handle, what="refused", reason=reason, now=now)


def withdraw(work: Work, number: int, *, who: Staff, now: datetime, reason: str = "") -> Change:
    """Give it up before it is live: its author, or who may review, with a reason. Raises ChangeProblem."""
    found = _in(need(work, number), rows.OPEN)
    if found.author != who.handle and not may(who, "review"):
        raise problems.not_own(number, found.author)
    if found.author != who.handle and not reason.strip():
        raise problems.no_reason()
    return _moved(work, found, "withdrawn", who=who.handle, what="withdrawn", reason=reason, now=now)


def reopen(work: Work, number: int, *, by: str, now: datetime, edition: int | None = None) -> Change:
    """Make a draft again of what was handed over or approved, because it does not fit any more, or of what was given up: its author alone.

    Raises ChangeProblem.
    """
    found = _mine(work, number, by, ("review", "approved", "withdrawn"))
    if edition is not None and edition != found.edition:
        raise problems.edited(number)
    return _moved(work, found, "draft", who=by, what="reopened", now=now, approved_by="", approved_at=None)


def settle(
    work: Work,
    number: int,
    *,
    by: str,
    operations: Sequence[Operation],
    decided: Sequence[Mapping[str, Any]],
    now: datetime,
    edition: int | None = None,
) -> Change:
    """Write into a draft what its author decided about each place that did not fit; whoever reviews it sees it. Raises ChangeProblem."""
    edit(work, number, by=by, edition=edition, operations=operations, now=now)
    rows.note(work, number, who=by, what="settled", decided=decided, now=now)
    audit.record(work, who=by, what="change settled", subject=f"change:{number}", now=now)
    return need(work, number)


def conflicted(work: Work, number: int, *, by: str, release: str, now: datetime) -> None:
    """Say that an approved change did not fit any more when `release` was built: its author finds it with what waits for them."""
    found = rows.read(work, number)
    if found is not None and found.state == "approved":
        rows.note(work, number, who=by, what="conflicted", reason=release, now=now)


def publish(work: Work, number: int, *, by: str, release: str, now: datetime) -> Change:
    """Say that an approved change is live with `release`. Raises ChangeProblem."""
    found = _in(need(work, number), ("approved",))
    return _moved(work, found, "published", who=by, what="published", reason=release, now=now, release=release)


def take_back(work: Work, number: int, *, by: str, release: str, now: datetime) -> Change:
    """Say that it is not live any more, because the older `release` is: it is a draft again, for its author to look at."""
    found = _in(need(work, number), ("published",))
    done = {"release": "", "approved_by": "", "approved_at": None}
    return _moved(work, found, "draft", who=by, what="taken_back", reason=release, now=now, **done)


def publish_again(work: Work, number: int, *, by: str, release: str, now: datetime) -> bool:
    """Say that what was taken back is live again with `release`; False when its author has gone on with it, or it is no such change."""
    found = need(work, number)
    last = rows.events(work, number)[-1]
    # An edit is no event, but the time of the change is that of its last edit.
    if found.state != "draft" or last.what != "taken_back" or last.at != found.changed_at:
        return False
    _moved(work, found, "published", who=by, what="published", reason=release, now=now, release=release)
    return True


def approved_changes(work: Work) -> tuple[Change, ...]:
    """Return the changes that wait for a release, in the order in which they were approved."""
    return rows.approved(work)


def to_review(work: Work, who: Staff) -> tuple[Change, ...]:
    """Return the changes about which this person may decide now, the latest first."""
    found = rows.listed(work, states=("review",), limit=MOST_IN_REVIEW) if may(who, "review") else ()
    return tuple(one for one in found if may_review(one, who))


def deciders(work: Work, change: Change) -> tuple[Staff, ...]:
    """Return who may decide about a change while it is in review, by handle; of any other nobody has to."""
    return tuple(one for one in all_staff(work) if may_review(change, one)) if change.state == "review" else ()


def may_review(change: Change, who: Staff) -> bool:
    """Return whether this person may decide about this change."""
    return who.handle != change.author and may(who, "review") and (not change.is_clinical or may(who, "review_clinical"))


def _reviewable(work: Work, number: int, who: Staff, edition: int | None) -> Change:
    found = need(work, number)
    if who.handle == found.author:
        raise problems.own(number)
    if not may(who, "review"):
        raise problems.not_a_reviewer(number)
    if found.is_clinical and not may(who, "review_clinical"):
        raise problems.not_clinical(number)
    if edition is not None and edition != found.edition:
        raise problems.edited(number)
    return _in(found, ("review",))


def _mine(work: Work, number: int, by: str, states: Sequence[State]) -> Change:
    found = need(work, number)
    if found.author != by:
        raise problems.not_own(number, found.author)
    return _in(found, states)


def _in(found: Change, states: Sequence[State]) -> Change:
    if found.state not in states:
        raise problems.wrong_state(found.id, found.state)
    return found


def _checked(operations: Sequence[Operation]) -> Sequence[Operation]:
    for file in files_of(operations):
        if not is_editable(file):
            raise problems.wrong_file(file)
    return operations


def _moved(
    work: Work, found: Change, to: State, *, who: str, what: str, now: datetime, reason: str = "", **values: object
) -> Change:
    _update(work, found, state=to, changed_at=now, **values)
    rows.note(work, found.id, who=who, what=what, reason=reason.strip()[:LONGEST_REASON], now=now)
    audit.record(work, who=who, what=f"change {what.replace('_', ' ')}", subject=f"change:{found.id}", now=now)
    return need(work, found.id)


def _update(work: Work, found: Change, **values: object) -> None:
    sealed = values.pop("sealed", None)
    if not rows.update(work, found, sealed=sealed, **values):  # type: ignore[arg-type]
        raise problems.wrong_state(found.id, found.state)
