"""The shapes of parameters, and what a caller did that is in no documentation.

A shape is a type, a tuple of types, a mapping of names to shapes ("name?": may be missing, "*": any name), or a list with the
shape of its members.
"""

from __future__ import annotations

from typing import Any

Shape = Any


def strange(value: Any, shape: Shape, where: str = "") -> list[str]:
    """Return what is unknown, missing or of a wrong type."""
    if isinstance(shape, dict):
        return _strange_mapping(value, shape, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [found for number, one in enumerate(value) for found in strange(one, shape[0], f"{where}[{number}]")]
    if isinstance(value, bool) and shape is not bool:
        return [f"{where} is a bool"]
    return [] if isinstance(value, shape) else [f"{where} is a {type(value).__name__}"]


def _strange_mapping(value: Any, shape: dict[str, Shape], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    known = {name.rstrip("?"): one for name, one in shape.items() if name != "*"}
    found = [f"{where}.{name} is missing" for name in shape if name[-1:] not in "?*" and name not in value]
    for name, one in value.items():
        if name in known or "*" in shape:
            found += strange(one, known.get(name, shape.get("*")), f"{where}.{name}")
        else:
            found.append(f"{where}.{name} is unknown")
    return found
