"""The routes of the staff's pages: the door, one's own account, people, audit. The desk has its own, behind the same door."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.bootstrap import Services
from bot.staff.passwords import Hashing
from bot.web.audit_pages import AuditPages
from bot.web.confirming import Confirming
from bot.web.files import OwnFiles
from bot.web.frame import FOLDER, Frame, home_of
from bot.web.guard import Guarded, see_other, signed_in
from bot.web.invitation import InvitationPages
from bot.web.me import MePages
from bot.web.people_pages import PeoplePages
from bot.web.signing_in import SigningIn


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes over the services of one gateway."""
    frame = Frame(services)
    guarded, hashing = Guarded(services, frame), Hashing()
    confirming = Confirming(services, hashing)
    return [
        *_door(guarded, SigningIn(services, frame, guarded, confirming), InvitationPages(services, frame, hashing)),
        *_own(guarded, MePages(services, frame, confirming, hashing)),
        *_people(guarded, PeoplePages(services, frame)),
        *_audit(guarded, AuditPages(services, frame)),
        Mount("/static/staff", OwnFiles(directory=FOLDER / "static"), name="staff"),
    ]


def _door(guarded: Guarded, door: SigningIn, invitation: InvitationPages) -> list[BaseRoute]:
    async def home(request: Request) -> Response:
        return see_other(home_of(await signed_in(request)))

    return [
        Route("/staff", guarded.page(home)),
        Route("/staff/login", guarded.open_page(door.login_page)),
        Route("/staff/login", guarded.open_page(door.login), methods=["POST"]),
        Route("/staff/unlock", guarded.open_page(door.unlock_page)),
        Route("/staff/unlock", guarded.open_page(door.unlock), methods=["POST"]),
        Route("/staff/lock", guarded.page(door.lock), methods=["POST"]),
        Route("/staff/logout", guarded.open_page(door.logout), methods=["POST"]),
        Route("/staff/alive", guarded.api(door.alive), methods=["GET", "POST"]),
        Route("/staff/invite/{token}", guarded.open_page(invitation.page)),
        Route("/staff/invite/{token}", guarded.open_page(invitation.take), methods=["POST"]),
    ]


def _own(guarded: Guarded, me: MePages) -> list[BaseRoute]:
    return [
        Route("/staff/me", guarded.page(me.page)),
        Route("/staff/me/{what}", guarded.page(me.change), methods=["POST"]),
    ]


def _people(guarded: Guarded, people: PeoplePages) -> list[BaseRoute]:
    return [
        Route("/staff/people", guarded.page(people.page, act="manage_staff")),
        Route("/staff/people", guarded.page(people.invite, act="manage_staff"), methods=["POST"]),
        Route("/staff/people/{number:int}", guarded.page(people.one, act="manage_staff")),
        Route("/staff/people/{number:int}", guarded.page(people.change, act="manage_staff"), methods=["POST"]),
        Route("/staff/people/{number:int}/disable", guarded.page(people.disable, act="manage_staff"), methods=["POST"]),
        Route("/staff/people/{number:int}/reset", guarded.page(people.reset, act="manage_staff"), methods=["POST"]),
    ]


def _audit(guarded: Guarded, audit: AuditPages) -> list[BaseRoute]:
    return [
        Route("/staff/audit", guarded.page(audit.page, act="read_audit")),
        Route("/staff/audit.csv", guarded.page(audit.export, act="export")),
        Route("/staff/glass", guarded.page(audit.glass, act="see_glass")),
    ]
