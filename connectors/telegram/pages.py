"""Pages to persons of the staff who linked their Telegram account: a message in their private chat with the bot."""

from __future__ import annotations

from telegram import LinkPreviewOptions
from telegram.error import TelegramError

from bot.duty.letters import Letter
from bot.outbox.pacing import Pace
from bot.outbox.sender import Permanent
from connectors.pager import LOOK_S, Pager
from connectors.telegram.api import Api
from connectors.telegram.errors import error_of


def pager(api: Api, pace: Pace, *, look_s: float = LOOK_S) -> Pager:
    """Return what pages on Telegram, at the same pace as everything else of the bot."""

    async def say(letter: Letter) -> None:
        if not letter.to.telegram.isdecimal():
            raise Permanent
        pace.took(_lane(letter))
        try:
            await api.bot.send_message(
                int(letter.to.telegram), letter.text, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except TelegramError as failure:
            raise error_of(failure) from None  # its text may hold the token

    return Pager("telegram", say, wait=lambda letter: pace.wait(_lane(letter)), look_s=look_s)


def _lane(letter: Letter) -> str:
    return f"staff:{letter.to.id}"
