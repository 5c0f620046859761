"""Where something else stands by now than a change expects: what its author has to decide, place by place, and what that makes of it. Pure.

Only what both sides changed, and otherwise, is asked about. What one side alone changed is taken from that side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from bot.training.conflict import Conflict
from bot.training.examples_in import sentences
from bot.training.operations import AddExample, MoveExample, Operation, Path, SetEntry, SetText, apply, files_of
from bot.training.problems import not_decided
from bot.training.scalars import plain
from bot.training.tree import data
from bot.training.values_in import NOTHING, value_at

Choice = Literal["mine", "theirs", "new"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
# What may be typed instead of both; "": nothing can, it is edited in its own room afterwards.
Shape = Literal["text", "number", "date", "list", ""]
LONGEST = 3000
Numbered = tuple[int, Operation]


@dataclass(frozen=True)
class Place:
    """One decision. `operation`: which edit of the change it is of; `base`: what stood there when that was written, `mine`: what the
    change wants, `theirs`: what stands there now, as JSON, None: nothing."""

    operation: int
    file: str
    path: Path
    base: Any
    mine: Any
    theirs: Any
    choices: tuple[Choice, ...]
    shape: Shape


@dataclass(frozen=True)
class Decision:
    """What its author decided about a place. `value`: what was typed, when it is "new"."""

    choice: Choice
    value: Any = None


def places_in(operations: Sequence[Operation], texts: Mapping[str, str]) -> tuple[Place, ...]:
    """Return what has to be decided, in the order of the operations. `texts`: the files they touch, as they are now."""
    apart = _apart(operations, texts)
    return tuple(one for number in sorted(apart) for one in apart[number] if isinstance(one, Place))


def settled(operations: Sequence[Operation], texts: Mapping[str, str], decisions: Sequence[Decision]) -> tuple[Operation, ...]:
    """Return operations that fit what is there now, by a decision for each of `places_in`. Raises ChangeProblem for another number
    of them, or one that cannot be made."""
    apart = _apart(operations, texts)
    asked = sum(isinstance(one, Place) for some in apart.values() for one in some)
    if asked != len(decisions):
        raise not_decided()
    left = iter(decisions)
    made: list[Operation] = []
    for number, operation in enumerate(operations):
        for one in apart.get(number, (operation,)):
            made += _decided(one, operation, next(left)) if isinstance(one, Place) else [one]
    return tuple(made)


def told(places: Sequence[Place], decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return what was decided as JSON, for whoever reviews it. As many decisions as places."""
    return [
        {
            **{"file": one.file, "path": list(one.path), "base": one.base, "mine": one.mine, "theirs": one.theirs},
            "choice": decision.choice,
            "value": typed(one, decision.value)
            if decision.choice == "new"
            else {"mine": one.mine, "theirs": one.theirs}[decision.choice],
        }
        for one, decision in zip(places, decisions, strict=True)
    ]


def mark_of(places: Sequence[Place]) -> str:
    """Return a mark of what was on the screen: about something else nobody has decided."""
    return hashlib.sha256(repr(places).encode()).hexdigest()[:16]


def _apart(operations: Sequence[Operation], texts: Mapping[str, str]) -> dict[int, tuple[Operation | Place, ...]]:
    """Return for each operation that does not fit what becomes of it: operations as they are, and places to decide about."""
    found: dict[int, tuple[Operation | Place, ...]] = {}
    for file in files_of(operations):
        here = [(number, one) for number, one in enumerate(operations) if file in files_of([one])]
        _, clashes = _made(texts.get(file, ""), here, file)
        found |= {number: tuple(_parts(number, one, text)) for (number, one), text in clashes}
    return found


