"""What a form of ours sends, and the word that a form before the sign-in carries."""

from __future__ import annotations

import secrets

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.privacy.encryption import Cipher
from bot.web import cookies
from bot.web.guard import form_data, is_ours

LONGEST_FIELD = 4_000


class Form:
    """The fields of a form, as text."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, name: str) -> str:
        """Return a field, or "" when it is not there."""
        value = self._data.get(name, "")
        return value[:LONGEST_FIELD] if isinstance(value, str) else ""

    def all(self, name: str) -> frozenset[str]:
        """Return what was chosen of several."""
        return frozenset(value for value in self._data.getlist(name) if isinstance(value, str) and value)


async def form_of(request: Request) -> Form:
    """Return the form of a request."""
    return Form(await form_data(request))


class Doorway:
    """Forms before the sign-in: a cookie that only our page set, and the same word, keyed, in the form."""

    def __init__(self, cipher: Cipher, *, secure: bool) -> None:
        self._cipher, self._secure = cipher, secure

    def word(self, request: Request) -> tuple[str, str]:
        """Return the cookie (the one that is there, or a new one) and what the form has to carry."""
        door = cookies.read(request, cookies.DOOR, secure=self._secure) or secrets.token_urlsafe(32)
        return door, self._cipher.lookup("staff-door", door)

    async def is_ours(self, request: Request) -> bool:
        """Return whether a form came from our own page, in this browser."""
        door = cookies.read(request, cookies.DOOR, secure=self._secure)
        return door is not None and await is_ours(request, self._cipher.lookup("staff-door", door), in_form=True)

    def remember(self, response: Response, door: str) -> Response:
        """Set the cookie in the answer that shows the form."""
        cookies.give(response, cookies.DOOR, door, secure=self._secure)
        return response


def address_of(request: Request) -> str | None:
    """Return where a request comes from; None behind a proxy on this machine: all come from its address then."""
    host = request.client.host if request.client else None
    return None if host is None or host.startswith("127.") or host == "::1" else host
