"""The admin's pages: who is on the staff; invite, change, disable, give a new link. Links are shown once."""

from __future__ import annotations

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.privacy import audit
from bot.staff import changing, invitations, people
from bot.staff.changing import Person
from bot.staff.links import invitation_link
from bot.staff.people import GRANTS, ROLES, Grant, Role, Staff, StaffProblem, normal
from bot.staff.sessions import Session
from bot.web.confirming import NONE, Problem
from bot.web.forms import Form, form_of
from bot.web.frame import Frame
from bot.web.guard import see_other, signed_in

NOTES = ("saved", "disabled")


# What the databases can count to.
_LARGEST = 2**63 - 1


def number_of(request: Request) -> int:
    """Return the number in the address; 0, which nobody has, for one that is too large to be any."""
    number = int(request.path_params["number"])
    return number if number <= _LARGEST else 0


class PeoplePages:
    """The pages over the services of one gateway."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame

    async def page(self, request: Request) -> Response:
        """Show everybody, and the form of an invitation."""
        return await self._list(request, await signed_in(request))

    async def invite(self, request: Request) -> Response:
        """Add somebody and show the link, once."""
        session, form, now = await signed_in(request), await form_of(request), self._services.clock()
        person = self._person(form, normal(form.text("handle")))
        try:
            added, token = await self._services.write(lambda work: changing.add(work, person, by=session.staff.handle, now=now))
        except StaffProblem as problem:
            return await self._list(request, session, Problem(problem.key, 422), typed=person)
        return self._link(request, session, added, token, "invite")

    async def one(self, request: Request) -> Response:
        """Show one account."""
        return await self._one(request, await signed_in(request))

    async def change(self, request: Request) -> Response:
        """Save what was changed of an account."""
        session, form, now = await signed_in(request), await form_of(request), self._services.clock()
        number = number_of(request)

        def save(work: Work) -> None:
            before = people.of_id(work, number)
            person = self._person(form, "" if before is None else before.handle)
            changing.change(work, number, person, by=session.staff.handle, now=now)

        return await self._done(request, session, save, f"/staff/people/{number}?note=saved")

    async def disable(self, request: Request) -> Response:
        """Let somebody in no more."""
        session, now, number = await signed_in(request), self._services.clock(), number_of(request)

        def save(work: Work) -> None:
            changing.disable(work, number, by=session.staff.handle, now=now)

        return await self._done(request, session, save, f"/staff/people/{number}?note=disabled")

    async def reset(self, request: Request) -> Response:
        """Show a link for a new password and code, once."""
        session, now, number = await signed_in(request), self._services.clock(), number_of(request)

        def give(work: Work) -> tuple[str, invitations.Kind, Staff | None]:
            return (*changing.reset(work, number, by=session.staff.handle, now=now), people.of_id(work, number))

        try:
            token, kind, person = await self._services.write(give)
        except StaffProblem as problem:
            return await self._one(request, session, Problem(problem.key, 422))
        assert person is not None
        return self._link(request, session, person, token, kind)

    async def _done(self, request: Request, session: Session, save: Any, onward: str) -> Response:
        try:
            await self._services.write(save)
        except StaffProblem as problem:
            return await self._one(request, session, Problem(problem.key, 422))
        return see_other(onward)

    async def _list(self, request: Request, session: Session, problem: Problem = NONE, typed: Person | None = None) -> Response:
        now, who = self._services.clock(), session.staff.handle

        def read(work: Work) -> tuple[tuple[Staff, ...], frozenset[int]]:
            return people.all_staff(work), invitations.pending(work, now=now)

        await self._services.write(lambda work: audit.record(work, who=who, what="read staff", subject="staff", now=now))
        everybody, waiting = await self._services.read(read)
        empty = Person("", "nurse", "", languages=frozenset({session.staff.language}), language=session.staff.language)
        values: dict[str, Any] = {**self._choices(session), "everybody": everybody, "waiting": waiting, "person": typed or empty}
        return self._frame.page(request, "people.html", session=session, status=problem.status, problem=problem, **values)

    async def _one(self, request: Request, session: Session, problem: Problem = NONE) -> Response:
        number, now = number_of(request), self._services.clock()

        def read(work: Work) -> Staff | None:
            found = people.of_id(work, number)
            if found is not None:
                audit.record(work, who=session.staff.handle, what="read staff", subject=found.subject, now=now)
            return found

        person = await self._services.write(read)
        if person is None:
            return self._frame.page(request, "problem.html", session=session, status=404, key="problem_nobody")
        note = request.query_params.get("note", "")
        values = {**self._choices(session), "person": person, "note": note if note in NOTES and not problem else ""}
        return self._frame.page(request, "person.html", session=session, status=problem.status, problem=problem, **values)

    def _link(self, request: Request, session: Session, person: Staff, token: str, kind: invitations.Kind) -> Response:
        link = invitation_link(self._services.settings, token, seen_at=str(request.base_url))
        hours = int(invitations.LASTS[kind].total_seconds() // 3600)
        return self._frame.page(request, "link.html", session=session, person=person, link=link, hours=hours)

    def _choices(self, session: Session) -> dict[str, Any]:
        teams = self._services.content.current().teams.by_id
        return {
            "roles": ROLES,
            "grants": GRANTS,
            "teams": [(key, team.names[session.staff.language]) for key, team in teams.items()],
            "spoken": [(code, OWN_NAMES[code]) for code in LANGUAGES],
        }

    def _person(self, form: Form, handle: str) -> Person:
        known = frozenset(self._services.content.current().teams.by_id)
        language = next((code for code in LANGUAGES if code == form.text("language")), self._services.settings.language)
        return Person(
            handle,
            cast(Role, form.text("role")),
            form.text("name"),
            form.all("teams") & known,
            cast(frozenset[Language], form.all("languages") & frozenset(LANGUAGES)),
            language,
            form.text("email"),
            cast(frozenset[Grant], form.all("studio") & frozenset(GRANTS)),
        )
