"""The conditions of red flags and rules: `chest_pain & (sweating | short_of_breath) & adult`. Parsed once, pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<op>[&|!()])|(?P<atom>[a-z][a-z0-9_:]*(?:\s*(?:>=|<=|>|<)\s*\d+(?:\.\d+)?)?))")
_COMPARISON = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\s*(?P<op>>=|<=|>|<)\s*(?P<value>\d+(?:\.\d+)?)")

Holds = Callable[[str], bool]
Tree = tuple[Any, ...]


class ExpressionError(ValueError):
    """A condition cannot be read. The message shows where."""


@dataclass(frozen=True)
class Expression:
    """A parsed condition. `atoms` are the names it speaks of."""

    text: str
    atoms: frozenset[str]
    # Whether the condition holds, asking for each atom that matters. Two of the same text are the same.
    holds: Callable[[Holds], bool] = field(compare=False)
    tree: Tree

    def one_of(self, names: Container[str]) -> frozenset[str] | None:
        """Return atoms among `names` of which at least one must hold for the condition to hold, or None when it may without."""
        return _one_of(self.tree, names)


def parse(text: str) -> Expression:
    """Return the condition in `text`. Raises ExpressionError."""
    tokens = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"cannot read {text[position:]!r}")
        tokens.append(match["op"] or re.sub(r"\s+", "", match["atom"]))
        position = match.end()
    tree, rest = _or(tokens)
    if rest:
        raise ExpressionError(f"something is left over: {' '.join(rest)}")
    return Expression(text, frozenset(token for token in tokens if token not in "&|!()"), _compiled(tree), tree)


@lru_cache(maxsize=4096)
def comparison(atom: str) -> tuple[str, str, float] | None:
    """Return (name, operator, value) of an atom such as `age>=60`, or None."""
    match = _COMPARISON.fullmatch(atom)
    return (match["name"], match["op"], float(match["value"])) if match else None


def compares(value: float, operator: str, bound: float) -> bool:
    """Return whether `value operator bound`."""
    return {">=": value >= bound, "<=": value <= bound, ">": value > bound, "<": value < bound}[operator]


def _or(tokens: list[str]) -> tuple[tuple[object, ...], list[str]]:
    left, tokens = _and(tokens)
    while tokens and tokens[0] == "|":
        right, tokens = _and(tokens[1:])
        left = ("|", left, right)
    return left, tokens


def _and(tokens: list[str]) -> tuple[tuple[object, ...], list[str]]:
    left, tokens = _not(tokens)
    while tokens and tokens[0] == "&":
        right, tokens = _not(tokens[1:])
        left = ("&", left, right)
    return left, tokens


def _not(tokens: list[str]) -> tuple[tuple[object, ...], list[str]]:
    if not tokens:
        raise ExpressionError("ends too early")
    first, rest = tokens[0], tokens[1:]
    if first == "!":
        inner, rest = _not(rest)
        return ("!", inner), rest
    if first == "(":
        inner, rest = _or(rest)
        if not rest or rest[0] != ")":
            raise ExpressionError("a bracket is not closed")
        return inner, rest[1:]
    if first in "&|)":
        raise ExpressionError(f"{first} stands where a name should be")
    return ("atom", first), rest


def _one_of(tree: Tree, names: Container[str]) -> frozenset[str] | None:
    kind = tree[0]
    if kind == "atom":
        return frozenset([tree[1]]) if tree[1] in names else None
    if kind == "!":
        return None
    left, right = _one_of(tree[1], names), _one_of(tree[2], names)
    if kind == "|":
        return None if left is None or right is None else left | right
    # Of "both" the part with fewer names is the better sign.
    return min((part for part in (left, right) if part is not None), key=len, default=None)


def _compiled(tree: tuple[Any, ...]) -> Callable[[Holds], bool]:
    """Return `tree` as one function: two hundred conditions are asked for every message."""
    kind = tree[0]
    if kind == "atom":
        name = str(tree[1])
        return lambda holds: holds(name)
    first = _compiled(tree[1])
    if kind == "!":
        return lambda holds: not first(holds)
    second = _compiled(tree[2])
    if kind == "&":
        return lambda holds: first(holds) and second(holds)
    return lambda holds: first(holds) or second(holds)
