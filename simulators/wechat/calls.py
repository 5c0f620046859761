"""What one call is, and what one path takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.wechat.shapes import Shape

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of the bot: `body` is JSON, or the one file of an upload under its field's name."""

    path: str
    query: Mapping[str, str]
    body: Json
    ip: str = "127.0.0.1"

    @property
    def person(self) -> str:
        """Return whom it is about, for faults."""
        return str(self.body.get("touser") or self.body.get("external_userid") or "")


@dataclass(frozen=True)
class File:
    """Bytes with a type: the answer of a download."""

    data: bytes
    content_type: str
    name: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One path. `token`: it needs an access token. `verified`: for verified official accounts only."""

    verb: str
    run: Callable[[Call], Json | File]
    query: Shape = field(default_factory=dict)
    body: Shape = field(default_factory=dict)
    token: bool = True
    verified: bool = False
    upload: bool = False
