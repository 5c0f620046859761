"""What a change of the studio does to files: small operations, as JSON, that know what they expect to find. Pure.

Applying to what is on disk now is how edits are merged: what somebody else wrote elsewhere in the file stays, and where something
else stands than was expected, nobody's words are overwritten: `Conflict` says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, ClassVar, get_args

import yaml

from bot.errors import OperatorError
from bot.languages import Language
from bot.training import examples_in, values_in
from bot.training.conflict import Conflict, Missing
from bot.training.scalars import plain
from bot.training.surgery import TooOdd
from bot.training.tree import data

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class AddExample:
    """A sentence that means `intent`. `at_file`: where it goes; see `bot.training.places.placed`."""

    kind: ClassVar[str] = "add_example"
    intent: str
    language: Language
    text: str
    at_file: str = ""


@dataclass(frozen=True)
class RemoveExample:
    """A sentence that is no example any more."""

    kind: ClassVar[str] = "remove_example"
    intent: str
    language: Language
    text: str
    at_file: str = ""


@dataclass(frozen=True)
class MoveExample:
    """A sentence that means `to`, not `intent`. `to_file`: where it goes, when it is another file."""

    kind: ClassVar[str] = "move_example"
    intent: str
    to: str
    language: Language
    text: str
    at_file: str = ""
    to_file: str = ""


@dataclass(frozen=True)
class SetText:
    """One value of a YAML file, by its keys and places."""

    kind: ClassVar[str] = "set_text"
    file: str
    path: Path
    before: Any
    after: Any


@dataclass(frozen=True)
class SetEntry:
    """A whole entry of a mapping or a list. `before` None: it is added; `after` None: it is taken out. A list grows at its end when
    the place is beyond it; the path () is the whole of a new file."""

    kind: ClassVar[str] = "set_entry"
    file: str
    path: Path
    before: Any
    after: Any


Operation = AddExample | RemoveExample | MoveExample | SetText | SetEntry
_OF_EXAMPLES = (AddExample, RemoveExample, MoveExample)
_BY_KIND: Mapping[str, Any] = {one.kind: one for one in get_args(Operation)}


class NotEditable(OperatorError):
    """A file is written in a way that the studio does not change. The message names it and says what to do."""


def files_of(operations: Iterable[Operation]) -> tuple[str, ...]:
    """Return the names of the files that are touched, in order."""
    found: set[str] = set()
    for one in operations:
        if isinstance(one, MoveExample):
            found |= {one.at_file, one.to_file or one.at_file}
        else:
            found.add(one.at_file if isinstance(one, AddExample | RemoveExample) else one.file)
    return tuple(sorted(found))


def apply(text: str, operations: Sequence[Operation], *, file: str) -> str:
    """Return `text`, what stands in `file`, after the operations on it. Raises Conflict, and NotEditable for what is no plain YAML.

    Lines that no operation means are what they were, to the last blank.
    """
    mark, body, breaks = _unwrapped(text)
    try:
        for of_examples, some in groupby(operations, lambda one: isinstance(one, _OF_EXAMPLES)):
            body = (_examples if of_examples else _values)(body, list(some), file)
    except Missing as missing:
        raise Conflict(file, missing.path, expected=missing.expected, found=missing.found) from None
    except (yaml.YAMLError, TooOdd, RecursionError) as error:
        why = " ".join(str(error).split())
        raise NotEditable(f"{file} cannot be edited here ({why}). Mend it by hand, with an editor or git.") from error
    return mark + (body.replace("\n", "\r\n") if breaks else body)


def as_json(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """Return operations as JSON."""
    return [{"kind": one.kind, **plain(asdict(one))} for one in operations]


def from_json(found: Iterable[Mapping[str, Any]]) -> tuple[Operation, ...]:
    """Return operations that were JSON."""
    return tuple(_one(dict(each)) for each in found)


def _one(each: dict[str, Any]) -> Operation:
    made = _BY_KIND[each.pop("kind")]
    if "path" in each:
        each["path"] = tuple(each["path"])
    operation: Operation = made(**each)
    return operation


def _unwrapped(text: str) -> tuple[str, str, bool]:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    windows = "\r\n" in text
    return mark, (text[len(mark) :].replace("\r\n", "\n") if windows else text[len(mark) :]), windows


def _examples(text: str, operations: Sequence[Any], file: str) -> str:
    for some in _once_each(operations):
        text = _examples_at_once(text, some, file)
    return text


def _once_each(operations: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the operations in rows in which no sentence comes twice: where one is moved on, the first move has to be made before."""
    some: list[Any] = []
    known: set[str] = set()
    for one in operations:
        if one.text in known:
            yield some
            some, known = [], set()
        some.append(one)
        known.add(one.text)
    yield some


def _examples_at_once(text: str, operations: Sequence[Any], file: str) -> str:
    gone: list[tuple[str, str]] = []
    new: list[tuple[str, str]] = []
    for one in operations:
        leaves = one.at_file == file and not isinstance(one, AddExample)
        comes = (one.to_file or one.at_file) == file if isinstance(one, MoveExample) else isinstance(one, AddExample)
        if leaves:
            gone.append((one.intent, one.text))
        if comes:
            new.append((one.to if isinstance(one, MoveExample) else one.intent, one.text))
    moved = {one.text for one in operations if isinstance(one, MoveExample) and one.at_file == file}
    return examples_in.edited(text, gone=gone, new=new, needed=moved)


def _values(text: str, operations: Sequence[Any], file: str) -> str:
    return values_in.changed(text, [values_in.Edit(one.path, one.before, one.after) for one in operations])


def read_data(text: str, *, file: str) -> Any:
    """Return what a file says. Raises NotEditable when it is no YAML."""
    try:
        return data(text)
    except yaml.YAMLError as error:
        raise NotEditable(f"{file} is no YAML ({error}). Mend it by hand, with an editor or git.") from error
