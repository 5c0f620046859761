"""One value of a YAML text becomes another, and only the lines that say so change: comments, order and quotes stay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from bot.training.emit import STEP, Like, block, entry, in_flow, item
from bot.training.scalars import key, plain, scalar, typed
from bot.training.tree import Node


class Splice(NamedTuple):
    """These characters of the text become `new`."""

    start: int
    end: int
    new: str


class TooOdd(ValueError):
    """The text is written in a way that only a person should change."""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return `text` after all `splices`, which were found in the same text. What is put at one place stands there in their order."""
    last = len(text) + 1
    # From the end, so that no splice moves the place of another; of those at one place the last goes in first.
    for one in sorted(reversed(dict.fromkeys(splices)), key=lambda one: (one.start, one.end), reverse=True):
        if one.end > last:
            raise TooOdd("two edits overlap")
        text, last = text[: one.start] + one.new + text[one.end :], one.start
    return text


def becoming(text: str, node: Node, now: Any, wanted: Any) -> Iterator[Splice]:
    """Yield what has to change in `text` for the value `now`, which stands at `node`, to become `wanted`. Raises TooOdd."""
    if plain(now) == plain(wanted) and type(now) is type(typed(wanted, now)):
        return
    if node.children and wanted and node.kind == "mapping" and isinstance(wanted, dict) and len(node.keys) == len(now):
        yield from _mapping(text, node, now, wanted)
    elif node.children and wanted and node.kind == "list" and isinstance(wanted, list):
        yield from _list(text, node, now, wanted)
    elif not wanted and node.flow and node.children and type(wanted) is type(plain(now)) and (notes := _notes_in(text, node)):
        # Nothing is left between the brackets but what somebody wrote about it.
        yield Splice(node.start + 1, node.end - 1, f"\n{notes}")
    else:
        yield instead(text, node, now, wanted)


def without(text: str, node: Node, first: int, last: int) -> Iterator[Splice]:
    """Yield what takes the children `first` to `last` out of a mapping or list that has others; comments between them stay."""
    begins = [_begin(text, node, place) for place in range(first, last + 1)]
    if not node.flow and _is_first_in_line(text, begins[0]):
        for begin, child in zip(begins, node.children[first : last + 1], strict=True):
            yield Splice(_line(text, begin), _after_line(text, child.end), "")
    elif last + 1 < len(node.children):
        begins.append(_begin(text, node, last + 1))
        ends = [child.end for child in node.children[first : last + 1]]
        notes = "".join(_notes(text, end, begin) for end, begin in zip(ends, begins[1:], strict=True))
        yield Splice(begins[0], begins[-1], notes)
    elif "#" in text[node.children[first - 1].end : begins[0]]:  # about what stays before it
        yield Splice(begins[0], _after_comma(text, node.children[last].end), "")
    else:
        yield Splice(node.children[first - 1].end, node.children[last].end, "")


def _after_comma(text: str, end: int) -> int:
    """Return where the comma behind `end` ends, if one is there: that of the one before stays, and two would be none."""
    comma = len(text) - len(text[end:].lstrip())
    return comma + 1 if text.startswith(",", comma) else end


def _notes(text: str, end: int, begin: int) -> str:
    """Return the comments in lines of their own between two neighbours, up to where the second begins; "" for none."""
    between = text[_after_line(text, end) : begin].lstrip()
    return between if between.startswith("#") else ""


def _notes_in(text: str, node: Node) -> str:
    """Return the comments in lines of their own between brackets, one below the other as they were; "" for none."""
    begins = [_begin(text, node, place) for place in range(len(node.children))]
    ends = [node.start, *(child.end for child in node.children)]
    found = [_notes(text, end, begin) for end, begin in zip(ends, [*begins, node.end - 1], strict=True)]
    at = " " * column(text, begins[0])
    return "".join(f"{at}{one.rstrip()}\n" for one in found if one) + " " * column(text, node.end - 1) if any(found) else ""


def instead(text: str, node: Node, now: Any, wanted: Any) -> Splice:
    """Return what puts `wanted` in the place of the whole value at `node`, in one line or in its own style."""
    # What was lines of its own, or nothing, becomes something behind the colon or the dash.
    begin = len(text[: node.start].rstrip()) if node.children and not node.flow else node.start
    if text[begin - 1 : begin] not in (":", "-"):
        begin = node.start
    space = " " if text[begin - 1 : begin] in (":", "-") and (begin < node.start or node.start == node.end) else ""
    if node.kind == "list" and node.children and not node.flow and begin == node.start and _is_first_in_line(text, begin):
        space = " " * STEP  # dashes may stand below their key; what has none may not
    if isinstance(wanted, dict | list):
        if wanted and node.flow and not node.children and not node.inside and text[begin - 2 : begin] == ": ":
            # What was empty, `key: []`, becomes lines below its key.
            at = _indent(text, node)
            return Splice(begin - 1, node.end, f"\n{' ' * at}{block(wanted, column=at, like=Like())}")
        return Splice(begin, node.end, space + in_flow(wanted, Like()))
    return Splice(begin, node.end, space + scalar(typed(wanted, now), node.style, flow=node.inside, indent=_indent(text, node)))


