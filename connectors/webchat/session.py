"""Who is writing: an anonymous random token in a cookie that scripts cannot read. It is the `sender` of messages."""

from __future__ import annotations

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

# 256 random bits, URL-safe. Nobody guesses one, so a well-formed token needs no list of known ones.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
KEPT_DAYS = 30
# Only a page of ours can set it: a form of another site cannot send headers, and a script there asks in vain (no CORS).
OWN_HEADER = "x-daozhen"


def cookie_name(*, secure: bool) -> str:
    """Return the name of the cookie; over HTTPS one that no other host of the domain can set."""
    return "__Host-daozhen_chat" if secure else "daozhen_chat"


def token_of(request: Request, *, secure: bool) -> str | None:
    """Return the token of the person, or None when there is none or it is malformed."""
    token = request.cookies.get(cookie_name(secure=secure), "")
    return token if _TOKEN.fullmatch(token) else None


def give_token(response: Response, token: str | None, *, secure: bool, days: int) -> None:
    """Set the cookie to `token`, or to a new one when it is None, for at most KEPT_DAYS."""
    response.set_cookie(
        cookie_name(secure=secure),
        token or secrets.token_urlsafe(32),
        max_age=min(days, KEPT_DAYS) * 24 * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def forget_token(response: Response, *, secure: bool) -> None:
    """Remove the cookie from the browser."""
    response.delete_cookie(cookie_name(secure=secure), path="/", httponly=True, samesite="lax", secure=secure)


def external_id(token: str, client_id: str) -> str:
    """Return the idempotency key of a message: the client's id within this session, so that no other session takes it."""
    return f"{hashlib.sha256(token.encode()).hexdigest()[:16]}:{client_id}"


def client_id(external: str) -> str:
    """Return the client's id within an `external_id`."""
    return external.partition(":")[2]


def is_from_our_page(request: Request) -> bool:
    """Return whether a request that changes something was sent by our own page."""
    return request.headers.get(OWN_HEADER) == "1" and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
