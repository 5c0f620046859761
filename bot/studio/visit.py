"""Who is in the studio, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from bot.clock import Clock
from bot.languages import Language
from bot.staff.people import Staff
from bot.staff.sessions import Session
from bot.studio.access import StudioAct, acts, may
from bot.web.guard import signed_in


@dataclass(frozen=True)
class Visit:
    """One request of somebody who was let in. `now`: the time of everything that it does."""

    session: Session
    now: datetime

    @property
    def staff(self) -> Staff:
        """Who it is."""
        return self.session.staff

    @property
    def handle(self) -> str:
        """What events and the audit call them."""
        return self.staff.handle

    @property
    def language(self) -> Language:
        """The language of their pages."""
        return self.staff.language

    @property
    def acts(self) -> frozenset[StudioAct]:
        """All that they may do."""
        return acts(self.staff)

    def may(self, act: StudioAct) -> bool:
        """Return whether they may do `act`."""
        return may(self.staff, act)


async def visit_of(request: Request, clock: Clock) -> Visit:
    """Return who makes a request that came through the door."""
    return Visit(await signed_in(request), clock())
