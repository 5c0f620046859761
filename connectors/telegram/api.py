"""The line to the Bot API: python-telegram-bot's `Bot` alone, without its application. It knows the token and tells nobody."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from connectors.telegram.updates import ASKED_FOR, Me

OFFICIAL = "https://api.telegram.org"
# Telegram ends a long poll after 50 s itself.
POLL_S = 25
LINES = 64


class Api:
    """The bot with its lines. `problem` says in a few words what was wrong with the latest call, "" when it went well."""

    def __init__(self, token: str, *, api_url: str = "", poll_s: float = POLL_S, timeout_s: float = 10.0) -> None:
        address = (api_url or OFFICIAL).rstrip("/")
        # A proxy of the environment is for the internet, not for a simulator beside us.
        more: dict[str, Any] = {"trust_env": False} if urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1") else {}
        self._request = HTTPXRequest(LINES, timeout_s, timeout_s, 5.0, pool_timeout=timeout_s, httpx_kwargs=more)
        self._polling = HTTPXRequest(2, poll_s + timeout_s, timeout_s, 5.0, pool_timeout=timeout_s, httpx_kwargs=more)
        self.bot = Bot(token, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot", request=self._request,
                       get_updates_request=self._polling)  # fmt: skip
        self.me = Me(int(token.partition(":")[0]))
        self.reads_all_of_groups = False
        self.problem = "not reached yet"
        self._poll_s = poll_s

    async def know_me(self) -> Me:
        """Return who we are, with the name; asks once. Raises TelegramError."""
        if not self.me.username:
            user = await self.bot.get_me()
            self.me = Me(user.id, user.username or "")
            self.reads_all_of_groups = bool(user.can_read_all_group_messages)
        return self.me

    async def updates(self, offset: int) -> list[Any]:
        """Wait for updates from `offset` on, and return them as they came: one that cannot be read must not spoil the others."""
        values = {"offset": offset, "timeout": int(self._poll_s), "limit": 100, "allowed_updates": json.dumps(ASKED_FOR)}
        found = await self._polling.post(f"{self.bot.base_url}/getUpdates?{urlencode(values)}")
        return found if isinstance(found, list) else []

    def went(self, error: TelegramError | None) -> None:
        """Remember how a call went."""
        self.problem = "" if error is None else "token refused" if isinstance(error, InvalidToken) else type(error).__name__

    async def close(self) -> None:
        """Close the lines."""
        await self._request.shutdown()
        await self._polling.shutdown()
