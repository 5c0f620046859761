"""The staff's cookies: the session, the page before it, and the browser that signed in here before. Scripts cannot read them."""

from __future__ import annotations

import re
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.staff.sessions import LASTS

SESSION, DOOR, DEVICE = "staff", "door", "device"
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{16,200}")
_LASTS = {SESSION: LASTS, DOOR: timedelta(hours=2), DEVICE: timedelta(days=90)}


def cookie_name(what: str, *, secure: bool) -> str:
    """Return the name of a cookie; over HTTPS one that no other host of the domain can set."""
    return f"{'__Host-' if secure else ''}daozhen_{what}"


def read(request: Request, what: str, *, secure: bool) -> str | None:
    """Return what a cookie says, or None when there is none or it is malformed."""
    value = request.cookies.get(cookie_name(what, secure=secure), "")
    return value if _TOKEN.fullmatch(value) else None


def give(response: Response, what: str, value: str, *, secure: bool) -> None:
    """Set a cookie. Strict: no other site can make the browser send it, not even with a link."""
    response.set_cookie(
        cookie_name(what, secure=secure),
        value,
        max_age=int(_LASTS[what].total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def forget(response: Response, what: str, *, secure: bool) -> None:
    """Remove a cookie from the browser."""
    response.delete_cookie(cookie_name(what, secure=secure), path="/", httponly=True, samesite="strict", secure=secure)
