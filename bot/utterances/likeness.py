"""Which sentences say nearly the same: by the groups of letters that they share. Pure, and without a model."""

from __future__ import annotations

from collections.abc import Mapping

from bot.triage.normalise import normalise

# Of 1: "how do I get a sick note" and "how can i get a sick note please" are one question.
ALIKE = 0.5
_SIZE = 3


def grams(text: str) -> frozenset[str]:
    """Return the groups of letters of a text, its width, case and script folded. Chinese says with two what others say with three."""
    plain = "".join(one if one.isalnum() else " " for one in normalise(text).text)
    padded = f" {' '.join(plain.split())} "
    size = _SIZE - 1 if any("\u3400" <= one <= "\u9fff" for one in padded) else _SIZE
    return frozenset(padded[place : place + size] for place in range(max(1, len(padded) - size + 1)))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share of all groups two texts have in common, from 0 to 1."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def nearest(text: str, known: Mapping[str, frozenset[str]], *, least: float = ALIKE) -> str | None:
    """Return the name of the most alike of `known`, or None when none is at least so alike."""
    mine = grams(text)
    # What is much longer or shorter cannot be so alike.
    near = ((name, other) for name, other in known.items() if least * len(other) <= len(mine) <= len(other) / least)
    best = max(((alike(mine, other), name) for name, other in near), default=(0.0, ""))
    return best[1] if best[0] >= least else None
