"""Calls of the studio as one person or another, each signed in once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient


def caller(browser: TestClient, signed_in: Callable[[str], str]) -> Callable[..., Any]:
    """Return a function that calls an address under /studio/api as somebody: with a body it posts."""
    known: dict[str, tuple[str, dict[str, str]]] = {}

    def call(handle: str, path: str, **body: object) -> Any:
        browser.cookies.clear()
        if handle not in known:
            known[handle] = (signed_in(handle), dict(browser.cookies))
        csrf, cookies = known[handle]
        browser.cookies.update(cookies)
        if not body:
            return browser.get(f"/studio/api/{path}")
        return browser.post(f"/studio/api/{path}", json=body, headers={"x-daozhen-csrf": csrf})

    return call
