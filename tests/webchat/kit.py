"""The web chat's kit for the shared table. It has no platform: the page is ours, and its session is the signature."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connectors.contract import Request
from connectors.webchat.session import OWN_HEADER, cookie_name
from tests.connectors.cases import REFUSED, Case

# What the page does otherwise than a platform, and why: it can tell the person at once, so it refuses and says the reason.
OTHERWISE: dict[str, Case | None] = {
    "an empty text: acknowledged, nothing stored": Case("", lambda kit: [kit.text("")], REFUSED),
    "only blanks: acknowledged, nothing stored": Case("", lambda kit: [kit.text(" \n\t ")], REFUSED),
    "only control characters: acknowledged, nothing stored": Case("", lambda kit: [kit.text("\x00\x01\x1b")], REFUSED),
    "a very long text: kept as far as it is read": Case("", lambda kit: [kit.text("x" * 9000)], REFUSED),
    "a picture without words is stored as one": None,  # the page sends words only
    "an unknown event: acknowledged, nothing stored": None,  # nor events
}


class WebChatKit:
    """The requests of `tests.connectors.cases.Kit` that a page can send."""

    channel = "webchat"

    def text(self, text: str, *, number: int = 1, sender: int = 1) -> Request:
        return self._posted({"id": f"message-{number:08d}", "text": text, "payload": "", "language": "en"}, sender)

    def malformed(self) -> Sequence[Request]:
        whole = {"id": "message-1", "text": "hi", "payload": "", "language": "en"}
        wrong: list[Any] = [{**whole, name: value} for name in whole for value in (7.5, [], {}, None)]
        bodies = [json.dumps(one).encode() for one in (*wrong[:8], [], 7, None, "x", {})]
        return [replace(self.text("hi"), body=body) for body in (*bodies, b"", b"{", b"\xff", b"[" * 50_000)]

    def unsigned(self, request: Request) -> Request:
        return replace(request, headers={**request.headers, "cookie": ""})

    def forged(self, request: Request) -> Request:
        # Another page may make a browser send the cookie, but not our header.
        return replace(request, headers={name: value for name, value in request.headers.items() if name != OWN_HEADER})

    @staticmethod
    def _posted(data: Any, sender: int) -> Request:
        headers = {
            "cookie": f"{cookie_name(secure=False)}=session{sender:036d}",
            OWN_HEADER: "1",
            "content-type": "application/json",
        }
        return Request("POST", "/chat/api/messages", headers=headers, body=json.dumps(data).encode())
