"""A YAML text as a tree of places: where each value stands in it, so that one value can be replaced and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Kind = Literal["scalar", "mapping", "list", "alias"]
# What stands before a value and belongs to it: `&name`, `!tag`.
_PROPERTIES = "&!"


@dataclass
class Node:
    """One value. `start`, `end`: its characters, without anchor and tag; `style`: its quotes or `|`, `>`, "" for none.

    `keys`: of a mapping, beside `children`; `flow`: written in braces or brackets; `inside`: within something that is;
    `name`: of its anchor, of an alias the one that it repeats.
    """

    kind: Kind
    start: int
    end: int
    style: str = ""
    flow: bool = False
    inside: bool = False
    name: str = ""
    keys: list[Node] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


def tree(text: str) -> Node | None:
    """Return the root of `text`, or None for a text without a value. Raises yaml.YAMLError."""
    events = yaml.parse(text, Loader=_Loader)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _node(event, events, text, False)
    return None


def data(text: str) -> Any:
    """Return what `text` says. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)


def _node(event: Any, events: Iterator[Any], text: str, inside: bool) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.AliasEvent):
        return Node("alias", start, end, inside=inside, name=str(event.anchor))
    start, name = _after_properties(text, start, end), str(event.anchor or "")
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        end = _content_end(text, start, end) if style in ("|", ">") else end
        return Node("scalar", start, end, style, inside=inside, name=name)
    is_flow = bool(event.flow_style)
    kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    node = Node(kind, start, end, flow=is_flow, inside=inside, name=name)
    for inner in events:
        if isinstance(inner, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            return _ended(node, inner)
        one = _node(inner, events, text, inside or is_flow)
        if kind == "mapping":
            node.keys.append(one)
            one = _node(next(events), events, text, inside or is_flow)
        node.children.append(one)
    raise yaml.YAMLError("the text ends within a value")


def _ended(node: Node, event: Any) -> Node:
    # What is not in brackets ends for the parser where the next thing begins: comments between are nobody's.
    if node.flow:
        node.end = event.end_mark.index
    elif node.children:
        node.end = max(one.end for one in (node.children[-1], *node.keys[-1:]))
    return node


def _after_properties(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _PROPERTIES:
        while start < end and not text[start].isspace():
            start += 1
        while start < end and text[start].isspace():
            start += 1
    return start


def _content_end(text: str, start: int, end: int) -> int:
    """Return where the last line of a block ends: the parser counts blank lines and the next indentation to it."""
    while True:
        break_ = text.rfind("\n", start, end)
        if break_ < 0 or text[break_:end].strip():
            return end
        end = break_
