"""What goes on in the background: find Telegram, set the webhook and look after it, or poll; tell the menus. Never gives up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from telegram import WebhookInfo
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.inbox.mistakes import log_mistake
from bot.settings import PREFIX
from connectors.telegram.api import Api
from connectors.telegram.commands import tell_all
from connectors.telegram.errors import retry_after
from connectors.telegram.intake import Intake
from connectors.telegram.updates import ASKED_FOR

logger = logging.getLogger(__name__)

PATH = "/telegram/webhook"
LOOK_AFTER_S = 300.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
MOST_CONNECTIONS = 40
# It tries at least once in two minutes.
LATELY = timedelta(minutes=10)
CANNOT_DELIVER = "Telegram cannot deliver to us"


@dataclass(frozen=True)
class Way:
    """How updates come."""

    mode: Literal["webhook", "polling"]
    public_url: str
    secret: str
    look_after_s: float = LOOK_AFTER_S
    first_pause_s: float = FIRST_PAUSE_S


class Running:
    """The background of one connector."""

    def __init__(self, api: Api, way: Way, services: Services, intake: Intake) -> None:
        self._api, self._way, self._services, self._intake = api, way, services, intake
        self.problem = ""  # with what Telegram brings to us, "" for none
        self._told = False
        self._ending = False

    def end(self) -> None:
        """Come to an end at the next step: a cancellation may be swallowed on its way."""
        self._ending = True

    async def run(self) -> None:
        """Run until cancelled. Whatever fails is tried again with growing pauses."""
        pause = self._way.first_pause_s
        while not self._ending:
            try:
                await self._work()
                pause = self._way.first_pause_s
            except TelegramError as error:
                pause = self._pause(error, pause)
                await asyncio.sleep(pause)
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
                await asyncio.sleep(self._way.first_pause_s)
            except Exception as error:
                log_mistake(logger, "a round of Telegram failed, it is tried again", error)
                await asyncio.sleep(self._way.first_pause_s)

    async def _work(self) -> None:
        """Do one round: set all up, then poll until it fails, or look after the webhook once."""
        await self._api.know_me()
        if self._api.reads_all_of_groups:
            logger.warning("privacy mode is off: Telegram sends every message of groups. Switch it on with @BotFather.")
        if self._way.mode == "polling":
            await self._api.bot.delete_webhook()
        else:
            await self._look_after_webhook()
        self._api.went(None)
        if not self._told:
            await tell_all(self._api, self._services.content.current(), default=self._services.settings.language)
            self._told = True
        if self._way.mode == "polling":
            await self._poll()
        else:
            await asyncio.sleep(self._way.look_after_s)

    async def _look_after_webhook(self) -> None:
        """Set the webhook unless it is ours and complete; somebody with the token could have moved it."""
        address = self._way.public_url.rstrip("/") + PATH
        known = await self._api.bot.get_webhook_info()
        self._look_at_deliveries(known)
        if known.url == address and set(known.allowed_updates or ()) == set(ASKED_FOR) and self._told:
            return
        if self._told:
            logger.error("the webhook was lost or moved, it is set again")
        await self._api.bot.set_webhook(
            address, secret_token=self._way.secret, allowed_updates=ASKED_FOR, max_connections=MOST_CONNECTIONS
        )

    def _look_at_deliveries(self, known: WebhookInfo) -> None:
        """Tell the operator when Telegram cannot bring what it has: after a day it gives up. Before our first words it may be old."""
        failed = known.last_error_date
        lately = failed is not None and self._services.clock() - failed < LATELY
        problem = CANNOT_DELIVER if self._told and lately and known.pending_update_count else ""
        if problem and not self.problem:
            logger.error("Telegram cannot deliver to us: %s", known.last_error_message)
        self.problem = problem

    async def _poll(self) -> None:
        offset = 0
        while not self._ending:
            updates = await self._api.updates(offset)
            self._api.went(None)
            for update in updates:
                # Stored first: the next call tells Telegram that all before are done.
                await self._intake.take(update)
                # The latest, not the highest: after a quiet week numbers begin anew, maybe lower, and Telegram would list the same
                # updates again and again.
                offset = _number_of(update) + 1 or offset

    def _pause(self, error: TelegramError, before: float) -> float:
        self._api.went(error)
        if isinstance(error, InvalidToken):
            logger.error(f"Telegram refuses {PREFIX}TELEGRAM_TOKEN. Copy it from @BotFather again, and restart.")
        else:
            logger.warning("Telegram cannot be used now", extra={"error": type(error).__name__})
        if isinstance(error, RetryAfter):
            return retry_after(error).total_seconds()
        return LONGEST_PAUSE_S if isinstance(error, InvalidToken) else min(before * 2, LONGEST_PAUSE_S)


def _number_of(update: object) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1
