"""What goes on in the background: learn what the account may do, and forget what no request can ask for. Never gives up."""

from __future__ import annotations

import asyncio
import logging

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.inbox.mistakes import log_mistake
from connectors.tencent.api import Api, ApiError, describe
from connectors.wechat import turns
from connectors.wechat.sender import UNAUTHORISED, WeChatSender

logger = logging.getLogger(__name__)

# Nobody has this id: WeChat answers "invalid openid" when the account may push, and "unauthorized" when it may not.
NOBODY = "daozhen-is-anybody-there"
INVALID_PERSON = frozenset([40003, 45015, 43004])
LOOK_EVERY_S = 3600.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


async def may_push(api: Api) -> bool:
    """Return whether the account may write by itself, without writing to anybody. Raises what `Api.call` raises."""
    try:
        await api.call("cgi-bin/message/custom/send", {"touser": NOBODY, "msgtype": "text", "text": {"content": "."}})
    except ApiError as error:
        if error.errcode == UNAUTHORISED:
            return False
        if error.errcode not in INVALID_PERSON:
            raise
    api.problem = ""  # the refusal was the answer
    return True


class Running:
    """The background of one connector. `ask`: find out whether the account may push; else a setting says it."""

    def __init__(self, api: Api, sender: WeChatSender, services: Services, *, ask: bool) -> None:
        self._api, self._sender, self._services, self._ask = api, sender, services, ask

    async def run(self) -> None:
        """Run until cancelled."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._work()
                pause = LOOK_EVERY_S
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
                pause = FIRST_PAUSE_S
            except Exception as error:
                pause = self._pause(error, pause)
            await asyncio.sleep(pause)

    async def _work(self) -> None:
        now = self._services.clock()
        await self._services.write(lambda work: turns.forget_old(work, now=now))
        if not self._ask:
            return
        allowed = await may_push(self._api)
        if allowed != self._sender.may_push:
            logger.info("the account may push" if allowed else "the account may only answer")
        self._sender.may_push = allowed
        self._services.feed.outgoing.set()

    def _pause(self, error: Exception, before: float) -> float:
        if not isinstance(error, ApiError | OSError) and not type(error).__module__.startswith(("httpx", "connectors")):
            log_mistake(logger, "a round of WeChat failed, it is tried again", error)
        logger.warning("WeChat cannot be used now", extra={"problem": describe(error)})
        return min(before * 2, LONGEST_PAUSE_S) if before < LOOK_EVERY_S else FIRST_PAUSE_S
