"""What a program asks for, read from its body: wrong shapes are refused here, with what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from bot.programs.problems import Refused

CLIENT_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
LONGEST = 128


class Asked:
    """The body of a call, as far as its fields are known. Unknown fields are refused: a slip must not be ignored."""

    def __init__(self, body: bytes, fields: Collection[str]) -> None:
        try:
            data = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            raise _wrong("it is no JSON") from None
        if not isinstance(data, dict):
            raise _wrong("it is no JSON object")
        unknown = sorted(set(data) - set(fields))
        if unknown:
            raise _wrong(f"it takes {', '.join(fields)}, and nothing else")
        self.data: dict[str, Any] = data

    def client_key(self, name: str = "client_key") -> str:
        """Return the program's own name of a call."""
        found = self.data.get(name)
        if not isinstance(found, str) or not CLIENT_KEY.fullmatch(found):
            raise _wrong(f"{name} is 8 to 64 of A-Z a-z 0-9 . _ : -")
        return found

    def text(self, name: str) -> str:
        """Return a short text; "" when it is not there."""
        found = self.data.get(name) or ""
        if not isinstance(found, str) or len(found) > LONGEST or "\x00" in found:
            raise _wrong(f"{name} is a text of at most {LONGEST} characters")
        return found

    def day(self, name: str) -> date | None:
        """Return a day, or None when it is not there."""
        found = self.text(name)
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            raise _wrong(f"{name} is a day like 2026-03-01") from None

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return an object; {} when it is not there."""
        found = self.data.get(name)
        if found is not None and not isinstance(found, dict):
            raise _wrong(f"{name} is an object")
        return found or {}


def _wrong(what: str) -> Refused:
    return Refused(400, "wrong", what=what)
