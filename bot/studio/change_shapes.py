"""Changes as the pages get them: who sees which words, and what each may do with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import LANGUAGES
from bot.studio.access import StudioAct
from bot.studio.visit import Visit
from bot.training import changes, rows
from bot.training.files import FileDiff
from bot.training.intents import Described, name_of
from bot.training.operations import AddExample, MoveExample, Operation, RemoveExample
from bot.training.places import NLU
from bot.training.rows import Change
from bot.training.settling import Place, mark_of

# Of a large import so many edits and lines are shown; the rest is counted.
MOST_LINES = 200
MOST_DIFF = 400
# Whoever only looks after decisions sees what was decided, and no sentence that may once have been a patient's.
_READERS: tuple[StudioAct, ...] = ("label", "edit_training", "edit_texts", "edit_faq", "edit_clinical", "review", "publish")


@dataclass(frozen=True)
class Looked:
    """All that there is to see of one change. `places`: what its author has to decide because something else stands there by now;
    `deciders`: the handles of those who may decide about it while it is in review; `known`: what intents are called."""

    change: Change
    events: Sequence[rows.Event]
    known: Mapping[str, Described]
    diffs: Sequence[FileDiff] = ()
    places: Sequence[Place] = ()
    deciders: Sequence[str] = ()

    @property
    def is_apart(self) -> bool:
        """Whether it cannot be made as it is."""
        return any(one.conflict is not None for one in self.diffs)

    @property
    def is_odd(self) -> bool:
        """Whether a file that it touches cannot be edited in the studio: nobody decides about that here."""
        return any(one.problem for one in self.diffs)


def as_others(found: Sequence[Change]) -> list[dict[str, Any]]:
    """Return the changes of others at the same place, as it is said beside what one edits."""
    return [{"id": one.id, "author": one.author, "state": one.state} for one in found]


def reads_words(visit: Visit) -> bool:
    """Whether somebody works with changes, and does not only look after decisions."""
    return any(visit.may(act) for act in _READERS)


def as_listed(change: Change, visit: Visit, *, is_apart: bool = False) -> dict[str, Any]:
    """Return a row of the list. `is_apart`: it does not fit any more."""
    return {
        "id": change.id,
        "kind": change.kind,
        "state": change.state,
        "title": change.title,
        "author": change.author,
        "changed_at": change.changed_at.isoformat(),
        "count": len(change.operations),
        "clinical": change.is_clinical,
        "review": change.state == "review" and changes.may_review(change, visit.staff),
        "apart": is_apart,
    }


def as_shown(looked: Looked, visit: Visit) -> dict[str, Any]:
    """Return all of one change."""
    change, reads = looked.change, reads_words(visit)
    lines = [
        {"place": place, **line_of(one, visit, looked.known, reads)} for place, one in enumerate(change.operations[:MOST_LINES])
    ]
    can = _can(looked, visit)
    return {
        **as_listed(change, visit, is_apart=looked.is_apart),
        "edition": change.edition,
        "about": change.about,
        "approved_by": change.approved_by,
        "release": change.release,
        "lines": lines,
        "more": max(0, len(change.operations) - MOST_LINES),
        "diffs": [_diff(one, reads) for one in looked.diffs],
        "places": [place_of(one) for one in looked.places] if "settle" in can else [],
        "seen": mark_of(looked.places),
        "events": [_event(one, reads) for one in looked.events],
        "can": can,
        "waits_for": _waits_for(looked, visit),
        "deciders": list(looked.deciders),
    }


def line_of(operation: Operation, visit: Visit, known: Mapping[str, Described], reads: bool = True) -> dict[str, Any]:
    """Return one edit as a person reads it. `reads`: whether they see the words of examples."""
    if isinstance(operation, AddExample | RemoveExample | MoveExample):
        to = {"to": name_of(known, operation.to, visit.language)} if isinstance(operation, MoveExample) else {}
        intent = name_of(known, operation.intent, visit.language)
        text = operation.text if reads else "…"
        return {"kind": operation.kind, "intent": intent, "language": operation.language, "text": text, **to}
    place = [str(part) for part in operation.path]
    language = next((part for part in reversed(place) if part in LANGUAGES), "")
    before, after = _said(operation.before), _said(operation.after)
    kind = (
        "set" if operation.before is not None and operation.after is not None else "add" if operation.before is None else "remove"
    )
    return {
        "kind": f"{kind}_entry", "file": operation.file, "path": " › ".join(place), "language": language, "before": before, "after": after,
    }  # fmt: skip


def _said(value: Any, depth: int = 0) -> str:
    """Return a value as lines that people read."""
    if isinstance(value, dict):
        blank = "  " * depth
        return "\n".join(f"{blank}{name}:{_indented(one, depth)}" for name, one in value.items())
    if isinstance(value, list):
        return " · ".join(_said(one) for one in value)
    return "" if value is None else str(value)


def _indented(value: Any, depth: int) -> str:
    return f"\n{_said(value, depth + 1)}" if isinstance(value, dict) else f" {_said(value)}"


def _diff(one: FileDiff, reads: bool) -> dict[str, Any]:
    shown = reads or not one.file.startswith(NLU)
    lines = one.unified.splitlines() if shown else []
    conflict = None if one.conflict is None else {name: str(value) for name, value in one.conflict.values.items()}
    if conflict is not None and not shown:
        conflict |= {"expected": "…", "found": "…"}
    more = max(0, len(lines) - MOST_DIFF)
    unified = "\n".join(lines[:MOST_DIFF])
    return {"file": one.file, "unified": unified, "more": more, "conflict": conflict, "problem": one.problem}


def place_of(one: Place) -> dict[str, Any]:
    """Return one decision as a form: what stood there, what stands there now, what the change wants."""
    place = [str(part) for part in one.path]
    return {
        "file": one.file, "path": " › ".join(place), "language": next((part for part in reversed(place) if part in LANGUAGES), ""),
        "base": _said(one.base), "mine": _said(one.mine), "theirs": _said(one.theirs),
        "choices": list(one.choices), "shape": one.shape, "gone": one.choices == ("theirs",),
        "typed": "\n".join(one.mine) if one.shape == "list" and isinstance(one.mine, list) else _said(one.mine),
    }  # fmt: skip


def _event(one: rows.Event, reads: bool) -> dict[str, Any]:
    decided = [
        {
            "file": each["file"],
            "path": " › ".join(str(part) for part in each["path"]),
            "choice": each["choice"],
            **{name: _said(each[name]) if reads else "…" for name in ("base", "mine", "theirs", "value")},
        }
        for each in one.decided
    ]
    return {"at": one.at.isoformat(), "who": one.who, "what": one.what, "reason": one.reason, "decided": decided}


def _can(looked: Looked, visit: Visit) -> list[str]:
    change = looked.change
    is_own = change.author == visit.handle
    acts = []
    if is_own and change.state in ("draft", "refused"):
        whole = bool(change.operations) and not looked.is_odd
        acts += ["rename", "drop", *(["submit"] if whole else []), *(["settle"] if looked.places else [])]
    if is_own and (change.state == "withdrawn" or (looked.is_apart and change.state in ("review", "approved"))):
        acts.append("reopen")
    if change.state == "review" and changes.may_review(change, visit.staff):
        acts += [*([] if looked.is_apart or looked.is_odd else ["approve"]), "refuse"]
    if change.state in rows.OPEN and (is_own or visit.may("review")):
        acts.append("withdraw")
    return acts


def _waits_for(looked: Looked, visit: Visit) -> str:
    """Return for whom it waits, as a key: its author, somebody else, somebody clinical, or nobody here."""
    change = looked.change
    if looked.is_apart and change.state in ("review", "approved") and change.author != visit.handle:
        return "author"
    if change.state != "review" or changes.may_review(change, visit.staff):
        return ""
    if change.is_clinical:
        return "clinical"
    return "another" if change.author == visit.handle else "reviewer"
