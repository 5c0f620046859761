"""One value of a YAML text becomes another, when what is expected stands there. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.training.conflict import Missing
from bot.training.emit import Like, block
from bot.training.scalars import plain, scalar, typed
from bot.training.surgery import TooOdd, becoming, spliced
from bot.training.tree import Node, data, tree

Path = tuple[str | int, ...]
_NOTHING = object()


def changed(text: str, path: Path, *, before: Any, after: Any) -> str:
    """Return `text` with `after` at `path`. `before` None: nothing stands there yet; `after` None: nothing is to stand there.

    Raises Missing when something else than `before` stands there; when `after` does already, the text is returned as it is.
    Where a list has grown or shrunk above the place, the one place is taken at which `before` stands.
    """
    root, now = tree(text), data(text)
    if not path:
        return _all(text, root, now, before=before, after=after)
    if _is_done(now, path, before=before, after=after):
        return text
    place = _Place.of(root, now, _found(now, path, before), before=before, after=after)
    made = spliced(text, becoming(text, place.node, place.value, place.wanted))
    if plain(data(made)) != plain(_expected(now, root, place)):
        raise TooOdd("an edit would change more than its place")
    return made


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
    if value is _NOTHING or value is None:
        return expected is None
    return bool(plain(value) == plain(expected)) and (isinstance(value, bool) is isinstance(expected, bool))


def _at(now: Any, path: Path) -> Any:
    for part in path:
        in_list = isinstance(now, list) and isinstance(part, int) and 0 <= part < len(now)
        if not in_list and not (isinstance(now, dict) and part in now):
            return _NOTHING
        now = now[part]
    return now


def _found(now: Any, path: Path, before: Any) -> Path:
    if before is None and isinstance(_at(now, path[:-1]), list):
        return path
    if _is(_at(now, path), before):
        if before is not None or isinstance(_at(now, path[:-1]), dict):
            return path
    elif before is not None:
        others = [one for one in _places(now, path) if _is(_at(now, one), before)]
        if len(others) == 1:
            return others[0]
    found = _at(now, path)
    raise Missing(path, expected=before, found=None if found is _NOTHING else plain(found))


def _places(now: Any, path: Path) -> Iterator[Path]:
    """Yield the paths that differ from `path` in the place within one list."""
    for depth, part in enumerate(path):
        within = _at(now, path[:depth])
        if isinstance(part, int) and isinstance(within, list):
            yield from ((*path[:depth], place, *path[depth + 1 :]) for place in range(len(within)) if place != part)


def _is_done(now: Any, path: Path, *, before: Any, after: Any) -> bool:
    within = _at(now, path[:-1])
    if isinstance(within, list) and (before is None or after is None):
        return before is None and any(_is(one, after) for one in within)
    return _is(_at(now, path), after)


def _put(value: Any, part: str | int, after: Any) -> Any:
    """Return a mapping or list in which `after` stands at `part`, None: nothing. In a list it pushes the others on."""
    if isinstance(value, list):
        place = int(part)
        return [*value[:place], *([] if after is None else [after]), *value[place + (after is None) :]]
    rest = {name: one for name, one in value.items() if name != part or after is not None}
    return rest if after is None else {**rest, part: after}


def _expected(now: Any, root: Node | None, place: _Place) -> Any:
    """Return what the file is to say: also where the value is repeated by its name."""
    told = copy.deepcopy(now)
    for path in (place.path, *(_repeats(root, now, place.node.name) if place.node.name else ())):
        if not path:
            return place.wanted
        within = _at(told, path[:-1])
        within[path[-1]] = place.wanted
    return told


def _repeats(node: Node | None, value: Any, name: str, path: Path = ()) -> Iterator[Path]:
    if node is None:
        return
    if node.kind == "alias" and node.name == name:
        yield path
    for part, child in zip(value if isinstance(value, dict) else range(len(node.children)), node.children, strict=False):
        yield from _repeats(child, value[part], name, (*path, part))
