"""What goes on in the background: learn what the account may do, and forget what no request can ask for. Never gives up."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.inbox.mistakes import log_mistake
from bot.settings import Settings
from connectors.tencent.api import Api, ApiError, describe
from connectors.wechat import turns
from connectors.wechat.sender import UNAUTHORISED, WeChatSender

logger = logging.getLogger(__name__)

# Nobody has this id: WeChat answers "invalid openid" when the account may push, and "unauthorized" when it may not.
NOBODY = "daozhen-is-anybody-there"
INVALID_PERSON = frozenset([40003, 45015, 43004])
LOOK_EVERY_S = 3600.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


class Kept:
    """What was last known of the account, in a file: a gateway that starts need not ask first. It holds no secret."""

    def __init__(self, settings: Settings) -> None:
        self._path, self._app_id = settings.data_dir / "wechat-may-push", settings.wechat_app_id

    def read(self) -> bool | None:
        """Return whether this account might push, or None when that is not known."""
        try:
            app_id, _, known = self._path.read_text(encoding="utf-8").partition(" ")
        except (OSError, UnicodeDecodeError):
            return None
        return known == "yes" if app_id == self._app_id and known in ("yes", "no") else None

    def write(self, *, pushes: bool) -> None:
        """Keep what WeChat says now; a folder that cannot be written only makes the next start slower."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(f"{self._app_id} {'yes' if pushes else 'no'}", encoding="utf-8")


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

    def __init__(self, api: Api, sender: WeChatSender, services: Services, *, kept: Kept, ask: bool) -> None:
        self._api, self._sender, self._services, self._kept, self._ask = api, sender, services, kept, ask

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
        await asyncio.to_thread(self._kept.write, pushes=allowed)
        self._services.feed.outgoing.set()

    def _pause(self, error: Exception, before: float) -> float:
        if not isinstance(error, ApiError | OSError) and not type(error).__module__.startswith(("httpx", "connectors")):
            log_mistake(logger, "a round of WeChat failed, it is tried again", error)
        logger.warning("WeChat cannot be used now", extra={"error": describe(error)})
        return min(before * 2, LONGEST_PAUSE_S) if before < LOOK_EVERY_S else FIRST_PAUSE_S
