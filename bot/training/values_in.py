"""One value of a YAML text becomes another, when what is expected stands there. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.training.conflict import Missing
from bot.training.emit import Like, block
from bot.training.scalars import plain, scalar, typed
from bot.training.surgery import TooOdd, becoming, spliced
from bot.training.tree import Node, data, tree

Path = tuple[str | int, ...]
# What stands where there is no place.
NOTHING = object()


class Edit(NamedTuple):
    """What is to become of one value. `before` None: nothing stands there yet; `after` None: nothing is to stand there."""

    path: Path
    before: Any
    after: Any

    @property
    def is_text(self) -> bool:
        """Whether one value takes the place of another: nothing comes or goes, so that no other place moves."""
        return bool(self.path) and self.before is not None and self.after is not None


def changed(text: str, edits: Sequence[Edit]) -> str:
    """Return `text` after the edits, one after the other.

    Raises Missing when something else than `before` stands at a place; when `after` does already, that edit changes nothing.
    Where a list has grown or shrunk above a place, the one place is taken at which `before` stands.
    """
    while edits:
        done, text = _pass(text, edits)
        edits = edits[done:]
    return text


def _pass(text: str, edits: Sequence[Edit]) -> tuple[int, str]:
    """Make as many of the first edits as can be made at once, and return their number: a large file is read once, not for each."""
    root, now = tree(text), data(text)
    if not edits[0].path:
        return 1, _all(text, root, now, before=edits[0].before, after=edits[0].after)
    places: list[_Place] = []
    taken = _Taken()
    done = 0
    for edit in edits:
        if done and not (edit.is_text and edits[0].is_text and not taken.overlaps(edit.path)):
            break
        if places and places[0].node.kind == "alias":
            break
        if not _is_done(now, edit.path, before=edit.before, after=edit.after):
            place = _place(root, now, edit, is_first=not done)
            if place is None or taken.overlaps(place.path):
                break
            places.append(place)
            taken.add(place.path)
        taken.add(edit.path)
        done += 1
    splices = [splice for one in places for splice in becoming(text, one.node, one.value, one.wanted)]
    made = spliced(text, splices)
    if places and plain(data(made)) != plain(_expected(now, root, places)):
        raise TooOdd("an edit would change more than its place")
    return done, made


class _Taken:
    """The places of some edits, and what they are in."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._around: set[Path] = set()

    def add(self, path: Path) -> None:
        """Note a place."""
        self._paths.add(path)
        self._around.update(path[:depth] for depth in range(len(path) + 1))

    def overlaps(self, path: Path) -> bool:
        """Whether a place is one of them, or within one, or has one within it."""
        return path in self._around or any(path[:depth] in self._paths for depth in range(len(path)))


def _place(root: Node | None, now: Any, edit: Edit, *, is_first: bool) -> _Place | None:
    """Return the place of an edit; None when it may be another one once the edits before are made. Raises Missing for the first."""
    try:
        place = _Place.of(root, now, _found(now, edit.path, edit.before), before=edit.before, after=edit.after)
    except Missing:
        if is_first:
            raise
        return None
    # What is repeated elsewhere by its name is another text after an edit of that.
    return place if is_first or place.node.kind != "alias" else None


@dataclass(frozen=True)
class _Place:
    """What is rewritten: the value itself, or what it is in when it comes or goes."""

    path: Path
    node: Node
    value: Any
    wanted: Any

    @classmethod
    def of(cls, root: Node | None, now: Any, path: Path, *, before: Any, after: Any) -> _Place:
        """Return it, in a text that says `now`."""
        comes_or_goes = before is None or after is None
        whole = path[:-1] if comes_or_goes else path
        node, value = root, now
        for part in whole:
            if node is None or node.kind == "alias":
                raise TooOdd("a place within something that is repeated by *name")
            place = part if isinstance(value, list) else list(value).index(part)
            node, value = node.children[int(place)], value[part]
        if node is None:
            raise TooOdd("an empty file")
        return cls(whole, node, value, _put(value, path[-1], after) if comes_or_goes else typed(after, value))


def _all(text: str, root: Node | None, now: Any, *, before: Any, after: Any) -> str:
    if _is(now, after):
        return text
    if not _is(now, before):
        raise Missing((), expected=before, found=plain(now))
    if root is None or after is None:
        return "" if after is None else f"{text}{_document(after)}\n"
    return spliced(text, becoming(text, root, now, after))


def _document(value: Any) -> str:
    return block(value, column=0, like=Like()) if isinstance(value, dict | list) and value else scalar(value)


def _is(value: Any, expected: Any) -> bool:
    """Whether `value` is what is expected; None: nothing at all."""
    if value is NOTHING or value is None:
        return expected is None
    return bool(plain(value) == plain(expected)) and (isinstance(value, bool) is isinstance(expected, bool))


def value_at(now: Any, path: Path) -> Any:
    """Return what stands at `path` in what a file says, or NOTHING."""
    for part in path:
        in_list = isinstance(now, list) and isinstance(part, int) and 0 <= part < len(now)
        if not in_list and not (isinstance(now, dict) and part in now):
            return NOTHING
        now = now[part]
    return now


def _found(now: Any, path: Path, before: Any) -> Path:
    if before is None and isinstance(value_at(now, path[:-1]), list) and isinstance(path[-1], int):
        return path
    if _is(value_at(now, path), before):
        if before is not None or isinstance(value_at(now, path[:-1]), dict):
            return path
    elif before is not None:
        others = [one for one in _places(now, path) if _is(value_at(now, one), before)]
        if len(others) == 1:
            return others[0]
    found = value_at(now, path)
    raise Missing(path, expected=before, found=None if found is NOTHING else plain(found))


def _places(now: Any, path: Path) -> Iterator[Path]:
    """Yield the paths that differ from `path` in the place within one list."""
    for depth, part in enumerate(path):
        within = value_at(now, path[:depth])
        if isinstance(part, int) and isinstance(within, list):
            yield from ((*path[:depth], place, *path[depth + 1 :]) for place in range(len(within)) if place != part)


def _is_done(now: Any, path: Path, *, before: Any, after: Any) -> bool:
    within = value_at(now, path[:-1])
    if isinstance(within, list) and (before is None or after is None):
        return before is None and any(_is(one, after) for one in within)
    return _is(value_at(now, path), after)


def _put(value: Any, part: str | int, after: Any) -> Any:
    """Return a mapping or list in which `after` stands at `part`, None: nothing. In a list it pushes the others on."""
    if isinstance(value, list):
        place = int(part)
        return [*value[:place], *([] if after is None else [after]), *value[place + (after is None) :]]
    rest = {name: one for name, one in value.items() if name != part or after is not None}
    return rest if after is None else {**rest, part: after}


def _expected(now: Any, root: Node | None, places: Sequence[_Place]) -> Any:
    """Return what the file is to say: also where a value is repeated by its name."""
    told = copy.deepcopy(now)
    for place in places:
        for path in (place.path, *(_repeats(root, now, place.node.name) if place.node.name else ())):
            if not path:
                return place.wanted
            within = value_at(told, path[:-1])
            within[path[-1]] = place.wanted
    return told


def _repeats(node: Node | None, value: Any, name: str, path: Path = ()) -> Iterator[Path]:
    if node is None:
        return
    if node.kind == "alias" and node.name == name:
        yield path
    for part, child in zip(value if isinstance(value, dict) else range(len(node.children)), node.children, strict=False):
        yield from _repeats(child, value[part], name, (*path, part))
