"""The door of the staff's pages and calls: who is signed in, whether the page is locked, whether the request is our page's own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.staff import sessions
from bot.staff.access import Elsewhere, may
from bot.staff.people import Staff
from bot.staff.sessions import Session
from bot.web import cookies
from bot.web.frame import Frame

Endpoint = Callable[[Request], Awaitable[Response]]
# Whether somebody may come in: of rooms that have an access table of their own.
Allowed = Callable[[Staff], bool]

SAFE = ("GET", "HEAD", "OPTIONS")
CSRF_HEADER = "x-daozhen-csrf"
# On calls that the page makes by itself, so that they do not keep it open: nobody may be there.
AUTOMATIC_HEADER = "x-daozhen-auto"
NO_STORE = {"Cache-Control": "no-store"}
_IN_SCOPE = "daozhen.session"
_OWN_PLACE = re.compile(r"/(?:desk|staff|studio)(?:[/?#][A-Za-z0-9/_?=&.%#-]*)?")
_BOUNCE = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={place}"><title>Daozhen</title>'


async def signed_in(request: Request) -> Session:
    """Return who makes a request that came through `Guarded`: active, not locked, and allowed to be here."""
    session: Session = request.scope[_IN_SCOPE]
    return session


class Guarded:
    """Wraps endpoints. `act` (or `allowed`): what one must be allowed to do to come in at all."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame
        self._secure = services.settings.secure_cookies
        self._idle = timedelta(minutes=services.settings.desk_idle_minutes)

    def open_page(self, endpoint: Endpoint) -> Endpoint:
        """Return `endpoint` for everybody; when the database is away it is a page that says so."""

        async def guarded(request: Request) -> Response:
            try:
                return await endpoint(request)
            except DatabaseProblem:
                return self._frame.page(request, "problem.html", status=503, key="problem_try_again")

        return guarded

    def page(self, endpoint: Endpoint, *, act: Elsewhere | None = None, allowed: Allowed | None = None) -> Endpoint:
        """Return `endpoint` behind the door: to the sign-in or to the lock, and back here afterwards."""
        door = allowed or _doing(act)

        async def guarded(request: Request) -> Response:
            try:
                session = await self.find(request)
                if session is None:
                    return _bounced(request) or _to("/staff/login", request)
                if session.locked:
                    return _to("/staff/unlock", request)
                wrong = await self._wrong(request, session, door, in_form=True)
                if wrong is not None:
                    return self._frame.page(request, "problem.html", session=session, status=wrong[0], key=wrong[1])
                return await endpoint(await self._let_in(request, session, acts=True))
            except DatabaseProblem:
                return self._frame.page(request, "problem.html", status=503, key="problem_try_again")

        return guarded

    def api(
        self, endpoint: Endpoint, *, act: Elsewhere | None = None, allowed: Allowed | None = None, while_locked: bool = False
    ) -> Endpoint:
        """Return `endpoint` behind the door: 401, 423 or 403 as {error, sentence}; 503 when the database is away.

        `while_locked`: for a call that tells nothing, and keeps what somebody typed before the page locked.
        """
        door = allowed or _doing(act)

        async def guarded(request: Request) -> Response:
            try:
                session = await self.find(request)
                if session is None:
                    return self.refuse(request, 401, "signed_out")
                if session.locked and not while_locked:
                    return self.refuse(request, 423, "locked", session)
                wrong = await self._wrong(request, session, door, in_form=False)
                if wrong is not None:
                    return self.refuse(request, *wrong, session)
                return await endpoint(await self._let_in(request, session, acts=request.method not in SAFE))
            except DatabaseProblem:
                return self.refuse(request, 503, "try_again")

        return guarded

    async def find(self, request: Request) -> Session | None:
        """Return the session of a request, also a locked one. A stream asks again: somebody may be out meanwhile."""
        token = cookies.read(request, cookies.SESSION, secure=self._secure)
        if token is None:
            return None
        now, idle = self._services.clock(), self._idle
        return await self._services.read(lambda work: sessions.find(work, token, idle=idle, now=now))

    def refuse(self, request: Request, status: int, error: str, session: Session | None = None) -> Response:
        """Return an error of the API with its sentence in the language of who asked."""
        sentence = self._frame.text(f"staff.problem_{error.removeprefix('problem_')}", self._frame.language(request, session))
        return JSONResponse({"error": error, "sentence": sentence}, status_code=status, headers=NO_STORE)

    async def _wrong(self, request: Request, session: Session, allowed: Allowed, *, in_form: bool) -> tuple[int, str] | None:
        if request.method not in SAFE and not await is_ours(request, session.csrf, in_form=in_form):
            return HTTPStatus.FORBIDDEN, "problem_csrf" if in_form else "csrf"
        if not allowed(session.staff):
            return HTTPStatus.FORBIDDEN, "problem_not_allowed" if in_form else "not_allowed"
        return None

    async def _let_in(self, request: Request, session: Session, *, acts: bool) -> Request:
        now = self._services.clock()
        if acts and AUTOMATIC_HEADER not in request.headers and sessions.is_due(session, now=now):
            session = await self._services.write(lambda work: sessions.touch(work, session, now=now))
        request.scope[_IN_SCOPE] = session
        return request


def _doing(act: Elsewhere | None) -> Allowed:
    return lambda staff: act is None or may(staff, act)


async def is_ours(request: Request, csrf: str, *, in_form: bool) -> bool:
    """Return whether a request that changes something was sent by our own page: it carries what only that page can know."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and in_form:
        field = (await form_data(request)).get("csrf", "")
        sent = field if isinstance(field, str) else ""
    return secrets.compare_digest((sent or "").encode(), csrf.encode())


async def form_data(request: Request) -> FormData:
    """Return the fields of a form as our pages send it. Anything else has none: parsers of other kinds break on nonsense."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await request.form() if kind == "application/x-www-form-urlencoded" else FormData()


def own_place(place: str) -> str:
    """Return `place` when it is an address of the staff's own pages, else "": a link must not lead away from here."""
    return (
        place
        if _OWN_PLACE.fullmatch(place) and "//" not in place and not place.startswith(("/staff/lo", "/staff/unlock"))
        else ""
    )


def see_other(place: str) -> Response:
    """Return the answer that leads on after a form."""
    return RedirectResponse(place, status_code=303, headers=NO_STORE)


def _to(address: str, request: Request) -> Response:
    place = own_place(_place(request)) if request.method in SAFE else ""
    return see_other(f"{address}?next={quote(place, safe='')}" if place else address)


def _bounced(request: Request) -> Response | None:
    # A link in a mail or a chat comes from another site, and the browser keeps a strict cookie back. Asked again, from our
    # own page, it sends it.
    if request.headers.get("sec-fetch-site") != "cross-site" or request.method not in SAFE or not own_place(_place(request)):
        return None
    return HTMLResponse(_BOUNCE.format(place=_place(request).replace("&", "&amp;")), headers=NO_STORE)


def _place(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
