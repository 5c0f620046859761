"""Something else stands in a file than a change expects. Nothing was overwritten: both are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.errors import KeyedProblem


class Missing(Exception):
    """Within one text: what was expected at `path` is not there."""

    def __init__(self, path: Sequence[str | int], *, expected: Any, found: Any) -> None:
        super().__init__("something else stands there")
        self.path, self.expected, self.found = tuple(path), expected, found


class Conflict(KeyedProblem):
    """What a change expects to find in `file` at `path` does not stand there; `expected` and `found` are as JSON, None: nothing."""

    def __init__(self, file: str, path: Sequence[str | int], *, expected: Any, found: Any) -> None:
        place = " › ".join(str(part) for part in path)
        super().__init__(
            "conflict",
            f"{file}: at {place} something else stands by now than when this was written. Look at both, and write it anew.",
            file=file,
            path=place,
            expected="" if expected is None else str(expected),
            found="" if found is None else str(found),
        )
        self.file, self.path, self.expected, self.found = file, tuple(path), expected, found
