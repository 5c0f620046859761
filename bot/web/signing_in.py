"""Pages of the door: sign in, sign out, lock, unlock. They work without scripts, and every refusal is the same sentence."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.privacy import audit
from bot.staff import sessions
from bot.staff.entering import Attempt, Entered
from bot.staff.people import HANDLE, normal
from bot.staff.sessions import Session
from bot.web import cookies
from bot.web.confirming import ENDED, NONE, OLD_PAGE, Confirming, Problem
from bot.web.forms import Doorway, Form, address_of, form_of
from bot.web.frame import Frame, home_of
from bot.web.guard import NO_STORE, Guarded, is_ours, own_place, see_other, signed_in


class SigningIn:
    """The pages over the services of one gateway."""

    def __init__(self, services: Services, frame: Frame, guarded: Guarded, confirming: Confirming) -> None:
        self._services, self._frame, self._guarded, self._confirming = services, frame, guarded, confirming
        self._secure = services.settings.secure_cookies
        self._codes_optional = services.settings.desk_codes == "optional"
        self._doorway = Doorway(services.database.cipher, secure=self._secure)

    async def login_page(self, request: Request) -> Response:
        """Show the form; who is signed in already goes on."""
        session = await self._guarded.find(request)
        place = own_place(request.query_params.get("next", ""))
        return self._form(request, place=place) if session is None else see_other(place or home_of(session))

    async def login(self, request: Request) -> Response:
        """Let somebody in, or say that it was not right: never what was not."""
        form = await form_of(request)
        place = own_place(form.text("next"))
        if not await self._doorway.is_ours(request):
            return self._form(request, place=place, problem=OLD_PAGE)
        handle = normal(form.text("handle"))
        done = await self._confirming.entered(self._attempt(request, handle, form), form.text("password"))
        if isinstance(done, Problem):
            # What was typed there may be anything, a password too: only a handle is shown again.
            return self._form(request, place=place, problem=done, handle=handle if HANDLE.fullmatch(handle) else "")
        return self._let_in(done, place)

    async def unlock_page(self, request: Request) -> Response:
        """Show the lock: a name, a field for the password, and nothing of what was open."""
        session = await self._guarded.find(request)
        place = own_place(request.query_params.get("next", ""))
        if session is None or not session.locked:
            return see_other("/staff/login" if session is None else place or home_of(session))
        return self._lock(request, session, place=place)

    async def unlock(self, request: Request) -> Response:
        """Open the page again."""
        session, form = await self._guarded.find(request), await form_of(request)
        place = own_place(form.text("next"))
        if session is None:
            return see_other("/staff/login")
        problem = OLD_PAGE
        if await is_ours(request, session.csrf, in_form=True):
            problem = await self._confirming.confirmed(session, form.text("password"), what="unlocked")
        if problem == ENDED:
            return see_other("/staff/login")
        return self._lock(request, session, place=place, problem=problem) if problem else see_other(place or home_of(session))

    async def lock(self, request: Request) -> Response:
        """Lock the page by hand."""
        session, form = await signed_in(request), await form_of(request)
        now, person = self._services.clock(), session.staff

        def close(work: Work) -> None:
            sessions.lock(work, session.number)
            audit.record(work, who=person.handle, what="locked", subject=person.subject, now=now)

        await self._services.write(close)
        place = own_place(form.text("next"))
        return see_other(f"/staff/unlock?next={quote(place, safe='')}" if place else "/staff/unlock")

    async def logout(self, request: Request) -> Response:
        """End the session, also a locked one."""
        session = await self._guarded.find(request)
        response = see_other("/staff/login")
        if session is None:
            return response
        if not await is_ours(request, session.csrf, in_form=True):
            return self._frame.page(request, "problem.html", status=403, key="problem_csrf")
        number, person, now = session.number, session.staff, self._services.clock()

        def end(work: Work) -> None:
            sessions.end(work, number)
            audit.record(work, who=person.handle, what="signed out", subject=person.subject, now=now)

        await self._services.write(end)
        cookies.forget(response, cookies.SESSION, secure=self._secure)
        return response

    async def alive(self, _: Request) -> Response:
        """Say that somebody is there (POST), or ask whether the page is still open (GET)."""
        return Response(status_code=204, headers=NO_STORE)

    def _attempt(self, request: Request, handle: str, form: Form) -> Attempt:
        device = cookies.read(request, cookies.DEVICE, secure=self._secure)
        return Attempt(handle[:64], form.text("code"), address_of(request), device, self._codes_optional)

    def _let_in(self, entered: Entered, place: str) -> Response:
        home = place or home_of(Session(entered.staff, locked=False, csrf=""))
        response = see_other(home if entered.recovery_left is None else "/staff/me?note=recovery")
        cookies.give(response, cookies.SESSION, entered.token, secure=self._secure)
        cookies.give(response, cookies.DEVICE, entered.device, secure=self._secure)
        cookies.forget(response, cookies.DOOR, secure=self._secure)
        return response

    def _form(self, request: Request, *, place: str, problem: Problem = NONE, handle: str = "") -> Response:
        door, word = self._doorway.word(request)
        response = self._frame.page(
            request, "login.html", status=problem.status, csrf=word, next_place=place, problem=problem, handle=handle,
            optional=self._codes_optional,
        )  # fmt: skip
        return self._doorway.remember(problem.on(response), door)

    def _lock(self, request: Request, session: Session, *, place: str, problem: Problem = NONE) -> Response:
        locked = Session(session.staff, True, session.csrf, session.number)
        response = self._frame.page(
            request, "unlock.html", session=locked, status=problem.status, next_place=place, problem=problem
        )
        return problem.on(response)
