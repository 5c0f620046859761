"""The conditions of red flags and rules: `chest_pain & (sweating | short_of_breath) & adult`. Parsed once, pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\s*(?:(?P<op>[&|!()])|(?P<atom>[a-z][a-z0-9_:]*(?:\s*(?:>=|<=|>|<)\s*\d+(?:\.\d+)?)?))")
_COMPARISON = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\s*(?P<op>>=|<=|>|<)\s*(?P<value>\d+(?:\.\d+)?)")

Holds = Callable[[str], bool]


class ExpressionError(ValueError):
    """A condition cannot be read. The message shows where."""


@dataclass(frozen=True)
class Expression:
    """A parsed condition. `atoms` are the names it speaks of."""

    text: str
    atoms: frozenset[str]
    _tree: tuple[object, ...]

    def holds(self, holds: Holds) -> bool:
        """Return whether the condition holds, asking `holds` for each atom."""
        return _evaluate(self._tree, holds)


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
    return Expression(text, frozenset(token for token in tokens if token not in "&|!()"), tree)


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


def _evaluate(tree: tuple[object, ...], holds: Holds) -> bool:
    kind = tree[0]
    if kind == "atom":
        return holds(str(tree[1]))
    if kind == "!":
        return not _evaluate(tree[1], holds)  # type: ignore[arg-type]
    left = _evaluate(tree[1], holds)  # type: ignore[arg-type]
    if kind == "&":
        return left and _evaluate(tree[2], holds)  # type: ignore[arg-type]
    return left or _evaluate(tree[2], holds)  # type: ignore[arg-type]