def _made(text: str, some: Sequence[Numbered], file: str) -> tuple[str, list[tuple[Numbered, str]]]:
    """Return the text after those that fit, and those that do not, each with the text that it met."""
    try:
        return apply(text, [one for _, one in some], file=file), []
    except Conflict:
        if len(some) == 1:
            return text, [(some[0], text)]
    half = len(some) // 2
    text, first = _made(text, some[:half], file)
    text, second = _made(text, some[half:], file)
    return text, [*first, *second]


def _parts(number: int, operation: Operation, text: str) -> Iterator[Operation | Place]:
    if isinstance(operation, SetText | SetEntry):
        said = data(text)
        now, within = value_at(said, operation.path), value_at(said, operation.path[:-1])
        theirs = None if now is NOTHING else now
        if operation.path and not isinstance(within, dict | list):
            # What it stood in is gone: there is no place left to put it.
            yield Place(number, operation.file, operation.path, operation.before, operation.after, None, ("theirs",), "")
        else:
            yield from _merged(number, operation.file, operation.path, operation.before, operation.after, theirs)
    elif isinstance(operation, MoveExample):
        holding = [intent for intent, some in sentences(text).items() if operation.text in some]
        there = holding[0] if holding else None
        path = (operation.language, operation.text)
        yield Place(number, operation.at_file, path, operation.intent, operation.to, there, ("mine", "theirs"), "")


def _merged(number: int, file: str, path: Path, base: Any, mine: Any, theirs: Any) -> Iterator[Operation | Place]:
    was, wanted, now = plain(base), plain(mine), plain(theirs)
    if wanted in (now, was):
        return  # it stands there already, or the change never wanted it otherwise
    if now == was:
        yield _operation(file, path, now, wanted)
    elif isinstance(now, dict) and isinstance(wanted, dict) and (was is None or isinstance(was, dict)):
        for name in dict.fromkeys((*now, *wanted, *(was or {}))):
            yield from _merged(number, file, (*path, name), (was or {}).get(name), wanted.get(name), theirs.get(name))
    else:
        shape = _shape(wanted if theirs is None else theirs)
        choices: tuple[Choice, ...] = ("mine", "theirs", *(("new",) if shape else ()))  # type: ignore[assignment]
        yield Place(number, file, path, was, wanted, now, choices, shape)


def _shape(value: Any) -> Shape:
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, date):
        return "date"
    if isinstance(value, list):
        return "list" if all(isinstance(one, str) for one in value) else ""
    return "text" if isinstance(value, str) else ""


def _operation(file: str, path: Path, now: Any, wanted: Any) -> SetText | SetEntry:
    return (SetEntry if now is None or wanted is None else SetText)(file, path, now, wanted)


def _decided(place: Place, operation: Operation, decision: Decision) -> list[Operation]:
    if decision.choice not in place.choices:
        raise not_decided()
    if decision.choice == "theirs":
        return []
    if isinstance(operation, MoveExample):
        return [_moved(operation, place.theirs)]
    wanted = place.mine if decision.choice == "mine" else typed(place, decision.value)
    return [] if wanted == place.theirs else [_operation(place.file, place.path, place.theirs, wanted)]


def _moved(operation: MoveExample, now: str | None) -> Operation:
    to_file = operation.to_file or operation.at_file
    if now is None:
        return AddExample(operation.to, operation.language, operation.text, to_file)
    return MoveExample(now, operation.to, operation.language, operation.text, operation.at_file, to_file)


def typed(place: Place, value: Any) -> Any:
    """Return what was typed as a value for a place. Raises ChangeProblem when it is none."""
    said = str(value or "").replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise not_decided()
    try:
        return _READ[place.shape](said)
    except ValueError:
        raise not_decided() from None


def _number(said: str) -> int | float:
    return float(said) if "." in said else int(said)


def _lines(said: str) -> list[str]:
    return [line.strip() for line in said.splitlines() if line.strip()]


_READ: Mapping[Shape, Callable[[str], Any]] = {
    "text": str,
    "number": _number,
    "date": lambda said: date.fromisoformat(said).isoformat(),
    "list": _lines,
}
