"""The page of one's own account: language, password, authenticator app, recovery codes, Telegram, preferences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.duty.notices import PERSONAL
from bot.languages import LANGUAGES
from bot.staff import accepting, codes, invitations, own, sessions
from bot.staff.access import may
from bot.staff.passwords import Busy, Hashing, weakness
from bot.staff.people import Staff
from bot.staff.sessions import Session
from bot.web import cookies
from bot.web.confirming import CROWD, ENDED, NONE, Confirming, Problem
from bot.web.forms import Form, form_of
from bot.web.frame import THEMES, Frame
from bot.web.guard import see_other, signed_in
from bot.web.invitation import offer_of

NOTES = ("saved", "password", "recovery", "unlinked")
# What is on where nobody chose otherwise.
SWITCHES = ("sound", "shortcuts")


class MePages:
    """The pages over the services of one gateway."""

    def __init__(self, services: Services, frame: Frame, confirming: Confirming, hashing: Hashing) -> None:
        self._services, self._frame, self._confirming, self._hashing = services, frame, confirming, hashing
        self._secure = services.settings.secure_cookies
        self._actions: dict[str, Callable[[Request, Session, Form], Awaitable[Response]]] = {
            "preferences": self._preferences,
            "password": self._password,
            "codes": self._codes,
            "telegram": self._telegram,
            "unlink": self._unlink,
        }

    async def page(self, request: Request) -> Response:
        """Show the account."""
        return await self._show(request, await signed_in(request))

    async def change(self, request: Request) -> Response:
        """Change one thing of it."""
        action = self._actions.get(request.path_params["what"])
        return (
            see_other("/staff/me") if action is None else await action(request, await signed_in(request), await form_of(request))
        )

    async def _preferences(self, _: Request, session: Session, form: Form) -> Response:
        language = next((one for one in LANGUAGES if one == form.text("language")), session.staff.language)
        theme = form.text("theme") if form.text("theme") in THEMES else ""
        chosen: dict[str, Any] = {"theme": theme, **{name: form.text(name) == "yes" for name in SWITCHES}}
        if may(session.staff, "use_desk"):
            chosen["pages"] = [via for via in PERSONAL if via in form.all("wake")]

        def save(work: Work) -> None:
            own.set_language(work, session.staff.id, language)
            own.set_preferences(work, session.staff.id, chosen)

        await self._services.write(save)
        return see_other("/staff/me?note=saved")

    async def _password(self, request: Request, session: Session, form: Form) -> Response:
        wanted, person, now = form.text("new"), session.staff, self._services.clock()
        weak = weakness(wanted, handle=person.handle, name=person.name)
        if weak is not None or wanted != form.text("again"):
            return await self._show(request, session, Problem(weak or "problem_again", 422))
        problem = await self._confirming.confirmed(session, form.text("password"), what="confirmed a new password")
        if problem:
            return await self._wrong(request, session, problem)
        try:
            hashed = await self._hashing.hash_of(wanted)
        except Busy:
            return await self._show(request, session, CROWD)

        def save(work: Work) -> str:
            own.set_password(work, person.id, hashed, now=now)
            return sessions.start(work, person.id, now=now)

        response = see_other("/staff/me?note=password")
        cookies.give(response, cookies.SESSION, await self._services.write(save), secure=self._secure)
        return response

    async def _codes(self, request: Request, session: Session, form: Form) -> Response:
        now, person, whose = self._services.clock(), session.staff, session.staff.subject
        sealed = form.text("offer")
        secret = await self._services.read(lambda work: accepting.offered(work, sealed, whose=whose, now=now))
        step = codes.step_of(secret, form.text("code"), used=0, now=now)
        if secret is None or step is None:
            return await self._show(request, session, Problem("problem_code", 422))
        problem = await self._confirming.confirmed(session, form.text("password"), what="confirmed new codes")
        if problem:
            return await self._wrong(request, session, problem)
        shown = await self._services.write(lambda work: own.set_codes(work, person.id, secret, step, now=now))
        return self._frame.page(request, "codes.html", session=session, recovery=shown, onward="/staff/me", person=person)

    async def _telegram(self, request: Request, session: Session, form: Form) -> Response:
        # Whoever links a chat reads cases there: not somebody who passes by an open page.
        problem = await self._confirming.confirmed(session, form.text("password"), what="confirmed a link to telegram")
        if problem:
            return await self._wrong(request, session, problem)
        now = self._services.clock()
        token = await self._services.write(lambda work: invitations.issue(work, session.staff.id, "telegram", now=now))
        return await self._show(request, session, link=f"{invitations.TELEGRAM_COMMAND} {token}")

    async def _unlink(self, _: Request, session: Session, __: Form) -> Response:
        now = self._services.clock()
        await self._services.write(lambda work: own.unlink_telegram(work, session.staff.id, now=now))
        return see_other("/staff/me?note=unlinked")

    async def _wrong(self, request: Request, session: Session, problem: Problem) -> Response:
        return see_other("/staff/login") if problem == ENDED else await self._show(request, session, problem)

    async def _show(self, request: Request, session: Session, problem: Problem = NONE, *, link: str = "") -> Response:
        now, person = self._services.clock(), session.staff

        def read(work: Work) -> tuple[bool, int, str, str]:
            return (*own.security(work, person.id), *accepting.offer(work, whose=person.subject, now=now))

        has_app, left, secret, sealed = await self._services.read(read)
        note = request.query_params.get("note", "")
        chosen = {name: bool(person.preferences.get(name, True)) for name in SWITCHES}
        ways = ways_of(person)
        response = self._frame.page(
            request, "me.html", session=session, status=problem.status, problem=problem, link=link,
            note=note if note in NOTES and not problem else "", has_app=has_app, left=left,
            offer=offer_of(secret, sealed, person), chosen=chosen, ways=ways, called=any(there and on for _, there, on in ways),
        )  # fmt: skip
        return problem.on(response)


def ways_of(person: Staff) -> list[tuple[str, bool, bool]]:
    """Return each way to call somebody outside the desk: its name, whether there is an address, whether they want it."""
    if not may(person, "use_desk"):
        return []
    address, wanted = {"telegram": person.telegram, "email": person.email}, person.preferences.get("pages", PERSONAL)
    return [(via, bool(address[via]), via in wanted) for via in PERSONAL]
