"""The page behind a link that was given once: choose a password, set up the authenticator app, keep the recovery codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.staff import accepting, codes
from bot.staff.accepting import Accepted
from bot.staff.invitations import Invitation
from bot.staff.passwords import Busy, Hashing, weakness
from bot.staff.people import Staff
from bot.staff.sessions import Session
from bot.web import cookies
from bot.web.confirming import CROWD, NONE, OLD_PAGE, Problem
from bot.web.forms import Doorway, Form, form_of
from bot.web.frame import Frame, home_of

GONE = Problem("problem_link", 410)
ISSUER = "Daozhen"


@dataclass(frozen=True)
class Offer:
    """A secret for the authenticator app: as picture, as text, and sealed for the form that brings it back."""

    picture: str
    secret: str
    sealed: str


def offer_of(secret: str, sealed: str, person: Staff) -> Offer:
    """Return what the page shows of a secret."""
    address = codes.address(secret, handle=person.handle, issuer=ISSUER)
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff")
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return Offer(str(picture), spaced, sealed)


class InvitationPages:
    """The pages over the services of one gateway."""

    def __init__(self, services: Services, frame: Frame, hashing: Hashing) -> None:
        self._services, self._frame, self._hashing = services, frame, hashing
        self._secure = services.settings.secure_cookies
        self._codes_optional = services.settings.desk_codes == "optional"
        self._doorway = Doorway(services.database.cipher, secure=self._secure)

    async def page(self, request: Request) -> Response:
        """Show whose invitation it is. Looking does not use it up."""
        token, now = request.path_params["token"], self._services.clock()
        found = await self._services.read(lambda work: accepting.look(work, token, now=now))
        if found is None:
            return self._gone(request)
        secret, sealed = await self._services.read(lambda work: accepting.offer(work, whose=token, now=now))
        return self._form(request, found, offer_of(secret, sealed, found.staff))

    async def take(self, request: Request) -> Response:
        """Use the link: set password and codes, and let the person in."""
        token, form, now = request.path_params["token"], await form_of(request), self._services.clock()
        found = await self._services.read(lambda work: accepting.look(work, token, now=now))
        if found is None:
            return self._gone(request)
        secret = await self._services.read(lambda work: self._secret(work, form, token, now))
        step = codes.step_of(secret, form.text("code"), used=0, now=now)
        problem = await self._problem(request, form, found, secret=secret, step=step)
        if problem:
            return await self._again(request, found, token, form, problem)
        try:
            hashed = await self._hashing.hash_of(form.text("password"))
        except Busy:
            return await self._again(request, found, token, form, CROWD)
        given = (secret, step) if secret is not None and step is not None else None
        done = await self._services.write(lambda work: accepting.accept(work, token, hashed, given, now=now))
        return self._gone(request) if done is None else self._welcome(request, done)

    async def _problem(self, request: Request, form: Form, found: Invitation, *, secret: str | None, step: int | None) -> Problem:
        if not await self._doorway.is_ours(request) or secret is None:
            return OLD_PAGE
        password, person = form.text("password"), found.staff
        weak = weakness(password, handle=person.handle, name=person.name)
        if weak is not None:
            return Problem(weak, 422)
        if password != form.text("again"):
            return Problem("problem_again", 422)
        if step is None and not (self._codes_optional and form.text("without_code") == "yes"):
            return Problem("problem_code", 422)
        return NONE

    async def _again(self, request: Request, found: Invitation, token: str, form: Form, problem: Problem) -> Response:
        # The same secret: the app has it already.
        now = self._services.clock()

        def offer(work: Work) -> tuple[str, str]:
            secret = self._secret(work, form, token, now)
            return accepting.offer(work, whose=token, now=now) if secret is None else (secret, form.text("offer"))

        return self._form(request, found, offer_of(*await self._services.read(offer), found.staff), problem)

    @staticmethod
    def _secret(work: Work, form: Form, token: str, now: datetime) -> str | None:
        return accepting.offered(work, form.text("offer"), whose=token, now=now)

    def _form(self, request: Request, found: Invitation, offer: Offer, problem: Problem = NONE) -> Response:
        door, word = self._doorway.word(request)
        response = self._frame.page(
            request, "invitation.html", status=problem.status, csrf=word, found=found, offer=offer, problem=problem,
            optional=self._codes_optional,
        )  # fmt: skip
        return self._doorway.remember(problem.on(response), door)

    def _welcome(self, request: Request, done: Accepted) -> Response:
        session = Session(done.staff, locked=False, csrf="")
        response = self._frame.page(request, "codes.html", recovery=done.recovery, onward=home_of(session), person=done.staff)
        cookies.give(response, cookies.SESSION, done.token, secure=self._secure)
        cookies.give(response, cookies.DEVICE, done.device, secure=self._secure)
        cookies.forget(response, cookies.DOOR, secure=self._secure)
        return response

    def _gone(self, request: Request) -> Response:
        return self._frame.page(request, "problem.html", status=GONE.status, key=GONE.key)
