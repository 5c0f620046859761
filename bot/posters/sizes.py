"""The sizes of paper."""

from __future__ import annotations

from typing import Literal

Size = Literal["a4", "a5"]


def millimetres(size: Size) -> tuple[int, int]:
    """Return width and height of a page."""
    return (210, 297) if size == "a4" else (148, 210)
