"""Fetches messages: woken by a callback, and by the clock, since a callback may be lost. One at a time for each account."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from datetime import timedelta

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.inbox.mistakes import log_mistake
from connectors.contract import Malformed
from connectors.tencent.api import DAILY_QUOTA, Api, ApiError, describe
from connectors.tencent.errors import is_set_up
from connectors.wecom import accounts, calls
from connectors.wecom.accounts import Account
from connectors.wecom.intake import Intake
from connectors.wecom.sessions import Sessions

logger = logging.getLogger(__name__)

# For what no bell announces: another gateway's callback, a lease that ended, a pause that is over.
LOOK_S = 1.0
SESSIONS_EVERY = 5  # looks
MOST_PAGES = 100
PAUSE = timedelta(seconds=1)
# A wrong setting, or too many calls without a callback's token: asking in a loop makes neither better.
LONG_PAUSE = timedelta(seconds=60)


class Fetching:
    """The background of the connector."""

    def __init__(self, services: Services, api: Api, intake: Intake, sessions: Sessions, *, look_s: float = LOOK_S) -> None:
        self._services, self._api, self._intake, self._sessions = services, api, intake, sessions
        self._bell = asyncio.Event()
        self._look_s = look_s
        self._ending = False

    def ring(self) -> None:
        """A callback came. Must be called on the event loop."""
        self._bell.set()

    def end(self) -> None:
        """Come to an end at the next step: a cancellation may be swallowed on its way."""
        self._ending = True
        self._bell.set()

    async def run(self) -> None:
        """Fetch until ended. Whatever fails is tried again."""
        next_sessions = 0.0
        while not self._ending:
            try:
                await self.fetch_due()
                if time.monotonic() >= next_sessions:
                    next_sessions = time.monotonic() + SESSIONS_EVERY * self._look_s
                    await self._sessions.look()
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:
                self._complain(error)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._look_s)
            self._bell.clear()

    async def fetch_due(self) -> None:
        """Fetch from all accounts whose turn it is. Raises DatabaseProblem."""
        now = self._services.clock()
        if not await self._services.read(lambda work: accounts.is_due(work, now=now)):
            return
        due = await self._services.write(lambda work: accounts.take_due(work, now=now))
        results = await asyncio.gather(*(self._fetch(account) for account in due), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _fetch(self, account: Account) -> None:
        try:
            more = await self._pages(account)
        except DatabaseProblem:
            raise  # the lease ends by itself, and the page comes again
        except Exception as error:
            await self._failed(account, error)
            return
        now = self._services.clock()
        await self._services.write(lambda work: accounts.done(work, account, now=now, more=more))
        if more:
            self._bell.set()

    async def _pages(self, account: Account) -> bool:
        """Store page after page; returns whether there are still more."""
        cursor = account.cursor
        for _ in range(MOST_PAGES):
            listed, behind, more = await calls.page_of(self._api, account.account, cursor, account.token)
            for item in listed:
                await self._intake.take(item)
            if behind and behind != cursor:
                cursor = behind
                # Only now: what is not stored has to come again.
                await self._stored_up_to(account, cursor)
            elif more:
                raise Malformed("more, and no way to it")
            if not more or self._ending:
                return more
        return True

    async def _stored_up_to(self, account: Account, cursor: str) -> None:
        now = self._services.clock()
        await self._services.write(lambda work: accounts.progress(work, account.id, cursor, now=now))

    async def _failed(self, account: Account, error: Exception) -> None:
        self._complain(error)
        refused = _refused(error, account)
        pause = timedelta(0) if refused else LONG_PAUSE if _needs_rest(error) else PAUSE
        until = self._services.clock() + pause
        await self._services.write(lambda work: accounts.failed(work, account, until=until, forget=refused))
        if not pause:
            self._bell.set()

    def _complain(self, error: BaseException) -> None:
        if isinstance(error, ApiError):
            logger.error("WeCom refuses a call (error %d): %s", error.errcode, error.errmsg)
        elif isinstance(error, Malformed) or type(error).__module__.startswith(("httpx", "connectors.tencent")):
            logger.warning("WeCom cannot be used now", extra={"error": describe(error)})
        else:
            log_mistake(logger, "a round of WeCom failed, it is tried again", error)


def _refused(error: Exception, account: Account) -> str:
    """Return what of ours WeCom no longer knows. Without a cursor it lists three days again, and what is stored is not new."""
    code = error.errcode if isinstance(error, ApiError) else 0
    if code == calls.BAD_TOKEN and account.token:
        return "token"
    return "cursor" if code == calls.BAD_ARGUMENT and account.cursor else ""


def _needs_rest(error: Exception) -> bool:
    return is_set_up(error) or (isinstance(error, ApiError) and error.errcode == DAILY_QUOTA)
