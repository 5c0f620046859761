"""Frozen dataclasses as plain data."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any


def plain(value: Any) -> Any:
    """Return a dataclass as a dict, with all that is in it; containers are new, everything else is taken as it is.

    `dataclasses.asdict` copies every string deeply: four times as long, in each turn a dozen times.
    """
    kind: Any = type(value)
    if kind in _SIMPLE:
        return value
    if kind in (tuple, list):
        return kind(plain(one) for one in value)
    if kind is dict:
        return {key: plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    return value


_SIMPLE = frozenset({str, int, float, bool, type(None)})


@lru_cache(maxsize=256)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
