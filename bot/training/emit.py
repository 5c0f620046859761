"""New values as YAML, written as their neighbours are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.training.scalars import key, scalar, typed
from bot.training.tree import Node

# Lists of short values stand in one line, as in the packs.
LONGEST_FLOW = 110
STEP = 2


@dataclass(frozen=True)
class Like:
    """A neighbour: how its values are written, and what they are."""

    node: Node | None = None
    value: Any = None

    def of(self, name: Any) -> Like:
        """Return the value of this name in the neighbour, or the last of a list."""
        node = self.node
        if node is None or not node.children or not isinstance(self.value, dict | list):
            return Like()
        if isinstance(self.value, list):
            return Like(node.children[-1], self.value[-1])
        place = list(self.value).index(name) if name in self.value else -1
        return Like() if place < 0 or place >= len(node.children) else Like(node.children[place], self.value[name])

    @property
    def style(self) -> str:
        """How a text is quoted."""
        return self.node.style if self.node is not None and self.node.kind == "scalar" else ""


def in_flow(value: Any, like: Like) -> str:
    """Return `value` in one line."""
    if isinstance(value, dict):
        inner = ", ".join(f"{key(name)}: {in_flow(one, like.of(name))}" for name, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(in_flow(one, like.of(None)) for one in value)}]"
    return scalar(typed(value, like.value), like.style, flow=True)


def entry(name: Any, value: Any, *, column: int, like: Like) -> str:
    """Return `name: value` in lines; all but the first begin with their blanks."""
    return f"{key(name)}:{_after_colon(value, column=column, like=like)}"


def item(value: Any, *, column: int, like: Like) -> str:
    """Return `- value` in lines; `column`: of the dash."""
    if isinstance(value, dict | list) and value and not _is_flow(value, like):
        return f"- {block(value, column=column + STEP, like=like)}"
    return f"- {_one(value, column=column + STEP, like=like)}"


def block(value: Any, *, column: int, like: Like) -> str:
    """Return what is in a mapping or list, in lines that begin at `column`; the first without its blanks."""
    if isinstance(value, dict):
        lines = [entry(name, one, column=column, like=like.of(name)) for name, one in value.items()]
    else:
        lines = [item(one, column=column, like=like.of(None)) for one in value]
    return f"\n{' ' * column}".join(lines)


def _after_colon(value: Any, *, column: int, like: Like) -> str:
    if isinstance(value, dict | list) and value and not _is_flow(value, like):
        deeper = column + STEP
        return f"\n{' ' * deeper}{block(value, column=deeper, like=like)}"
    return f" {_one(value, column=column + STEP, like=like)}"


def _one(value: Any, *, column: int, like: Like) -> str:
    if isinstance(value, dict | list):
        return in_flow(value, like)
    style = like.style or ("|" if isinstance(value, str) and "\n" in value.strip("\n") else "")
    return scalar(typed(value, like.value), style, indent=column)


def _is_flow(value: Any, like: Like) -> bool:
    if like.node is not None and like.node.kind in ("mapping", "list"):
        return like.node.flow
    short = isinstance(value, list) and not any(isinstance(one, dict | list) or "\n" in str(one) for one in value)
    return short and len(in_flow(value, like)) <= LONGEST_FLOW
