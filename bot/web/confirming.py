"""Checking passwords for the pages: what is wrong, if something is, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from bot.bootstrap import Services
from bot.staff import entering, tries
from bot.staff.entering import Attempt, Begun, Entered
from bot.staff.passwords import Busy, Hashing
from bot.staff.sessions import Session

RETRY_BUSY_S = 5


@dataclass(frozen=True)
class Problem:
    """What is said on a form: a key of `content/phrases/staff.yml`, the status, and seconds to wait. Nothing: no problem."""

    key: str = ""
    status: int = 200
    wait_s: int = 0

    def __bool__(self) -> bool:
        return bool(self.key)

    def on(self, response: Response) -> Response:
        """Return the answer with the time to come again, where there is one."""
        if self.wait_s:
            response.headers["Retry-After"] = str(self.wait_s)
        return response


NONE = Problem()
OLD_PAGE = Problem("problem_csrf", 403)
CROWD = Problem("problem_crowd", 503, RETRY_BUSY_S)
ENDED = Problem("problem_signed_out", 401)


def wait(seconds: int) -> Problem:
    """Return the problem of who tried too often."""
    return Problem("problem_wait", 429, seconds)


class Confirming:
    """Checks passwords, off the event loop and outside of transactions."""

    def __init__(self, services: Services, hashing: Hashing) -> None:
        self._services, self._hashing = services, hashing

    async def entered(self, attempt: Attempt, password: str) -> Entered | Problem:
        """Return who is in, or what to say: the same whatever was wrong."""
        now = self._services.clock()
        begun = await self._services.write(lambda work: entering.begin(work, attempt, now=now))
        if begun.wait_s:
            return wait(begun.wait_s)
        fits = await self._fits(password, begun)
        if fits is None:
            return CROWD
        done = await self._services.write(lambda work: entering.finish(work, attempt, begun, fits=fits, now=now))
        return done or Problem("problem_sign_in", 401)

    async def confirmed(self, session: Session, password: str, *, what: str) -> Problem:
        """Check the password of who is signed in; it opens a locked page. `what`: what the audit calls it."""
        now = self._services.clock()
        begun = await self._services.write(lambda work: entering.begin_confirm(work, session, now=now))
        if begun.wait_s:
            return wait(begun.wait_s)
        fits = await self._fits(password, begun)
        if fits is None:
            return CROWD
        right = await self._services.write(
            lambda work: entering.finish_confirm(work, session, begun, fits=fits, what=what, now=now)
        )
        return ENDED if right is None else NONE if right else Problem("problem_password", 401)

    async def _fits(self, password: str, begun: Begun) -> bool | None:
        """Return whether it is the password; None: too many are being checked, and the try does not count."""
        try:
            return await self._hashing.fits(password, begun.hashed)
        except Busy:
            await self._services.write(lambda work: tries.take_back(work, begun.verdict))
            return None