def column(text: str, place: int) -> int:
    """Return how many characters stand before `place` in its line."""
    return place - _line(text, place)


def _mapping(text: str, node: Node, now: dict[Any, Any], wanted: dict[Any, Any]) -> Iterator[Splice]:
    names = list(now)
    kept = [name for name in names if name in wanted]
    new = {name: one for name, one in wanted.items() if name not in now}
    if not kept:
        yield Splice(node.start, node.end, _whole(text, node, now, wanted))
        return
    for place, name in enumerate(names):
        if name in wanted:
            yield from becoming(text, node.children[place], now[name], wanted[name])
    for first, last in runs([name not in wanted for name in names]):
        yield from without(text, node, first, last)
    like = Like(node.children[-1], now[names[-1]])
    if new:
        yield _added(text, node, new, like)


def _added(text: str, node: Node, new: dict[Any, Any], like: Like) -> Splice:
    end = node.children[-1].end
    if node.flow:
        return Splice(end, end, "".join(f", {key(name)}: {in_flow(one, like)}" for name, one in new.items()))
    at = column(text, node.start)
    return _below(text, end, [entry(name, one, column=at, like=like) for name, one in new.items()], at)


def _list(text: str, node: Node, now: list[Any], wanted: list[Any]) -> Iterator[Splice]:
    same = SequenceMatcher(None, [repr(plain(one)) for one in now], [repr(plain(one)) for one in wanted], autojunk=False)
    codes = same.get_opcodes()
    if all(code in ("delete", "insert") for code, *_ in codes):
        yield Splice(node.start, node.end, _whole(text, node, now, wanted))
        return
    like = Like(node.children[-1], now[-1])
    for _, first, last, new, end in codes:
        both = min(last - first, end - new)
        for place in range(both):
            yield from becoming(text, node.children[first + place], now[first + place], wanted[new + place])
        if first + both < last:
            yield from without(text, node, first + both, last - 1)
        if new + both < end:
            yield _inserted(text, node, first + both, wanted[new + both : end], like)


def _inserted(text: str, node: Node, place: int, values: list[Any], like: Like) -> Splice:
    """Put `values` before the element `place` of a list, or at its end."""
    if node.flow:
        written = ", ".join(in_flow(one, like) for one in values)
        if place == 0:
            return Splice(node.children[0].start, node.children[0].start, f"{written}, ")
        end = node.children[place - 1].end
        return Splice(end, end, f", {written}")
    at = column(text, node.start)
    lines = [item(one, column=at, like=like) for one in values]
    if place == 0:
        return Splice(node.start, node.start, "".join(f"{line}\n{' ' * at}" for line in lines))
    return _below(text, node.children[place - 1].end, lines, at)


def _below(text: str, place: int, lines: list[str], at: int) -> Splice:
    """Put `lines`, each with `at` blanks before it, below the line of `place`: where what is taken out with its line ends, so that
    both can be done at once."""
    end = _after_line(text, place)
    is_open = not text[:end].endswith("\n")  # the last line of a file, without a break: what ends with one needs it
    written = "\n".join(f"{' ' * at}{line}" for line in lines)
    return Splice(end, end, f"\n{written}\n" if is_open else f"{written}\n")


def _whole(text: str, node: Node, now: Any, wanted: Any) -> str:
    """Return all of a mapping or list anew, in the style it had."""
    if node.flow:
        return in_flow(wanted, Like(node, now))
    return block(wanted, column=column(text, node.start), like=Like(node, now))


def runs(gone: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each row of places that are gone."""
    first = None
    for place, is_gone in enumerate([*gone, False]):
        if is_gone and first is None:
            first = place
        elif not is_gone and first is not None:
            yield first, place - 1
            first = None


def _begin(text: str, node: Node, place: int) -> int:
    """Return where a child begins: at its key, or at its dash."""
    if node.kind == "mapping":
        return node.keys[place].start
    if node.flow:
        return node.children[place].start
    if place == 0:
        return node.start
    at, line = column(text, node.start), _after_line(text, node.children[place - 1].end)
    while line < node.children[place].start:
        if text.startswith("-", line + at) and not text[line : line + at].strip():
            return line + at
        line = _after_line(text, line)
    raise TooOdd("a list whose dashes are not below each other")


def _line(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _after_line(text: str, place: int) -> int:
    return min(len(text), _line_end(text, place) + 1)


def _is_first_in_line(text: str, place: int) -> bool:
    return not text[_line(text, place) : place].strip()


def _indent(text: str, node: Node) -> int:
    """Return how many blanks stand before the lines of a block, or would."""
    lines = text[node.start : node.end].split("\n")[1:] if node.style in ("|", ">") else []
    line = next((one for one in lines if one.strip()), None)
    if line is not None:
        return len(line) - len(line.lstrip(" "))
    before = text[_line(text, node.start) : node.start]
    return len(before) - len(before.lstrip(" ")) + STEP
